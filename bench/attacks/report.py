"""attacks.json: what attacks on one method came to. Fields that result.json has as well mean the same.

The JSON schema beside that of result.json is generated from these models.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from medbench.atomic import write_text
from medbench.core import MedbenchError
from medbench.result import EstimateRow, MethodInfo, Skipped, SuiteInfo

SCHEMA_FILE = Path(__file__).parents[1] / "attacks.schema.json"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AttackInfo(_Part):
    """What the attackers were shown and what they held."""

    attackers: list[str]
    view: str = Field(description="face: the inside of the face; inner: its middle alone; picture: all")
    split: str = Field(description="where the attacker's own people come from")
    n_subjects: int = Field(description="the attacker's own people; none of them is evaluated")
    n_images: int = Field(description="pictures that the attacker asked for")
    n_pairs: int = Field(description="clear and protected pairs that the attacker could use")
    guesses: int = Field(description="keys that the attacker may guess")


class AttackCounts(_Part):
    """The denominators of the evaluated pictures."""

    n_total: int
    n_subjects: int
    n_quarantined: int = Field(description="could not be read")
    n_faceless: int = Field(description="no face was found in the original")
    n_failed: int = Field(description="the method raised, or gave no valid image")
    n_scored: int


class AttackResult(_Part):
    """Attacks on one method on one suite."""

    schema_version: int = 1
    suite: SuiteInfo
    method: MethodInfo
    evaluators: dict[str, str] = Field(description="name -> fingerprint")
    seed: str
    attack: AttackInfo
    estimates: list[EstimateRow] = Field(description="metric is <figure>_<attacker>, group all")
    skipped: list[Skipped] = Field(description="attackers that gave no figure, and why")
    counts: AttackCounts
    environment: dict[str, Any]
    timing: dict[str, Any]
    created: str

    def estimate(self, metric: str, group: str = "all", reading: str = "excluded") -> EstimateRow | None:
        """The one figure asked for, None where it was not measured."""
        for row in self.estimates:
            if (row.metric, row.group, row.reading) == (metric, group, reading):
                return row
        return None

    def names(self) -> list[str]:
        """Attackers that have figures, in the order in which they were tried."""
        return list(dict.fromkeys(row.metric.partition("_")[2] for row in self.estimates))

    def write(self, path: Path) -> None:
        """Write as JSON, atomically."""
        write_text(path, self.model_dump_json(indent=1) + "\n")

    @classmethod
    def read(cls, path: Path) -> AttackResult:
        """Read an attacks.json.

        Raises:
            MedbenchError: there is none, or it is not one of ours.
        """
        if not path.is_file():
            raise MedbenchError(f"{path}: no such file; medbench attack says at its end where it wrote")
        try:
            return cls.model_validate_json(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise MedbenchError(f"{path}: not written by this version of medbench attack: {error}") from None


def schema() -> str:
    """Return the JSON schema of attacks.json as text."""
    return json.dumps(AttackResult.model_json_schema(mode="serialization"), indent=1) + "\n"
