"""Which modules of the library, and which packages from elsewhere, a script loads, also through others."""

import ast
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = ROOT / "src"


def used_modules(script: Path, *, follow_strings: bool = True) -> set[Path]:
    """The library's files that a script imports, directly or not, with the packages that they lie in.

    A module that is named in a string counts too: so MLflow is told what shall load a model.
    """
    known, found, rest = _modules(), set[Path](), [script]
    while rest:
        names = set(_names(rest.pop(), follow_strings))
        new = {known[part] for name in names for part in _with_parents(name) if part in known} - found
        found |= new
        rest.extend(new)
    return found


def used_packages(script: Path) -> set[str]:
    """The packages from elsewhere that a script imports, directly or not, inside of functions too."""
    files = used_modules(script, follow_strings=False) | {script}
    return {name.partition(".")[0] for file in files for name in _names(file, False)} - {"latentlab"}


def _modules() -> dict[str, Path]:
    """Every module and package of the library by its dotted name."""
    files = {file: file.relative_to(LIBRARY).with_suffix("").parts for file in LIBRARY.rglob("*.py")}
    return {".".join(parts).removesuffix(".__init__"): file for file, parts in files.items()}


def _names(file: Path, strings: bool) -> Iterator[str]:
    """What a file imports, as dotted names; of ``from a import b`` also a.b, which may be a module."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield from (module, *(f"{module}.{alias.name}" for alias in names))
            case ast.Constant(value=str(text)) if strings and text.startswith("latentlab."):
                yield text


def _with_parents(name: str) -> Iterator[str]:
    return accumulate(name.split("."), "{}.{}".format)
