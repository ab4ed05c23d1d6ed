"""Kills real trainings at random moments and holds what they end in to the bytes of an undisturbed one.

Each training runs in a small project of its own, is killed several times in a row, and then left to end;
last of all DVC is killed, alone and together with the stage that it runs, and interrupted. Then the outputs
must be those of a training that nobody disturbed, no epoch that was announced may have been lost, and MLflow
must have one run of the training, finished.
"""

import argparse
import hashlib
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

from ruamel.yaml import YAML

from latentlab.core import presets
from latentlab.families import roster

ROOT = Path(__file__).resolve().parents[1]
# Enough epochs for every kill of a training to find one, short enough to train within seconds.
EPOCHS = 40
# The images are there.
REPRO = ("-m", "dvc", "repro", "--single-item")
# Of those keys that a family's section of params.yaml has.
CHANGES: dict[str, Any] = {
    "epochs": EPOCHS,
    "batch_size": 20,
    "steps_per_epoch": 60,
    "sample_epochs": [1, 20, EPOCHS],
    "snapshot_every": 2,
}


# A training without epochs is over before it could be killed between two.
MODELS = [
    family.name
    for family in roster.FAMILIES
    if "epochs" in roster.part(family, "settings").Settings.model_fields
]


class Moment(NamedTuple):
    """When to kill: after so many epochs, then once a file matches, or after a random time within limits."""

    name: str
    epochs: bool
    seconds: float = 0.0
    files: str | None = None


MOMENTS = (
    Moment("anywhere from the start on", epochs=False, seconds=15.0),
    Moment("between two epochs", epochs=True),
    Moment("inside a step", epochs=True, seconds=0.2),
    Moment("while a checkpoint is written", epochs=True, files=".latentlab/checkpoints/*/**/.*.partial*"),
    Moment("while MLflow is written", epochs=True, files="mlflow.db-journal"),
    Moment("while MLflow starts", epochs=False, files="mlflow.db-journal"),
    Moment("while outputs are written", epochs=False, files="models/*/.*.partial*"),
)


def command_of(model: str) -> list[str]:
    """The script that trains a model, and what it is told."""
    return ["stages/train.py", model]


