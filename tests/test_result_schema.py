"""The published schema is the one in use, and JSON stays JSON where a figure is not a number."""

from __future__ import annotations

import json
import math

import jsonschema
import pytest

from medbench.core import MedbenchError
from medbench.request import Request
from medbench.result import SCHEMA_FILE, EstimateRow, Result, schema
from medbench.runner import run


@pytest.fixture
def written(fake_parts, tmp_path):
    request = Request(("fake_locked",), "fake", out=tmp_path / "runs", wrong_keys=100)
    ((folder, _),) = run(request).results
    return folder.result


def test_the_schema_beside_the_code_is_generated_from_it():
    assert SCHEMA_FILE.read_text() == schema(), "write it again: Path(SCHEMA_FILE).write_text(schema())"


def test_a_result_meets_the_schema_and_has_every_field_of_an_estimate(written):
    found = json.loads(written.read_text())
    jsonschema.validate(found, json.loads(SCHEMA_FILE.read_text()))
    fields = {"metric", "group", "value", "low", "high", "level", "interval", "n", "unit", "reading"}
    assert all(fields <= set(row) for row in found["estimates"])
    assert {"suite", "method", "evaluators", "seed", "counts", "failures", "environment"} <= set(found)


def test_no_number_becomes_null_and_back(written):
    text = written.read_text()
    assert "NaN" not in text
    result = Result.read(written)
    assert math.isnan(result.estimate("psnr_restored").value)
    assert json.loads(text)["estimates"] is not None


def test_no_host_user_or_path_is_in_a_result(written):
    import getpass
    import platform

    text = written.read_text()
    assert platform.node() not in text
    assert str(written.parent) not in text
    assert f"/{getpass.getuser()}" not in text


def test_a_strange_file_is_told(tmp_path):
    strange = tmp_path / "result.json"
    strange.write_text("{}")
    with pytest.raises(MedbenchError, match="not a result"):
        Result.read(strange)
    with pytest.raises(MedbenchError, match="no such file"):
        Result.read(tmp_path / "absent.json")


def test_infinite_and_missing_numbers_are_written_as_null():
    row = EstimateRow(
        metric="m", group="all", value=math.inf, low=math.nan, high=1.0, n=0, unit="dB", level=0.95,
        interval="none", reading="excluded", chance=None, degenerate=True,
    )  # fmt: skip
    found = json.loads(row.model_dump_json())
    assert (found["value"], found["low"], found["high"], found["chance"]) == (None, None, 1.0, None)
