"""Which processes live in a folder, and waiting for what they do; on Linux, by what /proc says."""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

needs_proc = pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="/proc is Linux's")


def living(folder: Path, name: str = "") -> dict[int, str]:
    """The processes that work in a folder or below and that are called so, by what they were started with."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            # What is deleted is still named; what has ended is not.
            place = str((process / "cwd").readlink())
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if f"{place}/".startswith(f"{folder}/") and name in command:
                found[int(process.name)] = command
    return found


def wait_until(reached: Callable[[], bool], seconds: float, what: str) -> float:
    """Wait for something, and fail if it does not come; the seconds that it took."""
    start = time.monotonic()
    while not reached():
        assert time.monotonic() - start < seconds, f"not within {seconds} seconds: {what}"
        time.sleep(0.2)
    return time.monotonic() - start