class Project:
    """A folder with the pipeline in it, at the tiny preset but for more epochs."""

    def __init__(self, folder: Path) -> None:
        """Take what lies in ``folder``."""
        self.folder = folder

    def create(self) -> None:
        """Fill the folder: the code, the params, the prepared images and an empty store."""
        for name in ("src", "stages"):
            ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
            shutil.copytree(ROOT / name, self.folder / name, ignore=ignored)
        (self.folder / ".dvc").mkdir()
        (self.folder / ".dvc" / "config").write_text("[core]\n    no_scm = true\n    analytics = false\n")
        shutil.copy(ROOT / "dvc.yaml", self.folder)
        yaml = YAML()
        base = (ROOT / "params.yaml").read_text(encoding="utf-8")
        params = yaml.load(presets.apply("tiny", base, ROOT / presets.FOLDER))
        for model in MODELS:
            section = params[model]
            section.update({key: value for key, value in CHANGES.items() if key in section})
        yaml.dump(params, self.folder / "params.yaml")
        self.finish("stages/source.py")
        self.finish("stages/prepare.py")
        self.finish("-c", "from latentlab.tracking import store; store.connect()")

    def copy(self, folder: Path) -> "Project":
        """An equal project in another folder."""
        return Project(shutil.copytree(self.folder, folder))

    @contextmanager
    def started(self, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
        """A process of Python in the project, as the leader of a group of its own."""
        hidden = ("DVC_", "MLFLOW_")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
        # DVC calls plain `python`.
        environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
        with subprocess.Popen(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=environment | {"PYTHONPATH": "src"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as process:
            try:
                yield process
            finally:
                _signal_group(process, signal.SIGKILL)

    def finish(self, *arguments: str) -> str:
        """Run Python to its good end; gives what it printed."""
        with self.started(*arguments) as process:
            printed, _ = process.communicate()
        assert process.returncode == 0, printed
        return printed

    def outputs(self, model: str) -> dict[str, str]:
        """The SHA-256 of each file of a trained model."""
        folder = self.folder / "models" / model
        files = sorted(file for file in folder.rglob("*") if file.is_file())
        return {
            file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in files
        }

    def is_over(self, model: str) -> bool:
        """Whether a model's training has come to its end: its run is finished and so is its checkpoint."""
        folders = self.folder.glob(f".latentlab/checkpoints/train_{model}-*/")
        finished = [(folder / "finished").exists() for folder in folders]
        return finished == [True] and [status for _, status in self.runs(model)] == ["FINISHED"]

    def runs(self, model: str) -> list[tuple[str, str]]:
        """Id and status of each run of a model's training."""
        query = (
            "SELECT runs.run_uuid, status FROM runs JOIN tags USING (run_uuid)"
            " WHERE tags.key = 'mlflow.source.name' AND tags.value = ?"
        )
        with closing(sqlite3.connect(self.folder / "mlflow.db")) as connection:
            return connection.execute(query, [" ".join(command_of(model))]).fetchall()

    def num_points(self, model: str) -> set[int]:
        """How many points each curve of a model's training has in MLflow."""
        query = "SELECT count(*) FROM metrics WHERE run_uuid = ? GROUP BY key"
        [(run_id, _)] = self.runs(model)
        with closing(sqlite3.connect(self.folder / "mlflow.db")) as connection:
            return {count for (count,) in connection.execute(query, [run_id])}


class Training:
    """The training of one model in one project, however often it is killed."""

    def __init__(self, project: Project, model: str) -> None:
        """Nothing is started yet."""
        self.project, self.model = project, model
        self.kills: Counter[str] = Counter()
        self._announced = 0
        self._run_id: str | None = None

    def kill(self, moment: Moment, rng: random.Random) -> bool:
        """Start it or let it go on, and kill it at a moment; whether any of it is left to be done."""
        with self.project.started(*command_of(self.model)) as process:
            if moment.epochs:
                self._follow(process.stdout, rng.randint(1, 4))
            _await_moment(process, self.project.folder, moment, rng)
            _signal_group(process, signal.SIGKILL)
            self._follow(process.stdout)
        self._check_run()
        if self.project.is_over(self.model):
            return False
        assert process.returncode == -signal.SIGKILL, process.returncode
        self.kills[moment.name] += 1
        return True

    def interrupt_dvc(self, number: signal.Signals, rng: random.Random) -> None:
        """Let DVC run it, and send a signal to all its processes inside a step, as a terminal does."""
        with self._started_by_dvc(f"DVC and its stage, with {number.name}") as process:
            self._follow(process.stdout, rng.randint(1, EPOCHS // 2))
            time.sleep(rng.uniform(0, 0.2))
            _signal_group(process, number)

    def kill_dvc_alone(self, rng: random.Random) -> None:
        """Let DVC run it, and kill DVC; the stage must end by itself, short of its own end."""
        with self._started_by_dvc("DVC alone") as process:
            self._follow(process.stdout, rng.randint(1, EPOCHS // 4))
            process.kill()
        assert not self.project.is_over(self.model), "it trained on"

    def kill_dvc_before_it_notes(self) -> None:
        """Let DVC run it, and kill DVC once the training is over, before DVC knows."""
        with self._started_by_dvc("DVC before it notes the end") as process:
            self._follow(process.stdout, 1)
            process.send_signal(signal.SIGSTOP)
            while not self.project.is_over(self.model):
                time.sleep(0.1)
            process.kill()
        assert not (self.project.folder / "dvc.lock").exists(), "DVC has noted the end"

    @contextmanager
    def _started_by_dvc(self, kill: str) -> Iterator["subprocess.Popen[str]"]:
        """DVC as it runs the training, and what must hold after the block has killed it."""
        with self.project.started(*REPRO, f"train_{self.model}") as process:
            yield process
            printed = self._follow(process.stdout)  # to the end of the last process that could print
        assert process.returncode != 0, "DVC takes it for done"
        assert "Traceback" not in printed, printed
        self.kills[kill] += 1
        self._check_run()

    def end(self, *, with_dvc: bool = False) -> str:
        """Let it go on to its end; gives what it printed."""
        command = [*REPRO, f"train_{self.model}"] if with_dvc else command_of(self.model)
        with self.project.started(*command) as process:
            printed = self._follow(process.stdout)
        assert process.returncode == 0, printed
        return printed

    def _follow(self, output: IO[str] | None, epochs: int | None = None) -> str:
        """Read what it prints up to so many announced epochs, or to the end; checks that none is lost."""
        lines = []
        assert output
        for line in output:
            lines.append(line)
            if found := re.match(r"Going on after epoch (\d+)", line):
                assert int(found[1]) >= self._announced, f"{line} but {self._announced} were done"
            assert "starts clean" not in line, line
            if found := re.match(r"epoch (\d+)/", line):
                assert int(found[1]) == 1 or int(found[1]) >= self._announced, f"{line} was done already"
                self._announced = int(found[1])
                if (epochs := epochs and epochs - 1) == 0:
                    break
        return "".join(lines)

    def _check_run(self) -> None:
        """After a kill MLflow has at most one run of this training, and always the same."""
        runs = [run_id for run_id, _ in self.project.runs(self.model)]
        assert len(runs) <= 1, f"more than one run: {runs}"
        assert self._run_id in (None, *runs), "the run is another one"
        self._run_id = runs[0] if runs else None


def _await_moment(process: "subprocess.Popen[str]", folder: Path, moment: Moment, rng: random.Random) -> None:
    """Wait until the moment comes or the process ends."""
    deadline = time.monotonic() + rng.uniform(0, moment.seconds)
    while process.poll() is None:
        if moment.files:
            if next(folder.glob(moment.files), None):
                return
        elif time.monotonic() >= deadline:
            return


def _signal_group(process: "subprocess.Popen[str]", number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return
    if number == signal.SIGKILL:
        process.wait()


def assert_undisturbed(training: Training, straight: Project) -> None:
    """Hold an ended training to one that nobody disturbed."""
    model, project = training.model, training.project
    assert project.outputs(model) == straight.outputs(model), "other bytes"
    assert project.is_over(model), project.runs(model)
    assert project.num_points(model) == {EPOCHS}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=28, help="how many trainings to kill in all, at least")
    parser.add_argument("--seed", type=int, default=random.randrange(2**32), help="of the random moments")
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    print(f"seed {arguments.seed}", flush=True)
    kills: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as temporary:
        straight = Project(Path(temporary, "straight"))
        straight.folder.mkdir()
        straight.create()
        blank = straight.copy(Path(temporary, "blank"))
        for model in MODELS:
            straight.finish(*command_of(model))
        while kills.total() < arguments.kills:
            for model in MODELS:
                training = Training(blank.copy(Path(temporary, "killed")), model)
                if all(training.kill(moment, rng) for moment in rng.sample(MOMENTS, 4)):
                    training.end()
                assert_undisturbed(training, straight)
                kills += training.kills
                shutil.rmtree(training.project.folder)
                print(f"{model}: killed {dict(training.kills)}; the same bytes, the same run", flush=True)
        for model in MODELS:
            for number in (signal.SIGKILL, signal.SIGINT):
                training = Training(blank.copy(Path(temporary, "interrupted")), model)
                training.interrupt_dvc(number, rng)
                training.kill_dvc_alone(rng)
                training.kill_dvc_before_it_notes()
                training.end(with_dvc=True)
                assert_undisturbed(training, straight)
                kills += training.kills
                shutil.rmtree(training.project.folder)
                print(f"{model}: killed {dict(training.kills)}; the same bytes, the same run", flush=True)
    print(f"{kills.total()} kills, no byte and no run differs:")
    for name, count in kills.items():
        print(f"  {count:3} {name}")


if __name__ == "__main__":
    main()
