"""Every figure beside an independent implementation's, on the same numbers.

    python -m benchmarks.compared                                   print the table
    python -m benchmarks.compared --out docs/metrics-compared.md    write the page
    python -m benchmarks.compared --check                           exit 1 where a value drifts

Needs scikit-learn, scipy, pandas, scikit-image, and of the dev extras statsmodels, torchmetrics,
medpy, krippendorff, lpips; the row of one that lacks says so, and --check then exits 1.
"""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

from benchmarks.compared import diagnosis, identity, intervals, networks, pictures, rates, sets, shape
from benchmarks.compared.case import Row, computed
from benchmarks.compared.page import complaints, page
from medbench.core import Unavailable
from medbench.metrics.evaluators.torchvision_shim import import_torchvision

PAGE = Path("docs/metrics-compared.md")
FAMILIES = (diagnosis, rates, identity, shape, pictures, sets, intervals, networks)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print, write or check; 0 done, 1 something differs."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.compared",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--out", type=Path, help="write the page here")
    parser.add_argument("--check", action="store_true", help=f"compare with --out, or {PAGE}")
    asked = parser.parse_args(arguments)
    rows = all_rows()
    if asked.check:
        file = asked.out or PAGE
        wrong = complaints(rows, file.read_text(encoding="utf-8") if file.is_file() else "")
        print("\n".join(wrong or [f"{file}: {len(rows)} comparisons hold"]))
        return 1 if wrong else 0
    if asked.out:
        asked.out.write_text(page(rows), encoding="utf-8")
        print(f"{asked.out}: {len(rows)} comparisons")
    else:
        print(page(rows), end="")
    wrong = [row for row in rows if not row.agrees]
    for row in wrong:
        print(f"differs: {row.case.figure} ({row.case.package}) {row.ours!r} {row.theirs!r}", file=sys.stderr)
    return 1 if wrong else 0


def all_rows() -> list[Row]:
    """Compute every case, family by family."""
    with suppress(Unavailable):
        # torchmetrics imports torchvision, which on some machines loads with our help alone.
        import_torchvision()
    with warnings.catch_warnings():
        # Other packages' remarks about their own futures are no result.
        warnings.simplefilter("ignore")
        return [computed(case) for family in FAMILIES for case in family.cases()]


if __name__ == "__main__":
    sys.exit(main())
