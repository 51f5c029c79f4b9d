"""Is it the repository that was read and tried? Its commit, and the files that must be there."""

from __future__ import annotations

import subprocess
from pathlib import Path

from medbench.core import MedbenchError
from medbench.methods.upstream.adapter import Adapter

UNKNOWN = "unknown"


def commit_of(repo: Path) -> str:
    """The commit that is checked out, '+' behind it where files may differ; 'unknown' where there is none."""
    commit = _git(repo, "rev-parse", "HEAD")
    if commit is None:
        return UNKNOWN
    changed = _git(repo, "diff", "--name-only", "--diff-filter=M", "HEAD")
    return commit + ("" if changed == "" else "+")


def check_repository(adapter: Adapter, repo: Path, any_commit: bool) -> str:
    """Return the commit.

    Raises:
        MedbenchError: a file is missing, or the commit is not one that was tried and
            ``any_commit`` does not allow others.

    """
    missing = [name for name in adapter.files if not (repo / name).exists()]
    if missing:
        raise MedbenchError(
            f"{repo} is no checkout of {adapter.repository}: it lacks {', '.join(missing)}; "
            f"git clone {adapter.repository} and give its folder to --repo"
        )
    commit = commit_of(repo)
    if commit not in adapter.commits and not any_commit:
        raise MedbenchError(
            f"{repo} is at {commit}; medbench was tried with {', '.join(adapter.commits)}: "
            f"git -C {repo} checkout {adapter.commits[-1]}, or allow it with --any-commit"
        )
    return commit


def _git(repo: Path, *words: str) -> str | None:
    # A repository's own settings may name programs: fsmonitor is one that these calls would start.
    safe = ("git", "-c", "core.fsmonitor=false", "-C", str(repo))
    inside = [*safe, "rev-parse", "--show-toplevel"]
    try:
        top = subprocess.run(inside, capture_output=True, text=True, check=True).stdout.strip()
        if Path(top).resolve() != repo.resolve():
            return None
        found = subprocess.run([*safe, *words], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return found.stdout.strip()
