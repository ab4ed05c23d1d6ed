import errno
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from filelock import Timeout

from latentlab.core.errors import ArtifactError
from latentlab.learning import checkpoints
from latentlab.learning.checkpoints import MOST_KEPT, Checkpoint, Progress, claim, discard_finished
from tests.counting_learner import Variable
from tests.imports import ROOT

PROGRESS = Progress(
    [{"epoch": 1, "loss": 0.1 + 0.2}, {"epoch": 2, "loss": 1e-300}],
    [
        {"samples": np.arange(8, dtype=np.uint8).reshape(2, 2, 2, 1), "planes": np.ones((3, 2))},
        {"samples": np.full((2, 2, 2, 1), 7, np.uint8)},
    ],
)


def variables(fill: float = 0) -> list[Variable]:
    """Variables of three kinds: weights, a counter and a random state."""
    return [
        Variable(np.full((2, 3), fill, np.float32)),
        Variable(np.array(int(fill), np.int64)),
        Variable(np.array([3, int(fill)], np.uint32)),
    ]


def contents(those: list[Variable]) -> list[bytes]:
    return [np.asarray(variable).tobytes() for variable in those]


def saved(folder: Path) -> Path:
    """A folder with a saved state, and the path of its file."""
    Checkpoint(folder).save(variables(9), PROGRESS)
    return folder / "state.npz"


def assert_restored(folder: Path) -> None:
    restored = variables()
    progress = Checkpoint(folder).restore(restored)
    assert contents(restored) == contents(variables(9))
    assert progress.history == PROGRESS.history
    assert [list(sample) for sample in progress.samples] == [list(sample) for sample in PROGRESS.samples]
    for sample, expected in zip(progress.samples, PROGRESS.samples, strict=True):
        assert all(np.array_equal(sample[name], expected[name]) for name in expected)


def test_what_is_saved_is_restored_to_the_bit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved(tmp_path)
    assert_restored(tmp_path)
    assert "Going on after epoch 2" in capsys.readouterr().out


