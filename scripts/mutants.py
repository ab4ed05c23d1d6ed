"""Puts small faults into the library, and counts those that the tests notice: `make mutants N=100`.

A fault is one operator or one constant, and there is one at a time. The tests asked are those that import the
module, or where there are none those of its folder. All of it happens in a copy; half a minute or so a fault.
The second argument is the seed of their order, and the third says how many to pass over: those of a run that
was stopped, or of another sample.
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
LIMIT_S = 300
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


def main(count: int, seed: int = 0, after: int = 0) -> None:
    """Try so many faults, in an order of chance; print what becomes of each."""
    told: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "latentlab")
        copy_to(copy)
        for number, place in enumerate(shuffled(seed)[after : after + count], start=after + 1):
            fault = made(*place)
            told.append(answer(copy, fault))
            print(f"{number} {told[-1]} {fault.path}:{fault.line} {fault.change}", flush=True)
    print(f"{told.count(NOTICED)} of {count} noticed, {told.count(SURVIVES)} not")


def shuffled(seed: int) -> list[tuple[Path, int]]:
    """All places for faults, in an order of chance."""
    places = [
        (path, index)
        for path in modules()
        for index in range(len(list(nodes(ast.parse(path.read_text(encoding="utf-8"))))))
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
            yield from ((node, operator) for operator in node.ops if type(operator) in OPERATORS)
        elif isinstance(node, ast.BinOp | ast.BoolOp) and type(node.op) in OPERATORS:
            yield node, node.op
        elif isinstance(node, ast.Constant) and isinstance(node.value, bool | int | float):
            yield node, node


def made(path: Path, index: int) -> Fault:
    """The fault of a place: of a module, the number of the changeable thing."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
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
    """What the tests of a module say of a fault in it."""
    tests = tests_of(fault.path)
    kept = (copy / fault.path).read_bytes()
    (copy / fault.path).write_text(fault.source, encoding="utf-8", newline="\n")
    survives = run(copy, tests)
    (copy / fault.path).write_bytes(kept)
    if survives:
        return SURVIVES
    return NOTICED if passes(copy, tests) else NO_ANSWER


def tests_of(module: Path) -> tuple[str, ...]:
    """The tests that import a module, in its folder or just above, else anywhere; else all in those two."""
    *folders, name = module.relative_to("src").with_suffix("").parts
    if len(folders) == 1:
        return (PACKAGE_TEST,)
    ways = (f"from {'.'.join(folders)} import", f"from {'.'.join([*folders, name])} import")
    room = Path("tests", *(each for each in folders[1:] if each != "model"))
    everywhere = sorted(Path("tests").glob("*/**/test_*.py"))
    near = [path for path in everywhere if path.is_relative_to(room) or path.parent == room.parent]
    importers = [path for path in everywhere if imports(path.read_text(encoding="utf-8"), name, *ways)]
    mirrors = [path for path in near if path in importers]
    return tuple(map(str, mirrors or importers or near))


def imports(text: str, name: str, from_folder: str, from_module: str) -> bool:
    """Whether a file's text imports a module in one of two ways, or takes it as a part of each family."""
    lines = text.splitlines()
    named = (line for line in lines if line.startswith(from_folder) and name in line.split("import")[1])
    is_part = from_folder.startswith("from latentlab.families.") and f'roster.part(family, "{name}")' in text
    return any(line.startswith(from_module) for line in lines) or any(named) or is_part


@cache
def passes(copy: Path, tests: tuple[str, ...]) -> bool:
    """Whether some tests pass as things stand."""
    return run(copy, tests)


def run(copy: Path, tests: tuple[str, ...]) -> bool:
    """Run some tests, but none of whole pipelines, up to the first failure; too long counts as one."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    environment = os.environ | {"PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        # Not into a pipe: what a stopped test has started would keep it open.
        done = subprocess.run(
            command, cwd=copy, env=environment, stdout=subprocess.DEVNULL, timeout=LIMIT_S, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
