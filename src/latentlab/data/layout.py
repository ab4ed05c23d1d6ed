"""Whether a folder of images lies as it can be read, and which folder to name where it does not."""

from pathlib import Path

from latentlab.core.errors import DataError
from latentlab.data import tree
from latentlab.data.pictures import SUFFIXES
from latentlab.data.tree import Tree

# Folders inside of folders, in which images are looked for.
DEEPEST = 4
MOST_NAMED = 3


def require(found: Tree) -> None:
    """Refuse a folder whose images lie deeper than they are read, or whose parts have other classes.

    Raises:
        DataError: names a data.path that would work.
    """
    if not _has_images(found) and (better := _deeper(found.root)):
        named = " or ".join(f"data.path: {place}" for place in better[:MOST_NAMED])
        raise DataError(
            f"{found.root}: expected images, or a folder of them for each class, got images in folders that "
            f"lie deeper. Set {named} in params.yaml."
        )
    training = found.parts.get("train", "")
    expected = found.classes_of(training)
    for part in found.parts.values():
        if (came := found.classes_of(part)) != expected:
            raise DataError(
                f"{found.root}: expected folders of the same classes in {training} and {part}, got "
                f"{_difference(training, expected, came)} and {_difference(part, came, expected)}. Rename or "
                f"move them, or set data.path: {found.root / training} in params.yaml to use that part alone."
            )


def _has_images(found: Tree) -> bool:
    return any(file.lower().endswith(SUFFIXES) for file in found.files)


def _deeper(root: Path) -> list[Path]:
    """The folders below, all equally deep, that would do; the least deep ones."""
    level = [root]
    for _ in range(DEEPEST):
        level = [folder / name for folder in level for name in tree.names(folder)[1]]
        if fitting := [folder for folder in level if _has_images(tree.look(folder))]:
            return fitting
    return []


def _difference(part: str, ones: list[str], others: list[str]) -> str:
    """What a part has alone, in words."""
    alone = [tree.printable(name) for name in ones if name not in others]
    named = ", ".join(alone[:MOST_NAMED]) or "nothing"
    return f"in {part} alone {named}{' and others' if len(alone) > MOST_NAMED else ''}"
