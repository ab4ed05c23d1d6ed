"""docs/extend.md names the files that an addition changes: those that name one that is there already."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from latentlab.core.family import Family
from latentlab.families import roster
from tests import test_extension, test_house
from tests.imports import ROOT

PAGE = (ROOT / "docs" / "extend.md").read_text(encoding="utf-8")
LIBRARY = ROOT / "src" / "latentlab"
PARAMS, PIPELINE = ROOT / "params.yaml", ROOT / "dvc.yaml"
# Which mean something else: fitted Gaussians are called as normal pixels are.
OTHERS = {
    "gaussian": {
        LIBRARY / "commands" / "options.py",
        LIBRARY / "families" / "latents" / "points.py",
        LIBRARY / "families" / "latents" / "samplers.py",
        LIBRARY / "scoring" / "settings.py",
    }
}


class Row(NamedTuple):
    """What the page says of one addition."""

    name: str
    num_files: int
    files: set[Path]


def rows(head: str) -> list[list[str]]:
    """The cells of the table whose head starts so."""
    _, table = PAGE.split(f"\n| {head} |", 1)
    lines = table.partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def place(path: str) -> Path:
    return ROOT / path if path.endswith(".yaml") else LIBRARY / path


ADDITIONS = [
    Row(quoted(name)[0], int(count), {place(path) for path in quoted(files)})
    for _, name, count, files in rows("add")
]
PARTS = {quoted(file)[0].rstrip("/"): quoted(defines) for file, defines, _ in rows("file")}


@cache
def names_in(file: Path) -> set[str]:
    """All that a file of Python names, but for what it defines."""
    found = set[str]()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Constant(value=str(name)):
                found.add(name)
            case ast.Attribute(attr=name) | ast.Name(id=name) | ast.arg(arg=name):
                found.add(name)
            case ast.keyword(arg=str(name)):
                found.add(name)
    return found


def naming(name: str) -> set[Path]:
    """The files that run and name something."""
    code = {file for file in LIBRARY.rglob("*.py") if name in names_in(file)}
    texts = {file for file in (PARAMS, PIPELINE) if re.search(rf"\b{name}\b", file.read_text())}
    return code | texts


@pytest.mark.parametrize("row", ADDITIONS, ids=lambda row: row.name)
def test_an_addition_changes_as_many_files_as_the_page_says(row: Row) -> None:
    assert row.num_files == len(row.files)
    if row.name != "linear":
        # No file is there twice.
        assert sorted([*row.files, *OTHERS.get(row.name, ())]) == sorted(naming(row.name))


def test_a_family_is_added_by_the_files_that_the_page_names(tmp_path: Path) -> None:
    """That no other is needed ``test_extension`` shows."""
    [files] = [row.files for row in ADDITIONS if row.name == "linear"]
    for file in files:
        copy = tmp_path / file.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(file.read_text())
    test_extension.add(tmp_path)
    changed = {file for file in files if (tmp_path / file.relative_to(ROOT)).read_text() != file.read_text()}
    assert changed == files


def test_the_page_names_the_files_that_every_family_has() -> None:
    assert {Path(part).stem for part in PARTS} == {part.partition("/")[0] for part in test_house.PARTS}


@pytest.mark.parametrize("family", roster.FAMILIES, ids=lambda family: family.name)
def test_every_family_defines_what_the_page_says(family: Family) -> None:
    check_definitions(LIBRARY / "families" / family.name, family.name)


def test_so_does_the_example() -> None:
    check_definitions(test_extension.EXAMPLE / "linear", "linear")


def check_definitions(folder: Path, name: str) -> None:
    for part, defines in PARTS.items():
        file = folder / part
        assert file.exists()
        if file.suffix:
            wanted = {name.upper() if word == "NAME" else word for word in defines} - {"params.yaml"}
            assert wanted <= defined(file), file


def defined(file: Path) -> set[str]:
    """What a module defines, and what its classes do."""
    found = set[str]()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                found.add(name)
    return found


@pytest.mark.parametrize("block", re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL))
def test_what_the_page_quotes_is_what_the_example_says(block: str) -> None:
    texts = [file.read_text(encoding="utf-8") for file in test_extension.EXAMPLE.rglob("*.py")]
    assert sum(block in text for text in texts) == 1
