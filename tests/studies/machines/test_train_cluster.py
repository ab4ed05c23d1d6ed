"""`make train-cluster` on two nodes of Ray's, each in a clone of its own: what it writes, what kills do."""

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copy, copytree

import pytest

from studies.machines import launcher
from tests import machines
from tests.imports import ROOT
from tests.living import living, needs_proc, wait_until
from tests.machines import HOSTS
from tests.stub_pipeline import git

pytestmark = [pytest.mark.cluster, needs_proc]

# What a busy machine takes.
SECONDS = 240
# Until all have ended once one is killed, as docs/cluster.md says.
END_SECONDS = 30
OPTIONS = ("--num-cpus=1", "--object-store-memory=80000000", "--disable-usage-stats", "--block")


class Cluster:
    """Two machines that share nothing, the first of which has Ray's head."""

    def __init__(self, folders: list[Path], temporary: str) -> None:
        """Start Ray in both clones; ``temporary``: a folder with a short name, for sockets."""
        self.folders = folders
        with socket.create_server((HOSTS[0], 0)) as free:
            self.address = f"{HOSTS[0]}:{free.getsockname()[1]}"
        port = self.address.partition(":")[2]
        head = ("--head", f"--port={port}", f"--temp-dir={temporary}", "--include-dashboard=false")
        self.nodes = [
            self._start(place, *options)
            for place, options in enumerate([head, (f"--address={self.address}",)])
        ]

    def _start(self, place: int, *options: str) -> "subprocess.Popen[bytes]":
        log = self.folders[place] / "ray.log"
        command = [str(Path(sys.executable).parent / "ray"), "start", *options, *OPTIONS]
        command.append(f"--node-ip-address={HOSTS[place]}")
        with log.open("w") as file:
            node = subprocess.Popen(command, cwd=self.folders[place], stdout=file, stderr=file)
        wait_until(lambda: "Ray runtime started" in log.read_text(), SECONDS, f"node {place} is up")
        return node

    @contextmanager
    def command(self) -> Iterator["subprocess.Popen[str]"]:
        """What `make train-cluster` runs, on the first machine."""
        command = [sys.executable, "-m", "scripts.train_cluster", "gan", "--cluster", self.address]
        with subprocess.Popen(
            command,
            cwd=self.folders[0],
            env=os.environ | {"PYTHONPATH": f"src{os.pathsep}."},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            yield process

    def train_for_long(self) -> None:
        """Have more epochs than a test waits for."""
        for folder in self.folders:
            machines.set_params(folder, epochs=2000)

    def trainings(self, place: int) -> dict[int, str]:
        """The stage's processes on a machine."""
        return living(self.folders[place], "stages/train.py gan")

    def switch_off(self) -> None:
        """End it all."""
        for folder, node in zip(self.folders, self.nodes, strict=True):
            for process in living(folder):
                os.kill(process, signal.SIGKILL)
            node.wait()


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """Two machines that are ready to train."""
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    for name in [name for name in os.environ if name.startswith(("DVC_", "RAY_"))]:
        monkeypatch.delenv(name)
    settings = {"AUTH_MODE": "token", "AUTH_TOKEN": secrets.token_hex(32)}
    for name, value in (settings | {"process_group_cleanup_enabled": "1"}).items():
        monkeypatch.setenv(f"RAY_{name}", value)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")
    folders = [machines.clone(tmp_path / name) for name in ("first", "other")]
    make_project(folders[0])
    with tempfile.TemporaryDirectory(prefix="ray-", dir="/tmp", ignore_cleanup_errors=True) as temporary:
        made = Cluster(folders, temporary)
        yield made
        made.switch_off()


def make_project(folder: Path) -> None:
    """What the first machine has beside, to run a stage by DVC and to start the others."""
    for name in ("scripts", "studies"):
        copytree(ROOT / name, folder / name)
    (folder / ".dvc").mkdir()
    for name in (".gitignore", ".dvc/config", ".dvc/.gitignore"):
        copy(ROOT / name, folder / name)
    git("init", "--quiet", str(folder))


def test_a_killed_training_goes_on_to_the_bytes_of_two_devices(cluster: Cluster, tmp_path: Path) -> None:
    with cluster.command() as process:
        wait_for_epoch(process, 4)
        kill(cluster.trainings(1))
        said = ending(process)
    assert f"the training ended on {HOSTS[1]}, and so on all machines. Run the same again" in said
    assert not cluster.trainings(0) | cluster.trainings(1)
    require_going_on(cluster, tmp_path)
    assert "train_gan" in (cluster.folders[0] / "dvc.lock").read_text()
    assert not (cluster.folders[1] / "models").exists()


def test_an_interrupted_training_goes_on_to_the_bytes_of_two_devices(
    cluster: Cluster, tmp_path: Path
) -> None:
    with cluster.command() as process:
        wait_for_epoch(process, 4)
        process.send_signal(signal.SIGINT)
        said = ending(process, code=130)
    assert "Traceback" not in said
    wait_for_end(cluster)
    require_going_on(cluster, tmp_path)


def require_going_on(cluster: Cluster, folder: Path) -> None:
    """The same command goes on, to the bytes of one machine with two devices; ``folder``: for that one."""
    with cluster.command() as process:
        said, _ = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, said
    assert "Going on after epoch" in said
    alone = machines.clone(folder / "alone")
    subprocess.run([sys.executable, *machines.STAGE], cwd=alone, check=True, capture_output=True)
    assert machines.written(cluster.folders[0]) == machines.written(alone)


@pytest.mark.parametrize(
    ("place", "name", "said"),
    [
        (0, "stages/train.py gan", "exited with -9"),
        (0, "gcs_server", "the cluster's head, "),
        (1, "ray::run", f"the training ended on {HOSTS[1]}, and so on all"),
        (1, "raylet", f"the training ended on {HOSTS[1]}, and so on all"),
    ],
)
def test_whatever_is_killed_ends_all(place: int, name: str, said: str, cluster: Cluster) -> None:
    cluster.train_for_long()
    with cluster.command() as process:
        wait_for_epoch(process, 2)
        kill(living(cluster.folders[place], name))
        assert said in ending(process)
    wait_for_end(cluster)


def test_a_killed_command_ends_all(cluster: Cluster) -> None:
    cluster.train_for_long()
    with cluster.command() as process:
        wait_for_epoch(process, 2)
        process.kill()
    wait_for_end(cluster)


@pytest.mark.parametrize("place", [0, 1], ids=["the first", "another"])
def test_a_kill_while_tensorflow_loads_ends_all(place: int, cluster: Cluster) -> None:
    cluster.train_for_long()
    with cluster.command() as process:
        wait_until(lambda: bool(cluster.trainings(place)), SECONDS, "it starts")
        kill(cluster.trainings(place))
        ending(process)
    wait_for_end(cluster)


def test_a_kill_while_one_waits_for_another_ends_all(cluster: Cluster) -> None:
    """Of the one that waits, and of the command."""
    cluster.train_for_long()
    with cluster.command() as process:
        wait_for_waiting(cluster)
        kill(cluster.trainings(0))
        ending(process)
    wait_for_end(cluster)
    with cluster.command() as process:
        wait_for_waiting(cluster)
        process.kill()
    wait_for_end(cluster)


def kill(processes: Iterable[int]) -> None:
    assert processes
    for process in processes:
        os.kill(process, signal.SIGKILL)


def ending(process: "subprocess.Popen[str]", code: int = 1) -> str:
    """What a command printed, which has ended by itself in time, with one message, the project's or DVC's."""
    said, _ = process.communicate(timeout=END_SECONDS)
    assert process.returncode == code, said
    assert len(re.findall("^error: ", said, re.IGNORECASE | re.MULTILINE)) == 1, said
    return said


def wait_for_end(cluster: Cluster) -> None:
    """Until nothing of a training is left, which comes in time."""
    wait_until(lambda: not cluster.trainings(0) | cluster.trainings(1), END_SECONDS, "all has ended")


def wait_for_waiting(cluster: Cluster) -> None:
    """Until the first machine waits for the other, which is made not to come."""
    wait_until(lambda: bool(cluster.trainings(1)), SECONDS, "the other starts")
    for process in cluster.trainings(1):
        os.kill(process, signal.SIGSTOP)
    listens = f":{launcher.PORT:04X} 00000000:0000 0A"
    wait_until(lambda: listens in Path("/proc/net/tcp").read_text(), SECONDS, "the first waits")


def wait_for_epoch(process: "subprocess.Popen[str]", epoch: int) -> None:
    assert process.stdout
    assert any(line.startswith(f"epoch {epoch}/") for line in process.stdout)
