"""Rows and blocks are those of the array, and a process that reads all of a file does not come to hold it."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from latentlab.core import artifacts, mapped

ARRAY = np.arange(24, dtype=np.uint8).reshape(6, 2, 2, 1)


def test_rows_are_copies_in_the_order_of_the_index() -> None:
    chosen = mapped.rows(ARRAY, np.array([[4, 0], [1, 1]]))
    assert chosen[..., 0, 0, 0].tolist() == [[16, 0], [4, 4]]
    assert not np.shares_memory(mapped.rows(ARRAY, slice(2)), ARRAY)


def test_rows_of_a_large_file_are_those_of_the_array(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapped, "LARGE_BYTES", 4)
    monkeypatch.setattr(mapped, "ROWS_AT_ONCE", 2)
    artifacts.save_array(tmp_path / "a.npy", ARRAY)
    array, index = artifacts.load_array(tmp_path / "a.npy"), np.array([[4, 0, 1], [1, 5, 3]])
    np.testing.assert_array_equal(mapped.rows(array, index), ARRAY[index])
    np.testing.assert_array_equal(mapped.rows(array, slice(1, 5, 2)), ARRAY[1:5:2])
    assert mapped.rows(array, index[:0]).shape == (0, 3, 2, 2, 1)


@pytest.mark.parametrize("bytes_each", [1, 4, 9, 100])
def test_blocks_hold_all_rows_once(bytes_each: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapped, "BLOCK_BYTES", bytes_each)
    parts = list(mapped.blocks(ARRAY))
    assert all(part.nbytes <= max(bytes_each, 4) for part in parts)
    np.testing.assert_array_equal(np.concatenate(parts), ARRAY)
    backwards = np.arange(6)[::-1]
    np.testing.assert_array_equal(np.concatenate(list(mapped.blocks(ARRAY, backwards))), ARRAY[::-1])


def test_a_block_has_16_mb() -> None:
    parts = mapped.blocks(np.zeros((40, 2**20), np.uint8))
    assert [len(part) for part in parts] == [16, 16, 8]


def test_a_spool_gives_back_what_came_and_leaves_no_file(tmp_path: Path) -> None:
    kept = mapped.spool([ARRAY[:4], ARRAY[4:]], tmp_path / "new")
    np.testing.assert_array_equal(kept, ARRAY)
    assert isinstance(kept, np.memmap)
    assert list((tmp_path / "new").iterdir()) == []
    assert len(mapped.spool([], tmp_path)) == 0


def test_blocks_on_disk_are_the_bytes_of_the_whole_array(tmp_path: Path) -> None:
    artifacts.save_array(tmp_path / "whole.npy", ARRAY)
    artifacts.save_blocks(tmp_path / "blocks.npy", ARRAY.shape, mapped.blocks(ARRAY))
    assert (tmp_path / "whole.npy").read_bytes() == (tmp_path / "blocks.npy").read_bytes()


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel of Linux says what a process holds")
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """What stages do with all training images, done with a gigabyte of them in a sparse file."""
    with (tmp_path / "a.npy").open("wb") as file:
        header = {"descr": "|u1", "fortran_order": False, "shape": (2**18, 64, 64, 1)}
        np.lib.format.write_array_header_1_0(file, header)
        file.truncate(file.tell() + 2**30)
    code = f"""
import resource, numpy as np
from latentlab.core import artifacts
from latentlab.learning import batches
from latentlab.data import duplicates
images = artifacts.load_array(artifacts.Path({str(tmp_path / "a.npy")!r}))
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
before = peak()
hashes = duplicates.short_hashes(images)
feed = batches.Drawn((images,), batch_size=64, steps=1024, seed=0)
drawn = sum(len(batch) * 64 for [batch] in batches.stacks(feed, epoch=1, steps=8))
print(len(hashes), drawn, peak() - before)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    num_hashes, num_drawn, megabytes = map(int, done.stdout.split())
    assert (num_hashes, num_drawn) == (2**18, 2**16)
    assert megabytes < 100
