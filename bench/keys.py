"""Keys: a passphrase, an integer or names -> 32 secret bytes -> whatever a method needs.

The derivation is written down, with test vectors, in docs/keys.md: the same words give the same
key on every machine. A key is never stored and never printed; a run keeps a salted check value.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from medbench.core import MedbenchError

if TYPE_CHECKING:
    import numpy as np

#: The name of the type, for use inside Key, where ``bytes`` is a method.
Octets = bytes

_DOMAIN = b"medbench key v1"
_SCRYPT = {"n": 2**15, "r": 8, "p": 1, "maxmem": 64 * 2**20, "dklen": 32}


@dataclass(frozen=True)
class Key:
    """A secret of 32 bytes. ``repr`` hides it; make one with ``from_passphrase`` and its siblings."""

    secret: Octets = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != 32:
            raise ValueError(f"a key holds 32 bytes, not {len(self.secret)}")

    @classmethod
    def from_passphrase(cls, passphrase: str) -> Key:
        """Stretch a passphrase with scrypt (about 0.1 s, 32 MiB), after Unicode NFKC.

        Raises:
            MedbenchError: the passphrase is empty.

        """
        text = unicodedata.normalize("NFKC", passphrase)
        if not text:
            raise MedbenchError("the passphrase is empty; give one of several words")
        return cls(_stretch(b"passphrase", text.encode()))

    @classmethod
    def from_integer(cls, number: int) -> Key:
        """Stretch a whole number >= 0, as its decimal digits; below 2**64 it can be guessed.

        Raises:
            MedbenchError: the number is negative.

        """
        if number < 0:
            raise MedbenchError(f"an integer key is 0 or more, not {number}")
        return cls(_stretch(b"integer", str(int(number)).encode()))

    @classmethod
    def from_names(cls, *names: str | int) -> Key:
        """Hash names to a key that anyone can derive again: for benchmarks, never for patients."""
        text = b"".join(_framed(str(name).encode()) for name in names)
        return cls(hashlib.sha3_256(_framed(_DOMAIN) + _framed(b"names") + text).digest())

    def bytes(self, n: int, purpose: str) -> Octets:
        """Expand to ``n`` bytes with SHAKE-256; streams of two purposes are independent."""
        head = _framed(_DOMAIN) + _framed(b"expand") + _framed(purpose.encode())
        return hashlib.shake_256(head + self.secret).digest(n)

    def uniform(self, n: int, purpose: str) -> np.ndarray:
        """Draw ``n`` float64 strictly within (0, 1): (w + 1/2) / 2**52, w the top 52 bits of a word.

        Words are 64 bits, little-endian. With 52 bits every value is exact, and 1.0 out of reach.
        """
        import numpy as np

        words = np.frombuffer(self.bytes(8 * n, purpose), dtype="<u8")
        return ((words >> np.uint64(12)).astype(np.float64) + 0.5) / 2.0**52

    def normal(self, n: int, purpose: str) -> np.ndarray:
        """Draw ``n`` float32 from N(0, 1): the normal quantile of ``uniform``; 1e-6 across machines."""
        import numpy as np
        from scipy.special import ndtri

        return ndtri(self.uniform(n, purpose)).astype(np.float32)

    def bits(self, n: int, purpose: str) -> np.ndarray:
        """Draw ``n`` bits as uint8 0 or 1: the lowest bit of each byte first."""
        import numpy as np

        packed = np.frombuffer(self.bytes((n + 7) // 8, purpose), dtype=np.uint8)
        return np.unpackbits(packed, count=n, bitorder="little")

    def check_value(self, salt: Octets) -> str:
        """Eight hex digits that tell a mistyped key from the right one.

        Only 32 bits, on purpose: a stored check value cannot single out one passphrase among the
        very many that an attacker may try. ``salt`` is random and stored beside it.
        """
        head = _framed(_DOMAIN) + _framed(b"check") + _framed(salt)
        return hashlib.shake_256(head + self.secret).hexdigest(4)


def _stretch(kind: bytes, text: bytes) -> bytes:
    # The salt is fixed: the key must come out alike on a machine that has nothing but the words.
    return hashlib.scrypt(text, salt=_DOMAIN + b" " + kind, **_SCRYPT)


def _framed(part: bytes) -> bytes:
    """Length first, so that no two lists of parts run together to the same bytes."""
    return len(part).to_bytes(4, "little") + part
