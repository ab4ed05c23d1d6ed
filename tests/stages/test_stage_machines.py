"""One training in two processes, as two machines run it: the bytes of two devices, whatever is killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from latentlab.learning import devices
from tests import machines
from tests.living import needs_proc
from tests.machines import STAGE

# Linux answers to all of 127.0.0.0/8.
pytestmark = [pytest.mark.cluster, needs_proc]

# Until all have ended once one is killed, as docs/cluster.md says.
END_SECONDS = 30
GONE = "error: another machine of this training is gone, so it stops on all. Run the same again"
PATCHED = "from latentlab.learning import devices; devices.DEADLINE_SECONDS = 5; import runpy, sys; "
PATCHED += "sys.argv = ['stages/train.py', 'gan']; runpy.run_path(sys.argv[0], run_name='__main__')"


class Machines:
    """Two clones that share nothing, with equal data."""

    def __init__(self, folders: list[Path]) -> None:
        """Train in these, of which the first leads."""
        self.folders = folders

    @contextmanager
    def training(self, *commands: tuple[str, ...]) -> Iterator["list[subprocess.Popen[str]]"]:
        """The processes of a training; as many as there are commands come, of two."""
        folders = self.folders[: len(commands)]
        processes = machines.started(commands, folders, machines.addresses())
        with ExitStack() as stack:
            for process in processes:
                stack.enter_context(process)
                stack.callback(process.kill)
            yield processes

    def train(self) -> str:
        """Train to the end; what the first printed."""
        with self.training(STAGE, STAGE) as processes:
            printed = [process.communicate()[0] for process in processes]
        assert [process.returncode for process in processes] == [0, 0], "\n".join(printed)
        return printed[0]

    @property
    def outputs(self) -> dict[str, bytes]:
        """The files that the first wrote, by name."""
        return machines.written(self.folders[0])


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machines:
    """Two machines whose clones are ready to train."""
    for name in ("DVC_ROOT", "DVC_STAGE", "DVC_EXP_NAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")
    return Machines([machines.clone(tmp_path / name) for name in ("first", "other")])


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What one machine writes of the same training on two devices."""
    folder = machines.clone(tmp_path_factory.mktemp("alone") / "alone")
    environment = os.environ | {"MLFLOW_TRACKING_URI": "http://127.0.0.1:9"}
    subprocess.run([sys.executable, *STAGE], cwd=folder, env=environment, check=True, capture_output=True)
    return machines.written(folder)


def wait_for_epoch(process: "subprocess.Popen[str]", epoch: int) -> None:
    assert process.stdout
    assert any(line.startswith(f"epoch {epoch}/") for line in process.stdout)


def test_two_machines_give_the_bytes_of_two_devices(two: Machines, expected: dict[str, bytes]) -> None:
    two.train()
    assert two.outputs == expected
    assert {"generator.keras", "samples.npy", "snapshots/epoch_005.keras"} <= set(expected)
    # The other one kept nothing.
    other = two.folders[1]
    assert not (other / "models").exists()
    assert not (other / ".latentlab").exists()


@pytest.mark.parametrize("killed", [0, 1], ids=["the first", "another"])
def test_a_kill_ends_all_and_the_same_again_gives_the_same_bytes(
    killed: int, two: Machines, expected: dict[str, bytes]
) -> None:
    with two.training(STAGE, STAGE) as processes:
        wait_for_epoch(processes[0], 6)
        processes[killed].send_signal(signal.SIGKILL)
        start = time.monotonic()
        said, _ = processes[1 - killed].communicate(timeout=END_SECONDS)
    print(f"ended after {time.monotonic() - start:.1f} seconds")
    assert processes[1 - killed].returncode == 1, said
    assert said.count("error: ") == 1
    assert GONE in said
    assert two.outputs == {}
    assert "Going on after epoch" in two.train()
    assert two.outputs == expected


def test_a_machine_that_never_comes_is_named(two: Machines) -> None:
    with two.training(("-c", PATCHED)) as [process]:
        said, _ = process.communicate(timeout=END_SECONDS)
    assert process.returncode == 1
    assert f"error: waited 5 seconds for {machines.HOSTS[1]}:" in said
    assert devices.DEADLINE_SECONDS > 60


def test_machines_that_differ_are_refused(two: Machines) -> None:
    path = two.folders[1] / "params.yaml"
    path.write_text(path.read_text().replace("\nseed: 1", "\nseed: 2", 1))
    with two.training(STAGE, STAGE) as processes:
        printed = [process.communicate(timeout=2 * END_SECONDS)[0] for process in processes]
    assert [process.returncode for process in processes] == [1, 1]
    assert "error: this machine would train something else than the first" in printed[1]
