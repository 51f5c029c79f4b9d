"""What all tests share: no test touches the user's own cache or configuration."""

from __future__ import annotations

import pytest

from medbench.registry import Registry


@pytest.fixture(autouse=True, scope="session")
def _own_folders(tmp_path_factory):
    """Caches and configuration of the tests lie in a temporary folder, shared by the session."""
    patch = pytest.MonkeyPatch()
    home = tmp_path_factory.mktemp("home")
    patch.setenv("MEDBENCH_CONFIG", str(home / "config"))
    yield
    patch.undo()


@pytest.fixture
def fake_parts(monkeypatch, tmp_path):
    """Suites, methods and evaluators of tests/fake_parts.py in place of the real ones."""
    import fake_parts

    real = Registry.targets

    def targets(self):
        return fake_parts.TARGETS.get(self.kind) or real(self)

    monkeypatch.setattr(Registry, "targets", targets)
    monkeypatch.setenv("MEDBENCH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(fake_parts.FakeSuite, "reads", [])
    monkeypatch.setattr(fake_parts.FakeDoctor, "looks", 0)
    return fake_parts


@pytest.fixture(scope="module")
def fakes_of_module(tmp_path_factory):
    """As ``fake_parts``, for what a module's tests share."""
    import fake_parts

    real = Registry.targets
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Registry, "targets", lambda self: fake_parts.TARGETS.get(self.kind) or real(self))
        patch.setenv("MEDBENCH_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def call(capsys):
    """Run a command line; returns exit code, standard output, standard error."""
    from medbench.cli.main import main

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return run


@pytest.fixture(scope="module")
def method(request):
    """The method that a test file names as ``METHOD``, on its shipped weights."""
    made = request.module.METHOD()
    made.load()
    return made
