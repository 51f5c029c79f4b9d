"""Every registered method keeps the rules; the rules catch methods that break them; the scaffold works."""

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import torch

from medbench.core import FaceNotFound, MedbenchError, Unavailable
from medbench.methods.conformance import RULES, check, probes
from medbench.methods.method import Method, MethodCard
from medbench.methods.scaffold import new_method
from medbench.registry import Registry

METHODS = Registry("methods")
ROOT = Path(__file__).parents[1]


@cache
def results(name):
    """Rule -> result, once per method; an Unavailable where its weights are absent."""
    try:
        return {result.rule: result for result in check(METHODS.get(name)())}
    except Unavailable as missing:
        return missing


@pytest.mark.parametrize("rule", RULES, ids=str)
@pytest.mark.parametrize("name", METHODS.names())
def test_every_method_keeps_every_rule(name, rule):
    found = results(name)
    if isinstance(found, Unavailable):
        pytest.skip(str(found))
    assert found[rule.name].passed, found[rule.name].detail


@pytest.mark.parametrize("name", METHODS.names())
def test_registered_name_is_the_cards(name):
    assert METHODS.get(name).card.name == name


def card(**more):
    return MethodCard(
        name="toy", entry="x:Y", title="Toy", summary="s", licence="none", backend="classical", **more
    )


class Toy(Method):
    card = card()

    def anonymize(self, batch, keys=None):
        return 1 - batch.images


class ToyLock(Method):
    """Adds a key's offset, modulo 1 on a grid of grey levels; subtracting it restores."""

    card = card(keyed=True, reversible=True)

    def anonymize(self, batch, keys=None):
        return self.turn(batch.images, keys, 1)

    def restore(self, images, keys):
        return self.turn(images, keys, -1)

    def turn(self, images, keys, sign):
        steps = [1 + key.bytes(1, "toy")[0] % 255 for key in keys]
        offset = torch.tensor(steps).view(-1, 1, 1, 1)
        return ((images * 255).round().int() + sign * offset) % 256 / 255


def broken(**methods):
    return type("BrokenToy", (Toy,), methods)()


class InPlace(Toy):
    def anonymize(self, batch, keys=None):
        return batch.images.mul_(0.5)


class Counter(Toy):
    def anonymize(self, batch, keys=None):
        return (
            torch.stack([image * 0.5 + 0.1 * i for i, image in enumerate(batch.images)])
            if len(batch)
            else batch.images.clone()
        )


class Noise(Toy):
    def anonymize(self, batch, keys=None):
        return torch.rand_like(batch.images)


class BatchMean(Toy):
    def anonymize(self, batch, keys=None):
        return (batch.images - batch.images.mean()).clamp(0, 1) if len(batch) else batch.images.clone()


class Deaf(ToyLock):
    def turn(self, images, keys, sign):
        return 1 - images


class OneWay(ToyLock):
    def restore(self, images, keys):
        return images.clone()


def returning(function):
    return broken(anonymize=lambda self, batch, keys=None: function(batch.images))


def refuse(images):
    raise FaceNotFound("never")


BROKEN = {
    "nan": (returning(lambda x: x * float("nan")), "image"),
    "range": (returning(lambda x: x * 255), "image"),
    "double": (returning(lambda x: x.double()), "image"),
    "cropped": (returning(lambda x: x[..., :-1].clone()), "image"),
    "refuses faces": (returning(refuse), "image"),
    "itself": (returning(lambda x: x), "input-untouched"),
    "in place": (InPlace(), "input-untouched"),
    "square only": (returning(lambda x: x.transpose(2, 3).clone()), "sizes"),
    "empty": (returning(lambda x: x.clamp(0, float(x.max()))), "empty-batch"),
    "crashes on black": (returning(lambda x: x / (1 if x.max() > 0 else None)), "non-face"),
    "global random state": (Noise(), "repeatable"),
    "batch statistics": (BatchMean(), "batch-size"),
    "place in the batch": (Counter(), "batch-order"),
    "unsteady fingerprint": (broken(fingerprint=lambda self: str(id(object()))), "fingerprint"),
    "default preset": (broken(card=card(presets=("a",))), "card"),
    "no restore": (broken(card=card(reversible=True)), "card"),
    "key unused": (Deaf(), "other-key"),
    "any key opens": (Deaf(), "wrong-key"),
    "does not restore": (OneWay(), "restore"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_method_is_caught_and_told(name):
    method, broken_rule = BROKEN[name]
    found = next(rule for rule in RULES if rule.name == broken_rule)(method)
    assert not found.passed and found.detail


@pytest.mark.parametrize("method", [Toy(), ToyLock()], ids=["plain", "reversible"])
def test_a_sound_method_passes(method):
    assert [result for result in check(method) if not result.passed] == []


def test_rules_that_do_not_apply_are_not_tried():
    tried = {result.rule for result in check(Toy()) if result.tried}
    assert not tried & {"other-key", "restore", "wrong-key"}


def test_a_missing_weight_file_is_told_and_no_failure():
    def load(self, device="cpu", preset=None):
        raise Unavailable("medbench weights fetch toy")

    with pytest.raises(Unavailable):
        check(broken(load=load))


def test_probes_are_faces_in_any_frame():
    assert probes.faces().shape == (3, 3, 256, 256)
    assert probes.framed(97, 131).shape == (1, 3, 97, 131)
    assert torch.equal(probes.eight_bit(probes.faces()), probes.faces())


def test_new_method_passes_its_own_test(tmp_path):
    files = new_method("my-method", tmp_path)
    assert {file.name for file in files} == {"card.yaml", "method.py", "__init__.py", "test_my_method.py"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout
    counts = [int(n) for n in re.findall(r"(\d+) (?:passed|skipped)", done.stdout)]
    assert sum(counts) == len(RULES) and counts[0] >= 10


@pytest.mark.parametrize("name", ["My Method", "class", "1st", "a/b", "", "-x"])
def test_names_that_cannot_be_packages_are_refused(name, tmp_path):
    with pytest.raises(MedbenchError):
        new_method(name, tmp_path)


def test_new_method_overwrites_nothing(tmp_path):
    new_method("mine", tmp_path)
    with pytest.raises(MedbenchError, match="already"):
        new_method("mine", tmp_path)


def test_the_method_of_the_contributing_page_keeps_the_rules_in_under_40_lines(tmp_path):
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    blocks = [re.search(rf"```{kind}\n(.*?)```", page, re.DOTALL).group(1) for kind in ("yaml", "python")]
    assert sum(block.count("\n") for block in blocks) < 40
    for file, block in zip(("card.yaml", "method.py"), blocks, strict=True):
        (tmp_path / file).write_text(block, encoding="utf-8")
    method = Registry("methods").get(f"{tmp_path / 'method.py'}:Posterise")()
    assert [result for result in check(method) if not result.passed] == []


def test_the_page_on_methods_lists_every_rule():
    page = (ROOT / "docs" / "adding-a-method.md").read_text(encoding="utf-8")
    table = page.split("## The rules")[1].split("## Outside")[0]
    assert re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE) == [rule.name for rule in RULES]
