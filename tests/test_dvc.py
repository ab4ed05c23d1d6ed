"""The whole pipeline under DVC, on the tiny preset, as a user runs it: in a repository of its own."""

import hashlib
import json
import time
from pathlib import Path

import pytest

from tests import idx_files
from tests.dvc_project import Finished, Project, ran
from tests.outputs import ANIMATIONS, pictures
from tests.pipeline import COMMITTED, STAGES, outputs

pytestmark = pytest.mark.pipeline

TRAININGS = {"train_features", "train_autoencoder", "train_vae", "train_gan"}
EVERY_TIME = {"source", "track"}
AFTER_SCORING = {"evaluate", "figures", "explorer", "report"}
VAE_SCORES = {
    "reconstruction_nats_per_pixel",
    "kl_nats",
    "objective",
    "elbo_grey_nats",
    "reconstruction_by_class_nats_per_pixel",
    "binarisation",
    "elbo_binarised_nats",
    "importance_weighted_nats",
    "importance_images",
    "latent",
}
LATENT_SCORES = {
    "kl_per_dimension_nats",
    "active_units",
    "aggregate_posterior_kl_nats",
    "knn_accuracy",
    "knn_neighbours",
}
HISTORY_SCORES = {
    "objective",
    "accuracy_real",
    "accuracy_generated",
    "accuracy_real_trend",
    "accuracy_generated_trend",
    "diverged_epoch",
}
NUMBERS = {
    "frechet_distance",
    "kernel_distance",
    "precision",
    "recall",
    "density",
    "coverage",
    "class_divergence",
    "classes_covered",
    "within_class_diversity",
    "sharpness",
    "memorisation",
    "near_copies",
}
DETECTORS = {"two_sample_gain", "sliced_wasserstein"}
SCORES = NUMBERS | DETECTORS | {"class_histogram", "missing_classes", "num_samples", "intervals"}
REFERENCES = {"real", "blurred", "noisy", "one_class", "copied", "untrained"}


@pytest.fixture(scope="module")
def project(finished: Finished) -> Project:
    """The project after its first ``dvc repro``, whose params every test leaves as they were."""
    return finished.project


def test_the_first_run_makes_everything(project: Project, finished: Finished) -> None:
    assert finished.stages == set(STAGES)
    assert [out for name in STAGES for out in outputs(name) if not (project.folder / out).exists()] == []
    figures = project.folder / "reports" / "figures"
    assert {path.name for path in figures.iterdir()} == {
        *(f"{name}.png" for name in pictures([1, 2])),
        *(f"{name}.gif" for name in ANIMATIONS),
    }
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in figures.glob("*.png"))
    assert "Further figures" not in (project.folder / "reports" / "report.html").read_text()
    # Git has the lock and nothing that DVC made.
    assert project.run("git", "status", "--porcelain") == ""
    tracked = project.run("git", "ls-files").splitlines()
    assert "dvc.lock" in tracked
    assert [path for path in tracked if path.startswith(("data/", "models/", "reports/", "ml"))] == COMMITTED


