"""Who started this process: DVC, and the shell between the two where there is one."""

import os
import sys
from contextlib import suppress
from pathlib import Path


def lives() -> bool:
    """Whether who started this process is still there.

    Always so on Windows, which goes on to name a parent that has ended.
    """
    return os.getppid() == PARENT and (BEHIND is None or _parent(PARENT) == BEHIND)


def _parent(pid: int) -> int | None:
    """The parent of another process; None if that has ended, or the system shows none."""
    with suppress(OSError):
        told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        return int(told.rpartition(")")[2].split()[1])
    return None


def _waits(pid: int) -> bool:
    """Whether a process is a shell that was given this command and waits for its end.

    Debian's does; others become the command that they are given.
    """
    with suppress(OSError):
        given = Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0")
        return given.endswith(os.fsencode(" ".join(sys.argv)))
    return False


# Asked at once, because the imports that follow take seconds.
PARENT = os.getppid()
BEHIND = _parent(PARENT) if _waits(PARENT) else None
