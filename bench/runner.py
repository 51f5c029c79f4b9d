"""The way an image goes, from suite to result: one function per arrow, see medbench.stages."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import medbench
from medbench.cache import Cache, default_folder
from medbench.core import MedbenchError
from medbench.digest import digest
from medbench.environment import pick_device
from medbench.executors import local, processes
from medbench.metrics.statistics.resample import Resampler
from medbench.progress import Progress
from medbench.result import MethodInfo, Result, SuiteInfo
from medbench.runs import RunFolder
from medbench.shards import Shard, merge
from medbench.stages.calibrate import Calibration, calibrate
from medbench.stages.fill import SHARD, numbered
from medbench.stages.keyring import Keyring
from medbench.stages.panel import Panel, assemble_panel
from medbench.stages.pick import limited, named, wrong_key_attempts
from medbench.stages.publish import publish, result_of
from medbench.stages.resolve import MethodChoice, method_code, method_names, method_of, metrics_of, suite_of
from medbench.stages.score import Excuses, score, seen_of
from medbench.stages.spare import Spared
from medbench.stages.treat import Bench
from medbench.stages.worker import Order, one_thread, shard_maker, shard_maker_of

if TYPE_CHECKING:
    import pandas as pd

    from medbench.methods.method import Method
    from medbench.metrics.metric import Metric
    from medbench.quarantine import Quarantined
    from medbench.request import Request
    from medbench.suites.suite import Suite


@dataclass
class Report:
    """What a run came to: results with their folders, bad samples, and methods without a result.

    ``refused`` lack something on this machine, ``broken`` raised; both say why.
    """

    results: list[tuple[RunFolder, Result]] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)
    quarantined: list[Quarantined] = field(default_factory=list)
    failures: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Ground:
    """What all methods of a run share."""

    suite: Suite
    info: SuiteInfo
    index: pd.DataFrame
    n_split: int
    metrics: Sequence[type[Metric]]
    panel: Panel
    calibration: Calibration
    device: str
    seed: str


def run(request: Request, progress: Progress | None = None) -> Report:
    """Run every method asked for on the suite; finished work is used again.

    Where several were asked for, one that cannot run is told in the report, and the others go on.

    Raises:
        MedbenchError: wrong use, or nothing can be measured; the message names the remedy.

    """
    progress = progress or Progress()
    choices = [MethodChoice.parse(text, request.preset) for text in method_names(request.methods)]
    if not choices:
        raise MedbenchError("no method was given; see medbench list methods")
    device = pick_device(request.device)
    report = Report()
    suite = suite_of(request.suite)
    spared = Spared(report.refused, report.broken, several=len(choices) > 1, say=progress.say)
    methods: list[tuple[MethodChoice, Method]] = []
    # First of all: a missing weight file is told before anything takes time.
    for choice in choices:
        with spared.one(choice.name):
            method, preset = method_of(choice, device)
            methods.append((MethodChoice(choice.name, preset), method))
    spared.require(methods)
    with one_thread(device):
        ground = lay_ground(request, suite, device, progress)
        for choice, method in methods:
            with spared.one(choice.name):
                run_method(choice, method, ground, request, progress, report)
    spared.require(report.results)
    return report


def lay_ground(request: Request, suite: Suite, device: str, progress: Progress) -> Ground:
    """Resolve samples, metrics and evaluators, and freeze the thresholds."""
    split = request.split or suite.default_split
    if split not in suite.card.splits:
        raise MedbenchError(
            f"{suite.card.name} has no split {split!r}; it has {', '.join(suite.card.splits)}"
        )
    whole = suite.index(split)
    index = named(whole, request.only) if request.only else limited(whole, request.limit)
    if not len(index):
        raise MedbenchError(f"{suite.card.name}/{split} holds no samples")
    metrics = metrics_of(request.metrics)
    panel = assemble_panel(metrics, request.evaluators, device, Cache())
    frozen = calibrate(suite, split, metrics, panel, default_folder() / "calibration", progress)
    calibration = frozen.with_margins(suite.card.margins)
    info = SuiteInfo(
        name=suite.card.name,
        title=suite.card.title,
        version=suite.card.version,
        split=split,
        fingerprint=suite.fingerprint(split),
        selection=digest(list(index["id"])),
        synthetic=suite.card.synthetic,
        n=len(index),
    )
    return Ground(suite, info, index, len(whole), metrics, panel, calibration, device, request.seed)


def run_method(
    choice: MethodChoice, method: Method, ground: Ground, request: Request, progress: Progress, report: Report
) -> None:
    """Run one method in its own folder and add what came out to the report."""
    info = MethodInfo(
        name=method.card.name,
        backend=method.card.backend,
        preset=choice.preset or "default",
        fingerprint=method.fingerprint(),
        code=method_code(method),
        card=method.card.model_dump(mode="json"),
    )
    attempts = wrong_key_attempts(ground.index, ground.n_split, request.wrong_keys)
    if not (ground.panel.wanted["wrong_keys"] and method.card.keyed and method.card.reversible):
        attempts = {}
    spec = _spec(info, ground, attempts)
    folder = RunFolder.of(request.out, ground.info.model_dump(mode="json"), spec)
    order = Order(
        request,
        choice,
        ground.info.name,
        ground.info.split,
        ground.index,
        folder,
        ground.device,
        attempts,
    )
    started = time.perf_counter()
    with folder.open(request.resume):
        shards = _shards(order, method, ground, progress)
        shard = merge(shards)
        report.quarantined += [row for row in shard.quarantined if row not in report.quarantined]
        report.failures[info.name] = shard.failures
        if not shard.ids:
            raise MedbenchError(_nothing_readable(ground, shard))
        progress.phase("figures", 1)
        result, samples = _figures(shard, info, spec, ground, time.perf_counter() - started)
        publish(folder, result, samples, shard)
        progress.advance()
    report.results.append((folder, result))


def _spec(info: MethodInfo, ground: Ground, attempts: dict[str, int]) -> dict[str, Any]:
    """All that a shard's content depends on, besides the suite."""
    return {
        "name": info.name,
        "backend": info.backend,
        "preset": info.preset,
        "fingerprint": info.fingerprint,
        "code": info.code,
        "seed": ground.seed,
        "device": ground.device,
        "evaluators": ground.panel.fingerprints(),
        "columns": {role: sorted(columns) for role, columns in ground.panel.wanted.items()},
        "wrong_keys": digest(attempts),
        "shard": SHARD,
        "medbench": medbench.__version__,
    }