def test_metrics_have_every_key_that_is_promised(project: Project) -> None:
    metrics = project.metrics()
    assert set(metrics) == {
        "autoencoder",
        "vae",
        "gan",
        "gan_best",
        "samplers",
        "references",
        "protocol",
        "features",
        "data",
    }
    assert set(metrics["autoencoder"]) == {"reconstruction_nats_per_pixel", "latent"} | SCORES
    assert set(metrics["samplers"]) == {"autoencoder", "vae"}
    for ways in metrics["samplers"].values():
        assert set(ways) == {"gaussian", "mixture", "per_class"}
        assert set(ways["per_class"]) == NUMBERS | {"asked_class_share"}
    assert set(metrics["vae"]) == VAE_SCORES | SCORES
    assert set(metrics["vae"]["importance_weighted_nats"]) == {"1", "50"}
    assert set(metrics["vae"]["latent"]) == LATENT_SCORES
    assert set(metrics["gan"]) == {"history", "snapshots"} | SCORES
    assert set(metrics["gan"]["history"]) == HISTORY_SCORES
    assert [snapshot["epoch"] for snapshot in metrics["gan"]["snapshots"]] == [1, 2]
    assert set(metrics["gan_best"]) == {"epoch"} | SCORES
    assert set(metrics["references"]) == REFERENCES
    models = [metrics[name] for name in ("autoencoder", "vae", "gan", "gan_best")]
    for scores in (*models, *metrics["references"].values()):
        assert set(scores) >= SCORES
        assert sum(scores["class_histogram"]) == pytest.approx(1)
        assert scores["num_samples"] <= 200
        assert set(scores["intervals"]) == NUMBERS
        assert all(low <= scores[name] <= high for name, (low, high) in scores["intervals"].items())
    assert metrics["vae"]["num_samples"] == metrics["gan"]["num_samples"] == 200
    assert metrics["references"]["real"]["num_samples"] == 200
    features = metrics["features"]
    assert set(features) == {"network", "test_accuracy", "sha256", "trusted", "withheld"}
    protocol = metrics["protocol"]
    assert protocol["headline"] == "kernel_distance"
    assert protocol["num_test"] == 200
    assert "200 test images" in protocol["frechet_warning"]
    extractor = project.folder / "models" / "features" / "classifier.keras"
    assert metrics["features"]["sha256"] == hashlib.sha256(extractor.read_bytes()).hexdigest()
    info = json.loads((project.folder / "data" / "info.json").read_text())
    assert protocol["test_split_sha256"] == info["splits"]["test"]["sha256"]
    assert metrics["data"] == {"train": 200, "validation": 200, "test": 200}
    # Whatever such small models are worth, real images are nearer than one digit alone, and copies are seen.
    references = metrics["references"]
    assert references["real"]["kernel_distance"] < references["one_class"]["kernel_distance"]
    assert references["copied"]["memorisation"] < -5 < references["real"]["memorisation"]


def test_mlflow_has_a_row_and_the_runs_behind_it(project: Project) -> None:
    [row] = project.runs("pipeline")
    stages = {run["info"]["run_id"]: run for run in project.runs("stages")}
    assert len(stages) == len(TRAININGS)
    assert {row["data"]["tags"][f"run.{stage}"] for stage in TRAININGS} == set(stages)
    assert {run["info"]["status"] for run in [row, *stages.values()]} == {"FINISHED"}
    assert row["data"]["metrics"]["vae.kl_nats"] == project.metrics()["vae"]["kl_nats"]
    assert row["data"]["params"]["vae.kl_weight"] == "0.002"
    best = project.metrics()["gan_best"]["kernel_distance"]
    assert row["data"]["metrics"]["gan_best.kernel_distance"] == best


def test_nothing_is_kept_for_trainings_that_dvc_has_noted(project: Project) -> None:
    code = "from latentlab.core import provenance; print(*filter(provenance.is_noted, provenance._stages()))"
    assert project.run("python", "-c", code).split() == list(STAGES)
    assert list(project.folder.glob(".latentlab/checkpoints/*/")) == []


def test_a_second_run_only_looks_at_the_source_and_the_row(project: Project) -> None:
    assert project.repro() == EVERY_TIME
    assert len(project.runs("pipeline")) == 1
    assert project.run("git", "status", "--porcelain") == ""


