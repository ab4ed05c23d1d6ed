"""A family is added by following docs/extend.md: a folder, and an edit in each of three existing files."""

import json
from pathlib import Path
from shutil import copytree, ignore_patterns

import numpy as np
import pytest

from tests.dvc_project import Finished, Project
from tests.imports import ROOT

pytestmark = pytest.mark.pipeline

EXAMPLE = ROOT / "examples" / "linear"
FAMILIES = Path("src/latentlab/families")
TITLE = "PPCA"
# Drawn of its own, and drawn of several families at once.
OWN = {"linear_components", "linear_latent_scatter", "linear_samples", "linear_by_class"}
SHARED = {"comparison", "reconstructions", "latent_regions", "latent_samplers", "sampler_scores"}
# What a user does with trained models, in one process, since each takes seconds to start.
USES = (
    "sample --model linear --count 3 --out samples.npz",
    "sample --model linear --count 3 --sampler gaussian --out fitted.npz",
    "sample --model linear --count 3 --from champion --out champion.npz",
    "encode test --index 0 1 --model linear --out latents.npz",
    "decode latents.npz --model linear --out decoded.npz",
    "interpolate --model linear --between 0 1 --steps 4 --out path.npz",
    "export --model linear --format onnx --out exports",
)
USE = f"""
import importlib
import mlflow, numpy
from latentlab.commands import parser

for words in {USES}:
    typed = parser.build().parse_args(words.split())
    importlib.import_module(f"latentlab.commands.{{typed.command}}").run(typed)
mlflow.set_tracking_uri("sqlite:///mlflow.db")
served = mlflow.pyfunc.load_model("models:/latentlab-linear@champion")
numpy.savez("served.npz", images=served.predict(numpy.load("samples.npz")["latents"]))
"""


def add(folder: Path) -> None:
    """Do what docs/extend.md says with the example, in the repository that lies in ``folder``."""
    copytree(EXAMPLE / "linear", folder / FAMILIES / "linear", ignore=ignore_patterns("__pycache__"))
    roster, edits = folder / FAMILIES / "roster.py", EXAMPLE / "edits"
    insert(
        "from latentlab.families.linear.family import LINEAR\n",
        before="from latentlab.families.vae.family",
        path=roster,
    )
    insert("LINEAR, ", before="AUTOENCODER,", path=roster)
    insert((edits / "dvc.yaml").read_text(), before="  score_references:", path=folder / "dvc.yaml")
    insert((edits / "params.yaml").read_text(), before="vae:", path=folder / "params.yaml")


def insert(text: str, *, before: str, path: Path) -> None:
    """Put text into a file, before what is there once."""
    start, rest = path.read_text(encoding="utf-8").split(before)
    path.write_text(start + text + before + rest, encoding="utf-8")


