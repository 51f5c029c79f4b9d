"""Boards made by hand: a few methods on a drawn and on a real suite, one of them hostile."""

from __future__ import annotations

from tables_result import estimate, result

HOSTILE = "</script><script>alert(1)</script>"
MARKUP = '<img src="https://evil.example/x.png" onerror="alert(2)">'
CLASSES = ("BCC", "Normal")
SUITES = ("mema-mini", "clinic")


def row(method, suite="mema-mini", kept=0.8, auc=0.6, matches=0.02, **more):
    """A result with what the board shows: kept, hidden, by class."""
    figures = [
        estimate("diagnosis_accuracy", kept, kept - 0.03, kept + 0.03),
        estimate("face_matching_rate", matches, 0.0, matches + 0.02),
        estimate("verification_auc", auc, auc - 0.02, auc + 0.02, group="attacker=naive"),
        estimate("verification_auc", min(auc + 0.1, 1), auc + 0.08, 1.0, group="attacker=parrot"),
    ]
    figures += [estimate("diagnosis_accuracy", kept, 0.1, 1.0, group=f"class={c}", n=100) for c in CLASSES]
    found = result(method, suite, *figures, **more)
    real = found.suite.model_copy(update={"synthetic": suite == "mema-mini"})
    return found.model_copy(update={"suite": real})


def hostile():
    """Markup wherever a result has words."""
    one = row(HOSTILE, kept=0.5, auc=0.55)
    card = {
        "title": MARKUP,
        "summary": MARKUP,
        "paper": MARKUP,
        "licence": MARKUP,
        "presets": [MARKUP, "b"],
        "deviations": [MARKUP],
        "training_data": [MARKUP],
    }
    method = one.method.model_copy(update={"card": card, "preset": MARKUP})
    skipped = [{"metric": MARKUP, "reason": MARKUP}]
    changed = {"method": method, "failures": {MARKUP: 1}, "calibration_note": MARKUP}
    data = one.model_copy(update=changed).model_dump(mode="json") | {"skipped": skipped}
    return type(one).model_validate(data)


def write_board(folder):
    """Six rows: four drawn, one of them hostile, and two of a clinic's."""
    rows = [
        row("untouched", kept=0.9, auc=0.99, matches=1.0),
        row("keeper", kept=0.85, auc=0.7),
        row("hider", kept=0.2, auc=0.5),
        hostile(),
        row("keeper", "clinic", kept=0.7, auc=0.8),
        row("hider", "clinic", kept=0.1, auc=0.6),
    ]
    for number, one in enumerate(rows):
        one.write(folder / one.suite.name / f"row-{number}.json")
    return folder
