"""What a machine does for one experiment, without Ray."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from shutil import rmtree

import pytest

from studies.experiments import exchange, task
from studies.experiments.task import Job
from tests.stub_pipeline import git


@pytest.fixture
def job(repository: Path) -> Job:
    """An experiment on this machine."""
    revision, place = git("rev-parse", "HEAD").strip(), exchange.here()
    ref = f"{exchange.refs(revision)}/mine"
    changes = ("gan.dropout=0.5", "seed=3")
    return Job(ref, changes, revision, place.origin, place.home, place.cache, False, {})


def state(repository: Path) -> Path:
    return repository / ".latentlab"


def test_a_result_is_handed_over_and_nothing_else_stays(repository: Path, job: Job) -> None:
    outcome = task.run(job)
    assert outcome.trouble == ""
    # Wanted on an idle machine: 15 seconds.
    assert 0 < outcome.seconds < 60
    assert "dropout: 0.5" in git("show", f"{job.ref}:params.yaml")
    assert git("rev-parse", f"{job.ref}^").strip() == job.revision
    # The stage knew where the main repository is.
    assert (state(repository) / "log").read_text() == "3\n"
    assert [path.name for path in (state(repository) / "clones").iterdir()] == ["folders"]
    assert git("status", "--porcelain") == ""


def test_a_folder_may_have_any_name_and_a_user_any_name_for_a_remote(
    repository: Path, job: Job, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"COUNT": "1", "KEY_0": "clone.defaultRemoteName", "VALUE_0": "upstream"}.items():
        monkeypatch.setenv(f"GIT_CONFIG_{name}", value)
    cache = tmp_path_factory.mktemp("c#, d")
    assert task.run(job._replace(cache=str(cache))).trouble == ""
    assert (cache / "runs").exists()


def test_what_is_known_is_not_run_again(repository: Path, job: Job) -> None:
    task.run(job)
    outcome = task.run(job._replace(ref=f"{job.ref}-again"))
    assert outcome.trouble == ""
    assert (state(repository) / "log").read_text() == "3\n"


def test_a_result_that_is_there_is_left_as_it_is(repository: Path, job: Job) -> None:
    """As after the death of one that had just handed it over."""
    task.run(job)
    commit = git("rev-parse", job.ref)
    assert task.run(job).trouble == ""
    assert git("rev-parse", job.ref) == commit


def test_a_name_that_is_taken_meanwhile_is_trouble_and_stays_who_had_it(
    repository: Path, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = git("commit-tree", "-m", "other", "-p", "HEAD", "HEAD^{tree}").strip()
    run = task._experiment

    def be_slow(job: Job, clone: Path) -> str:
        said = run(job, clone)
        git("update-ref", job.ref, other)
        return said

    monkeypatch.setattr(task, "_experiment", be_slow)
    outcome = task.run(job)
    assert outcome.trouble.startswith(f"`git push --quiet origin {job.ref}` failed:")
    assert "rejected" in outcome.trouble
    assert git("rev-parse", job.ref).strip() == other


def test_what_its_stages_warn_of_is_told(repository: Path, job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    run = task._experiment
    warned = "warning: MLflow cannot be used: no route"
    monkeypatch.setattr(task, "_experiment", lambda *given: f"{run(*given)}\n{warned}\nthe end\n")
    outcome = task.run(job)
    assert (outcome.trouble, outcome.warnings) == ("", [warned])


def test_what_fails_is_told(repository: Path, job: Job) -> None:
    outcome = task.run(job._replace(changes=["seed=2"]))
    assert outcome.trouble.startswith("`dvc exp run --name=mine --set-param=seed=2` failed:")
    assert "broken on purpose" in outcome.trouble
    assert list((state(repository) / "clones").iterdir()) == [state(repository) / "clones" / "folders"]


def test_a_commit_that_cannot_be_had_is_told(job: Job) -> None:
    assert "failed:\nfatal: " in task.run(job._replace(origin=f"{job.origin}/absent")).trouble
    assert "failed:\nfatal: " in task.run(job._replace(revision="0" * 40)).trouble


def test_the_clone_of_a_killed_task_is_deleted_and_that_of_a_living_one_stays(tmp_path: Path) -> None:
    code = (
        "import time, pathlib; from studies.experiments import task\n"
        "with task._own_folder(pathlib.Path('.')) as own:\n    print(own, flush=True); time.sleep(60)"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", code]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        theirs = tmp_path / process.stdout.readline().strip()
        with task._own_folder(tmp_path):
            assert theirs.is_dir()
        os.kill(process.pid, signal.SIGKILL)
    with task._own_folder(tmp_path) as own:
        assert own.is_dir()
        assert not theirs.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["folders"]


def test_a_stage_sees_nothing_that_was_meant_for_ray(
    job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("RAY_AUTH_TOKEN", "DVC_STAGE", "TF_USE_LEGACY_KERAS", "OMP_NUM_THREADS"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("KEPT", "1")
    own = job._replace(environment={"OMP_NUM_THREADS": "7"})
    task._call(own, tmp_path, "sh", "-c", "env > seen", SHELL="mine")
    seen = dict(line.partition("=")[::2] for line in (tmp_path / "seen").read_text().splitlines())
    assert (seen["OMP_NUM_THREADS"], seen["KEPT"], seen["SHELL"]) == ("7", "1", "mine")
    assert not {"RAY_AUTH_TOKEN", "DVC_STAGE", "TF_USE_LEGACY_KERAS"} & set(seen)
    assert seen["PATH"].startswith(f"{Path(sys.executable).parent}{os.pathsep}")


def test_it_needs_nothing_that_another_machine_may_lack() -> None:
    code = "import sys; from studies.experiments import task; print(*sys.modules)"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    loaded = subprocess.check_output([sys.executable, "-c", code], env=environment, text=True).split()
    assert not {"latentlab", "dvc", "ray", "tqdm"} & set(loaded)


def test_what_the_commit_has_is_not_run_again(repository: Path, job: Job) -> None:
    """Also where it was pulled, and so is in no run cache."""
    subprocess.run(["dvc", "repro", "--quiet"], check=True)
    git("add", "dvc.lock")
    git("commit", "--quiet", "--message", "Run")
    rmtree(repository / ".dvc" / "cache" / "runs")
    revision = git("rev-parse", "HEAD").strip()
    ref = f"{exchange.refs(revision)}/mine"
    outcome = task.run(job._replace(ref=ref, revision=revision, changes=["vae.epochs=7"]))
    assert outcome.trouble == ""
    assert len((state(repository) / "log").read_text().split()) == 1
    assert "epochs: 7" in git("show", f"{ref}:params.yaml")
