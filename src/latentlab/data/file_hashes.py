"""SHA-256 of many files or large ones, each read once and then again only when it may have changed.

A file is taken to be unchanged while its size, its inode and the times of its last change do not differ. The
time of the inode's change is one that no program can set, so no write goes unnoticed. What changed within the
last seconds is not remembered: a second write could leave the same time.
"""

import hashlib
import json
import os
import stat
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from latentlab.data.folder import resolve

# Where what is known of the files of each place lies; it may be deleted at any time.
MEMORY = ".latentlab/file_hashes"
SETTLED_NS = 2 * 10**9
# In place of the hash of what is no file, or may not be read.
UNREADABLE = "unreadable"

# Size, inode, times of the content's and the inode's change in ns, and the hash.
Known = dict[str, list[Any]]


def of(files: Mapping[str, Path], place: Path) -> dict[str, str]:
    """The hash of each file, by name; in the order of the names given.

    Args:
        files: where the file of each name lies.
        place: what they belong to; its path decides what is remembered together.

    Returns:
        64 hexadecimal digits each, or ``UNREADABLE``.
    """
    memory = resolve(MEMORY) / f"{hashlib.sha256(os.fsencode(place.resolve())).hexdigest()[:16]}.json"
    known, settled = _recall(memory), time.time_ns() - SETTLED_NS
    entries = {name: _look(path, known.get(name)) for name, path in files.items()}
    old = {name: entry for name, entry in entries.items() if max(entry[2:4]) < settled}
    if old != known:
        _remember(memory, old)
    return {name: entry[4] for name, entry in entries.items()}


def _look(path: Path, known: list[Any] | None) -> list[Any]:
    try:
        found = path.stat()
        state = [found.st_size, found.st_ino, found.st_mtime_ns, found.st_ctime_ns]
        if known and known[:4] == state:
            return known
        if not stat.S_ISREG(found.st_mode):  # To open a pipe would be to wait for its other end.
            return [*state, UNREADABLE]
        with path.open("rb") as file:
            return [*state, hashlib.file_digest(file, "sha256").hexdigest()]
    except OSError:
        return [0, 0, time.time_ns(), 0, UNREADABLE]


def _recall(memory: Path) -> Known:
    with suppress(OSError, ValueError):
        known = json.loads(memory.read_text(encoding="utf-8"))
        if isinstance(known, dict) and all(isinstance(v, list) and len(v) == 5 for v in known.values()):
            return known
    return {}


def _remember(memory: Path, known: Known) -> None:
    # It saves time, and no more: a folder that cannot be written is no reason to stop.
    with suppress(OSError):
        memory.parent.mkdir(parents=True, exist_ok=True)
        temporary = memory.with_suffix(f".{os.getpid()}")
        temporary.write_text(json.dumps(known), encoding="utf-8", newline="\n")
        temporary.replace(memory)
