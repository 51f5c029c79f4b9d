"""Packages that an upstream imports and never uses on the way of a picture, where they are missing."""

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import sys
import types
from typing import Any

#: What a module is asked for names that it does not have.
GETTER = "__getattr__"


class Hollow(type):
    """A class that has every attribute, each hollow again; using it ends the run."""

    def __getattr__(cls, name: str) -> Any:
        """Anything but what Python itself asks for."""
        if name.startswith("__"):
            raise AttributeError(name)
        return Hollow(f"{cls.__name__}.{name}", (), {})

    def __call__(cls, *words: Any, **more: Any) -> Any:
        """What is not installed cannot be used."""
        raise RuntimeError(f"{cls.__name__} is used, but is not installed")


class HollowPackages(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds packages that are missing, and all modules in them."""

    def __init__(self, names: tuple) -> None:
        self.names = names

    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        """Only asked where nothing else was found."""
        ours = any(name == one or name.startswith(one + ".") for one in self.names)
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if ours else None

    def create_module(self, spec: Any) -> types.ModuleType:
        """A module whose every name is hollow."""
        module = types.ModuleType(spec.name)
        setattr(module, GETTER, Hollow(spec.name, (), {}).__getattr__)
        return module

    def exec_module(self, module: types.ModuleType) -> None:
        """There is nothing to run."""


def stand_in(*names: str) -> None:
    """Let code import what is missing and never used on the way of a picture."""
    missing = [name for name in names if not _there(name)]
    finder = HollowPackages(tuple(missing))
    sys.meta_path.append(finder)
    for name in missing:
        # One that is there but broken would be found again and fail.
        spec = importlib.machinery.ModuleSpec(name, finder, is_package=True)
        sys.modules[name] = module = finder.create_module(spec)
        module.__path__, module.__spec__ = [], spec


def _there(name: str) -> bool:
    """Is it installed? A module inside a package may be there and lack what it imports itself."""
    if "." not in name:
        return importlib.util.find_spec(name) is not None
    try:
        importlib.import_module(name)
    except ImportError:
        return False
    return True
