"""A sweep of four over two machines, and what follows when a process, a machine or the head is killed.

The machines are two nodes of Ray's on this one, each at a loopback address and with a home of its own; all
that they share is a bare repository and a folder for DVC's files.
"""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from studies.experiments import exchange
from tests import stub_pipeline
from tests.living import living, needs_proc, wait_until
from tests.stub_pipeline import git, run, started

pytestmark = [pytest.mark.cluster, needs_proc]

SWEEP = "title: Four\nmetric: gan.recall\nvary: {gan.dropout: [0.0, 0.25, 0.5, 0.75]}\n"
HEAD, WORKER = "127.0.0.2", "127.0.0.3"
# As docs/cluster.md has it.
OPTIONS = ("--num-cpus=2", "--object-store-memory=80000000", "--disable-usage-stats", "--block")
# What a busy machine takes.
SECONDS = 120
# Until what a killed process has started is gone, too.
ORPHAN_SECONDS = 10
# Until it is told that the head is gone.
TOLD_SECONDS = 30
# Ray waits for a head that is gone for a minute.
HEAD_SECONDS = 150


class Machine:
    """A node of Ray's.

    Attributes:
        home: all of its processes work in this folder or below.
        state: where its stages note their runs, and look whether they are held.
    """

    def __init__(self, home: Path, project: Path) -> None:
        """Give a machine its home, with the folder there that the exchange names."""
        self.home = home
        self.state = home / project / ".latentlab"
        self.state.mkdir(parents=True)

    def start(self, *options: str) -> None:
        """Have it join the cluster, and wait until it has."""
        command = [str(Path(sys.executable).parent / "ray"), "start", *options, *OPTIONS]
        log = self.home / "ray.log"
        with log.open("w") as file:
            self.node = subprocess.Popen(
                command, cwd=self.home, env=os.environ | {"HOME": str(self.home)}, stdout=file, stderr=file
            )
        wait_until(lambda: "Ray runtime started" in log.read_text(), SECONDS, f"{self.home.name} is up")

    def kill(self, name: str) -> None:
        """Kill what is called so."""
        for process in living(self.home, name):
            os.kill(process, signal.SIGKILL)

    def switch_off(self) -> None:
        """Kill all that runs there."""
        self.kill(name="")
        self.node.wait()

    def stages(self) -> dict[int, str]:
        """What runs there of experiments: DVC and the stages."""
        clones = self.state / "clones"
        return living(clones)

    def hold(self) -> None:
        """Let stages wait."""
        (self.state / "hold").touch()

    def release(self) -> None:
        """Let them end."""
        (self.state / "hold").unlink(missing_ok=True)

    def num_runs(self) -> int:
        """How many times a stage ran there."""
        log = self.state / "log"
        return len(log.read_text().split()) if log.exists() else 0


class Cluster:
    """Two machines, and a clone of the repository from which sweeps are started, as the working directory."""

    def __init__(self, folder: Path, project: Path, temporary: str) -> None:
        """Plan both machines; ``temporary``: a folder with a short name, for sockets."""
        self.head, self.worker = (Machine(folder / name, project) for name in ("head", "worker"))
        self.temporary = temporary
        self.start()

    def start(self) -> None:
        """Start both, at a port of their own."""
        with socket.socket() as free:
            free.bind((HEAD, 0))
            self.address = f"{HEAD}:{free.getsockname()[1]}"
        port = self.address.partition(":")[2]
        self.head.start(
            "--head",
            f"--node-ip-address={HEAD}",
            f"--port={port}",
            f"--temp-dir={self.temporary}",
            "--include-dashboard=false",
        )
        self.worker.start(f"--address={self.address}", f"--node-ip-address={WORKER}")

    def hold(self) -> None:
        """Let all stages wait."""
        for machine in (self.head, self.worker):
            machine.hold()

    def release(self) -> None:
        """Let them all end."""
        for machine in (self.head, self.worker):
            machine.release()

    def num_runs(self) -> int:
        """How many times a stage ran, wherever."""
        return self.head.num_runs() + self.worker.num_runs()

    def wait_for_all(self) -> None:
        """Until four stages run, two on each."""
        wait_until(lambda: self.head.num_runs() == self.worker.num_runs() == 2, SECONDS, "all four run")

    def switch_off(self) -> None:
        """End it all."""
        for machine in (self.head, self.worker):
            machine.switch_off()

    def command(self) -> tuple[str, ...]:
        """The sweep, as `scripts` take it."""
        return ("sweep", "run", "four", "--cluster", self.address)


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """Two machines and their remotes, with a sweep of four that nobody has run."""
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    for name in [name for name in os.environ if name.startswith(("DVC_", "RAY_", "MLFLOW_"))]:
        monkeypatch.delenv(name)
    settings = {"AUTH_MODE": "token", "AUTH_TOKEN": secrets.token_hex(32)}
    for name, value in (settings | {"process_group_cleanup_enabled": "1"}).items():
        monkeypatch.setenv(f"RAY_{name}", value)
    caller = tmp_path / "caller"
    caller.mkdir()
    monkeypatch.chdir(caller)
    monkeypatch.setenv("HOME", str(caller))
    stub_pipeline.create(caller)
    share(tmp_path)
    (caller / "sweeps").mkdir()
    (caller / "sweeps" / "four.yaml").write_text(SWEEP)
    project = Path(exchange.between_machines(git("rev-parse", "HEAD").strip()).home).relative_to("~")
    with tempfile.TemporaryDirectory(prefix="ray-", dir="/tmp", ignore_cleanup_errors=True) as temporary:
        made = Cluster(tmp_path, project, temporary)
        yield made
        made.switch_off()


