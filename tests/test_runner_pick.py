"""Limits keep whole subjects, evenly; wrong passwords are spread over subjects."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest

from medbench.stages.pick import limited, spread, wrong_key_attempts


def table(subjects, shots):
    rows = [(f"{p}-{s}", f"p{p}", s % 8) for p in range(subjects) for s in range(shots)]
    return pd.DataFrame(rows, columns=["id", "subject", "kind"])


@pytest.mark.parametrize("count", [0, 1, 2, 7, 64, 200])
def test_spread_is_a_permutation_whose_beginnings_cover_the_whole(count):
    order = spread(count)
    assert sorted(order) == list(range(count))
    if count >= 64:
        first = sorted(order[:8])
        gaps = [b - a for a, b in pairwise(first)]
        assert max(gaps) < count / 3


@pytest.mark.parametrize("limit", [8, 40, 41, 47, 200])
def test_whole_subjects_within_the_limit(limit):
    found = limited(table(200, 8), limit)
    assert len(found) == limit // 8 * 8
    assert (found["subject"].value_counts() == 8).all()


def test_a_smaller_limit_is_part_of_a_larger_one_and_order_stays():
    whole = table(200, 8)
    small, large = limited(whole, 40), limited(whole, 200)
    assert set(small["id"]) <= set(large["id"])
    assert list(large["id"]) == [i for i in whole["id"] if i in set(large["id"])]


def test_one_subject_stays_even_if_it_is_larger_than_the_limit():
    assert len(limited(table(3, 8), 5)) == 8


def test_without_subjects_images_are_spread():
    found = limited(table(100, 1).drop(columns="subject"), 10)
    assert len(found) == 10


def test_wrong_keys_on_a_whole_split_are_a_thousand_on_fifty_subjects():
    whole = table(200, 8)
    tried = wrong_key_attempts(whole, len(whole), 1000)
    assert sum(tried.values()) == 1000
    assert set(tried.values()) == {20}
    assert len({name.split("-")[0] for name in tried}) == 50
    assert len({name.split("-")[1] for name in tried}) == 8, "all shots have their turn"


def test_a_limit_lowers_them_to_no_less_than_a_hundred():
    whole = table(200, 8)
    few = limited(whole, 40)
    tried = wrong_key_attempts(few, len(whole), 1000)
    assert 100 <= sum(tried.values()) <= 120
    half = limited(whole, 800)
    assert sum(wrong_key_attempts(half, len(whole), 1000).values()) == 500


def test_none_are_tried_where_none_are_wanted():
    assert wrong_key_attempts(table(5, 2), 10, 0) == {}
