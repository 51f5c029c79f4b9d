"""The page of all methods: every row, and the papers' claims judged by intervals."""

from __future__ import annotations

import json

import pytest
from board_result import row
from tables_result import estimate

from medbench.cli.main import main
from medbench.core import MedbenchError
from medbench.leaderboards.overview.page import BEGIN, END, suite_overview
from medbench.leaderboards.overview.story import claims
from medbench.leaderboards.tables.build import placed


def method(name, kept, dice=0.4, matches=0.0, card=None, **figures):
    """A row with the figures of the claims; ``figures`` are metric=value, ± 0.02."""
    made = row(name, kept=kept, matches=matches)
    more = {"tumour_dice": dice, **figures}
    rows = [*made.estimates, *(estimate(k, v, v - 0.02, v + 0.02) for k, v in more.items())]
    told = made.method.model_copy(update={"card": {**made.method.card, **(card or {})}})
    return made.model_copy(update={"estimates": rows, "method": told})


LOCK = {"keyed": True, "reversible": True}
STORY = [
    method("untouched", 0.97, matches=1.0),
    method("ours", 0.88, card=LOCK, psnr_restored=34.0, wrong_password_opens=0.0),
    method("rofi", 0.80, card=LOCK, psnr_restored=25.0, wrong_password_opens=0.0),
    method("mosaic", 0.15, 0.01),
    method("k-same-average", 0.12, 0.0),
    method("blackout", 0.125, 0.0),
]


def judged(results):
    return {one.text: one for one in claims(results)}


def about(found, *words):
    (one,) = [claim for text, claim in found.items() if all(word in text for word in words)]
    return one


def test_the_story_as_the_papers_tell_it_holds():
    assert {one.holds for one in claims(STORY)} == {True}


def test_one_that_keeps_more_beyond_doubt_or_matches_too_often_is_told():
    found = judged([*STORY, method("newcomer", 0.87)])
    assert about(found, "most diagnosis: ours").holds, "its interval reaches ours: no doubt is excluded"
    assert not about(found, "most diagnosis: rofi").holds
    assert "more beyond doubt: newcomer 0.87" in about(found, "most diagnosis: rofi").seen
    leaky = [method("ours", 0.9, matches=0.3) if r.method.name == "ours" else r for r in STORY]
    assert about(judged(leaky), "most diagnosis: ours").holds is False
    unsafe = judged([*STORY, method("leaky", 0.99, matches=0.2)])
    assert about(unsafe, "most diagnosis: ours").holds, "who does not hide is not compared"


def test_keys_are_judged_one_by_one():
    bad = method("toy", 0.3, card=LOCK, psnr_restored=19.0, wrong_password_opens=0.5)
    open_ = method("sticker", 0.3, card={"reversible": True}, psnr_restored=30.0)
    found = judged([*STORY, bad, open_])
    assert about(found, "toy restores").holds is False and about(found, "toy does not").holds is False
    assert (
        about(found, "sticker does not").holds is None and "no key" in about(found, "sticker does not").seen
    )


def test_what_is_missing_is_neither_true_nor_false():
    found = judged([r for r in STORY if r.method.name != "rofi"])
    assert about(found, "most diagnosis: rofi").holds is None


@pytest.fixture
def results(tmp_path):
    for one in STORY:
        one.write(tmp_path / "results" / "mema-mini" / f"{one.method.name}.json")
    return tmp_path / "results"


def say(*words):
    with pytest.raises(SystemExit) as ended:
        main(["leaderboard", "overview", *map(str, words)])
    return ended.value.code


def test_the_page_keeps_what_is_written_by_hand_and_is_checked(results, tmp_path, capsys):
    page = tmp_path / "all.md"
    assert say("--results", results, "--out", page) == 0
    page.write_text(page.read_text() + "Because.\n")
    STORY[3].model_copy(update={"seed": "7"}).write(results / "mema-mini" / "mosaic.json")
    assert say("--results", results, "--out", page, "--check") == 0
    method("mosaic", 0.42).write(results / "mema-mini" / "mosaic.json")
    assert say("--results", results, "--out", page, "--check") == 1
    assert say("--results", results, "--out", page) == 0
    text = page.read_text()
    assert text.endswith("Because.\n") and "42.0" in text and text.count(BEGIN) == text.count(END) == 1
    assert "| ours |" in text and "- pixel-dp: no row yet" in text


def test_json_has_rows_and_claims(results, capsys):
    assert say("--results", results, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert {one["method"] for one in found["rows"]} >= {"ours", "rofi", "pixel-dp"}
    assert all(claim["holds"] for claim in found["claims"])


def test_no_result_and_a_lost_mark_are_told(results, tmp_path):
    with pytest.raises(MedbenchError, match="medbench submit RUN"):
        suite_overview(results, "elsewhere")
    (tmp_path / "x.md").write_text(f"{BEGIN}\n")
    with pytest.raises(MedbenchError, match="is missing below"):
        placed("text", tmp_path / "x.md", BEGIN, END)
