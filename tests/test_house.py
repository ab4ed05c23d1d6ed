"""The house: few rooms, a folder for each family, and nobody outside of them who names one."""

import ast
import re
from pathlib import Path
from statistics import median

import pytest

from latentlab.core.family import Family
from latentlab.families import roster
from tests.imports import ROOT, imported_names

LIBRARY = ROOT / "src" / "latentlab"
FAMILIES = LIBRARY / "families"
ROOMS = sorted(folder for folder in LIBRARY.iterdir() if (folder / "__init__.py").exists())
PARTS = ("__init__", "family", "settings", "train", "scores", "figures", "rules", "story", "model/__init__")
# What a family may take of another's: sizes and pixels, so that the two compare.
SHARED = {("autoencoder", "vae"): ("model", "settings")}
KINDS = (".py", ".html", ".js", ".css", ".sh", ".toml", ".yaml", ".json")


def python_files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def families_words() -> set[str]:
    """What families are called, in lower case."""
    models = [model for family in roster.FAMILIES for model in family.models]
    names = {name for model in models for name in (model.name, model.title.split(",")[0])}
    return {name.lower() for name in names}


def named_families(text: str) -> list[str]:
    """The lines that name a family: its word alone, in a plural, or in a longer name."""
    words = "|".join(sorted(families_words(), key=len, reverse=True))
    # A capital begins a new word, as in `VaeDecoder`; a longer word such as `elegant` is another.
    pattern = re.compile(rf"(?<![A-Za-z])(?i:{words})(?i:s)?(?![a-z])")
    return [line.strip() for line in text.splitlines() if pattern.search(line)]


def outside_of_families() -> list[Path]:
    """All files that a person wrote and that must serve every family."""
    folders = [LIBRARY, *(ROOT / name for name in ("stages", "scripts", "studies"))]
    files = [file for folder in folders for file in sorted(folder.rglob("*")) if file.suffix in KINDS]
    return [file for file in files if FAMILIES not in file.parents]


def test_the_house_has_few_rooms() -> None:
    entries = {path.name for path in LIBRARY.iterdir()} - {"__pycache__"}
    assert entries == {"__init__.py", "__init__.pyi", "py.typed", *(room.name for room in ROOMS)}
    assert len(ROOMS) <= 10


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_says_in_one_line_what_it_holds(room: Path) -> None:
    text = (room / "__init__.py").read_text()
    assert len(text.splitlines()) == 1
    assert (ast.get_docstring(ast.parse(text)) or "").endswith(".")


def test_modules_are_neither_crumbs_nor_lumps() -> None:
    modules = [file for file in python_files(LIBRARY) if file.name != "__init__.py"]
    assert 60 <= median(len(file.read_text().splitlines()) for file in modules) <= 170


@pytest.mark.parametrize(
    ("text", "names_one"),
    [
        ("an elegant plan began", False),
        ("organ, vague, ELEGANT", False),
        ("a VAE's decoder", True),
        ("two GANs", True),
        ("gan_best", True),
        ("is_gan", True),
        ("VaeDecoder", True),
        ("# autoencoders", True),
        ("Autoencoder", True),
    ],
)
def test_words_of_families_are_told_from_others(text: str, names_one: bool) -> None:
    assert bool(named_families(text)) == names_one


def test_nobody_outside_of_the_families_names_one() -> None:
    files = outside_of_families()
    assert {".py", ".html", ".js", ".css"} <= {file.suffix for file in files}
    named = {str(file.relative_to(ROOT)): named_families(file.read_text()) for file in files}
    assert {file: lines for file, lines in named.items() if lines} == {}


@pytest.mark.parametrize("family", roster.FAMILIES, ids=lambda family: family.name)
def test_a_family_has_the_files_that_all_have(family: Family) -> None:
    folder = FAMILIES / family.name
    assert [part for part in PARTS if not (folder / f"{part}.py").exists()] == []


@pytest.mark.parametrize("family", roster.FAMILIES, ids=lambda family: family.name)
def test_a_family_knows_no_other(family: Family) -> None:
    """But for what is shared on purpose, which is all used."""
    for other in {each.name for each in roster.FAMILIES} - {family.name}:
        place = f"latentlab.families.{other}"
        used = {
            name.removeprefix(f"{place}.").split(".")[0]
            for file in python_files(FAMILIES / family.name)
            for name in imported_names(file)
            if name.startswith(f"{place}.")
        }
        assert used == set(SHARED.get((family.name, other), ()))


def test_what_families_share_knows_none_of_them() -> None:
    """Only the roster, which lists them, imports their records."""
    own = [FAMILIES / family.name for family in roster.FAMILIES]
    shared = [file for file in python_files(FAMILIES) if not any(file.is_relative_to(place) for place in own)]
    places = tuple(f"latentlab.families.{family.name}" for family in roster.FAMILIES)
    knowing = [file.name for file in shared if any(name.startswith(places) for name in imported_names(file))]
    assert knowing == ["roster.py"]


def test_the_pipeline_is_short_and_its_commands_are_plain() -> None:
    lines = (ROOT / "dvc.yaml").read_text().splitlines()
    assert len(lines) <= 200
    commands = [line.strip().removeprefix("cmd: ") for line in lines if "cmd:" in line]
    assert commands
    assert [text for text in commands if not re.fullmatch(r"python stages/\w+\.py( \w+)?", text)] == []
