"""The site's arithmetic: frontier, open places, round numbers, names of files; and attacks beside results."""

from __future__ import annotations

import pytest
from board_result import row, write_board
from markupsafe import Markup
from tables_result import estimate

from medbench.attacks.report import AttackCounts, AttackInfo, AttackResult
from medbench.leaderboards.site.heat import heat_of
from medbench.leaderboards.site.pareto import frontier, panels_of
from medbench.leaderboards.site.pareto_plot import pareto_svg
from medbench.leaderboards.site.ranks import Rank, ranks
from medbench.leaderboards.site.reproduce import command_of
from medbench.leaderboards.site.shelf import read_boards, slug_of, unique
from medbench.leaderboards.site.svg import Scale, tag, ticks


def test_the_frontier_holds_what_nobody_beats():
    # (attacker, kept): b is beaten by a; d and e are equal and both stay; c keeps most.
    assert frontier([(0.5, 50.0), (0.6, 50.0), (0.9, 90.0), (0.5, 50.0)]) == [True, False, True, True]
    assert frontier([]) == []


def test_places_by_hand():
    a, b, c = (estimate("m", v, v - w, v + w) for v, w in ((0.9, 0.02), (0.88, 0.03), (0.5, 0.1)))
    assert ranks([a, b, None, c], higher=True) == [Rank(1, 1, 2), Rank(2, 1, 2), None, Rank(3, 3, 3)]
    assert ranks([a, b, c], higher=False) == [Rank(3, 2, 3), Rank(2, 2, 3), Rank(1, 1, 1)]
    same = estimate("m", 0.5, 0.5, 0.5, degenerate=True)
    assert ranks([same, same], higher=True) == [Rank(1, 1, 2), Rank(1, 1, 2)]


def test_ticks_are_round_and_inside():
    assert ticks(0.46, 1.0) == [0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    assert ticks(0, 1, 4) == pytest.approx([0, 0.25, 0.5, 0.75, 1])
    assert ticks(3, 3) == [3]
    assert Scale(0, 10, 100, 0)(2.5) == 75
    assert Scale(0, 1, 0, 100)(7) == 100


def test_svg_escapes_texts_and_attributes():
    drawn = tag("text", "<b>&", tag("tspan", "x"), data_m='"><script>', class_="a")
    assert drawn == Markup(
        '<text data-m="&#34;&gt;&lt;script&gt;" class="a">&lt;b&gt;&amp;<tspan>x</tspan></text>'
    )


def test_slugs_are_safe_and_differ():
    assert slug_of("k-same-average") == "k-same-average"
    assert slug_of("../../etc/passwd").startswith("etc-passwd-")
    assert slug_of("A b") != slug_of("a b")
    assert unique(["x", "x", "X"])[:2] == ["x", "x-2"]
    assert all(set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for slug in unique(["ß∂", "a/b"]))


def attack_on(result, view="face", auc=0.7):
    return AttackResult(
        suite=result.suite,
        method=result.method,
        evaluators={},
        seed="0",
        attack=AttackInfo(
            attackers=["informed"], view=view, split="train", n_subjects=9, n_images=99, n_pairs=90, guesses=3
        ),
        estimates=[estimate("auc_informed", auc, auc - 0.1, auc + 0.1, n=160)],
        skipped=[],
        counts=AttackCounts(
            n_total=160, n_subjects=20, n_quarantined=0, n_faceless=0, n_failed=0, n_scored=160
        ),
        environment={},
        timing={},
        created="",
    )


def test_attacks_join_the_result_with_the_same_weights(tmp_path):
    results = write_board(tmp_path)
    keeper, hider = row("keeper"), row("hider")
    attack_on(keeper).write(results / "mema-mini" / "attacks" / "keeper.json")
    attack_on(keeper, view="picture", auc=0.9).write(results / "far" / "away" / "attacks.json")
    stale = hider.method.model_copy(update={"fingerprint": "older"})
    attack_on(hider.model_copy(update={"method": stale})).write(results / "mema-mini/hider.attacks.json")
    board = next(one for one in read_boards(results) if one.suite == "mema-mini")
    panel = next(one for one in panels_of(board) if one.attacker == "informed")
    assert [(p.entry.result.method.name, p.x.value) for p in panel.points] == [("keeper", 0.7)]
    assert "inside of the face" in panel.told
    other = next(one for one in panels_of(board) if one.attacker == "reconstructing")
    assert other.points == ()


def test_a_panel_marks_every_method_and_lets_no_anchor_win(tmp_path):
    board = read_boards(write_board(tmp_path))[1]
    panel = panels_of(board)[0]
    best = {p.entry.result.method.name: p.best for p in panel.points}
    assert best["untouched"] is False and best["keeper"] is True
    drawn = pareto_svg(panel)
    assert all(f'data-m="{p.entry.slug}"' in drawn for p in panel.points)


def test_the_heat_map_has_a_cell_per_class_and_method(tmp_path):
    heat = heat_of(read_boards(write_board(tmp_path))[0])
    assert heat.classes == ("BCC", "Normal")
    assert [(entry.result.method.name, cells[0].text, cells[0].shade) for entry, cells in heat.rows] == [
        ("keeper", "70", 7), ("hider", "10", 1),
    ]  # fmt: skip


def test_the_command_names_what_the_result_names():
    one = row("keeper", "clinic", preset="strong")
    assert command_of(one) == "medbench run --method keeper --suite clinic --split val"
    card = {**one.method.card, "presets": ["strong", "weak"]}
    several = one.model_copy(update={"method": one.method.model_copy(update={"card": card}), "seed": "7"})
    wanted = "medbench run --method keeper:strong --suite clinic --split val --seed 7"
    assert command_of(several) == wanted
    odd = one.model_copy(update={"method": one.method.model_copy(update={"name": "a; rm -rf x"})})
    assert "'a; rm -rf x'" in command_of(odd)
