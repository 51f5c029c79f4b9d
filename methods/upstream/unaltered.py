"""Is a repository still what it was when it was added?"""

from __future__ import annotations

from medbench.core import MedbenchError
from medbench.methods.upstream.contents import source_hash, weights_file
from medbench.methods.upstream.registration import Registration


def check_unaltered(registration: Registration) -> None:
    """Compare source, weights and interpreter with what was noted.

    Raises:
        MedbenchError: something is missing or differs; the message names it.

    """
    again = f"give medbench upstream add {registration.name} again"
    if not registration.python.is_file():
        raise MedbenchError(f"{registration.python} is not there any more; {again}")
    if not registration.repo.is_dir() or source_hash(registration.repo) != registration.source:
        raise MedbenchError(f"{registration.repo} is not what it was when it was added; {again}")
    for name, file in registration.weights.items():
        if not file.path.exists() or weights_file(file.path).sha256 != file.sha256:
            raise MedbenchError(f"{file.path} ({name}) is not what it was when it was added; {again}")
