"""A program as a method: what goes in, what comes out, and what is told when it does not."""

import json
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
import yaml

from medbench.core import Batch, MedbenchError, SomeFailed
from medbench.keys import Key
from medbench.methods.conformance import check
from medbench.methods.upstream.card import read_card, write_card
from medbench.methods.upstream.command import CommandMethod
from medbench.stages.protect import protect
from medbench.suites.mini.suite import MiniSuite

INVERT = """
import sys, cv2, pathlib
for file in sorted(pathlib.Path(sys.argv[1]).glob("*.png")):
    cv2.imwrite(sys.argv[2] + "/" + file.name, 255 - cv2.imread(str(file)))
"""
IMAGES = np.random.default_rng(0).integers(0, 256, (3, 64, 80, 3), dtype=np.uint8)
IDS = ("a", "b", "c")


def method(folder, script, **fields):
    program = folder / "program.py"
    program.write_text(script, encoding="utf-8")
    card = {
        "name": "prog",
        "title": "Prog",
        "command": ["python", str(program), "{input}", "{output}"],
        **fields,
    }
    file = folder / "card.yaml"
    file.write_text(yaml.safe_dump(card), encoding="utf-8")
    return CommandMethod(read_card(file))


def batch(images=IMAGES):
    import pandas as pd

    tensor = torch.from_numpy(images).permute(0, 3, 1, 2).float() / 255
    return Batch(tensor, IDS[: len(images)], pd.DataFrame(index=range(len(images))))


def treated(made):
    import pandas as pd

    return protect(made, IMAGES, IDS, pd.DataFrame(index=range(3)), None)


def test_pictures_go_through_the_program(tmp_path):
    done = treated(method(tmp_path, INVERT))
    assert not done.failures
    assert np.array_equal(done.images, 255 - IMAGES)


def test_a_program_keeps_the_rules_of_conformance(tmp_path):
    broken = [r for r in check(method(tmp_path, INVERT)) if not r.passed]
    assert not broken, broken


OUT = "sys.argv[2] + '/' + file.name"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("pass", "no result"),
        (f"open({OUT}, 'w').write('x')", "not a picture"),
        (f"cv2.imwrite({OUT}, cv2.imread(str(file))[:9])", "80 x 9 pixels"),
        (f"cv2.imwrite({OUT}, cv2.imread(str(file)))", "unchanged"),
    ],
)
def test_a_result_that_will_not_do_takes_no_other_with_it(tmp_path, change, reason):
    start = '.glob("*.png")):'
    script = INVERT.replace(start, f"{start}\n    if '01' in file.name:\n        {change}\n        continue")
    done = treated(method(tmp_path, script))
    assert list(done.failures) == [1]
    assert reason in done.failures[1]
    assert np.array_equal(done.images[[0, 2]], 255 - IMAGES[[0, 2]])


def test_composite_sheets_are_cut_and_groups_are_filled(tmp_path):
    script = """
import sys, cv2, pathlib, numpy as np
files = sorted(pathlib.Path(sys.argv[1]).glob("*.png"))
assert len(files) == 4, files
for index, file in enumerate(files):
    image = cv2.imread(str(file))
    cv2.imwrite(f"{sys.argv[2]}/sheet_{index}.png", np.hstack([image, 255 - image, image // 2]))
"""
    made = method(tmp_path, script, multiple=4, panel=1, panels=3, result_name="sheet_{index}.png")
    done = treated(made)
    assert not done.failures
    assert np.array_equal(done.images, 255 - IMAGES)


def test_a_face_program_sees_squares_and_the_rest_of_the_picture_stays(tmp_path):
    face = MiniSuite().read("select", MiniSuite().index("select")["id"][0]).image
    wide = cv2.copyMakeBorder(face, 60, 0, 90, 90, cv2.BORDER_REPLICATE)
    script = INVERT.replace("    cv2", "    assert cv2.imread(str(file)).shape == (112, 112, 3)\n    cv2")
    out = method(tmp_path, script, size=112).anonymize(batch(wide[None]))[0].permute(1, 2, 0).numpy()
    changed = np.abs(out * 255 - wide).max(2) > 30
    assert not changed[:, :40].any() and not changed[:, -40:].any()
    assert changed[150:250, 180:260].mean() > 0.5


