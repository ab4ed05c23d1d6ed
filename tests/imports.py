"""Which modules of the library, and which packages from elsewhere, a script loads, also through others."""

import ast
from collections.abc import Iterator
from fnmatch import filter as matching
from itertools import accumulate
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = ROOT / "src"


def used_modules(script: Path, family: str = "*", *, follow_strings: bool = True) -> set[Path]:
    """The library's files that a script imports, directly or not, with the packages that they lie in.

    A module that is named in a string counts too: so MLflow is told what shall load a model.

    Args:
        script: any file of Python.
        family: the one whose parts are loaded where a part is asked for by name; by default those of all.
        follow_strings: whether strings count.
    """
    known, found, rest = _modules(), set[Path](), [script]
    while rest:
        names = set(_names(rest.pop(), family, follow_strings))
        new = {known[part] for name in names for part in _with_parents(name, known)} - found
        found |= new
        rest.extend(new)
    return found


def used_packages(script: Path) -> set[str]:
    """The packages from elsewhere that a script imports, directly or not, inside of functions too."""
    files = used_modules(script, follow_strings=False) | {script}
    return {name.partition(".")[0] for file in files for name in _names(file, "*", False)} - {"latentlab"}


def loaded_parts(script: Path) -> list[str]:
    """The modules of families that a script loads by name, directly or not, dotted."""
    files = used_modules(script, follow_strings=False) | {script}
    patterns = {name for file in files for name in _names(file, "*", False) if "*" in name}
    return sorted(name for pattern in patterns for name in matching(_modules(), pattern))


def imported_names(file: Path) -> set[str]:
    """What a file itself imports, as dotted names; of ``from a import b`` also a.b."""
    return set(_names(file, "*", False))


def _modules() -> dict[str, Path]:
    """Every module and package of the library by its dotted name."""
    files = {file: file.relative_to(LIBRARY).with_suffix("").parts for file in LIBRARY.rglob("*.py")}
    return {".".join(parts).removesuffix(".__init__"): file for file, parts in files.items()}


def _names(file: Path, family: str, strings: bool) -> Iterator[str]:
    """What a file imports, as dotted names; of ``from a import b`` also a.b, which may be a module.

    What it asks the roster for, such as ``part(family, "scores")``, is a pattern of names for all families.
    """
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield from (module, *(f"{module}.{alias.name}" for alias in names))
            case ast.Call(func=ast.Attribute(attr="part"), args=[_, ast.Constant(value=str(part))]):
                yield f"latentlab.families.{family}.{part}"
            case ast.Constant(value=str(text)) if strings and text.startswith("latentlab."):
                yield text


def _with_parents(name: str, known: dict[str, Path]) -> Iterator[str]:
    """The known modules of a name or a pattern of names, and the packages that they lie in."""
    for module in matching(known, name):
        yield from accumulate(module.split("."), "{}.{}".format)
    yield from (part for part in accumulate(name.split("."), "{}.{}".format) if part in known)
