"""What a check says, and all checks of a submission in their order."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from medbench.core import MedbenchError
from medbench.result import Result

if TYPE_CHECKING:
    import pandas as pd

    from medbench.leaderboards.submissions.rerun import Again


@dataclass(frozen=True)
class Check:
    """``ok`` is None where a thing could not be checked; ``detail`` says what was seen, or what to do."""

    name: str
    ok: bool | None
    detail: str


def verify(file: Path, samples: Path | None = None, again: Again | None = None) -> list[Check]:
    """Check a submission: schema, hashes, the suite, the method, and the figures from the samples.

    Args:
        file: <suite>/<method>.json, with its card beside it.
        samples: samples.parquet of the run; by default the copy beside ``file``, if there is one.
        again: run the method again on so many samples; None leaves that out.

    Raises:
        MedbenchError: a file that was named is not there.

    """
    from medbench.leaderboards.submissions.figures import figures_follow
    from medbench.leaderboards.submissions.hashes import check_card, check_place
    from medbench.leaderboards.submissions.method_now import check_method_now
    from medbench.leaderboards.submissions.place import Place
    from medbench.leaderboards.submissions.rerun import check_rerun
    from medbench.leaderboards.submissions.sound import check_sound
    from medbench.leaderboards.submissions.suite_now import check_samples, check_suite

    if not file.is_file():
        raise MedbenchError(f"{file}: no such file; `medbench submit RUN` writes it")
    try:
        result = Result.read(file)
    except MedbenchError as error:
        return [Check("schema", False, str(error))]
    place = samples or Place(file).samples
    if samples and not samples.is_file():
        raise MedbenchError(f"{samples}: no such file; it lies in the run's folder")
    checks = [Check("schema", True, f"version {result.schema_version}"), check_place(file, result)]
    checks += [check_card(file, result, place), *check_sound(result)]
    checks += [check_suite(result), check_method_now(result)]
    if not place.is_file():
        checks.append(Check("figures", None, "no samples: give --samples samples.parquet"))
        return checks + (check_rerun(result, None, again) if again else [])
    table = _read(place)
    if isinstance(table, Check):
        return [*checks, table]
    rows = check_samples(result, table)
    if not rows.ok:
        return [*checks, rows]
    checks += [rows, figures_follow(result, table)]
    return checks + (check_rerun(result, table, again) if again else [])


def _read(place: Path) -> pd.DataFrame | Check:
    import pandas as pd

    try:
        return pd.read_parquet(place)
    except (ValueError, OSError) as error:
        return Check("samples", False, f"{place}: cannot be read ({error}); give the run's own file")