def share(folder: Path) -> None:
    """A bare repository and a folder for files, which the caller's repository names."""
    git("init", "--quiet", "--bare", f"{folder}/origin.git")
    git("remote", "add", "origin", f"{folder}/origin.git")
    subprocess.run(["dvc", "remote", "add", "--quiet", "--default", "team", folder / "files"], check=True)
    git("commit", "--quiet", "--all", "--message", "Share")
    git("push", "--quiet", "origin", "HEAD:main")


def num_results() -> int:
    return len(git("ls-remote", "origin", "refs/exps/*").splitlines())


def require_results() -> None:
    """All four are here, with their scores."""
    points = json.loads(Path("reports/sweeps/four.json").read_text())["points"]
    assert [point["models"]["gan"]["recall"]["mean"] for point in points] == [0.0, 0.25, 0.5, 0.75]
    assert num_results() == 4


def test_both_machines_work_and_nothing_is_run_twice(cluster: Cluster) -> None:
    printed = run(*cluster.command())
    assert "0 of 4 experiments are done already\n4 at a time on 2 machines\n" in printed
    require_results()
    assert (cluster.head.num_runs(), cluster.worker.num_runs()) == (2, 2)
    assert "4 of 4 experiments are done already" in run(*cluster.command())
    assert cluster.num_runs() == 4


def test_an_address_where_no_ray_answers_is_told(cluster: Cluster) -> None:
    printed = run("sweep", "run", "four", "--cluster", "nonsense", code=1)
    assert "error: no Ray takes work at nonsense. CLUSTER, or RAY_ADDRESS, is the address" in printed
    printed = run(*cluster.command(), code=1, RAY_AUTH_TOKEN="b" * 64)
    assert f"error: no Ray takes work at {cluster.address}. " in printed


def test_an_interrupt_ends_what_runs_everywhere(cluster: Cluster) -> None:
    cluster.hold()
    with started(*cluster.command()) as process:
        cluster.wait_for_all()
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(SECONDS) == 130
    wait_until(lambda: not cluster.head.stages() | cluster.worker.stages(), ORPHAN_SECONDS, "all has ended")
    assert num_results() == 0


def test_a_killed_process_is_replaced_and_leaves_nothing(cluster: Cluster) -> None:
    cluster.hold()
    with started(*cluster.command()) as process:
        cluster.wait_for_all()
        before = cluster.worker.stages()
        cluster.worker.kill("ray::run")
        wait_until(lambda: not set(before) & set(cluster.worker.stages()), ORPHAN_SECONDS, "orphans are gone")
        cluster.release()
        printed, _ = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, printed
    require_results()
    # Two were killed; the other two ran once.
    assert cluster.num_runs() == 6


def test_a_killed_machine_leaves_its_work_to_the_other(cluster: Cluster) -> None:
    cluster.hold()
    with started(*cluster.command()) as process:
        cluster.wait_for_all()
        cluster.worker.kill("raylet")
        wait_until(lambda: not cluster.worker.stages(), ORPHAN_SECONDS, "orphans are gone")
        cluster.release()
        printed, _ = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, printed
    require_results()
    assert (cluster.head.num_runs(), cluster.worker.num_runs()) == (4, 2)


def test_when_the_head_is_killed_the_same_again_goes_on(cluster: Cluster) -> None:
    """Two had come to their end, and are not run again."""
    cluster.worker.hold()
    with started(*cluster.command()) as process:
        cluster.wait_for_all()
        wait_until(
            lambda: len(git("ls-remote", "origin", "refs/exps/*").splitlines()) == 2, SECONDS, "two end"
        )
        cluster.head.kill("gcs_server")
        printed, _ = process.communicate(timeout=TOLD_SECONDS)
    assert process.returncode == 1, printed
    assert f"error: the cluster's head, {cluster.address}, does not answer any more" in printed
    wait_until(lambda: not cluster.worker.stages(), HEAD_SECONDS, "the worker gave up")
    cluster.switch_off()
    cluster.release()
    cluster.start()
    assert "2 of 4 experiments are done already" in run(*cluster.command())
    require_results()
    assert cluster.num_runs() == 6
    print(printed)