def _shards(order: Order, method: Method, ground: Ground, progress: Progress) -> list[Shard]:
    """Make the shards that are missing, and read them all."""
    rows = numbered(len(ground.index))
    done = {number: shard for number in range(len(rows)) if (shard := _finished(order.folder, number))}
    missing = [number for number in range(len(rows)) if number not in done]
    if missing:
        names = list(ground.index["id"].iloc[[row for number in missing for row in rows[number]]])
        ground.suite.prepare(ground.info.split, names)
    progress.phase(method.card.name, len(ground.index))
    progress.advance(sum(len(rows[number]) for number in done))
    workers = processes.workers_for(len(missing), order.request.workers, ground.device)
    if workers > 1:
        finished = processes.each(shard_maker, (order,), missing, workers)
    else:
        bench = Bench(method, ground.panel, Keyring(ground.seed, ground.info.name), order.attempts)
        finished = local.each(shard_maker_of(order, ground.suite, bench), missing)
    for number in finished:
        done[number] = Shard.read(order.folder.shard(number))
        progress.advance(len(rows[number]))
    return [done[number] for number in range(len(rows))]


def _finished(folder: RunFolder, number: int) -> Shard | None:
    file = folder.shard(number)
    try:
        return Shard.read(file) if file.is_file() else None
    except (ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _figures(
    shard: Shard, info: MethodInfo, spec: dict[str, Any], ground: Ground, seconds: float
) -> tuple[Result, pd.DataFrame]:
    """Score the merged shards; returns the result and the per-sample table."""
    seen = seen_of(shard, ground.index, ground.calibration)
    resampler = Resampler((ground.seed, ground.info.name, ground.info.split))
    excuses = Excuses(
        ground.info.name,
        info.name,
        info.card,
        ground.calibration.note,
        ground.panel.missing,
        int((~seen.failed).sum()),
    )
    before = time.perf_counter()
    scores = score(seen, ground.metrics, resampler, excuses)
    spent = {**shard.seconds, "metrics": time.perf_counter() - before, "this_time": seconds}
    result = result_of(ground.info, info, spec, ground.calibration, shard, seen, scores, spent)
    return result, scores.samples


def _nothing_readable(ground: Ground, shard: Shard) -> str:
    lines = [f"  {row.message}" for row in shard.quarantined[:10]]
    more = len(shard.quarantined) - len(lines)
    tail = [f"  … and {more} more"] if more > 0 else []
    return "\n".join([f"none of the {len(ground.index)} samples can be read:", *lines, *tail])
