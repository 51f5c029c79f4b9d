"""medbench attack on methods whose figures anyone can foresee, from the command to attacks.json."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from medbench.attacks.attack import attack
from medbench.attacks.people import take_sides
from medbench.attacks.report import SCHEMA_FILE, AttackResult, schema
from medbench.attacks.request import ATTACKERS, AttackRequest, attackers_of
from medbench.core import MedbenchError
from medbench.registry import Registry


@pytest.fixture
def parts(monkeypatch, tmp_path):
    import attack_parts

    real = Registry.targets
    monkeypatch.setattr(Registry, "targets", lambda self: attack_parts.TARGETS.get(self.kind) or real(self))
    monkeypatch.setenv("MEDBENCH_CACHE", str(tmp_path / "cache"))
    return attack_parts


@pytest.fixture
def go(parts, tmp_path):
    def run(method, attackers=ATTACKERS, **more):
        request = AttackRequest((method,), "crowd", attackers, device="cpu", out=tmp_path / "runs", **more)
        ((_, result),) = attack(request)
        return result

    return run


def rank1(result, name):
    return result.estimate(f"rank1_{name}")


def test_every_attacker_sees_through_a_method_that_does_nothing(go):
    result = go("fake_untouched")
    for name in ("naive", "parrot", "informed", "reconstructing"):
        row = rank1(result, name)
        assert row.value > 0.95 and row.chance == pytest.approx(3 / 63)
        assert result.estimate(f"auc_{name}").value > 0.95
        assert result.estimate(f"dsys_{name}").value > 0.8
    assert {row.metric for row in result.skipped} == {
        "same_key", "leaked_pairs", "wrong_key", "guessed_keys", "universal_key", "right_key", "gradient_key"
    }  # fmt: skip
    assert all("has no key" in row.reason for row in result.skipped)


def test_a_constant_picture_leaves_every_attacker_guessing(go):
    result = go("constant")
    for name in ("naive", "parrot", "informed", "reconstructing"):
        row = rank1(result, name)
        assert row.low <= row.chance + 0.02 and row.value < 0.15
        assert result.estimate(f"auc_{name}").value == pytest.approx(0.5, abs=0.02)
        assert result.estimate(f"dsys_{name}").value < 0.05


def test_shuffled_pixels_fool_the_naive_attacker_alone(go):
    result = go("shuffled")
    assert rank1(result, "naive").value < 0.2
    assert rank1(result, "informed").value > 0.9
    assert rank1(result, "reconstructing").value > 0.9
    assert result.estimate("dsys_informed").value > 0.5 > result.estimate("dsys_naive").value


def test_a_key_that_a_gradient_reaches_is_found_from_leaked_pairs(go):
    result = go("softly", ("keys",), guesses=2)
    assert rank1(result, "right_key").value > 0.95
    assert rank1(result, "gradient_key").value > 0.95
    assert rank1(result, "wrong_key").value < 0.6
    assert rank1(result, "same_key").value > 0.95
    assert rank1(result, "leaked_pairs").value > 0.9
    assert rank1(result, "universal_key").value < 0.7


def test_a_key_without_a_gradient_is_spared_that_attack_with_the_reason(go):
    result = go("sealed", ("keys",), guesses=2)
    assert rank1(result, "right_key").value > 0.95
    assert rank1(result, "guessed_keys").value < 0.3
    (skipped,) = result.skipped
    assert skipped.metric == "gradient_key" and "restore_with" in skipped.reason


def test_the_command_prints_a_table_and_writes_a_file_that_is_used_again(parts, tmp_path):
    from medbench.cli.attack import attack as command

    asked = ["-m", "shuffled", "-s", "crowd", "--attacker", "naive", "--limit", "32", "--out", str(tmp_path)]
    said = CliRunner().invoke(command, asked, catch_exceptions=False)
    assert said.exit_code == 0
    assert "rank-1 %" in said.output and "32 images of 8 subjects" in said.output
    (file,) = tmp_path.rglob("attacks.json")
    before = file.read_bytes()
    again = CliRunner().invoke(command, [*asked, "--json"], catch_exceptions=False)
    assert file.read_bytes() == before
    document = json.loads(again.stdout)
    assert document[0]["attacks"]["counts"]["n_scored"] == 32
    assert AttackResult.read(file).names() == ["naive"]


def test_the_published_schema_is_the_one_in_force(go):
    jsonschema = pytest.importorskip("jsonschema")
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema()
    document = json.loads(go("constant", ("naive",), limit=16).model_dump_json())
    jsonschema.validate(document, json.loads(schema()))


def test_equal_attacks_give_equal_figures(go):
    results = [go("shuffled", ("informed",), resume="always", limit=32) for _ in range(2)]
    first, second = ([row.model_dump_json() for row in result.estimates] for result in results)
    assert first == second


def test_nobody_is_on_both_sides(parts):
    suite = parts.CrowdSuite()
    sides = take_sides(suite, "val", 32, 80)
    assert sides.split == "train" and len(sides.evaluated) == 32 and len(sides.held) == 80
    rest = take_sides(suite, "train", 80, 1000)
    assert rest.split == "train" and len(rest.evaluated) == 80 and len(rest.held) == 160
    assert not set(rest.evaluated["subject"]) & set(rest.held["subject"])
    suite.card = suite.card.model_copy(update={"splits": {"val": "measured"}})
    halves = take_sides(suite, "val", None, 1000)
    assert not set(halves.evaluated["subject"]) & set(halves.held["subject"])
    assert len(halves.evaluated) + len(halves.held) == 64


def test_a_suite_that_knows_nobody_cannot_be_attacked(parts):
    suite = parts.CrowdSuite()
    suite.index = lambda split: parts.CrowdSuite.index(suite, split).drop(columns="subject")
    with pytest.raises(MedbenchError, match=r"labels\.csv"):
        take_sides(suite, "val", None, 10)


def test_an_unknown_attacker_is_named(parts):
    with pytest.raises(MedbenchError, match="reconstructing"):
        attackers_of(("informed,clever",))
