"""Methods that were trained on what is measured are flagged."""

from __future__ import annotations

import pytest
from tables_result import result

from medbench.methods.method import MethodCard
from medbench.registry import Registry
from medbench.reports.training_overlap import overlap_lines, training_overlap


@pytest.mark.parametrize(
    "data, found",
    [
        ((), "none"),
        (("ffhq",), "none"),
        (("mema-mini/train",), "suite"),
        (("ffhq", "mema-mini/val"), "split"),
        (("mema-mini/train", "mema-mini"), "split"),
        (("mema-mini-2/val",), "none"),
    ],
)
def test_overlap_by_suite_and_split(data, found):
    assert training_overlap(data, "mema-mini", "val") == found


def trained(name, *data):
    one = result(name, "mema-mini")
    return one.model_copy(
        update={"method": one.method.model_copy(update={"card": {"training_data": list(data)}})}
    )


def test_lines_name_the_methods_once():
    results = [trained("a", "mema-mini/val"), trained("b", "mema-mini/train"), trained("c"), trained("d")]
    assert overlap_lines([*results, results[1]]) == [
        "warning: trained on the images that are measured: a (mema-mini/val)",
        "note: trained on another split of the measured suite: b (mema-mini/train)",
    ]
    assert overlap_lines([result("blur", "mema-mini")]) == []


def test_our_cards_name_suites_that_exist():
    suites = set(Registry("suites").names())
    for name in Registry("methods").names():
        kind = Registry("methods").get(name)
        assert isinstance(kind.card, MethodCard)
        assert {data.partition("/")[0] for data in kind.card.training_data} <= suites
