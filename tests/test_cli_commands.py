"""The command line: exit codes, one clear block per error, JSON where asked."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest
from broken_images import BROKEN, write_broken
from PIL import Image

from medbench.cli.main import COMMANDS, cli
from medbench.core import DISEASES

FEW = "id_dis,diagnosis,rank1_identification,matching,gaze_error,reversibility"


@pytest.fixture
def run_fake(fake_parts, call, tmp_path):
    def run(*arguments):
        where = ("--suite", "fake", "--out", tmp_path / "runs", "--wrong-keys", "100", "--metrics", FEW)
        return call("run", *where, *arguments)

    return run


LOADED = {name: cli.get_command(None, name) for name in COMMANDS}
SINGLE = [
    f"{name} {inner}".strip() for name, found in LOADED.items() for inner in getattr(found, "commands", [""])
]


@pytest.mark.parametrize("command", SINGLE)
def test_every_command_has_help_with_an_example_and_json(call, command):
    code, out, _ = call(*command.split(), "--help")
    assert code == 0
    assert f"medbench {command.split()[0]}" in out.partition("Example")[2]
    assert "--json" in out


def test_help_and_list_import_nothing_heavy():
    script = (
        "import sys\nfrom medbench.cli.main import main\n"
        "try: main(sys.argv[1:])\nexcept SystemExit: pass\n"
        "heavy = {'torch', 'pandas', 'cv2', 'scipy', 'dlib', 'skimage', 'PIL', 'pydantic', 'rich', 'numpy'}\n"
        "print('HEAVY', sorted(heavy & set(sys.modules)))"
    )
    for arguments in (["--help"], ["run", "--help"], ["list"], ["list", "metrics"]):
        done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True)
        assert done.stdout.rstrip().endswith("HEAVY []"), (arguments, done.stdout[-200:], done.stderr)


def test_a_run_ends_in_a_table_and_can_be_shown_again(run_fake, call, tmp_path):
    code, out, err = run_fake("--method", "fake_untouched,fake_locked")
    assert code == 0
    assert "measured on fake" in out
    assert "fake_locked (classical)" in out
    assert "chance" in out
    assert "[" in out and "n 48" in out
    assert "fake_locked: 48 of 48" in err
    code, again, _ = call("show", tmp_path / "runs")
    assert code == 0
    assert again.strip() in out
    code, everything, _ = call("show", tmp_path / "runs", "--all")
    assert "class=BCC" in everything
    assert "not measured: gaze_error" in everything


def test_show_as_markdown_csv_and_json(run_fake, call, tmp_path):
    run_fake("--method", "fake_untouched")
    _, markdown, _ = call("show", tmp_path / "runs", "--format", "markdown")
    assert "| --- | ---: |" in markdown
    _, table, _ = call("show", tmp_path / "runs", "--format", "csv")
    head, first = table.splitlines()[:2]
    assert head.startswith("suite,split,method")
    assert first.startswith("fake,val,fake_untouched")
    _, document, _ = call("show", tmp_path / "runs", "--json")
    assert json.loads(document)[0]["method"]["name"] == "fake_untouched"


def test_json_is_one_document(run_fake):
    code, out, _ = run_fake("--method", "fake_moody", "--json")
    found = json.loads(out)
    assert code == 0
    assert found["runs"][0]["result"]["counts"]["n_failed"] == 37


def test_some_failures_are_told_and_are_no_error(run_fake):
    code, _, err = run_fake("--method", "fake_moody")
    assert code == 0
    assert "fake_moody failed on 37 of 48 images" in err


def test_a_method_that_protects_nothing_ends_in_1(run_fake):
    code, _, err = run_fake("--method", "fake_hopeless")
    assert code == 1
    assert "fake_hopeless protected nothing: all 48 images failed" in err
    assert "48 x ValueError: never works" in err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("run", "--suite", "mema-mini"), "--method"),
        (("run", "--method", "untuched", "--suite", "mema-mini"), "did you mean untouched"),
        (("run", "--method", "untouched", "--suite", "mema-min"), "did you mean mema-mini"),
        (("run", "--method", "untouched", "--suite", "./nowhere"), "no such folder"),
        (("run", "--method", "absent.py:Thing", "--suite", "mema-mini"), "no such file"),
        (("run", "--method", "untouched", "--suite", "mema-mini", "--limit", "0"), "--limit"),
        (("run", "--method", "untouched", "--suite", "mema-mini", "--device", "cuda:9"), "--device cpu"),
        (("show", "nowhere"), "no finished run"),
        (("lst",), "No such command"),
        (("train", "--method", "untouched"), "needs no training"),
        (("data", "add", "mema", "nowhere"), "no such folder"),
    ],
)
def test_wrong_use_ends_in_2_with_the_remedy_and_no_trace(call, tmp_path, monkeypatch, arguments, told):
    monkeypatch.chdir(tmp_path)
    code, _, err = call(*arguments)
    assert code == 2
    assert told in err
    assert "Traceback" not in err


def test_an_error_as_json(call):
    code, out, _ = call("show", "nowhere", "--json")
    assert code == 2
    assert "no finished run" in json.loads(out)["error"]


def test_mema_val_without_mema_is_one_screen(call):
    code, _, err = call("run", "--method", "ours", "--suite", "mema-val")
    assert code == 2
    for words in ("42,307", "AAAI 2025", "Baidu", "medbench data add mema", "mema-mini"):
        assert words in err
    assert len(err.splitlines()) <= 24


def test_an_unexpected_error_is_one_block(run_fake, monkeypatch):
    monkeypatch.setattr("medbench.runner.lay_ground", lambda *a, **k: 1 / 0)
    code, _, err = run_fake("--method", "fake_untouched")
    assert code == 1
    assert "ZeroDivisionError" in err
    assert "MEDBENCH_DEBUG=1" in err
    assert "Traceback" not in err


def test_listing_as_json_names_what_there_is(call):
    _, out, _ = call("list", "--json")
    found = json.loads(out)
    assert {row["name"] for row in found["metrics"]} >= {"id_dis", "diagnosis_accuracy", "psnr_restored"}
    assert {row["name"] for row in found["suites"]} >= {"mema-mini", "mema-val"}
    directions = {row["name"]: row["direction"] for row in found["metrics"]}
    assert directions["ssim_protected"] == "higher", "inherited from its base"
    _, out, _ = call("list", "weights", "--json")
    assert any(row["licence"] for row in json.loads(out))


def test_a_folder_of_broken_pictures_is_scored_without_them(fake_parts, call, tmp_path):
    folder = tmp_path / "photographs"
    folder.mkdir()
    for kind in BROKEN:
        write_broken(folder, kind)
    for number in range(3):
        level = np.random.default_rng(number).integers(60, 200, (64, 64, 3), dtype=np.uint8)
        Image.fromarray(level).save(folder / f"good{number}.png")
    arguments = ("--suite", folder, "--method", "fake_untouched", "--out", tmp_path / "runs")
    code, out, err = call("run", *arguments)
    assert code == 0
    assert f"warning: {len(BROKEN)} samples could not be read" in err
    assert "n 3" in out
    code, out, _ = call("run", *arguments, "--json")
    found = json.loads(out)
    result = found["runs"][0]["result"]
    assert result["counts"]["n_quarantined"] == len(BROKEN)
    assert result["counts"]["n_protected"] == 3
    told = {row["message"].split(": ")[0].rpartition("/")[2] for row in found["quarantined"]}
    assert told == set(BROKEN)
    reasons = {skipped["metric"]: skipped["reason"] for skipped in result["skipped"]}
    assert "no ground truth 'subject'" in reasons["rank1_identification"]


def test_a_folder_with_nothing_readable_ends_in_2(fake_parts, call, tmp_path):
    write_broken(tmp_path, "text.jpg")
    code, _, err = call("run", "--suite", tmp_path, "--method", "fake_untouched", "--out", tmp_path / "runs")
    assert code == 2
    assert "none of the 1 samples can be read" in err
    assert "text.jpg" in err


def test_mema_is_added_and_measured(fake_parts, call, tmp_path, monkeypatch):
    monkeypatch.setenv("MEDBENCH_CONFIG", str(tmp_path / "config"))
    monkeypatch.setitem(fake_parts.TARGETS, "suites", {"mema-val": "medbench.suites.mema:MemaVal"})
    rng = np.random.default_rng(2)
    for split in ("select", "val"):
        for disease in DISEASES:
            place = tmp_path / "MeMa" / split / disease
            place.mkdir(parents=True)
            for number in range(2):
                Image.fromarray(rng.integers(60, 200, (64, 64, 3), dtype=np.uint8)).save(
                    place / f"{number}.jpg"
                )
    code, out, _ = call("data", "add", "mema", tmp_path / "MeMa")
    assert code == 0
    assert "4578 published" in out
    arguments = ("--suite", "mema-val", "--method", "fake_untouched", "--out", tmp_path / "runs")
    code, out, _ = call("run", *arguments, "--json")
    result = json.loads(out)["runs"][0]["result"]
    assert code == 0
    assert result["suite"]["n"] == 16
    assert {row["group"] for row in result["estimates"]} >= {f"class={name}" for name in DISEASES}


def test_a_contact_sheet_is_written(fake_parts, call, tmp_path):
    code, out, _ = call("data", "sheet", "--suite", "fake", "-n", "8", "--out", tmp_path / "sheet.png")
    assert code == 0
    assert "8 images" in out
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.size == (8 * 192, 192)


@pytest.mark.slow
def test_drawn_faces_in_memas_layout_run_as_a_suite(call, tmp_path, monkeypatch):
    from medbench.suites.mini.suite import MiniSuite

    monkeypatch.setenv("MEDBENCH_CONFIG", str(tmp_path / "config"))
    drawn = MiniSuite()
    lines = ["file,subject,severity"]
    for split, subjects in (("select", 8), ("val", 2)):
        for row in drawn.index(split).head(subjects * 8).itertuples():
            place = tmp_path / "MeMa" / split / row.disease / f"{row.id}.png"
            place.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(drawn.read(split, row.id).image).save(place)
            lines.append(f"{place.relative_to(tmp_path / 'MeMa').as_posix()},{row.subject},{row.severity}")
    (tmp_path / "MeMa" / "labels.csv").write_text("\n".join(lines))
    assert call("data", "add", "mema", tmp_path / "MeMa")[0] == 0
    arguments = ("--suite", "mema-val", "--method", "untouched", "--out", tmp_path / "runs")
    code, out, _ = call("run", *arguments, "--json")
    result = json.loads(out)["runs"][0]["result"]
    assert code == 0
    assert result["counts"]["n_faces"] == 16
    assert "identity_threshold" in result["calibration"]
    found = {row["metric"]: row["value"] for row in result["estimates"] if row["group"] == "all"}
    assert found["face_matching_rate"] == 1
    assert found["rank1_identification"] > 0.9
