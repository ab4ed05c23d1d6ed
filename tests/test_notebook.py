"""The notebook, docs/python.md and the interface's docstrings run as they stand, on a finished run."""

import json
import re
from pathlib import Path
from shutil import copy, copytree
from typing import Any

import pytest

from tests import test_lecture
from tests.dvc_project import Finished, Project
from tests.imports import ROOT

pytestmark = pytest.mark.pipeline

NOTEBOOK = Path("notebooks", "lecture.ipynb")
CELLS: list[dict[str, Any]] = json.loads((ROOT / NOTEBOOK).read_text(encoding="utf-8"))["cells"]
EXECUTE = f"""
import nbclient, nbformat

notebook = nbformat.read("{NOTEBOOK}", as_version=4)
nbclient.NotebookClient(notebook, resources={{"metadata": {{"path": "{NOTEBOOK.parent}"}}}}).execute()
nbformat.write(notebook, "executed.ipynb")
"""
# What a page's blocks leave behind is what its docstrings speak of.
EXAMPLES = """
import doctest, pathlib, re
import latentlab
from latentlab.interface import opening, results

given = {}
for block in re.findall(r"^```python\\n(.*?)^```$", pathlib.Path("python.md").read_text(), re.M | re.S):
    exec(block, given)
given["model"], given["latents"] = given["vae"], given["encoded"]
runner = doctest.DocTestRunner()
for documented in (latentlab.Model, opening, results):
    for example in doctest.DocTestFinder(exclude_empty=True).find(documented, globs=given):
        runner.run(example)
print(*runner.summarize())
"""


@pytest.fixture(scope="module")
def project(finished: Finished, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A clone of a finished run, with all that this run made."""
    joined = finished.join(tmp_path_factory.mktemp("notebook") / "latentlab")
    joined.run("dvc", "pull", "--run-cache")
    copytree(ROOT / NOTEBOOK.parent, joined.folder / NOTEBOOK.parent)
    copy(ROOT / "docs" / "python.md", joined.folder)
    return joined


@pytest.fixture(scope="module")
def executed(project: Project) -> list[dict[str, Any]]:
    """The cells that hold code, after all have run."""
    project.run("python", "-c", EXECUTE)
    cells = json.loads((project.folder / "executed.ipynb").read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def printed(cell: dict[str, Any]) -> str:
    """All that a cell has to show in words."""
    texts = [output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell["outputs"]]
    return "".join("".join(text) for text in texts)


def the_cell(cells: list[dict[str, Any]], part: str) -> dict[str, Any]:
    [cell] = [cell for cell in cells if part in source(cell)]
    return cell


def test_it_is_stored_without_outputs() -> None:
    for cell in CELLS:
        assert (cell.get("outputs", []), cell.get("execution_count")) == ([], None), source(cell)


def test_its_exercises_are_those_of_the_lecture() -> None:
    [cell] = [source(cell) for cell in CELLS if "## Exercises" in source(cell)]
    parts = re.split(r"^\*\*(?=\d\. )", cell, flags=re.MULTILINE)[1:]
    assert len(parts) == len(test_lecture.exercises())
    for own, theirs in zip(parts, test_lecture.exercises(), strict=True):
        title = own.partition("**")[0].removesuffix(".")
        assert title.lower() == theirs.partition("\n")[0].replace(":", ".")
        assert changes(own) == changes(theirs)


def changes(text: str) -> set[str]:
    """What ``-S`` or ``SET`` sets."""
    return set(re.findall(r"(?:-S |SET=\")([\w.]+=[\w.]+)", text))


def test_every_cell_runs_and_warns_of_nothing(executed: list[dict[str, Any]]) -> None:
    outputs = [(source(cell), output) for cell in executed for output in cell["outputs"]]
    assert [cell for cell, output in outputs if output["output_type"] == "error"] == []
    assert [output["text"] for _, output in outputs if output.get("name") == "stderr"] == []


def test_figures_are_shown_where_they_belong(executed: list[dict[str, Any]]) -> None:
    for cell in executed:
        shown = sum("image/png" in output.get("data", {}) for output in cell["outputs"])
        assert shown == len(re.findall(r"^(?:show|show_latents|Image)\(", source(cell), re.M)), source(cell)


def test_the_change_is_run_and_compared(executed: list[dict[str, Any]], project: Project) -> None:
    assert "Running stage 'train_vae'" in printed(the_cell(executed, "dvc exp run"))
    assert "vae.kl_weight" in printed(the_cell(executed, "dvc params diff"))
    assert "vae.kl_nats" in printed(the_cell(executed, "dvc params diff"))
    assert "VAE: " in printed(the_cell(executed, "verdict.json"))
    rows = printed(the_cell(executed, "search_runs"))
    assert "vae.kl_weight=0.1" in rows
    assert "nothing" in rows


def test_it_ends_where_it_began(executed: list[dict[str, Any]], project: Project) -> None:
    assert "Running stage 'train" not in printed(executed[-1])
    assert project.run("git", "status", "--porcelain", "--untracked-files=no") == ""


def test_the_examples_of_the_documentation_are_true(executed: list[dict[str, Any]], project: Project) -> None:
    """After the notebook, by which MLflow has models."""
    failed, tried = project.run("python", "-W", "ignore", "-c", EXAMPLES).splitlines()[-1].split()
    assert (failed, int(tried) > 15) == ("0", True)
