"""result.json: what a run publishes. The JSON schema beside this file is generated from these models."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from medbench.atomic import write_text
from medbench.core import MedbenchError

SCHEMA_FILE = Path(__file__).with_name("result.schema.json")

#: JSON knows no NaN and no infinity: both are written as null, and null is read as NaN.
Number = Annotated[
    float,
    BeforeValidator(lambda value: math.nan if value is None else value),
    PlainSerializer(
        lambda value: value if math.isfinite(value) else None, return_type=float | None, when_used="json"
    ),
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SuiteInfo(_Part):
    """Where the samples came from."""

    name: str
    title: str
    version: str
    split: str
    fingerprint: str = Field(description="sha256 over the split's ids and data version")
    selection: str = Field(description="sha256 over the ids that this run used")
    synthetic: bool
    n: int


class MethodInfo(_Part):
    """What changed the images."""

    name: str
    backend: str
    preset: str
    fingerprint: str = Field(description="sha256 of weights and preset; empty where there are none")
    code: str = Field(description="sha256 of the method's source files")
    card: dict[str, Any]


class Counts(_Part):
    """The denominators."""

    n_total: int = Field(description="samples asked for")
    n_quarantined: int = Field(description="could not be read")
    n_failed: int = Field(description="the method raised, or gave no valid image")
    n_protected: int
    n_faces: int = Field(description="a face was found in the original")
    n_detected: int = Field(description="a face was found in the protected image")
    n_scored: int = Field(description="protected, with a face in the original")


class EstimateRow(_Part):
    """A figure with its interval; see medbench.core.Estimate for the meaning of each field."""

    metric: str
    group: str
    value: Number
    low: Number
    high: Number
    n: int
    unit: str
    level: float
    interval: str
    reading: str
    chance: Number | None
    degenerate: bool


class Skipped(_Part):
    """A metric that gave no figure, and why."""

    metric: str
    reason: str


class Result(_Part):
    """One method on one suite."""

    schema_version: int = 1
    suite: SuiteInfo
    method: MethodInfo
    evaluators: dict[str, str] = Field(description="name -> fingerprint")
    seed: str
    calibration: dict[str, Number] = Field(description="thresholds frozen on the select split")
    calibration_note: str = Field(description="on what they were frozen, or why not")
    estimates: list[EstimateRow]
    skipped: list[Skipped]
    counts: Counts
    failures: dict[str, int] = Field(description="reason -> number of samples")
    quarantine: dict[str, int] = Field(description="reason -> number of samples")
    environment: dict[str, Any]
    timing: dict[str, Any] = Field(description="the only part, with created, that differs between equal runs")
    created: str

    def estimate(self, metric: str, group: str = "all", reading: str = "excluded") -> EstimateRow | None:
        """The one figure asked for, None where it was not measured."""
        for row in self.estimates:
            if (row.metric, row.group, row.reading) == (metric, group, reading):
                return row
        return None

    def write(self, path: Path) -> None:
        """Write as JSON, atomically; keys in the order of the schema."""
        write_text(path, self.model_dump_json(indent=1) + "\n")

    @classmethod
    def read(cls, path: Path) -> Result:
        """Read a result.json.

        Raises:
            MedbenchError: there is none, or it is not one of ours.

        """
        if not path.is_file():
            raise MedbenchError(f"{path}: no such file; `medbench show` takes the folder of a finished run")
        try:
            return cls.model_validate_json(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise MedbenchError(f"{path}: not a result of this version of medbench: {error}") from None


def schema() -> str:
    """Return the JSON schema of result.json as text, as it lies beside this file."""
    return json.dumps(Result.model_json_schema(mode="serialization"), indent=1) + "\n"
