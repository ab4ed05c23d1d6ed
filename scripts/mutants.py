"""Puts small faults into the library, and counts those that the tests notice: `make mutants N=100`.

A fault is one operator or one constant, and there is one at a time. The tests asked are those that import the
module, or where there are none those of its folder. All of it happens in a copy; half a minute or so a fault.
The second argument is the seed of their order, and the third says how many to pass over: those of a run that
was stopped, or of another sample. Any further are the numbers of the faults to try, instead of a row of them.
"""

import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

PACKAGE = Path("src/latentlab")
# Rooms that only draw and word: sizes and colours would be all that is found there.
LEFT_OUT = ("showing/figures", "showing/report", "showing/explorer")
# Of one file of tests. Without a fault it may take half as long, so that only a fault can reach the limit.
LIMIT_S = 400
PACKAGE_TEST = "tests/test_package.py"
NOTICED, SURVIVES, NO_ANSWER = "noticed", "SURVIVES", "NO ANSWER, the tests fail without it too:"
OPERATORS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.And: ast.Or,
    ast.Or: ast.And,
}


class Fault(NamedTuple):
    """One change of one module.

    Attributes:
        path: of the module, from the root.
        line: counted from 1.
        change: in words.
        source: of the module with it.
    """

    path: Path
    line: int
    change: str
    source: str


def main(count: int, seed: int = 0, after: int = 0, *chosen: int) -> None:
    """Try so many faults, in an order of chance, or those of some numbers; print what becomes of each."""
    places, told = shuffled(seed), []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "latentlab")
        copy_to(copy)
        for number in chosen or range(after + 1, after + count + 1):
            fault = made(*places[number - 1])
            told.append(answer(copy, fault))
            print(f"{number} {told[-1]} {fault.path}:{fault.line} {fault.change}", flush=True)
    print(f"{told.count(NOTICED)} of {len(told)} noticed, {told.count(SURVIVES)} not")


def shuffled(seed: int) -> list[tuple[Path, int]]:
    """All places for faults, in an order of chance."""
    places = [
        (path, index) for path in modules() for index in range(len(list(nodes(ast.parse(text_of(path))))))
    ]
    random.Random(seed).shuffle(places)
    return places


def modules() -> list[Path]:
    """Those whose faults count."""
    return [
        path
        for path in sorted(PACKAGE.rglob("*.py"))
        if not path.relative_to(PACKAGE).as_posix().startswith(LEFT_OUT)
    ]


def nodes(tree: ast.AST) -> Iterator[tuple[ast.expr, ast.AST]]:
    """What can be changed: an expression, and its operator or constant."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            # The parser gives all operators of a kind as one object.
            node.ops = [type(operator)() for operator in node.ops]
            yield from ((node, operator) for operator in node.ops if type(operator) in OPERATORS)
        elif isinstance(node, ast.BinOp | ast.BoolOp) and type(node.op) in OPERATORS:
            yield node, node.op
        elif isinstance(node, ast.Constant) and isinstance(node.value, bool | int | float):
            yield node, node


def made(path: Path, index: int) -> Fault:
    """The fault of a place: of a module, the number of the changeable thing."""
    tree = ast.parse(text_of(path))
    expression, changed = list(nodes(tree))[index]
    before = ast.unparse(expression)
    if isinstance(changed, ast.Constant):
        changed.value = another(changed.value)
    elif isinstance(expression, ast.Compare):
        expression.ops = [OPERATORS[type(each)]() if each is changed else each for each in expression.ops]  # type: ignore[misc]
    else:
        expression.op = OPERATORS[type(changed)]()  # type: ignore[attr-defined]
    return Fault(path, expression.lineno, f"{before}  ->  {ast.unparse(expression)}", ast.unparse(tree))


def another(value: Any) -> bool | int | float:
    """A constant's other value, or its successor."""
    return not value if isinstance(value, bool) else value + 1


def copy_to(folder: Path) -> None:
    """All that Git knows here, as it stands."""
    listed = subprocess.run(["git", "ls-files", "-z"], capture_output=True, check=True).stdout
    for name in filter(None, os.fsdecode(listed).split("\0")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(name, folder / name)


def answer(copy: Path, fault: Fault) -> str:
    """What the tests of a module say of a fault in it, a file at a time, up to the first that fails."""
    kept = (copy / fault.path).read_bytes()
    (copy / fault.path).write_text(fault.source, encoding="utf-8", newline="\n")
    failed = next((test for test in tests_of(fault.path) if not run(copy, test, LIMIT_S)), None)
    (copy / fault.path).write_bytes(kept)
    if failed is None:
        return SURVIVES
    return NOTICED if passes(copy, failed) else f"{NO_ANSWER} {failed}"


def tests_of(module: Path) -> list[str]:
    """The tests that import a module, in its folder or just above, else anywhere; else all in those two.

    Those that have its name come first.
    """
    *folders, name = parts = module.relative_to("src").with_suffix("").parts
    if len(folders) == 1:
        return [PACKAGE_TEST]
    room = Path("tests", *(each for each in folders[1:] if each != "model"))
    everywhere = sorted(Path("tests").glob("*/**/test_*.py"), key=lambda path: (name not in path.stem, path))
    near = [path for path in everywhere if path.is_relative_to(room) or path.parent == room.parent]
    importers = [path for path in everywhere if imports(path, ".".join(parts))]
    mirrors = [path for path in near if path in importers]
    return list(map(str, mirrors or importers or near))


def imports(test: Path, module: str) -> bool:
    """Whether a file imports a module, by its dotted name, or takes it as a part of each family."""
    *folders, name = module.split(".")
    is_of_family = folders[:2] == ["latentlab", "families"] and len(folders) > 2
    return module in imported(test) or (is_of_family and f'roster.part(family, "{name}")' in text_of(test))


@cache
def imported(test: Path) -> set[str]:
    """The dotted names of what a file imports from somewhere, and of where from."""
    return {
        name
        for node in ast.walk(ast.parse(text_of(test)))
        if isinstance(node, ast.ImportFrom)
        for name in (f"{node.module}", *(f"{node.module}.{alias.name}" for alias in node.names))
    }


def text_of(path: Path) -> str:
    """The text of a file."""
    return path.read_text(encoding="utf-8")


@cache
def passes(copy: Path, test: str) -> bool:
    """Whether a file of tests passes as things stand, with much time to spare."""
    return run(copy, test, LIMIT_S / 2)


def run(copy: Path, test: str, limit_s: float) -> bool:
    """Run a file of tests, but none of whole pipelines, up to the first failure; too long counts as one."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", test]
    environment = os.environ | {"PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        # Not into a pipe: what a stopped test has started would keep it open.
        done = subprocess.run(
            command, cwd=copy, env=environment, stdout=subprocess.DEVNULL, timeout=limit_s, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
