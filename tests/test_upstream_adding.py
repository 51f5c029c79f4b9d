"""medbench upstream: what is checked, what is noted, what is refused."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess

import numpy as np
import pytest
import torch
from test_upstream_traps_faces import SIMSWAP
from upstream_repos import forked, write

from medbench.cli.main import main
from medbench.core import MedbenchError, Unavailable
from medbench.leaderboards.submissions.sound import check_sound
from medbench.leaderboards.submissions.write import submit
from medbench.methods.upstream import adding, checkout
from medbench.methods.upstream.adapters import adapter_named, adapter_names
from medbench.methods.upstream.contents import drawn_at_random, note_random, weights_file
from medbench.stages.resolve import MethodChoice, method_named, method_of
from medbench.suites.mini.suite import MiniSuite

WRAPPERS = adapter_named("ciagan").wrapper.parent
VERSIONS = {"python": "3.6.9", "torch": "1.8.0", "cuda": "none"}


@pytest.fixture(scope="module")
def pictures():
    suite = MiniSuite()
    return [suite.read("select", name).image for name in suite.index("select")["id"][:2]]


@pytest.fixture
def shop(tmp_path, monkeypatch, pictures):
    """A repository at the commit that was tried, with its weights and donors."""
    monkeypatch.setenv("MEDBENCH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("MEDBENCH_CONFIG", str(tmp_path / "config"))
    monkeypatch.setattr("medbench.methods.upstream.session.run_program", forked)
    monkeypatch.setattr(adding, "look_at", lambda python, modules: dict(VERSIONS))
    monkeypatch.setattr(checkout, "commit_of", lambda repo: adapter_named("sim-swap").commits[0])
    from PIL import Image

    write(tmp_path / "repo", SIMSWAP)
    (tmp_path / "donors").mkdir()
    Image.fromarray(pictures[0]).save(tmp_path / "donors" / "a.png")
    return tmp_path


def say(capsys, *arguments):
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    said = capsys.readouterr()
    return ended.value.code, said.out, said.err


def add(capsys, shop, *more, vouch=("--vouch", "arcface"), **weights):
    found = {
        "generator": "random/generator.pth",
        "arcface": "random/arcface.tar",
        "donors": "donors",
    } | weights
    words = [f"--weights={name}={shop / path}" for name, path in found.items() if path]
    return say(capsys, "upstream", "add", "sim-swap", "--repo", shop / "repo", "--python", "python3",
               *vouch, *words, *more)  # fmt: skip


def draw(capsys, shop):
    return say(capsys, "upstream", "random-weights", "sim-swap", "--repo", shop / "repo",
               "--python", "python3", "--out", shop / "random")  # fmt: skip


def test_from_a_checkout_to_a_protected_picture(shop, capsys, pictures):
    assert draw(capsys, shop)[0] == 0
    code, out, err = add(capsys, shop)
    assert code == 0, err
    assert "bd7b7686a1" in out and "the weights are random" in out
    (row,) = [r for r in json.loads(say(capsys, "upstream", "list", "--json")[1]) if r["name"] == "sim-swap"]
    assert row["added"]["random_weights"] and row["added"]["environment"] == VERSIONS
    method, _ = method_of(MethodChoice.parse("upstream:sim-swap", None), "cpu")
    assert (method.card.backend, method.card.name) == ("upstream", "upstream:sim-swap")
    assert method.card.random_weights and "RANDOM" in method.card.title
    import pandas as pd

    from medbench.core import Batch

    images = torch.from_numpy(np.stack([pictures[1], pictures[0] * 0])).permute(0, 3, 1, 2).float() / 255
    from medbench.stages.protect import protect

    truth = pd.DataFrame(index=range(2))
    done = protect(method, np.stack([pictures[1], pictures[0] * 0]), ("a", "b"), truth, None)
    assert list(done.failures) == [1] and "no face" in done.failures[1]
    assert np.abs(done.images[0].astype(int) - pictures[1]).mean() > 5
    alone = method.anonymize(Batch(images[:1], ("a",), truth[:1]))
    assert np.array_equal((alone[0].permute(1, 2, 0) * 255).round().numpy(), done.images[0])
    assert (shop / "cache" / "upstream" / "sim-swap.log").is_file()
    with (shop / "random" / "generator.pth").open("ab") as file:
        file.write(b"x")
    with pytest.raises(MedbenchError, match=r"generator.pth \(generator\) is not what it was"):
        method.load("cpu")
    assert say(capsys, "upstream", "remove", "sim-swap")[0] == 0
    with pytest.raises(Unavailable, match="medbench upstream add sim-swap"):
        method_named("upstream:sim-swap")


@pytest.mark.slow
def test_an_added_repository_keeps_the_rules_of_conformance(shop, capsys):
    from medbench.methods.conformance import check

    assert draw(capsys, shop)[0] == add(capsys, shop)[0] == 0
    broken = [rule for rule in check(method_named("upstream:sim-swap")) if not rule.passed]
    assert not broken, broken


def test_what_is_missing_is_named_with_where_it_is_found(shop, capsys):
    assert draw(capsys, shop)[0] == 0
    code, _, err = add(capsys, shop, generator=None, donors=None)
    assert code == 2
    assert "--weights generator=FILE" in err and "latest_net_G.pth" in err and "--weights donors=DIR" in err
    assert "add --vouch arcface" in add(capsys, shop, vouch=())[2]
    assert "takes no teacher" in add(capsys, shop, teacher="random/generator.pth")[2]
    assert "is no folder" in add(capsys, shop, donors="random/generator.pth")[2]
    (shop / "donors" / "a.png").unlink()
    assert "1 face pictures are needed as donors, 0 are there" in add(capsys, shop)[2]
    (shop / "repo" / "models" / "fs_networks.py").unlink()
    code, _, err = add(capsys, shop)
    assert "lacks models/fs_networks.py" in err and "git clone https://github.com/neuralchen/SimSwap" in err


def test_another_commit_is_refused_unless_allowed(shop, capsys, monkeypatch):
    assert draw(capsys, shop)[0] == 0
    monkeypatch.setattr(checkout, "commit_of", lambda repo: "f" * 40)
    code, _, err = add(capsys, shop)
    assert code == 2 and "checkout bd7b7686" in err and "--any-commit" in err
    code, out, _ = add(capsys, shop, "--any-commit")
    assert code == 0 and "f" * 40 in out


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not here")
def test_a_commit_is_read_and_a_changed_file_is_told(tmp_path):
    write(tmp_path / "repo", {"a.py": "x = 1\n", "b.py": ""})
    assert checkout.commit_of(tmp_path / "repo") == checkout.UNKNOWN
    who = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    for words in (("init", "-q"), ("add", "."), (*who, "commit", "-q", "-m", "one")):
        subprocess.run(["git", "-C", str(tmp_path / "repo"), *words], check=True)
    commit = checkout.commit_of(tmp_path / "repo")
    assert len(commit) == 40
    (tmp_path / "repo" / "weights.pth").write_text("new files are no change")
    assert checkout.commit_of(tmp_path / "repo") == commit
    (tmp_path / "repo" / "a.py").write_text("x = 2\n")
    assert checkout.commit_of(tmp_path / "repo") == commit + "+"
    (tmp_path / "repo" / "inside").mkdir()
    assert checkout.commit_of(tmp_path / "repo" / "inside") == checkout.UNKNOWN


def test_the_interpreter_is_asked_what_it_lacks():
    import sys
    from pathlib import Path

    from medbench.methods.upstream.interpreter import look_at

    found = look_at(Path(sys.executable), ["json", "numpy"])
    assert found["numpy"] == np.__version__ and found["python"].startswith("3.")
    with pytest.raises(MedbenchError, match=r"cannot import no_such_module.*README"):
        look_at(Path(sys.executable), ["json", "no_such_module"])


def test_random_weights_are_known_by_what_they_hold_in_a_file_or_a_folder(tmp_path):
    write(tmp_path / "made", {"one.pth": "1", "inside/two.pth": "2"})
    note_random(tmp_path / "made")
    shutil.copytree(tmp_path / "made", tmp_path / "mixed")
    write(tmp_path / "mixed", {"one.pth": "trained", "clean/two.pth": "trained"})
    told = {
        path: drawn_at_random(weights_file(tmp_path / path))
        for path in ("made/one.pth", "made/inside", "mixed/one.pth", "mixed/inside", "mixed/clean")
    }
    assert [*told.values()] == [True, True, False, True, False]


def test_random_weights_reach_no_board(tmp_path):
    from board_result import row

    one = row("upstream:sim-swap")
    card = one.method.card | {"random_weights": True}
    tried = one.model_copy(update={"method": one.method.model_copy(update={"card": card})})
    (tmp_path / "run").mkdir()
    tried.write(tmp_path / "run" / "result.json")
    import pandas as pd

    pd.DataFrame({"id": ["a"]}).to_parquet(tmp_path / "run" / "samples.parquet")
    with pytest.raises(MedbenchError, match="never trained"):
        submit(tmp_path / "run", tmp_path / "results")
    assert not (tmp_path / "results").exists()
    assert [check.ok for check in check_sound(tried) if check.name == "weights"] == [False]
    assert not [check for check in check_sound(one) if check.name == "weights"]


@pytest.mark.parametrize("name", adapter_names())
def test_every_adapter_says_what_differs_and_has_its_wrapper_and_page(name):
    from pathlib import Path

    adapter = adapter_named(name)
    assert adapter.name == name and adapter.wrapper.is_file()
    assert adapter.differs and all(line.endswith(".") for line in adapter.differs)
    page = (Path(__file__).parents[1] / "docs" / "how-to" / "upstream.md").read_text(encoding="utf-8")
    assert f"upstream add {name}" in page
    missing = [line for line in adapter.differs if line not in " ".join(page.split())]
    assert not missing, "docs/how-to/upstream.md does not say this"
    for need in adapter.needs:
        assert f"--weights {need.name}=" in page


def test_an_unknown_name_is_answered_with_near_ones():
    with pytest.raises(MedbenchError, match="riddle"):
        adapter_named("ridle")


@pytest.mark.parametrize("file", sorted(WRAPPERS.glob("*.py")), ids=lambda file: file.stem)
def test_wrappers_run_in_old_interpreters_and_import_nothing_of_medbench(file):
    tree = ast.parse(file.read_text(encoding="utf-8"), feature_version=(3, 6))
    imported = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    imported += [str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert not [name for name in imported if name.split(".")[0] in ("medbench", "__future__")]
    subscripts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Subscript)]
    builtin = {"list", "dict", "tuple", "set", "type", "Iterator"}
    assert not [one.id for one in subscripts if isinstance(one, ast.Name) and one.id in builtin]
