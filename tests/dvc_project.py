"""A repository with the pipeline in it, on the tiny preset, and how a user works with it.

The environment is as an editable install of that repository makes it, which is what could hide an
experiment's own snapshot of the library.
"""

import json
import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copy, copytree, ignore_patterns
from typing import Any, NamedTuple

from filelock import FileLock

from tests import presets
from tests.imports import ROOT


class Project:
    """A repository with the pipeline in it, and how a user works with it."""

    def __init__(self, folder: Path) -> None:
        """Take the repository that lies in ``folder``."""
        self.folder = folder
        self.environment: dict[str, str] = {}

    @classmethod
    def create(cls, folder: Path) -> "Project":
        """Copy what the pipeline consists of, and commit it with the tiny preset."""
        project = cls(folder)
        for name in ("src", "stages", "presets", "vendor"):
            copytree(ROOT / name, folder / name, ignore=ignore_patterns("__pycache__", "*.egg-info"))
        (folder / ".dvc").mkdir()
        for name in ("dvc.yaml", ".dvcignore", ".gitignore", ".dvc/config", ".dvc/.gitignore"):
            copy(ROOT / name, folder / name)
        presets.write("tiny", folder / "params.yaml")
        project._install()
        project.run("git", "init", "--quiet")
        project.commit()
        return project

    @classmethod
    def clone(cls, origin: Path, folder: Path) -> "Project":
        """Clone a repository, as a colleague does."""
        subprocess.run(["git", "clone", "--quiet", origin, folder], check=True)
        project = cls(folder)
        project._install()
        return project

    def _install(self) -> None:
        """An environment in which this repository is installed as editable, beside all else that is here."""
        self.run(sys.executable, "-m", "venv", "--without-pip", ".venv")
        [packages] = (self.folder / ".venv").glob("lib/python*/site-packages")
        (packages / "editable.pth").write_text(f"{self.folder / 'src'}\n{sysconfig.get_path('purelib')}\n")

    def commit(self) -> None:
        """Commit all that Git does not ignore."""
        self.run("git", "add", ".")
        identity = ["-c", "user.name=t", "-c", "user.email=t@localhost"]
        self.run("git", *identity, "commit", "--quiet", "--message", "Go on")

    @contextmanager
    def started(self, *command: str) -> Iterator["subprocess.Popen[str]"]:
        """A command that runs, as the leader of a process group of its own."""
        hidden = ("DVC_", "MLFLOW_", "KERAS_", "MPLBACKEND", "TF_", "PYTHONPATH", "GIT_")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
        folders = [str(self.folder / ".venv" / "bin"), str(Path(sys.executable).parent), environment["PATH"]]
        with subprocess.Popen(
            command,
            cwd=self.folder,
            env=environment | {"PATH": os.pathsep.join(folders)} | self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as process:
            yield process

    def run(self, *command: str) -> str:
        """Run a command to its good end, and give what it printed."""
        with self.started(*command) as process:
            printed, _ = process.communicate()
        assert process.returncode == 0, f"{command}\n{printed}"
        return printed

    def start_queue(self, jobs: int = 1) -> None:
        """Have DVC's workers take from the queue.

        They hold open what ``dvc`` prints to, and not every one ends once the queue is empty, so that ``run``
        could wait for ever.
        """
        self.run("sh", "-c", f"exec dvc queue start --jobs {jobs} > /dev/null 2>&1")

    def stop_queue(self) -> None:
        """End what workers are left."""
        self.run("dvc", "queue", "stop", "--kill")

    def repro(self, *options: str) -> set[str]:
        """``dvc repro``; the names of the stages that ran."""
        return ran(self.run("dvc", "repro", *options))

    def read_json(self, *command: str) -> Any:
        """What a command prints as JSON."""
        return json.loads(self.run(*command).splitlines()[-1])

    def metrics(self) -> dict[str, Any]:
        """What `evaluate` wrote."""
        return json.loads((self.folder / "reports" / "metrics.json").read_text())

    def runs(self, experiment: str) -> list[dict[str, Any]]:
        """The runs of an MLflow experiment, asked for in a process of its own."""
        code = (
            "import json, mlflow\n"
            f"client = mlflow.MlflowClient('sqlite:///{self.folder}/mlflow.db')\n"
            f"found = client.get_experiment_by_name({experiment!r})\n"
            "print(json.dumps([run.to_dictionary() for run in client.search_runs([found.experiment_id])]))"
        )
        return self.read_json(sys.executable, "-W", "ignore", "-c", code)


class Finished(NamedTuple):
    """What a first ``dvc repro`` led to.

    Attributes:
        project: where it ran, for one file of tests to go on with.
        stages: those that ran.
        origin: a Git repository of it, from then, for all to clone.
        remote: DVC's files of it, to be pulled.
    """

    project: Project
    stages: set[str]
    origin: Path
    remote: Path

    def join(self, folder: Path) -> Project:
        """A colleague's clone, which knows the remote and has pulled nothing."""
        project = Project.clone(self.origin, folder)
        project.run("dvc", "remote", "add", "--local", "--default", "team", str(self.remote))
        return project


def finish_once(shared: Path) -> Finished:
    """Have the pipeline run once for all tests of a session, since it takes a minute.

    Args:
        shared: a folder of this session, the same for all of its processes.
    """
    project, origin, remote = Project(shared / "latentlab"), shared / "origin.git", shared / "remote"
    record = shared / "stages.json"
    with FileLock(shared / "finished.lock"):
        if not record.exists():
            stages = Project.create(project.folder).repro()
            project.commit()
            project.run("git", "clone", "--quiet", "--bare", ".", str(origin))
            project.run("dvc", "remote", "add", "--local", "--default", "team", str(remote))
            project.run("dvc", "push", "--run-cache")
            project.run("dvc", "remote", "remove", "--local", "team")
            record.write_text(json.dumps(sorted(stages)))
    return Finished(project, set(json.loads(record.read_text())), origin, remote)


def ran(output: str) -> set[str]:
    """The stages that DVC says it runs."""
    return set(re.findall(r"Running stage '(\w+)'", output))