def test_nothing_saved_is_a_clean_start_without_a_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    restored = variables(5)
    assert Checkpoint(tmp_path / "none").restore(restored) == Progress([], [])
    assert contents(restored) == contents(variables(5))
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"\x93NUMPY\x01\x00", b"no archive"], ids=["empty", "zip", "npy", "text"]
)
def test_a_damaged_file_starts_clean_and_says_so(
    tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    path = saved(tmp_path)
    path.write_bytes(content)
    restored = variables(5)
    assert Checkpoint(tmp_path).restore(restored) == Progress([], [])
    assert contents(restored) == contents(variables(5))
    assert f"{path} is damaged, so training starts clean" in capsys.readouterr().out


@pytest.mark.parametrize("flip", [0x01, 0xFF])
def test_no_damage_of_a_single_byte_passes_for_a_good_state(tmp_path: Path, flip: int) -> None:
    """A flip of a date harms nothing; any other must lead to a clean start."""
    path = saved(tmp_path)
    good = path.read_bytes()
    starts = 0
    for place in range(0, len(good), 2):
        path.write_bytes(good[:place] + bytes([good[place] ^ flip]) + good[place + 1 :])
        restored = variables()
        if Checkpoint(tmp_path).restore(restored).history:
            assert_restored(tmp_path)
        else:
            starts += 1
            assert contents(restored) == contents(variables())
    assert starts > len(good) / 4


def test_a_damaged_shape_is_noticed_though_fewer_bytes_are_read_than_lie_there(tmp_path: Path) -> None:
    big = Variable(np.ones((3, 2000), np.float32))
    Checkpoint(tmp_path).save([big], PROGRESS)
    path = tmp_path / "state.npz"
    content = path.read_bytes()
    assert content.count(b"(3, 2000)") == 1
    path.write_bytes(content.replace(b"(3, 2000)", b"(2, 2000)"))
    assert Checkpoint(tmp_path).restore([big]).history == []


@pytest.mark.parametrize(
    "error", [MemoryError(), PermissionError(), OSError(errno.EIO, "storage"), OSError(errno.EMFILE, "files")]
)
def test_a_file_that_only_cannot_be_read_now_is_kept(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A training that started clean would soon overwrite it."""
    saved(tmp_path)

    def fail(*_: Any) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(checkpoints, "_read", fail)
        with pytest.raises(type(error)):
            Checkpoint(tmp_path).restore(variables())
    assert_restored(tmp_path)


def test_a_truncated_file_starts_clean(tmp_path: Path) -> None:
    path = saved(tmp_path)
    good = path.read_bytes()
    for length in range(0, len(good), 50):
        path.write_bytes(good[:length])
        assert Checkpoint(tmp_path).restore(variables()).history == []


def take_snapshot(folder: Path, epoch: int, content: bytes) -> Path:
    checkpoint = Checkpoint(folder)
    checkpoint.snapshot_path(epoch).parent.mkdir(parents=True, exist_ok=True)

    def write(path: Path) -> None:
        path.write_bytes(content)

    checkpoint.take_snapshot(epoch, write)
    return checkpoint.snapshot_path(epoch)


def test_snapshots_are_kept_beside_the_state_which_does_not_grow(tmp_path: Path) -> None:
    size = saved(tmp_path).stat().st_size
    paths = [take_snapshot(tmp_path, epoch, bytes(100_000)) for epoch in (5, 10)]
    assert [path.relative_to(tmp_path).as_posix() for path in paths] == [
        "snapshots/epoch_005.keras",
        "snapshots/epoch_010.keras",
    ]
    assert saved(tmp_path).stat().st_size < size + 1000
    assert_restored(tmp_path)


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"")], ids=["gone", "empty"])
def test_a_snapshot_that_is_lost_starts_clean(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    path = take_snapshot(tmp_path, 5, b"weights")
    saved(tmp_path)
    assert_restored(tmp_path)
    damage(path)
    restored = variables(5)
    assert Checkpoint(tmp_path).restore(restored) == Progress([], [])
    assert contents(restored) == contents(variables(5))


def test_a_snapshot_that_is_newer_than_the_state_does_no_harm(tmp_path: Path) -> None:
    """The training was killed between the two, and will take it again."""
    take_snapshot(tmp_path, 1, b"weights")
    saved(tmp_path)
    take_snapshot(tmp_path, 2, b"newer weights")
    assert_restored(tmp_path)


def test_run_id_is_kept_beside_the_state(tmp_path: Path) -> None:
    checkpoint = Checkpoint(tmp_path / "new")
    assert checkpoint.run_id is None
    checkpoint.run_id = "abc"
    saved(tmp_path / "new")
    assert Checkpoint(tmp_path / "new").run_id == "abc"
    (tmp_path / "new" / "run.json").write_text("")
    assert checkpoint.run_id is None


def test_a_folder_is_claimed_and_kept_until_nobody_needs_it(tmp_path: Path) -> None:
    root = tmp_path / "new" / "root"
    claim_and_finish(root, "key")
    claim_and_finish(root, "other")
    assert names(root) == {"train_vae-key-0", "train_vae-other-0"}
    with claim(root, "train_vae", "key") as checkpoint:
        assert checkpoint.restore(variables()).history == PROGRESS.history
        discard_finished(root, "train_vae", "key")  # An equal training has it in use.
        assert names(root) == {"train_vae-key-0", "train_vae-other-0"}
    discard_finished(root, "train_vae", "key")
    assert names(root) == {"train_vae-other-0"}


def test_only_finished_folders_are_discarded_and_all_copies_of_them(tmp_path: Path) -> None:
    with claim(tmp_path, "train_vae", "key"), claim(tmp_path, "train_vae", "key"):
        pass
    claim_and_finish(tmp_path, "key2")
    with pytest.raises(KeyboardInterrupt):
        claim_and_fail(tmp_path, KeyboardInterrupt(), "interrupted")
    for key in ("key", "interrupted"):
        discard_finished(tmp_path, "train_vae", key)
        discard_finished(tmp_path, "train_gan", key)
    assert names(tmp_path) == {"train_vae-key2-0", "train_vae-interrupted-0"}


def names(root: Path) -> set[str]:
    return {folder.name for folder in root.glob("*/")}


def claim_and_finish(root: Path, key: str) -> None:
    with claim(root, "train_vae", key) as checkpoint:
        checkpoint.save(variables(9), PROGRESS)


def claim_and_fail(root: Path, error: BaseException, key: str = "key") -> None:
    with claim(root, "train_vae", key) as checkpoint:
        checkpoint.save(variables(9), PROGRESS)
        raise error


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError("a defect"), Timeout("another lock")])
def test_a_folder_outlives_an_error_and_is_found_again(tmp_path: Path, error: BaseException) -> None:
    with pytest.raises(type(error)):
        claim_and_fail(tmp_path, error)
    with claim(tmp_path, "train_vae", "other") as checkpoint:
        assert checkpoint.restore(variables()).history == []
    with claim(tmp_path, "train_vae", "key") as checkpoint:
        assert checkpoint.restore(variables()).history == PROGRESS.history


def test_equal_trainings_at_once_do_not_share_a_folder(tmp_path: Path) -> None:
    with claim(tmp_path, "train_vae", "key") as first:
        first.save(variables(9), PROGRESS)
        with claim(tmp_path, "train_vae", "key") as second:
            assert second.restore(variables()).history == []
            second.save(variables(1), Progress([], []))
            assert len(list(tmp_path.glob("*/"))) == 2
        assert first.restore(variables()).history == PROGRESS.history


def test_a_killed_process_gives_its_folder_free(tmp_path: Path) -> None:
    code = f"""
import time
from pathlib import Path
from latentlab.learning.checkpoints import claim
from tests.learning.test_checkpoints import PROGRESS, variables
with claim(Path({str(tmp_path)!r}), "train_vae", "key") as checkpoint:
    checkpoint.save(variables(9), PROGRESS)
    print("saved", flush=True)
    time.sleep(60)
"""
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout
        assert process.stdout.readline() == b"saved\n"
        with claim(tmp_path, "train_vae", "key") as other:
            assert other.restore(variables()).history == []
        process.send_signal(signal.SIGKILL)
    with claim(tmp_path, "train_vae", "key") as checkpoint:
        assert checkpoint.restore(variables()).history == PROGRESS.history


def test_the_oldest_are_discarded_but_none_that_is_in_use(tmp_path: Path) -> None:
    def interrupt(key: str) -> None:
        with pytest.raises(KeyboardInterrupt):
            claim_and_fail(tmp_path, KeyboardInterrupt(), key)

    def kept() -> set[str]:
        return {folder.name.split("-")[1] for folder in tmp_path.glob("*/")}

    with ExitStack() as stack:
        stack.enter_context(claim(tmp_path, "train_vae", "used"))
        for number in range(MOST_KEPT + 3):
            interrupt(str(number))
            assert len(kept()) <= MOST_KEPT + 1
        assert kept() == {"used", *map(str, range(3, MOST_KEPT + 3))}
    interrupt("3")
    interrupt("new")
    assert kept() == {"3", "new", *map(str, range(5, MOST_KEPT + 3))}
    assert len(kept()) == MOST_KEPT


def test_a_finished_training_makes_room_for_an_interrupted_one(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        claim_and_fail(tmp_path, KeyboardInterrupt(), "interrupted")
    for number in range(MOST_KEPT + 1):
        claim_and_finish(tmp_path, str(number))
    kept = {f"train_vae-{number}-0" for number in range(2, MOST_KEPT + 1)}
    assert names(tmp_path) == {"train_vae-interrupted-0", *kept}


def test_a_folder_that_another_training_removes_meanwhile_is_no_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(MOST_KEPT + 1):
        (tmp_path / f"train_gan-{number}-0").mkdir()
    worth = checkpoints._worth

    def remove_first(folder: Path) -> tuple[bool, int]:
        shutil.rmtree(tmp_path / "train_gan-0-0", ignore_errors=True)
        return worth(folder)

    monkeypatch.setattr(checkpoints, "_worth", remove_first)
    with claim(tmp_path, "train_vae", "key"):
        assert len(list(tmp_path.glob("*/"))) == MOST_KEPT


def test_a_full_disk_is_one_clear_error_and_keeps_the_last_good_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A limit on the size of files stands for the disk; Python ignores its signal, so writing fails."""
    saved(tmp_path)
    big = [Variable(np.zeros(100_000, np.float32)), *variables()[1:]]
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        with pytest.raises(ArtifactError, match=r"state\.npz could not be written.*Free disk space"):
            Checkpoint(tmp_path).save(big, PROGRESS)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [path.name for path in tmp_path.iterdir()] == ["state.npz"]
    assert_restored(tmp_path)


def test_a_state_is_whole_at_every_moment(tmp_path: Path) -> None:
    """A process that saves again and again is killed; whatever it left can be restored."""
    code = f"""
from pathlib import Path
from latentlab.learning.checkpoints import Checkpoint
from tests.learning.test_checkpoints import PROGRESS, variables
while True:
    Checkpoint(Path({str(tmp_path)!r})).save(variables(9), PROGRESS)
    print("saved", flush=True)
"""
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    rng = np.random.default_rng()
    for _ in range(2):
        with subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, env=environment
        ) as process:
            assert process.stdout
            process.stdout.readline()
            time.sleep(rng.uniform(0, 0.1))
            process.kill()
        assert_restored(tmp_path)
