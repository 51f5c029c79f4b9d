"""Keys: the vectors of docs/keys.md, an independent derivation, and what a key never tells."""

import hashlib
import re
import struct
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from scipy import stats

from medbench.core import MedbenchError
from medbench.keys import Key

PAGE = (Path(__file__).parents[1] / "docs" / "keys.md").read_text(encoding="utf-8")
NAMED = Key.from_names("mema-mini", "val", 7)


def written(call):
    """The value that docs/keys.md prints for a call."""
    return re.search(r"^\| `" + re.escape(call) + r"`.*\| `(.*)` \|$", PAGE, re.MULTILINE).group(1)


def framed(*parts):
    return b"".join(struct.pack("<I", len(part)) + part for part in parts)


def test_secrets_are_those_of_the_documentation():
    assert Key.from_passphrase("correct horse battery staple").secret.hex() == written(
        'from_passphrase("correct horse battery staple")'
    )
    assert Key.from_integer(42).secret.hex() == written("from_integer(42)")
    assert NAMED.secret.hex() == written('from_names("mema-mini", "val", 7)')


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_one_passphrase_however_its_letters_are_composed(form):
    key = Key.from_passphrase(unicodedata.normalize(form, "Ångström №1"))
    assert key.secret.hex() == written('from_passphrase("Ångström №1")')


def test_expansions_are_those_of_the_documentation():
    numbers = [float(x) for x in written('normal(4, "password")').split(", ")]
    assert np.allclose(NAMED.normal(4, "password"), numbers, atol=1e-6)
    numbers = [float(x) for x in written('uniform(2, "password")').split(", ")]
    assert np.allclose(NAMED.uniform(2, "password"), numbers, atol=1e-15)
    assert NAMED.bytes(16, "password").hex() == written('bytes(16, "password")')
    assert "".join(map(str, NAMED.bits(16, "password"))) == written('bits(16, "password")')
    assert NAMED.check_value(b"salt") == written('check_value(b"salt")')


def test_passphrase_agrees_with_another_scrypt():
    other = Scrypt(salt=b"medbench key v1 passphrase", length=32, n=2**15, r=8, p=1)
    assert Key.from_passphrase("a b c").secret == other.derive(b"a b c")


def test_bytes_agree_with_another_shake():
    digest = hashes.Hash(hashes.SHAKE256(digest_size=100))
    digest.update(framed(b"medbench key v1", b"expand", b"carrier") + NAMED.secret)
    assert NAMED.bytes(100, "carrier") == digest.finalize()
    assert NAMED.bytes(40, "carrier") == NAMED.bytes(100, "carrier")[:40]


def test_names_do_not_run_together():
    keys = {Key.from_names(*names).secret for names in [("ab", "c"), ("a", "bc"), ("abc",), ("a", "b", "c")]}
    assert len(keys) == 4
    assert Key.from_names("a", 1) == Key.from_names("a", "1")
    assert (
        NAMED.secret
        == hashlib.sha3_256(framed(b"medbench key v1", b"names", b"mema-mini", b"val", b"7")).digest()
    )


def test_normal_draws_are_normal_and_purposes_independent():
    first, second = NAMED.normal(20000, "one"), NAMED.normal(20000, "two")
    assert first.dtype == np.float32
    assert stats.kstest(first, "norm").pvalue > 0.01
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.03


def test_uniform_never_reaches_its_ends(monkeypatch):
    for word, end in ((b"\xff", 1.0), (b"\x00", 0.0)):
        monkeypatch.setattr(Key, "bytes", lambda self, n, purpose, word=word: word * n)
        assert NAMED.uniform(1, "x")[0] != end
        assert np.isfinite(NAMED.normal(1, "x")[0])


def test_bits_are_even_and_as_many_as_asked():
    bits = NAMED.bits(9999, "bits")
    assert bits.shape == (9999,) and set(np.unique(bits)) == {0, 1}
    assert abs(bits.mean() - 0.5) < 0.02


def test_a_key_does_not_show_itself():
    key = Key.from_integer(7)
    for text in (repr(key), str(key), f"{key}", repr([key])):
        assert key.secret.hex()[:8] not in text and str(key.secret) not in text


def test_check_value_tells_keys_and_salts_apart():
    values = {Key.from_names(i).check_value(salt) for i in range(50) for salt in (b"a", b"b")}
    assert len(values) == 100


@pytest.mark.parametrize("make", [lambda: Key.from_passphrase(""), lambda: Key.from_integer(-1)])
def test_unusable_keys_are_refused(make):
    with pytest.raises(MedbenchError):
        make()


def test_a_short_secret_is_refused():
    with pytest.raises(ValueError, match="32 bytes"):
        Key(b"short")
