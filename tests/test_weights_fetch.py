"""Fetching weights over lines that cut, from servers that lie."""

from __future__ import annotations

import hashlib
import io
import json

import pytest
from bad_server import serving

from medbench.core import MedbenchError, Unavailable
from medbench.progress import Progress
from medbench.weights import find, find_verified, load_torch
from medbench.weights.fetching import fetch
from medbench.weights.store import lock_file, store_folder
from medbench.weights.weight_file import official

pytest.importorskip("pooch")


@pytest.fixture(scope="module")
def content():
    import torch

    saved = io.BytesIO()
    torch.save({"w": torch.arange(20_000.0)}, saved)
    return saved.getvalue()


@pytest.fixture
def server(content, monkeypatch, tmp_path):
    monkeypatch.setenv("MEDBENCH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("medbench.weights.resuming.PAUSE", 0.0)
    monkeypatch.setattr("medbench.weights.resuming.READ", 0.3)
    with serving(content) as one:
        yield one


@pytest.fixture
def listed(server, monkeypatch):
    """List an official file ``toy``, at the addresses that the test names by what goes wrong there."""

    def listing(*hows, sha256=""):
        addresses = tuple(server.url(how) for how in hows)
        toy = official(
            "toy", "toy.pt", licence="none", citation="none", addresses=addresses, page="x", sha256=sha256
        )
        monkeypatch.setattr("medbench.weights.finding.official_files", lambda: {"toy": toy})

    return listing


def test_a_good_server_gives_the_file_and_the_lock_remembers_it(server, listed, content):
    listed("good")
    with pytest.raises(Unavailable, match="medbench weights fetch toy"):
        find("toy")
    assert server.asked == [], "nothing is fetched by looking"
    path = fetch("toy")
    assert path.read_bytes() == content
    assert store_folder() in path.parents
    assert json.loads(lock_file().read_text())["toy"]["sha256"] == hashlib.sha256(content).hexdigest()
    assert find_verified("toy") == path
    assert [one.name for one in path.parent.iterdir()] == ["toy.pt"], "no drafts are left"


def test_a_line_that_cuts_is_taken_up_where_it_stopped(server, listed, content):
    listed("cuts", sha256=hashlib.sha256(content).hexdigest())
    assert fetch("toy").read_bytes() == content
    starts = [int(asked.removeprefix("bytes=").removesuffix("-")) for asked in server.asked[1:]]
    assert server.asked[0] is None
    assert starts == sorted(set(starts)) and starts[0] > len(content) // 6
    assert len(starts) <= 5


def test_what_an_earlier_command_left_is_used(server, listed, content, monkeypatch):
    listed("cuts")
    monkeypatch.setattr("medbench.weights.resuming.TRIES", 1)
    with pytest.raises(MedbenchError, match="give the command again"):
        fetch("toy")
    monkeypatch.setattr("medbench.weights.resuming.TRIES", 5)
    assert fetch("toy").read_bytes() == content
    assert server.asked[1].startswith("bytes=")


def test_a_command_that_was_killed_after_the_last_byte(server, listed, content):
    listed("good")
    drafts = store_folder() / "toy" / "fetching"
    drafts.mkdir(parents=True)
    (drafts / "0.part").write_bytes(content)
    said = {"url": server.url("good"), "total": len(content), "tag": server.tag}
    (drafts / "0.json").write_text(json.dumps(said))
    assert fetch("toy").read_bytes() == content
    assert server.asked == [f"bytes={len(content)}-"]


def test_the_progress_counts_megabytes_once(server, listed, monkeypatch):
    class Counted(Progress):
        total = done = phases = 0

        def phase(self, title, total):
            self.total, self.phases = total, self.phases + 1

        def advance(self, steps=1):
            self.done += steps

    import torch

    large = io.BytesIO()
    torch.save({"w": torch.zeros(650_000)}, large)
    server.content = large.getvalue()
    listed("cuts")
    counted = Counted()
    fetch("toy", counted)
    assert (counted.phases, counted.total, counted.done) == (1, 3, 3)


def test_a_file_that_changed_meanwhile_begins_anew(server, listed, content):
    listed("changes")
    server.content = bytes(reversed(content))
    assert fetch("toy").read_bytes() == content
    assert server.asked[:2] == [None, "bytes=16384-"]


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("cuts_without_ranges", "bytes are here"),
        ("promises_more", "bytes are here"),
        ("other_part", "bytes are here"),
        ("sends_a_page", "refused, and nothing of it was run"),
        ("promises_less", "toy"),
        ("hangs", "timed out"),
        ("is_gone", "404"),
        ("is_ill", "503"),
    ],
)
def test_a_bad_server_ends_in_a_clear_error_after_few_tries(server, listed, how, reason):
    listed(how)
    with pytest.raises(MedbenchError, match="medbench weights add toy FILE") as caught:
        fetch("toy")
    assert reason in str(caught.value)
    assert server.url(how) in str(caught.value)
    assert len(server.asked) <= 10
    with pytest.raises(Unavailable):
        find("toy")


def test_wrong_bytes_are_refused_by_the_listed_sha256(server, listed, content):
    listed("good", sha256=hashlib.sha256(content + b"x").hexdigest()[:8])
    with pytest.raises(MedbenchError, match="is not the expected file"):
        fetch("toy")
    with pytest.raises(Unavailable):
        find("toy")
    # The wrong bytes are not continued: the next command asks for the whole file.
    listed("good", sha256=hashlib.sha256(content).hexdigest()[:8])
    fetch("toy")
    assert server.asked[-1] is None


def test_an_endless_answer_is_cut_off(server, listed, tmp_path):
    listed("endless")
    with pytest.raises(MedbenchError, match="more than the 500000 bytes"):
        fetch("toy", most_bytes=500_000)
    assert sum(one.stat().st_size for one in (tmp_path / "cache").rglob("*") if one.is_file()) < 10_000


def test_too_much_is_refused_before_it_comes(server, listed):
    listed("good")
    with pytest.raises(MedbenchError, match="are offered"):
        fetch("toy", most_bytes=1000)


def test_the_next_address_is_tried_and_others_are_followed(server, listed, content):
    listed("is_gone", "moves")
    assert load_torch(fetch("toy"))["w"].shape == (20_000,)


def test_another_file_than_the_first_is_taken_on_request_alone(server, listed):
    import torch

    listed("good")
    fetch("toy")
    other = io.BytesIO()
    torch.save({"w": torch.zeros(3)}, other)
    server.content, server.tag = other.getvalue(), '"two"'
    with pytest.raises(MedbenchError, match="another file was given as 'toy' before"):
        fetch("toy")
    assert len(load_torch(find_verified("toy"))["w"]) == 20_000
    fetch("toy", replace=True)
    assert len(load_torch(find_verified("toy"))["w"]) == 3


def test_only_http_is_spoken(listed, monkeypatch, tmp_path):
    secret = tmp_path / "secret.pt"
    secret.write_bytes(b"x")
    toy = official("toy", "toy.pt", licence="x", citation="x", addresses=(secret.as_uri(),))
    monkeypatch.setattr("medbench.weights.finding.official_files", lambda: {"toy": toy})
    with pytest.raises(MedbenchError, match="not an http address"):
        fetch("toy")
