"""How long does the metric pass of one method take, and how long a plain script with the same packages?

    python -m benchmarks.evaluate [--limit 400] [--plain 100] [--json]

Two folders of protected mema-mini pictures (mosaic, then blur) are measured by medbench from an
empty cache: the first pass looks at the originals too, the second finds them in the cache. The plain
script looks at the first --plain pairs; its seconds are scaled to all of them. So are its figures,
from --timed of 2,000 resamples each. Everything runs in this process on one thread, and seconds are the
processor's. Loading, the suite's drawing and the frozen thresholds count for nobody.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

import cv2
import numpy as np

from benchmarks.evaluate import ours, plain, plain_figures
from medbench.cache import default_folder
from medbench.memory import PeakMemory
from medbench.progress import Progress
from medbench.request import Request
from medbench.runner import Ground, lay_ground
from medbench.stages.protect import protect
from medbench.stages.resolve import MethodChoice, method_of, suite_of
from medbench.stages.worker import one_thread

METHODS = ("mosaic", "blur")
DRAWS, GROUP = 2000, 32


def write_pictures(ground: Ground, name: str, folder: Path) -> None:
    """Protect all samples and write PNG files; not timed."""
    method, _ = method_of(MethodChoice(name, None), "cpu")
    folder.mkdir()
    for start in range(0, len(ground.index), GROUP):
        rows = ground.index.iloc[start : start + GROUP]
        images = np.stack([ground.suite.read(ground.info.split, one).image for one in rows["id"]])
        done = protect(method, images, list(rows["id"]), rows, None)
        for row in done.good:
            cv2.imwrite(str(folder / f"{rows['id'].iloc[row]}.png"), done.images[row][:, :, ::-1])


def pairs(ground: Ground, folder: Path, count: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """The first originals with their protected pictures."""
    found = []
    for one in list(ground.index["id"])[:count]:
        protected = cv2.imread(str(folder / f"{one}.png"))
        if protected is not None:
            image = ground.suite.read(ground.info.split, one).image
            found.append((image, np.ascontiguousarray(protected[:, :, ::-1])))
    return found


def plain_seconds(ground: Ground, folder: Path, count: int, timed: int) -> dict[str, float]:
    """Seconds of the plain script for all samples: looking, and figures."""
    both = pairs(ground, folder, count)
    start = time.process_time()
    rows = plain.look_at_all(lambda: both)
    spent = time.process_time() - start
    whole = [row for row in rows if row[0]["box"] is not None]
    columns = {
        f"{role}.{name}": np.stack([row[part][name] for row in whole])
        for part, role in enumerate(("original", "protected"))
        for name in ("diagnosis", "identity")
    }
    columns["ssim"] = np.array([third["ssim"] for _, _, third in whole])
    # As many rows as all samples have: the figures' time grows with them.
    n = len(ground.index)
    columns = {name: np.resize(values, (n, *values.shape[1:])) for name, values in columns.items()}
    truth, people = (ground.index[name].to_numpy(dtype=str) for name in ("disease", "subject"))
    figures = plain_figures.seconds(columns, truth, people, DRAWS, timed)
    return {"look": spent * n / len(both), "figures": figures}


def measure(limit: int, count: int, timed: int) -> dict[str, Any]:
    """All figures of this page."""
    real = default_folder()
    with tempfile.TemporaryDirectory() as name, one_thread("cpu"):
        room = Path(name)
        for part in real.iterdir():
            if part.name != "seen":
                (room / part.name).symlink_to(part)
        request = Request(METHODS, "mema-mini", limit=limit, out=room / "runs")
        os.environ["MEDBENCH_CACHE"] = str(room)
        ground = lay_ground(request, suite_of("mema-mini"), "cpu", Progress())
        for method in METHODS:
            write_pictures(ground, method, room / method)
        used = PeakMemory()
        passes = [ours.timed_pass(ground, request, room / method) for method in METHODS]
        memory = used.mb()
        originals, protected = (
            np.stack(part) for part in zip(*pairs(ground, room / METHODS[0], GROUP), strict=True)
        )
        added = ours.overhead(ground.panel, originals, protected)
        script = plain_seconds(ground, room / METHODS[0], count, timed)
    n, (first, second) = len(ground.index), (passes[0][0], passes[1][0])
    return {
        "images": n,
        "first_s": first,
        "second_s": second,
        "phases": [phases for _, phases, _ in passes],
        "figures": passes[0][2],
        "plain_look_s": script["look"],
        "plain_figures_s": script["figures"],
        "plain_timed_over": {"pairs": min(count, n), "resamples": timed},
        "images_per_s": {"first": n / first, "second": n / second, "plain": n / sum(script.values())},
        "peak_memory_mb": memory,
        "faster": sum(script.values()) / first,
        "faster_looking_only": script["look"] / first,
        "second_of_first": second / first,
        "overhead_percent": added.percent,
        "bare_s": added.bare,
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--limit", type=int, default=400, help="pictures that ours measures")
    parser.add_argument("--plain", type=int, default=100, help="pairs of pictures of the plain script")
    parser.add_argument("--timed", type=int, default=50, help="resamples of the plain script's figures")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = measure(asked.limit, asked.plain, asked.timed)
    if asked.json:
        print(json.dumps(found))
        return
    rate, over = found["images_per_s"], found["plain_timed_over"]
    print(
        f"{found['images']} pictures of mema-mini, {found['figures']} figures; processor seconds, one thread"
    )
    print(f"plain script: timed over {over['pairs']} pairs of pictures and {over['resamples']} resamples,")
    print(f"scaled to all pictures and {DRAWS:,} resamples")
    print(f"first method   {found['first_s']:8.1f} s   {rate['first']:6.2f} images/s")
    print(f"second method  {found['second_s']:8.1f} s   {rate['second']:6.2f} images/s")
    looked, figured = found["plain_look_s"], found["plain_figures_s"]
    print(f"plain script   {looked + figured:8.1f} s   {rate['plain']:6.2f} images/s")
    print(f"  of which looking {looked:.1f} s, figures {figured:.1f} s")
    print(f"peak memory of ours: {found['peak_memory_mb']}")
    print(f"faster than the plain script: {found['faster']:.1f}x, asked 8x")
    print(f"  its looking alone, against all of ours: {found['faster_looking_only']:.1f}x")
    print(f"second of first: {100 * found['second_of_first']:.0f} %, asked at most 60 %")
    print(f"harness over the bare networks: {found['overhead_percent']:+.1f} %, asked at most 3 %")


if __name__ == "__main__":
    main()
