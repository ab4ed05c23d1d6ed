"""Which figure is told where."""

from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import PurePath

from latentlab.showing.report.chapters import Chapter, Exhibit
from latentlab.showing.report.wording import sentence_case, words

# What is drawn and told nowhere above; a test finds it empty.
REST = Chapter(
    "rest", "Further figures", "Figures that the story above does not place yet, by their file names.", ()
)


def place(
    files: Iterable[str], chapters: Iterable[Chapter]
) -> list[tuple[Chapter, list[tuple[Exhibit, list[str]]]]]:
    """The chapters with the figures that there are, in the story's order; what no chapter tells comes last.

    Args:
        files: names of figures with their suffixes.
        chapters: of the story, in order.

    Returns:
        Each chapter that has a figure, with its exhibits and the files of each.
    """
    left = sorted(files)
    placed = [
        (chapter, [(exhibit, _take(exhibit.name, left)) for exhibit in chapter.exhibits])
        for chapter in chapters
    ]
    placed.append((REST, [(_unknown(file), [file]) for file in left]))
    drawn = [(chapter, [(exhibit, found) for exhibit, found in told if found]) for chapter, told in placed]
    return [(chapter, told) for chapter, told in drawn if told]


def _unknown(file: str) -> Exhibit:
    return Exhibit(file, sentence_case(words(PurePath(file).stem)), f"This figure is {file}.")


def _take(names: str, left: list[str]) -> list[str]:
    """Take the files of an exhibit out of those that are left."""
    fitting = [file for file in left if any(fnmatch(PurePath(file).stem, name) for name in names.split())]
    left[:] = [file for file in left if file not in fitting]
    return fitting
