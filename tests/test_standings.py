"""Ranks of several runs: ties are shared, sure orders are sure in every draw."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from board_result import row

from medbench.cli.main import main
from medbench.comparison.standings import rankings
from medbench.core import MedbenchError

PEOPLE = 40
RNG = np.random.default_rng(3)
EASE = RNG.random(PEOPLE * 4)


def samples(share, ids=None):
    """Right where the sample is easy enough: methods are right on much the same ones."""
    names = ids or [f"{i:03d}" for i in range(len(EASE))]
    return pd.DataFrame(
        {
            "id": names,
            "subject": [f"p{int(name) // 4}" for name in names],
            "failed": False,
            "diagnosis_correct": [float(EASE[int(name)] < share) for name in names],
            "face_matched": 0.0,
        }
    )


def runs():
    shares = {"good": 0.8, "twin": 0.8, "fair": 0.5, "poor": 0.2}
    return [(name, row(name), samples(share)) for name, share in shares.items()]


def test_equals_share_a_rank_and_a_sure_order_is_sure():
    found = {one.metric: one for one in rankings(runs())}
    places = {place.method: place for place in found["diagnosis_accuracy"].places}
    assert [places[name].rank for name in ("good", "twin", "fair", "poor")] == [1, 1, 3, 4]
    assert (places["fair"].low, places["fair"].high) == (3, 3)
    assert places["good"].mean == pytest.approx((EASE < 0.8).mean())
    assert found["diagnosis_accuracy"].n == len(EASE) and found["diagnosis_accuracy"].tau > 0.9
    assert {place.rank for place in found["face_matching_rate"].places} == {1}, "nobody matches: all tie"


def test_methods_that_differ_by_luck_alone_share_a_rank():
    noise = np.random.default_rng(5).permutation(EASE)
    other = samples(0.5).assign(diagnosis_correct=(noise < 0.5).astype(float))
    (found,) = rankings([("a", row("a"), samples(0.5)), ("b", row("b"), other)], ["diagnosis_accuracy"])
    assert [place.rank for place in found.places] == [1, 1]
    assert found.places[0].low == 1 and found.places[0].high == 2


def test_what_cannot_be_ranked_is_refused():
    with pytest.raises(MedbenchError, match="two methods"):
        rankings(runs()[:1])
    with pytest.raises(MedbenchError, match="different suites"):
        rankings([*runs(), ("clinic", row("clinic", "clinic"), samples(0.5))])
    with pytest.raises(MedbenchError, match="share no sample"):
        rankings([("a", row("a"), samples(0.5, ["000"])), ("b", row("b"), samples(0.5, ["001"]))])


def test_the_command_ranks_the_runs_of_a_folder(tmp_path, capsys):
    for name, result, table in runs():
        result.write(tmp_path / name / "result.json")
        table.to_parquet(tmp_path / name / "samples.parquet")
    with pytest.raises(SystemExit) as ended:
        main(["leaderboard", "ranks", str(tmp_path)])
    out = capsys.readouterr().out
    assert ended.value.code == 0
    (line,) = [line for line in out.splitlines() if "3 to 3" in line]
    assert line.split()[:2] == ["3", "fair"]
    assert "=1" in out and "tau" in out
    with pytest.raises(SystemExit):
        main(["leaderboard", "ranks", str(tmp_path), "--metrics", "diagnosis_accuracy", "--json"])
    (found,) = json.loads(capsys.readouterr().out)
    assert found["metric"] == "diagnosis_accuracy"
