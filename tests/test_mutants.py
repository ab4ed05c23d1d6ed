"""Faults that are put into the library are what they are said to be, and so are the tests that are asked."""

import ast
from pathlib import Path

import pytest

from scripts import mutants
from tests.imports import ROOT

MODULE = """
LIMIT = 3
def share(part, whole):
    return part / whole if part < whole and whole > 0 else True
"""


@pytest.fixture
def module(tmp_path: Path) -> Path:
    path = tmp_path / "share.py"
    path.write_text(MODULE)
    return path


def test_each_place_is_one_fault(module: Path) -> None:
    count = len(list(mutants.nodes(ast.parse(MODULE))))
    faults = [mutants.made(module, index) for index in range(count)]
    assert {fault.change for fault in faults} == {
        "3  ->  4",
        "part < whole and whole > 0  ->  part < whole or whole > 0",
        "part / whole  ->  part * whole",
        "True  ->  False",
        "part < whole  ->  part <= whole",
        "whole > 0  ->  whole >= 0",
        "0  ->  1",
    }
    plain = ast.unparse(ast.parse(MODULE)).splitlines()
    for fault in faults:
        changed = [line for line, was in zip(fault.source.splitlines(), plain, strict=True) if line != was]
        assert len(changed) == 1, fault.change


@pytest.mark.parametrize(
    ("module", "test"),
    [
        ("data/geometry.py", "tests/data/test_geometry.py"),
        ("families/gan/model/plain.py", "tests/families/gan/test_gan_networks.py"),
        ("scoring/metrics/kernel.py", "tests/scoring/metrics/test_kernel.py"),
        # Those of another room, where no others import it, and of all families at once.
        ("interface/lookup.py", "tests/tracking/test_lookup.py"),
        ("families/vae/story.py", "tests/families/test_stories.py"),
        ("families/gan/train.py", "tests/families/test_trainings.py"),
        ("scoring/metrics/scores.py", "tests/scoring/test_scorer.py"),
        ("__init__.py", "tests/test_package.py"),
    ],
)
def test_the_tests_of_a_module_are_asked(module: str, test: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert test in mutants.tests_of(mutants.PACKAGE / module)


def test_only_importers_are_asked_where_there_are_any() -> None:
    ways = ("geometry", "from latentlab.data import", "from latentlab.data.geometry import")
    assert mutants.imports("from latentlab.data import folder, geometry", *ways)
    assert mutants.imports("from latentlab.data.geometry import resize", *ways)
    assert not mutants.imports("from latentlab.data import folder\nimport geometry", *ways)
    assert not mutants.imports('roster.part(family, "geometry")', *ways)


def test_a_seed_gives_one_order_of_all_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    places = mutants.shuffled(0)
    assert places == mutants.shuffled(0) != mutants.shuffled(1)
    assert len(places) == len(set(places))


@pytest.mark.parametrize(
    ("passing", "told"), [([True], "SURVIVES"), ([False, True], "noticed"), ([False, False], "NO ANSWER")]
)
def test_what_fails_without_a_fault_says_nothing_of_it(
    passing: list[bool], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def run(copy: Path, tests: tuple[str, ...]) -> bool:
        seen.append((copy / "share.py").read_text())
        return passing[len(seen) - 1]

    (tmp_path / "share.py").write_text(MODULE)
    monkeypatch.setattr(mutants, "tests_of", lambda path: ("tests/test_share.py",))
    monkeypatch.setattr(mutants, "run", run)
    fault = mutants.Fault(Path("share.py"), 2, "3  ->  4", "LIMIT = 4")
    assert mutants.answer(tmp_path, fault).startswith(told)
    assert seen == ["LIMIT = 4", MODULE][: len(passing)]
