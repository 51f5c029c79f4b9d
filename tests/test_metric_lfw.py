"""LFW's own pairs, folds and thresholds, from pairs.txt to the figure."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from sklearn.metrics import accuracy_score

from medbench.core import Seen
from medbench.metrics.pair_accuracy import PairAccuracy
from medbench.metrics.statistics.resample import Resampler
from medbench.suites.layouts.lfw import LfwSuite
from medbench.suites.whereabouts import remember

FOLDS, EACH = 4, 5


@pytest.fixture
def suite(tmp_path, monkeypatch):
    monkeypatch.setenv("MEDBENCH_CONFIG", str(tmp_path / "config"))
    lines = [f"{FOLDS}\t{EACH}"]
    for fold in range(FOLDS):
        people = [f"P_{fold}{k}" for k in range(EACH)]
        for number, person in enumerate(people):
            for shot in (1, 2):
                place = tmp_path / "LFW" / "lfw" / person / f"{person}_{shot:04d}.jpg"
                place.parent.mkdir(parents=True, exist_ok=True)
                level = 40 * fold + 8 * number + shot
                Image.fromarray(np.full((64, 64, 3), level, np.uint8)).save(place)
        lines += [f"{person}\t1\t2" for person in people]
        lines += [f"{a}\t1\t{b}\t2" for a, b in zip(people, people[1:] + people[:1], strict=True)]
    (tmp_path / "LFW" / "pairs.txt").write_text("\n".join(lines) + "\n")
    remember("lfw", tmp_path / "LFW")
    return LfwSuite()


def test_the_suites_pairs_give_the_protocols_figure(suite):
    index, pairs = suite.index("pairs"), suite.pairs()
    rng = np.random.default_rng(0)
    _, people = np.unique(index["subject"], return_inverse=True)
    clear = rng.normal(size=(people.max() + 1, 6))[people] + rng.normal(size=(len(index), 6)) * 0.6
    hidden = clear + rng.normal(size=clear.shape) * 1.0
    roles = {"original": {"identity": clear}, "protected": {"identity": hidden}}
    seen = Seen(tuple(index["id"]), index, roles, np.zeros(len(index), dtype=bool))
    found = {e.group: e for e in PairAccuracy().estimates(seen, Resampler(("lfw",), draws=10))}

    at = {name: row for row, name in enumerate(index["id"])}
    first, second = ([at[name] for name in pairs[side]] for side in ("first", "second"))
    bare = np.linalg.norm(clear[first] - clear[second], axis=1)
    near = np.linalg.norm(clear[first] - hidden[second], axis=1)
    same, folds = pairs["same"].to_numpy(), pairs["fold"].to_numpy()
    for group, apart, learned in (
        ("all", near, bare),
        ("threshold=refitted", near, near),
        ("untouched", bare, bare),
    ):
        wanted = []
        for fold in range(1, FOLDS + 1):
            train = folds != fold
            middles = np.sort(learned[train])
            middles = np.concatenate([[0], (middles[1:] + middles[:-1]) / 2, middles[-1:]])
            best = max(middles, key=lambda t, k=train, d=learned: (accuracy_score(same[k], d[k] <= t), -t))
            wanted.append(accuracy_score(same[~train], apart[~train] <= best))
        assert found[group].value == pytest.approx(np.mean(wanted))
    assert len(pairs) == FOLDS * EACH * 2 and found["all"].n == len(index)
    assert found["untouched"].value > 0.7
