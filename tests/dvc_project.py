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
from typing import Any

from tests.imports import ROOT


class Project:
    """A repository with the pipeline in it, and how a user works with it."""

    def __init__(self, folder: Path) -> None:
        """Copy what the pipeline consists of, and commit it with the tiny preset."""
        self.folder = folder
        for name in ("src", "stages", "presets", "vendor"):
            copytree(ROOT / name, folder / name, ignore=ignore_patterns("__pycache__", "*.egg-info"))
        (folder / ".dvc").mkdir()
        for name in ("dvc.yaml", ".dvcignore", ".gitignore", ".dvc/config", ".dvc/.gitignore"):
            copy(ROOT / name, folder / name)
        copy(ROOT / "presets" / "tiny.yaml", folder / "params.yaml")
        self._install()
        self.run("git", "init", "--quiet")
        self.commit()

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
        hidden = ("DVC_", "MLFLOW_", "PYTHONPATH", "GIT_")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
        folders = [str(self.folder / ".venv" / "bin"), str(Path(sys.executable).parent), environment["PATH"]]
        with subprocess.Popen(
            command,
            cwd=self.folder,
            env=environment | {"PATH": os.pathsep.join(folders)},
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


def ran(output: str) -> set[str]:
    """The stages that DVC says it runs."""
    return set(re.findall(r"Running stage '(\w+)'", output))
