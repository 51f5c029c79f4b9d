"""What lies beside protected pictures: how they were protected, a check value of the key, never the key."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import medbench
from medbench.atomic import write_text
from medbench.core import MedbenchError

if TYPE_CHECKING:
    from medbench.keys import Key
    from medbench.methods.method import Method

NOTE = "medbench-protection.json"


@dataclass(frozen=True)
class Note:
    """Method, preset and weights that protected a folder, and the salted check value of its key."""

    method: str
    preset: str
    fingerprint: str
    salt: str
    check: str
    medbench: str

    @classmethod
    def of(cls, method: Method, preset: str, key: Key) -> Note:
        """Make a note with a fresh salt."""
        salt = secrets.token_bytes(16)
        check = key.check_value(salt)
        version = medbench.__version__
        return cls(method.card.name, preset, method.fingerprint(), salt.hex(), check, version)

    @classmethod
    def read(cls, folder: Path) -> Note | None:
        """Read the note of a folder; None where there is none.

        Raises:
            MedbenchError: the file is none of ours.

        """
        file = folder / NOTE
        if not file.is_file():
            return None
        try:
            note = cls(**json.loads(file.read_text(encoding="utf-8")))
            bytes.fromhex(note.salt)
        except (ValueError, TypeError):
            raise MedbenchError(
                f"{file}: is damaged; put back the copy that was written, or --no-check"
            ) from None
        return note

    def write(self, folder: Path) -> None:
        """Write it into the folder."""
        write_text(folder / NOTE, json.dumps(asdict(self), indent=1) + "\n")

    def require_key(self, key: Key, folder: Path) -> None:
        """Raise MedbenchError where the key is another one."""
        if key.check_value(bytes.fromhex(self.salt)) != self.check:
            raise MedbenchError(
                f"that is not the passphrase which the pictures in {folder} were protected with; "
                "mind capitals and blanks"
            )

    def require_method(self, method: Method, preset: str, folder: Path) -> None:
        """Raise MedbenchError where method, preset or weights are others."""
        asked = (method.card.name, preset)
        if asked != (self.method, self.preset):
            raise MedbenchError(
                f"the pictures in {folder} were protected with {self.method}:{self.preset}, "
                f"not with {asked[0]}:{asked[1]}"
            )
        if method.fingerprint() != self.fingerprint:
            raise MedbenchError(
                f"the pictures in {folder} were protected with other weights of {self.method} "
                f"(medbench {self.medbench}); install those"
            )
