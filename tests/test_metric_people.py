"""Looking people up, leaking, folds of pairs, subgroups: hand-worked numbers and properties."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from metric_cases import seen_of

from medbench.core import Seen
from medbench.metrics.eye_region import EyesAuc, EyesRank1
from medbench.metrics.identification import Rank1Identification
from medbench.metrics.leakage import IdentityLeakage
from medbench.metrics.pair_accuracy import PairAccuracy, balanced_pairs
from medbench.metrics.protection import ProtectionRate
from medbench.metrics.rank_k import Rank5Identification, person_ranks
from medbench.metrics.statistics.pair_folds import best_threshold, fold_accuracy
from medbench.metrics.statistics.resample import Resampler
from medbench.metrics.subgroups import WorstDiagnosis, WorstMatching, subgroups
from medbench.metrics.verification import VerificationAuc

RESAMPLER = Resampler(("people",), draws=60)


def line(people, clear, hidden, threshold=0.5, **truth):
    """Faces on a line, so that distances can be read off."""
    frame = pd.DataFrame({"id": [f"i{k}" for k in range(len(people))], "subject": list(people), **truth})
    roles = {
        "original": {"identity": np.array(clear, dtype=float)[:, None]},
        "protected": {"identity": np.array(hidden, dtype=float)[:, None]},
    }
    failed = np.zeros(len(frame), dtype=bool)
    return Seen(tuple(frame["id"]), frame, roles, failed, {"identity_threshold": threshold})


def figures(metric, seen, reading="excluded"):
    return {e.group: e for e in metric().estimates(seen, RESAMPLER) if e.reading == reading}


def test_ranks_count_people_not_images():
    clear = np.array([[0.0], [1.0], [10.0], [10.1], [20.0], [21.0]])
    people = np.array([0, 0, 1, 1, 2, 2])
    probe = clear.copy()
    probe[0], probe[4] = 12.0, np.nan
    ranks = person_ranks(probe, clear, people)
    assert ranks.tolist() == [3, 1, 1, 1, np.inf, 1]
    alone = person_ranks(clear[:5], clear[:5], people[:5])
    assert np.isnan(alone[4])


def test_rank_1_of_people_is_rank_1_identification():
    seen = seen_of()

    class Rank1(Rank5Identification):
        k = 1

    first = figures(Rank1, seen)["all"]
    assert first.value == figures(Rank1Identification, seen)["all"].value
    assert first.value <= figures(Rank5Identification, seen)["all"].value
    assert figures(Rank5Identification, seen)["all"].chance == pytest.approx(5 / 30)


def test_protection_counts_only_people_who_were_found():
    seen = line("aabbcc", [0, 1, 10, 11, 20, 2.2], [0, 30, 10, 0, 20, 2])
    found = figures(ProtectionRate, seen)
    # c's clear images are nearest to b and to a, so c is never found; a's second and b's second are hidden.
    assert found["all"].n == 4 and found["all"].value == 2 / 4
    assert found["unconditional"].n == 6 and found["unconditional"].value == 4 / 6


def test_leakage_by_hand():
    seen = line("aabb", [0, 1, 10, 11], [0.2, 10.4, 5, 10.9])
    found = figures(IdentityLeakage, seen)
    assert found["all"].value == 3 / 4
    assert found["other_people"].value == 1 / 4
    assert found["untouched"].value == 0


def test_threshold_by_hand():
    distances, same = np.array([1.0, 2.0, 3.0, 4.0, np.inf]), np.array([True, True, False, True, True])
    assert best_threshold(distances, same) == 2.5
    assert best_threshold(distances, ~same) == 0.0
    assert best_threshold(distances[4:], same[4:]) == 0.0


def test_folds_take_their_threshold_from_the_others():
    distances = np.array([1.0, 2.0, 5.0, 6.0, 8.0, 9.0])
    same = np.array([True, False, True, False, True, False])
    found = fold_accuracy(distances, same, np.repeat([0, 1, 2], 2))
    assert found.thresholds.tolist() == [5.5, 1.5, 1.5]
    assert found.accuracies.tolist() == [0.5, 0.5, 0.5]
    shifted = fold_accuracy(distances + 0.4, same, np.repeat([0, 1, 2], 2), learn_from=distances)
    assert shifted.thresholds.tolist() == found.thresholds.tolist()
    assert found.standard_error == 0


def test_pairs_are_balanced_and_folds_share_nobody():
    people = np.repeat(np.arange(40), 5)
    pairs, same, folds = balanced_pairs(people, np.random.default_rng(0), most=600)
    assert (people[pairs[:, 0]] == people[pairs[:, 1]]).tolist() == same.tolist()
    assert same.mean() == 0.5 and len(np.unique(folds)) == 10 and len(pairs) <= 600
    owners = {person: set(folds[(people[pairs] == person).any(axis=1)]) for person in range(40)}
    assert all(len(fold) <= 1 for fold in owners.values())


def test_pairs_of_the_suite_are_asked_where_it_lists_some():
    people = np.repeat(np.arange(12), 2)
    clear = people * 10.0 + np.tile([0, 1], 12)
    mates = [f"i{k + 1} i{(k + 2) % 24}" if k % 2 == 0 else "" for k in range(24)]
    seen = line([f"p{p}" for p in people], clear, clear + 0.1, pairs=mates, fold=people // 6)
    found = figures(PairAccuracy, seen)
    assert found["all"].value == found["untouched"].value == 1
    lost = replace(seen, roles={**seen.roles, "protected": {"identity": np.full((24, 1), np.nan)}})
    assert figures(PairAccuracy, lost)["all"].value == 0.5


def test_untouched_pairs_are_told_and_hidden_ones_are_guessed():
    rng = np.random.default_rng(1)
    people = np.repeat(np.arange(60), 6)
    clear = rng.normal(size=(60, 8))[people] + rng.normal(size=(360, 8)) * 0.2
    seen = line([f"p{p:02d}" for p in people], np.zeros(360), np.zeros(360))
    roles = {"original": {"identity": clear}, "protected": {"identity": rng.normal(size=(360, 8))}}
    found = figures(PairAccuracy, replace(seen, roles=roles))
    assert found["untouched"].value > 0.97
    assert found["all"].low - 0.02 < 0.5 < found["all"].high + 0.02
    assert found["all"].interval == "student/fold"


def test_few_people_give_no_folds():
    assert PairAccuracy().estimates(seen_of(subjects=8), RESAMPLER) == []


def test_eye_region_is_asked_like_the_face():
    seen = seen_of()
    swapped = {
        role: {**columns, "identity_eyes": columns["identity"]}
        for role, columns in seen.roles.items()
        if "identity" in columns
    }
    same = replace(seen, roles=swapped)
    naive = figures(VerificationAuc, seen)
    assert figures(EyesAuc, same)["all"].value == naive["attacker=naive"].value
    assert figures(EyesAuc, same)["untouched"].value == naive["untouched"].value
    assert figures(EyesRank1, same)["all"].value == figures(Rank1Identification, seen)["all"].value


def test_subgroups_by_hand():
    ages = [39.9, 40, 59.9, 60]
    seen = line("abcd", [0] * 4, [0] * 4, age=ages, sex=["F", "M", "F", None], disease=["BCC"] * 4)
    found = {name: members.tolist() for name, members in subgroups(seen).items()}
    assert found["age<40"] == [True, False, False, False]
    assert found["age=40-59"] == [False, True, True, False]
    assert found["age>=60"] == [False, False, False, True]
    assert set(found) == {"age<40", "age=40-59", "age>=60", "sex=F", "sex=M", "disease=BCC"}


def test_small_groups_are_not_told_and_the_worst_leads():
    people = [f"p{k:02d}" for k in range(25)]
    sex = ["F"] * 12 + ["M"] * 13
    hidden = [0.0 if s == "F" else 9.0 for s in sex]
    seen = line(people, [0] * 25, hidden, sex=sex, tone_group=["dark"] * 9 + ["light"] * 16)
    found = figures(WorstMatching, seen)
    assert set(found) == {"all", "sex=F", "sex=M", "skin=light"}
    assert found["all"].value == found["sex=F"].value == 1 and "sex=F" in found["all"].interval
    assert found["sex=M"].value == 0
    assert found["sex=M"].level == pytest.approx(1 - 0.05 / 3)
    # Clopper-Pearson of 0 of 13 at that level.
    assert found["sex=M"].high == pytest.approx(1 - (0.05 / 3 / 2) ** (1 / 13))
    assert figures(WorstDiagnosis, seen_of())["all"].value == min(
        e.value for e in figures(WorstDiagnosis, seen_of()).values()
    )
