"""What a pull request asks to be checked: rows are verified, methods held to the rules and tried.

    git diff --name-only -z origin/main... | python -m medbench.leaderboards.submissions.review

Reads the changed paths, apart by NUL, and runs medbench for each; exits 1 where one is found wanting.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

import yaml

#: A short run shows that a method works on the suite; a row is run again on samples drawn anew.
RERUN = ("--rerun", "64")
TRIAL = ("--suite", "mema-mini", "--limit", "32", "--wrong-keys", "0", "--out", "trial-runs")


def commands_for(paths: Iterable[str], root: Path = Path()) -> list[list[str]]:
    """Arguments of medbench, one list per check; paths that are gone ask for nothing.

    Args:
        paths: changed files, from the repository's root.
        root: where that is.

    """
    rows: dict[str, None] = {}
    methods: dict[str, None] = {}
    for path in map(PurePosixPath, paths):
        parts = path.parts
        if parts[:2] == ("leaderboards", "results") and len(parts) == 4:
            name = parts[3].removesuffix(".card.yaml").removesuffix(".samples.parquet").removesuffix(".json")
            if (root.joinpath(*parts[:3]) / f"{name}.json").is_file():
                rows[str(path.with_name(f"{name}.json"))] = None
        elif parts[0] == "methods" and len(parts) > 2 and ".." not in parts:
            methods |= dict.fromkeys(_names(root / parts[0] / parts[1]))
    checks = [["verify-submission", row, *RERUN] for row in rows]
    checks += [["check-method", name] for name in methods]
    return checks + [["run", "--method", name, *TRIAL] for name in methods]


def _names(folder: Path) -> list[str]:
    """Names on the cards of a method's folder."""
    cards = (yaml.safe_load(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("card*.yaml")))
    return [str(card["name"]) for card in cards]


def main(paths: Sequence[str]) -> int:
    """Run every check and show what it says; 1 if one fails."""
    failed = []
    for arguments in commands_for(paths):
        print("$ medbench", *arguments, flush=True)
        if subprocess.run([sys.executable, "-m", "medbench", *arguments], check=False).returncode:
            failed.append(" ".join(arguments[:2]))
    print(f"found wanting: {'; '.join(failed)}" if failed else "nothing found wanting")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main([path for path in sys.stdin.read().split("\0") if path]))
