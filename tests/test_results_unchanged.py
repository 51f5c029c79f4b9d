"""A changed digit in a committed result is noticed."""

import re
import shutil
from pathlib import Path

from medbench.leaderboards.submissions.unchanged import changed_results
from medbench.leaderboards.tables.measured import RESULTS


def test_committed_results_are_what_was_submitted():
    assert changed_results(RESULTS) == []


def test_any_changed_digit_is_noticed(tmp_path):
    suite = tmp_path / "mema-mini"
    shutil.copytree(Path(RESULTS) / "mema-mini", suite)
    file = suite / "ours.json"
    text = file.read_text(encoding="utf-8")
    places = [m.start() for m in re.finditer(r"(?<=\"value\": 0\.)\d", text)]
    for place in (places[0], places[len(places) // 2], places[-1]):
        other = "7" if text[place] != "7" else "3"
        file.write_text(text[:place] + other + text[place + 1 :], encoding="utf-8")
        assert [line for line in changed_results(tmp_path) if "ours.json" in line]
    file.write_text(text, encoding="utf-8")
    assert changed_results(tmp_path) == []
