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
def inside(low, value, high):
    return low <= value <= high
"""


@pytest.fixture
def module(tmp_path: Path) -> Path:
    path = tmp_path / "share.py"
    path.write_text(MODULE)
    return path


def test_each_place_is_one_fault(module: Path) -> None:
    count = len(list(mutants.nodes(ast.parse(MODULE))))
    faults = [mutants.made(module, index) for index in range(count)]
    assert len(set(faults)) == count
    assert {fault.change for fault in faults} == {
        "3  ->  4",
        "part < whole and whole > 0  ->  part < whole or whole > 0",
        "part / whole  ->  part * whole",
        "True  ->  False",
        "part < whole  ->  part <= whole",
        "whole > 0  ->  whole >= 0",
        "0  ->  1",
        "low <= value <= high  ->  low < value <= high",
        "low <= value <= high  ->  low <= value < high",
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from latentlab.data import folder, geometry", True),
        ("from latentlab.data import (\n    folder,\n    geometry,\n)", True),
        ("from latentlab.data.geometry import resize", True),
        ("from latentlab.data import folder\nimport geometry", False),
        ("from latentlab.data import geometry_of_all", False),
        ('roster.part(family, "geometry")', False),
    ],
)
def test_only_importers_are_asked_where_there_are_any(text: str, expected: bool, tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(text)
    assert mutants.imports(tmp_path / "test_it.py", "latentlab.data.geometry") is expected


def test_what_asks_each_family_asks_for_parts_of_all(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text('roster.part(family, "rules")')
    assert mutants.imports(tmp_path / "test_it.py", "latentlab.families.vae.rules")
    assert not mutants.imports(tmp_path / "test_it.py", "latentlab.families.rules")


def test_a_seed_gives_one_order_of_all_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    places = mutants.shuffled(0)
    assert places == mutants.shuffled(0) != mutants.shuffled(1)
    assert len(places) == len(set(places))


def test_the_tests_of_its_name_are_asked_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    first, second, *_ = mutants.tests_of(mutants.PACKAGE / "tracking/store.py")
    assert Path(first).name == "test_store_faults.py"
    assert "store" not in second


@pytest.fixture
def fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> mutants.Fault:
    """One of a module in a copy, which has two files of tests."""
    (tmp_path / "share.py").write_text(MODULE)
    monkeypatch.setattr(mutants, "tests_of", lambda path: ["tests/test_a.py", "tests/test_b.py"])
    return mutants.Fault(Path("share.py"), 2, "3  ->  4", "LIMIT = 4")


@pytest.mark.parametrize(
    ("failing", "told", "runs"),
    [
        ([], "SURVIVES", ["faulty a", "faulty b"]),
        (["faulty a"], "noticed", ["faulty a", "plain a"]),
        (["faulty b", "plain a"], "noticed", ["faulty a", "faulty b", "plain b"]),
        (
            ["faulty b", "plain b"],
            "NO ANSWER, the tests fail without it too: tests/test_b.py",
            ["faulty a", "faulty b", "plain b"],
        ),
    ],
)
def test_a_file_that_fails_has_noticed_what_it_does_not_fail_without(
    failing: list[str],
    told: str,
    runs: list[str],
    fault: mutants.Fault,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[str] = []

    def run(copy: Path, test: str, limit_s: float) -> bool:
        faulty = (copy / "share.py").read_text() == fault.source
        # Without a fault a file has half the time.
        assert limit_s == mutants.LIMIT_S / (1 if faulty else 2)
        seen.append(f"{'faulty' if faulty else 'plain'} {Path(test).stem[-1]}")
        return seen[-1] not in failing

    monkeypatch.setattr(mutants, "run", run)
    assert mutants.answer(tmp_path, fault) == told
    assert seen == runs
    assert (tmp_path / "share.py").read_text() == MODULE


def test_what_fails_or_takes_too_long_does_not_pass(tmp_path: Path) -> None:
    sources = {"good": "pass", "bad": "assert False", "slow": "import time; time.sleep(60)"}
    for name, body in sources.items():
        (tmp_path / f"test_{name}.py").write_text(f"def test_it():\n    {body}\n")
    assert mutants.run(tmp_path, "test_good.py", 60)
    assert not mutants.run(tmp_path, "test_bad.py", 60)
    assert not mutants.run(tmp_path, "test_slow.py", 3)


@pytest.mark.parametrize(
    ("asked", "numbers"), [((2, 7), [1, 2]), ((2, 7, 3), [4, 5]), ((2, 7, 3, 9, 6), [9, 6])]
)
def test_some_in_a_row_are_tried_or_those_of_some_numbers(
    asked: tuple[int, ...],
    numbers: list[int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(mutants, "copy_to", lambda folder: None)
    monkeypatch.setattr(mutants, "answer", lambda copy, fault: mutants.NOTICED)
    mutants.main(*asked)
    *lines, last = capsys.readouterr().out.splitlines()
    places = mutants.shuffled(7)
    faults = [mutants.made(*places[number - 1]) for number in numbers]
    assert lines == [
        f"{number} noticed {fault.path}:{fault.line} {fault.change}"
        for number, fault in zip(numbers, faults, strict=True)
    ]
    assert last == "2 of 2 noticed, 0 not"
