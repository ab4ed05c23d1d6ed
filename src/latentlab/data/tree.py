"""Which files lie in a user's folder of images, and what is wrong with how they lie; nothing is opened."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from latentlab.core.errors import DataError
from latentlab.data.folder import require

MAX_FILES = 2_000_000
# What desktops leave behind, besides hidden files.
IGNORED = ("Thumbs.db", "desktop.ini", "__MACOSX")
# The split that a folder of such a name is for, whatever its case.
PARTS = {
    "train": "train",
    "training": "train",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "test": "test",
    "testing": "test",
}


class Tree(NamedTuple):
    """The visible files of a folder of images, by name in it, with / between part, class and file.

    Attributes:
        root: the folder.
        folders: its subfolders for classes, of each part in turn; none of a folder without labels.
        files: of each of them in turn, or of the folder or its parts themselves.
        misplaced: what does not belong where it lies, and why.
        parts: the name of the folder for train, and for validation and test where they are there; empty of a
            folder without parts.
    """

    root: Path
    folders: list[str]
    files: list[str]
    misplaced: dict[str, str]
    parts: dict[str, str]

    @property
    def classes(self) -> list[str]:
        """Names of the classes, in order."""
        return list(dict.fromkeys(folder.rpartition("/")[2] for folder in self.folders))

    def classes_of(self, part: str) -> list[str]:
        """Those that have a subfolder in the folder of a part."""
        return [folder.rpartition("/")[2] for folder in self.folders if folder.startswith(f"{part}/")]


def scan(path: str | None) -> Tree:
    """The folder at a path, absolute or relative to the root of the repository.

    Raises:
        DataError: there is no such folder, it has more than ``MAX_FILES`` files, or two folders for a part.
    """
    return look(require(path, "a folder of images", "folder", Path.is_dir))


def look(root: Path) -> Tree:
    """The folder at a place; errors as of :func:`scan`."""
    loose, folders = names(root)
    parts = _parts(root, folders)
    if not parts:
        return _counted(_classes(root, ""))
    found = {name: _classes(root, f"{name}/") for name in parts.values()}
    trees = found.values()
    misplaced = dict.fromkeys(loose, "lies beside the folders of the parts")
    for tree in trees:
        misplaced |= tree.misplaced
    return _counted(
        Tree(
            root,
            [folder for tree in trees for folder in tree.folders],
            [file for tree in trees for file in tree.files],
            misplaced,
            # An empty folder is no part.
            {split: name for split, name in parts.items() if split == "train" or any(found[name][1:4])},
        )
    )


def printable(name: str) -> str:
    """A name as text that every terminal and file can take; bytes that are no text become escapes."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def names(folder: Path) -> tuple[list[str], list[str]]:
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


def _parts(root: Path, folders: list[str]) -> dict[str, str]:
    """The folder for each split, if all folders are for some and one is for train."""
    splits = [PARTS.get(name.casefold()) for name in folders]
    if None in splits or "train" not in splits:
        return {}
    parts = {split: name for split, name in zip(splits, folders, strict=True) if split}
    if len(parts) < len(folders):
        raise DataError(
            f"{root}: expected one folder for each of {', '.join(parts)}, got {', '.join(folders)}. Put "
            "together what belongs together, or correct data.path in params.yaml."
        )
    return {split: parts[split] for split in ("train", "validation", "test") if split in parts}


def _classes(root: Path, part: str) -> Tree:
    """The folder itself, or one of a part, whose name and / come before all names."""
    loose, classes = names(root / part)
    if not classes:
        return Tree(root, [], [part + file for file in loose], {}, {})
    files: list[str] = []
    misplaced = {part + file: "lies beside the folders of the classes" for file in loose}
    for name in classes:
        inner, deeper = names(root / part / name)
        files += [f"{part}{name}/{file}" for file in inner]
        misplaced |= {f"{part}{name}/{folder}": "is a folder inside of a class" for folder in deeper}
    return Tree(root, [part + name for name in classes], files, misplaced, {})


def _counted(tree: Tree) -> Tree:
    if len(tree.files) > MAX_FILES:
        raise DataError(
            f"{tree.root}: expected at most {MAX_FILES} files, got {len(tree.files)}. "
            "Correct data.path in params.yaml."
        )
    return tree
