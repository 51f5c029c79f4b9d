"""Attack methods on a suite: choose sides, protect, look, let each attacker try, write attacks.json."""

from __future__ import annotations

import time
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import medbench
from medbench.attacks.gather import IDENTITY, LANDMARKS, gather
from medbench.attacks.gradient import found_numbers
from medbench.attacks.line_up import confront, line_up
from medbench.attacks.people import Sides, take_sides
from medbench.attacks.report import AttackCounts, AttackInfo, AttackResult
from medbench.attacks.scene import Scene
from medbench.attacks.treatments import PROTECTED, Treatments
from medbench.cache import Cache
from medbench.core import MedbenchError
from medbench.digest import digest, source_digest
from medbench.environment import describe, pick_device
from medbench.metrics.attacks.informed import Informed
from medbench.metrics.statistics.resample import Resampler
from medbench.progress import Progress
from medbench.result import EstimateRow, MethodInfo, SuiteInfo
from medbench.runs import RunFolder
from medbench.stages.keyring import Keyring
from medbench.stages.panel import BOX, DETECTED, Panel, assemble_panel
from medbench.stages.resolve import MethodChoice, method_code, method_names, method_of, metrics_of, suite_of
from medbench.stages.worker import one_thread

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from medbench.attacks.request import AttackRequest
    from medbench.methods.method import Method
    from medbench.suites.suite import Suite

#: The attacker's own pictures that guessed keys are tried on.
FEW = 24
FILE = "attacks.json"


def attack(request: AttackRequest, progress: Progress | None = None) -> list[tuple[Path, AttackResult]]:
    """Attack every method asked for; returns each attacks.json with what it says.

    Raises:
        MedbenchError: wrong use, or nothing can be attacked; the message names the remedy.
    """
    progress = progress or Progress()
    device = pick_device(request.device)
    suite = suite_of(request.suite)
    split = request.split or suite.default_split
    if split not in suite.card.splits:
        raise MedbenchError(
            f"{suite.card.name} has no split {split!r}; it has {', '.join(suite.card.splits)}"
        )
    sides = take_sides(suite, split, request.limit, request.held)
    choices = [MethodChoice.parse(text, request.preset) for text in method_names(request.methods)]
    methods = [method_of(choice, device) for choice in choices]
    with one_thread(device):
        panel = judges(request, device)
        return [
            _one(method, preset, suite, split, sides, panel, replace(request, device=device), progress)
            for method, preset in methods
        ]


def judges(request: AttackRequest, device: str) -> Panel:
    """The detector, the recogniser and, where there is one, the landmarks; all through the cache."""
    whole = assemble_panel(
        metrics_of(("verification_auc", "landmark_error")), request.evaluators, device, Cache()
    )
    columns = {DETECTED, BOX, IDENTITY, LANDMARKS}
    needed = [evaluator for evaluator in whole.evaluators if columns & set(evaluator.produces)]
    return Panel(needed, {"original": {DETECTED, BOX, LANDMARKS}}, whole.missing, whole.cache)