@pytest.fixture(scope="module")
def project(finished: Finished, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A clone of a finished run, with what the run made, to which the family is added."""
    joined = finished.join(tmp_path_factory.mktemp("extension") / "latentlab")
    joined.run("dvc", "pull")
    add(joined.folder)
    return joined


@pytest.fixture(scope="module")
def changed(project: Project) -> set[str]:
    """The existing files that this changed, and the folders that are new."""
    return {line[3:] for line in project.run("git", "status", "--porcelain").splitlines()}


@pytest.fixture(scope="module")
def stages(project: Project, changed: set[str]) -> set[str]:
    """Those that `dvc repro` then runs."""
    return project.repro()


@pytest.fixture(scope="module")
def used(project: Project, stages: set[str]) -> Path:
    """Where the files of all uses lie."""
    project.run("python", "-W", "ignore", "-c", USE)
    return project.folder


def test_three_existing_files_change(changed: set[str]) -> None:
    assert changed == {"dvc.yaml", "params.yaml", f"{FAMILIES}/roster.py", f"{FAMILIES}/linear/"}


def test_no_other_family_is_trained_or_scored_again(stages: set[str]) -> None:
    late = {"evaluate", "figures", "explorer", "report", "track"}
    assert stages == {"source", "train_linear", "score_linear", *late}


def test_it_has_no_epochs(project: Project, stages: set[str]) -> None:
    assert json.loads((project.folder / "models" / "linear" / "history.json").read_text()) == []


def test_it_is_scored_beside_the_others(project: Project, finished: Finished, stages: set[str]) -> None:
    metrics, before = project.metrics(), finished.project.metrics()
    own, ways = metrics.pop("linear"), metrics["samplers"].pop("linear")
    assert metrics == before
    assert {"kernel_distance", "intervals", "log_likelihood_nats_per_pixel"} <= set(own)
    assert set(ways) == {"gaussian", "mixture", "per_class"}


def test_it_is_judged(project: Project, stages: set[str]) -> None:
    verdict = json.loads((project.folder / "reports" / "verdict.json").read_text())
    assert verdict["linear"]["verdict"].startswith(f"{TITLE}: kernel distance ")
    assert "linear.latent_dim" in {finding["key"] for finding in verdict["linear"]["findings"]}


def test_figures_of_several_families_show_it_and_those_of_others_stay(
    project: Project, finished: Finished, stages: set[str]
) -> None:
    before, now = (
        {path.stem: path.read_bytes() for path in (of.folder / "reports" / "figures").iterdir()}
        for of in (finished.project, project)
    )
    assert set(now) == set(before) | OWN
    assert {name for name in before if now[name] != before[name]} == SHARED


def test_pages_tell_of_it(project: Project, stages: set[str]) -> None:
    reports = project.folder / "reports"
    report, explorer = ((reports / f"{page}.html").read_text() for page in ("report", "explorer"))
    assert "Probabilistic principal component analysis" in report
    assert all(text in report for text in ("What each component does", "Log-likelihood, nats per pixel"))
    # Every figure has its place in a chapter.
    assert "Further figures" not in report
    assert TITLE in explorer


def test_mlflow_has_its_scores_and_its_run(project: Project, stages: set[str]) -> None:
    [row] = project.runs("pipeline")
    assert row["data"]["metrics"]["linear.kernel_distance"] == project.metrics()["linear"]["kernel_distance"]
    assert row["data"]["params"]["linear.latent_dim"] == "2"
    assert row["data"]["tags"]["verdict.linear"].startswith(TITLE)
    [run] = [run for run in project.runs("stages") if run["data"]["tags"]["dvc.stage"] == "train_linear"]
    assert run["info"]["status"] == "FINISHED"


def test_it_is_registered_and_served(used: Path) -> None:
    drawn, served = np.load(used / "samples.npz"), np.load(used / "served.npz")
    np.testing.assert_allclose(served["images"], drawn["images"] / 255, atol=0.5 / 255 + 1e-6)
    champion = np.load(used / "champion.npz")
    np.testing.assert_array_equal(champion["images"], drawn["images"])


def test_commands_take_it(used: Path) -> None:
    latents = np.load(used / "latents.npz")["latents"]
    assert latents.shape == (2, 2)
    path = np.load(used / "path.npz")["latents"]
    np.testing.assert_allclose(path[[0, 3]], latents, atol=1e-6)
    made = {name: np.load(used / f"{name}.npz")["images"].shape for name in ("samples", "fitted", "decoded")}
    assert made == {"samples": (3, 28, 28, 1), "fitted": (3, 28, 28, 1), "decoded": (2, 28, 28, 1)}


def test_it_is_exported(used: Path) -> None:
    names = {path.name for path in (used / "exports").iterdir()}
    assert names == {"linear-encoder.onnx", "linear-decoder.onnx"}


def test_its_own_tests_pass(project: Project) -> None:
    folder = project.folder / "tests" / "families" / "linear"
    copytree(EXAMPLE / "tests", folder, ignore=ignore_patterns("__pycache__"))
    project.run("python", "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder))