def test_a_change_of_the_vae_leaves_the_gan_alone_and_can_be_taken_back(project: Project) -> None:
    """One test, because each step starts from the one before."""
    before = project.metrics()
    output = project.run("dvc", "exp", "run", "--set-param", "vae.kl_weight=0.5")
    assert ran(output) == {*EVERY_TIME, "train_vae", "score_vae", *AFTER_SCORING}
    after = project.metrics()
    assert after["gan"] == before["gan"]
    assert after["references"] == before["references"]
    assert after["vae"]["kl_nats"] != before["vae"]["kl_nats"]
    assert len(project.runs("pipeline")) == 2
    assert len(project.runs("stages")) == len(TRAININGS) + 1

    [difference] = project.read_json("dvc", "metrics", "diff", "--json").values()
    assert difference["vae.kl_nats"]["new"] == after["vae"]["kl_nats"]
    assert not [name for name in difference if name.startswith("gan.")]
    [difference] = project.read_json("dvc", "params", "diff", "--json").values()
    assert difference == {"vae.kl_weight": {"old": 0.002, "new": 0.5, "diff": 0.498}}
    shown = project.read_json("dvc", "metrics", "show", "--json")
    assert shown[""]["data"]["reports/metrics.json"]["data"]["vae"]["kl_nats"] == after["vae"]["kl_nats"]
    project.run("dvc", "plots", "diff")
    page = (project.folder / "dvc_plots" / "index.html").read_text()
    assert "validation_reconstruction" in page
    assert "comparison.png" in page

    project.run("git", "checkout", "--quiet", "params.yaml")
    assert project.repro() == EVERY_TIME
    assert project.metrics() == before
    assert len(project.runs("pipeline")) == 2
    assert project.run("git", "status", "--porcelain") == ""


def test_the_same_again_is_the_same_bytes(project: Project) -> None:
    lock = (project.folder / "dvc.lock").read_bytes()
    output = project.run("dvc", "repro", "--force", "--no-run-cache")
    assert ran(output) == set(STAGES)
    # They were trained indeed, and not restored.
    assert output.count("\nepoch 1/") == len(TRAININGS)
    assert "Going on" not in output
    assert (project.folder / "dvc.lock").read_bytes() == lock
    assert len(project.runs("pipeline")) == 2


def test_queued_experiments_run_their_own_snapshot_and_make_a_row_each(project: Project) -> None:
    """After they are queued, the workspace's library is broken; it is also what the environment imports."""
    rows, trainings = len(project.runs("pipeline")), len(project.runs("stages"))
    for count in (150, 160):
        project.run("dvc", "exp", "run", "--queue", "--set-param", f"evaluate.num_samples={count}")
    library = project.folder / "src" / "latentlab" / "__init__.py"
    text = library.read_text()
    library.write_text("raise SystemExit('this is the library of the workspace')\n")
    try:
        with pytest.raises(AssertionError, match="this is the library of the workspace"):
            project.run("python", "-c", "import latentlab")
        project.start_queue(jobs=2)
        wait_for_queue(project)
    finally:
        project.stop_queue()
        library.write_text(text)
    made = project.runs("pipeline")
    assert len(made) == rows + 2
    assert {run["data"]["params"]["evaluate.num_samples"] for run in made} == {"200", "150", "160"}
    assert len(project.runs("stages")) == trainings
    assert project.metrics()["vae"]["num_samples"] == 200


def wait_for_queue(project: Project) -> None:
    """Wait until both experiments are done."""
    deadline = time.monotonic() + 300
    while (status := queue_status(project)).count("Success") < 2:
        assert "Failed" not in status, status
        assert time.monotonic() < deadline, status
        time.sleep(2)


def queue_status(project: Project) -> str:
    """What DVC prints of its queue, even if it fails: it may read a worker's file while that is written."""
    with project.started("dvc", "queue", "status") as process:
        printed, _ = process.communicate()
    return printed


@pytest.mark.skipif(not idx_files.REAL_MNIST.is_dir(), reason=idx_files.REAL_MNIST_ABSENT)
def test_the_real_mnist_from_its_files(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "latentlab")
    text = (project.folder / "params.yaml").read_text()
    for old, new in (
        ("source: mnist_sample", "source: idx"),
        ("path: null", f"path: {idx_files.REAL_MNIST}"),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    (project.folder / "params.yaml").write_text(text)
    project.repro()
    info = json.loads((project.folder / "data" / "info.json").read_text())
    assert (info["source"], info["shape"], info["classes"]) == ("idx", [28, 28, 1], 10)
    assert project.metrics()["data"] == {"train": 200, "validation": 200, "test": 200}
    assert len(project.runs("pipeline")) == 1
