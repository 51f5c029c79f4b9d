"""From a finished run to the files of a submission."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import yaml

import medbench
from medbench.atomic import replacing, write_text
from medbench.comparison.pairing import read_run
from medbench.core import MedbenchError
from medbench.leaderboards.site.reproduce import command_of
from medbench.leaderboards.submissions.place import Place, sha256_of
from medbench.result import Result


@dataclass(frozen=True)
class Submission:
    """What was written, and what its author should know."""

    place: Place
    files: tuple[Path, ...]
    notes: tuple[str, ...]


def submit(run: Path, folder: Path, with_samples: bool = False) -> Submission:
    """Write a run's result and its method's card under ``folder``; a row of the same method is replaced.

    Args:
        run: the run's folder, one above it, or its result.json; samples.parquet lies beside it.
        folder: mostly leaderboards/results.
        with_samples: also copy the per-sample values, so that others can work the figures out again.

    Raises:
        MedbenchError: no finished run; a method of another name, backend or preset has the file; its
            weights are random; or samples of a suite that is no synthetic one were asked for: they
            tell of people.

    """
    result, _ = read_run(run)
    source = run if run.is_file() else next(run.rglob("result.json"))
    if result.method.card.get("random_weights"):
        raise MedbenchError(
            f"{result.method.name} ran with weights that were never trained: no row of a board"
        )
    place = Place.of(result, folder)
    _require_own(place, result)
    if with_samples and not result.suite.synthetic:
        raise MedbenchError(
            f"{source.with_name('samples.parquet')} tells of people (labels, subjects); "
            "leave out --with-samples and show it to the reviewers in another way"
        )
    samples = source.with_name("samples.parquet")
    result.write(place.result)
    write_text(place.card, _card(result, sha256_of(place.result), sha256_of(samples)))
    files = [place.result, place.card]
    if with_samples:
        with replacing(place.samples) as draft:
            shutil.copyfile(samples, draft)
        files.append(place.samples)
    return Submission(place, tuple(files), tuple(_notes(result)))


def _require_own(place: Place, result: Result) -> None:
    own = (result.method.name, result.method.backend, result.method.preset)
    for file in sorted(place.result.parent.glob("*.json")):
        method = Result.read(file).method
        same = (method.name, method.backend, method.preset) == own
        if same and file != place.result:
            raise MedbenchError(f"{file}: the same method on the same suite; take that file away first")
        if file == place.result and not same:
            raise MedbenchError(
                f"{file}: holds another method ({method.name}, {method.backend}, {method.preset}); "
                "give yours another name in its card"
            )


def _card(result: Result, result_hash: str, samples_hash: str) -> str:
    submission = {
        "result_sha256": result_hash,
        "samples_sha256": samples_hash,
        "medbench": medbench.__version__,
        "command": command_of(result),
    }
    return yaml.safe_dump(
        {**result.method.card, "submission": submission}, sort_keys=False, allow_unicode=True, width=100
    )


def _notes(result: Result) -> list[str]:
    found = []
    if "--limit" in command_of(result):
        found.append(
            f"the run took {result.suite.n} images, not the whole split: it gets a board of its own, "
            "apart from the others"
        )
    if result.counts.n_failed:
        found.append(f"{result.counts.n_failed} images failed; the board shows that")
    if not result.method.code:
        found.append("the method's source could not be read, so nobody can check that it is the same")
    return found
