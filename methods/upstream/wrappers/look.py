"""Say which modules this interpreter can import: look.py TOLD.json MODULE ..."""

import importlib
import json
import platform
import sys
from pathlib import Path


def main(told: str, modules: list) -> None:
    """Write versions and what cannot be imported."""
    versions = {"python": platform.python_version()}
    missing = {}
    for name in modules:
        try:
            module = importlib.import_module(name)
        except Exception as error:
            missing[name] = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        else:
            versions[name] = str(getattr(module, "__version__", "?"))
            if name == "torch":
                versions["cuda"] = str(module.version.cuda) if module.cuda.is_available() else "none"
    Path(told).write_text(json.dumps({"versions": versions, "missing": missing}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