def test_pictures_without_a_face_are_told_by_row(tmp_path):
    with pytest.raises(SomeFailed, match="no face"):
        method(tmp_path, INVERT, size=112).anonymize(batch())


def test_failure_says_what_the_program_said(tmp_path):
    with pytest.raises(MedbenchError, match="code 3: weights are missing"):
        method(tmp_path, "import sys; print('weights are missing'); sys.exit(3)").anonymize(batch())


def test_a_program_that_hangs_is_ended_with_its_children(tmp_path):
    script = """
import subprocess, sys, time, pathlib
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path(sys.argv[1], "..", "..").resolve()
open(PID, "w").write(str(child.pid))
time.sleep(600)
""".replace("PID", repr(str(tmp_path / "pid")))
    with pytest.raises(MedbenchError, match="took longer than 3 s"):
        method(tmp_path, script, time_limit=3).anonymize(batch())
    state = Path(f"/proc/{(tmp_path / 'pid').read_text()}/status")
    assert not state.exists() or "zombie" in state.read_text()


def test_a_program_sees_no_secret_of_the_user_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "x")
    script = "import os, json, sys; json.dump([dict(os.environ), sys.argv], open(%r, 'w')); sys.exit(1)"
    with pytest.raises(MedbenchError):
        method(tmp_path, script % str(tmp_path / "seen.json")).anonymize(batch())
    environment, words = json.loads((tmp_path / "seen.json").read_text())
    assert "SECRET_TOKEN" not in environment
    assert not Path(words[1]).exists()


def test_keys_reach_the_program_as_drawn_numbers_not_as_secrets(tmp_path):
    script = """
import sys, cv2, csv, pathlib
rows = {row["name"]: row["key"] for row in csv.DictReader(open(sys.argv[3]))}
for file in pathlib.Path(sys.argv[1]).glob("*.png"):
    image = cv2.imread(str(file))
    cv2.imwrite(sys.argv[2] + "/" + file.name, image ^ bytes.fromhex(rows[file.name])[0])
"""
    program = tmp_path / "p.py"
    program.write_text(script, encoding="utf-8")
    words = ["python", str(program), "{input}", "{output}", "{keys}"]
    made = method(tmp_path, "", command=words, restore_command=words, keyed=True, reversible=True)
    keys = [Key.from_names("t", i) for i in range(3)]
    hidden = made.anonymize(batch(), keys)
    assert torch.equal(made.restore(hidden, keys), batch().images)
    assert not torch.equal(made.restore(hidden, keys[::-1]), batch().images)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("name: x\ntitle: X\ncommand: [run]\n", "must name {input} and {output}"),
        ("name: x\ntitle: X\n", "command"),
        ("name: x\ntitle: X\ncommand: ['{input}', '{output}']\nsizes: 3\n", "sizes"),
        ("[", "not YAML"),
    ],
)
def test_a_wrong_card_is_named_with_its_fault(tmp_path, text, fault):
    file = tmp_path / "card.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(MedbenchError, match=r"card\.yaml") as caught:
        read_card(file)
    assert fault in str(caught.value)


def test_a_line_becomes_a_card_whose_files_are_found_from_anywhere(tmp_path, monkeypatch):
    (tmp_path / "hide.py").write_text(INVERT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    file = write_card(tmp_path / "cards", "hide", "python hide.py {input} {output}")
    monkeypatch.chdir("/")
    assert np.array_equal(treated(CommandMethod(read_card(file))).images, 255 - IMAGES)
    with pytest.raises(MedbenchError, match="no name"):
        write_card(tmp_path, "../x", "python {input} {output}")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="namespaces are Linux's")
def test_the_network_is_cut_off_where_the_system_allows(tmp_path):
    from medbench.methods.upstream.process import _without_network

    if not _without_network():
        pytest.skip("no user namespaces here")
    reached = "import socket; socket.create_connection(('127.0.0.1', PORT), 2)"
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(MedbenchError, match="code 1"):
        port = server.getsockname()[1]
        method(tmp_path, reached.replace("PORT", str(port))).anonymize(batch())
