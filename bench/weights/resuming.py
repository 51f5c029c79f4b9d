"""Download over a bad line: what came is kept, and the rest asked for (HTTP Range)."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medbench.core import MedbenchError
from medbench.progress import Progress

if TYPE_CHECKING:
    import requests

#: Connections in all, and in a row that bring the file no further.
TRIES, IDLE_TRIES = 50, 4
#: Seconds: to wait after an idle try (more after each), to connect, to wait for the next bytes.
PAUSE, CONNECT, READ = 1.0, 15.0, 60.0
#: Of the bytes that a cut connection sent, the last ones that fill no chunk are lost.
_CHUNK, _MEGA = 1 << 14, 1_000_000


class FetchError(MedbenchError):
    """A download that did not succeed; its message is the reason alone."""


class ResumingDownload:
    """A downloader as ``pooch.retrieve`` takes it.

    What came lies in ``part``, beside it a note of what the server said of the file (its length and
    its ETag or date). Where the file changed meanwhile, the download begins anew.
    """

    def __init__(self, name: str, part: Path, progress: Progress, most_bytes: int) -> None:
        """``name`` is what the progress shows; more than ``most_bytes`` is refused."""
        self.name, self.part, self.progress, self.most_bytes = name, part, progress, most_bytes
        self.note = part.with_suffix(".json")
        self._shown = -1

    def __call__(self, url: str, output_file: str, pooch: Any, check_only: bool = False) -> None:
        """Download ``url`` into ``output_file``; raises FetchError."""
        import requests

        idle, furthest, reason = 0, self._here(), "the connection was cut"
        for _ in range(TRIES):
            try:
                if self._pull(url):
                    self.part.replace(output_file)
                    self.note.unlink(missing_ok=True)
                    return
            except requests.RequestException as error:
                reason = _plain(error)
            idle = 0 if self._here() > furthest else idle + 1
            furthest = max(furthest, self._here())
            if idle >= IDLE_TRIES:
                break
            time.sleep(PAUSE * idle)
        raise FetchError(f"{reason} ({self._here()} bytes are here)")

    def forget(self) -> None:
        """Remove what came."""
        self.part.unlink(missing_ok=True)
        self.note.unlink(missing_ok=True)

    def _here(self) -> int:
        return self.part.stat().st_size if self.part.is_file() else 0

    def _pull(self, url: str) -> bool:
        """One connection; True when the file is whole."""
        import requests

        have, known = self._here(), self._said()
        if have and (known.get("url") != url or not known.get("total")):
            self.forget()
            have, known = 0, {}
        headers = {"Accept-Encoding": "identity"}
        if have:
            headers["Range"] = f"bytes={have}-"
            if known["tag"]:
                headers["If-Range"] = known["tag"]
        with requests.get(url, headers=headers, stream=True, timeout=(CONNECT, READ)) as answer:
            if answer.status_code == requests.codes.requested_range_not_satisfiable and have:
                if have == known["total"]:
                    return True
                self.forget()
                return False
            if answer.status_code >= 500:
                raise requests.HTTPError(f"the server answers {answer.status_code} {answer.reason}")
            if not answer.ok:
                raise FetchError(f"the server answers {answer.status_code} {answer.reason}")
            start, total = _span(answer)
            if start not in (0, have) or (start and total != known["total"]):
                self.forget()
                return False
            if total is not None and total > self.most_bytes:
                raise FetchError(f"{total} bytes are offered, more than the {self.most_bytes} that are taken")
            tag = answer.headers.get("ETag", "")
            tag = answer.headers.get("Last-Modified", "") if tag.startswith("W/") or not tag else tag
            self.note.write_text(json.dumps({"url": url, "total": total, "tag": tag}), encoding="utf-8")
            self._begin(total)
            self._store(answer, start)
        return total is None or self._here() == total

    def _store(self, answer: requests.Response, have: int) -> None:
        with self.part.open("r+b" if have else "wb") as file:
            file.seek(have)
            for chunk in answer.iter_content(_CHUNK):
                have += len(chunk)
                if have > self.most_bytes:
                    self.forget()
                    raise FetchError(f"more than the {self.most_bytes} bytes that are taken were sent")
                file.write(chunk)
                self._show(have)

    def _said(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads(self.note.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found

    def _begin(self, total: int | None) -> None:
        if self._shown < 0 and total:
            self._shown = 0
            self.progress.phase(f"fetching {self.name} (MB)", -(-total // _MEGA))

    def _show(self, have: int) -> None:
        if self._shown >= 0 and (steps := -(-have // _MEGA) - self._shown) > 0:
            self.progress.advance(steps)
            self._shown += steps


def _span(answer: requests.Response) -> tuple[int, int | None]:
    """Where the body begins in the file (-1: not told), and the file's length, if the server says it."""
    if answer.status_code == 206:
        span = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", answer.headers.get("Content-Range", ""))
        return (int(span[1]), int(span[2])) if span else (-1, None)
    length = answer.headers.get("Content-Length", "")
    return 0, int(length) if length.isdigit() else None


def _plain(error: Exception) -> str:
    """The innermost reason of a chain of network errors, in a line."""
    while error.__context__ is not None and isinstance(error.__context__, Exception):
        error = error.__context__
    return f"{type(error).__name__}: {error}".splitlines()[0][:200]
