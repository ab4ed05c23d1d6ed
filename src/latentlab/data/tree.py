"""Which files lie in a user's folder of images, and what is wrong with how they lie; nothing is opened."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from latentlab.core.errors import DataError
from latentlab.data.folder import require

MAX_FILES = 2_000_000
# What desktops leave behind, besides hidden files.
IGNORED = ("Thumbs.db", "desktop.ini")


class Tree(NamedTuple):
    """The visible files of a folder of images, by name in it, with / between class and file.

    Attributes:
        root: the folder.
        classes: names of its subfolders, in order; none of a folder without labels.
        files: of each class in turn, or of the folder itself.
        misplaced: what does not belong where it lies, and why.
    """

    root: Path
    classes: list[str]
    files: list[str]
    misplaced: dict[str, str]


def scan(path: str | None) -> Tree:
    """The folder at a path, absolute or relative to the root of the repository.

    Raises:
        DataError: there is no such folder, or it holds more than ``MAX_FILES`` files.
    """
    root = require(path, "a folder of images", "folder", Path.is_dir)
    loose, classes = _names(root)
    if not classes:
        return Tree(root, [], _counted(root, loose), {})
    files: list[str] = []
    misplaced = dict.fromkeys(loose, "lies beside the folders of the classes")
    for name in classes:
        inner, deeper = _names(root / name)
        files += [f"{name}/{file}" for file in inner]
        misplaced |= {f"{name}/{folder}": "is a folder inside of a class" for folder in deeper}
    return Tree(root, classes, _counted(root, files), misplaced)


def printable(name: str) -> str:
    """A name as text that every terminal and file can take; bytes that are no text become escapes."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _names(folder: Path) -> tuple[list[str], list[str]]:
    """Visible files and folders in a folder: numbers by value, then others by their bytes."""
    try:
        with os.scandir(folder) as entries:
            visible = [e for e in entries if not e.name.startswith(".") and e.name not in IGNORED]
            kinds: Iterator[tuple[str, bool]] = ((entry.name, entry.is_dir()) for entry in visible)
            found = sorted(kinds, key=lambda kind: _order(kind[0]))
    except OSError as error:
        raise DataError(f"data.path: expected folders that can be read, got: {error}.") from error
    return [name for name, is_dir in found if not is_dir], [name for name, is_dir in found if is_dir]


def _order(name: str) -> tuple[bool, int, bytes]:
    is_number = name.isascii() and name.isdecimal() and len(name) < 20
    return not is_number, int(name) if is_number else 0, os.fsencode(name)


def _counted(root: Path, files: list[str]) -> list[str]:
    if len(files) > MAX_FILES:
        raise DataError(
            f"{root}: expected at most {MAX_FILES} files, got {len(files)}. Correct data.path in params.yaml."
        )
    return files