def _one(
    method: Method,
    preset: str,
    suite: Suite,
    split: str,
    sides: Sides,
    panel: Panel,
    request: AttackRequest,
    progress: Progress,
) -> tuple[Path, AttackResult]:
    suite_info, method_info = _suite_info(suite, split, sides), _method_info(method, preset)
    spec = _spec(method_info, sides, panel, request)
    folder = RunFolder.of(request.out, suite_info.model_dump(mode="json"), spec)
    file = folder.path / FILE
    with folder.open(request.resume):
        if file.is_file() and request.resume == "only-missing":
            return file, AttackResult.read(file)
        started = time.perf_counter()
        scene = _scene(method, suite, split, sides, panel, request, progress)
        chosen, spared = line_up(request.attackers, method)
        progress.phase("attackers", len(chosen))
        estimates, skipped = confront(chosen, scene)
        progress.advance(len(chosen))
        result = AttackResult(
            suite=suite_info,
            method=method_info,
            evaluators=panel.fingerprints(),
            seed=request.seed,
            attack=AttackInfo(
                attackers=list(request.attackers),
                view=request.view,
                split=sides.split,
                n_subjects=int(sides.held["subject"].nunique()),
                n_images=len(sides.held),
                n_pairs=int(scene.own.good[PROTECTED].sum()),
                guesses=request.guesses,
            ),
            estimates=[EstimateRow(**asdict(estimate)) for estimate in estimates],
            skipped=[*spared, *skipped],
            counts=_counts(sides, scene),
            environment=describe(request.device),
            timing={"seconds": round(time.perf_counter() - started, 1)},
            created=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        result.write(file)
    return file, result


def _scene(
    method: Method,
    suite: Suite,
    split: str,
    sides: Sides,
    panel: Panel,
    request: AttackRequest,
    progress: Progress,
) -> Scene:
    """Protect and look at both sides' pictures."""
    name = method.card.name
    treatments = Treatments(
        method, Keyring(request.seed, suite.card.name), "keys" in request.attackers, request.guesses
    )
    if treatments.keyed:
        treatments = replace(treatments, numbers=found_numbers(treatments, suite, sides.split, sides.held))
    few = None
    if treatments.reversible:
        progress.phase(f"{name}, a few of the attacker's own", min(FEW, len(sides.held)))
        some = sides.held.iloc[:FEW]
        few = gather(suite, sides.split, some, panel, request.view, treatments.of_few, progress)
    progress.phase(f"{name}, the attacker's own", len(sides.held))
    own = gather(suite, sides.split, sides.held, panel, request.view, treatments.of_own, progress)
    progress.phase(f"{name}, the evaluated", len(sides.evaluated))
    evaluated = gather(suite, split, sides.evaluated, panel, request.view, treatments.of_evaluated, progress)
    return Scene(evaluated, own, few, treatments, panel, Resampler((request.seed, suite.card.name, split)))


def _suite_info(suite: Suite, split: str, sides: Sides) -> SuiteInfo:
    return SuiteInfo(
        name=suite.card.name,
        title=suite.card.title,
        version=suite.card.version,
        split=split,
        fingerprint=suite.fingerprint(split),
        selection=digest(list(sides.evaluated["id"])),
        synthetic=suite.card.synthetic,
        n=len(sides.evaluated),
    )


def _method_info(method: Method, preset: str) -> MethodInfo:
    return MethodInfo(
        name=method.card.name,
        backend=method.card.backend,
        preset=preset,
        fingerprint=method.fingerprint(),
        code=method_code(method),
        card=method.card.model_dump(mode="json"),
    )


def _spec(info: MethodInfo, sides: Sides, panel: Panel, request: AttackRequest) -> Mapping[str, Any]:
    """All that attacks.json depends on, besides the suite."""
    return {
        "name": info.name,
        "preset": info.preset,
        "fingerprint": info.fingerprint,
        "code": info.code,
        "seed": request.seed,
        "device": request.device,
        "evaluators": panel.fingerprints(),
        "attackers": list(request.attackers),
        "view": request.view,
        "guesses": request.guesses,
        "attack_code": digest([source_digest(kind) for kind in (Scene, Informed)]),
        "held": digest([sides.split, *sides.held["id"]]),
        "medbench": medbench.__version__,
    }


def _counts(sides: Sides, scene: Scene) -> AttackCounts:
    good = scene.evaluated.good[PROTECTED]
    return AttackCounts(
        n_total=len(sides.evaluated),
        n_subjects=int(sides.evaluated["subject"].nunique()),
        n_quarantined=scene.evaluated.n_quarantined,
        n_faceless=scene.evaluated.n_faceless,
        n_failed=int((~good).sum()),
        n_scored=int(good.sum()),
    )
