"""An HTTP server on this machine that misbehaves as servers and lines do."""

from __future__ import annotations

import re
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class BadServer(ThreadingHTTPServer):
    """Serves ``content`` under any path; the path's first word says how: ``/cuts/file.pt``."""

    daemon_threads = True

    def __init__(self, content):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.content = content
        self.tag = '"one"'
        self.asked = []  # the Range header of each request, None where there was none

    def handle_error(self, request, client_address):
        """A client that leaves early is no error here."""

    def url(self, how):
        return f"http://127.0.0.1:{self.server_address[1]}/{how}/file.pt"


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        """Keep quiet."""

    def do_GET(self):
        wanted = self.headers.get("Range")
        self.server.asked.append(wanted)
        getattr(self, "how_" + self.path.split("/")[1])(int(re.findall(r"\d+", wanted)[0]) if wanted else 0)

    def _head(self, status, length, **more):
        self.send_response(status)
        for name, value in {"Content-Length": length, "ETag": self.server.tag, **more}.items():
            if value is not None:
                self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()

    def _part(self, start, most=None, length=None):
        content = self.server.content
        if self.headers.get("If-Range", self.server.tag) != self.server.tag:
            start = 0
        if start >= len(content):
            self._head(416, 0, Content_Range=f"bytes */{len(content)}")
            return
        span = f"bytes {start}-{len(content) - 1}/{len(content)}" if start else None
        self._head(206 if start else 200, length or len(content) - start, Content_Range=span)
        self.wfile.write(content[start:][:most])

    def how_good(self, start):
        self._part(start)

    def how_cuts(self, start):
        self._part(start, most=len(self.server.content) // 3)

    def how_changes(self, start):
        self._part(start, most=None if len(self.server.asked) > 1 else 20_000)
        self.server.tag = '"two"'
        self.server.content = bytes(reversed(self.server.content)) if start == 0 else self.server.content

    def how_cuts_without_ranges(self, start):
        self._part(0, most=1000)

    def how_promises_more(self, start):
        self._part(start, length=2 * len(self.server.content) - start)

    def how_promises_less(self, start):
        self._part(0, length=len(self.server.content) // 2)

    def how_sends_a_page(self, start):
        page = b"<html>Please sign in</html>"
        self._head(200, len(page))
        self.wfile.write(page)

    def how_other_part(self, start):
        if not start:
            self._part(0, most=1000)
            return
        size = len(self.server.content)
        self._head(206, size - 5, Content_Range=f"bytes 5-{size - 1}/{size}")
        self.wfile.write(self.server.content[5:])

    def how_endless(self, start):
        self._head(200, None)
        while True:
            self.wfile.write(bytes(100_000))

    def how_hangs(self, start):
        self._head(200, len(self.server.content))
        time.sleep(5)

    def how_is_gone(self, start):
        self.send_error(404)

    def how_is_ill(self, start):
        self.send_error(503)

    def how_moves(self, start):
        self._head(302, 0, Location=self.server.url("good"))


@contextmanager
def serving(content):
    """A BadServer at work."""
    server = BadServer(content)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
