from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest

from latentlab.commands.parser import main
from tests.commands import workspace

Run = Callable[..., Path]


@pytest.fixture(scope="session")
def plain_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return workspace.build(tmp_path_factory.mktemp("plain"), conditional=False)


@pytest.fixture(scope="session")
def conditional_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return workspace.build(tmp_path_factory.mktemp("conditional"), conditional=True)


@pytest.fixture
def plain(plain_root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with models that are told nothing; not to be changed."""
    monkeypatch.chdir(plain_root)
    return plain_root


@pytest.fixture
def conditional(conditional_root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, with VAE and GAN that are told one of two classes."""
    monkeypatch.chdir(conditional_root)
    return conditional_root


@pytest.fixture
def changed(plain_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, a copy of the plain one that may be changed."""
    root = copytree(plain_root, tmp_path / "changed")
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs a command; returns the file that it wrote, by its name in a folder of this test."""

    def run(*words: object, out: str = "out.npz") -> Path:
        path = tmp_path / out
        main([*map(str, words), "--out", str(path)])
        return path

    return run
