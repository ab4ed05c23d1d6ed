"""Presets: files that say only what differs from params.yaml as committed, and how one is laid over it."""

import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from latentlab.core import settings
from latentlab.core.errors import ParamsError

FOLDER = Path("presets")
# Changes nothing, so it needs no file.
DEFAULT = "default"


class Leaf(NamedTuple):
    """A value in the text of a params file.

    Attributes:
        start, end: where its key ends, and where it does.
        text: as it is written, on one line.
    """

    start: int
    end: int
    text: str


def names(folder: Path = FOLDER) -> list[str]:
    """All presets, the default first."""
    return [DEFAULT, *sorted(path.stem for path in folder.glob("*.yaml"))]


def file(name: str, folder: Path = FOLDER) -> Path:
    """Where a preset other than the default lies."""
    return folder / f"{name}.yaml"


def summary(name: str, folder: Path = FOLDER) -> str:
    """The first sentence of the comment that a preset's file begins with."""
    if name == DEFAULT:
        return "params.yaml as committed."
    # A file in other letters is refused where it is used, and takes its name alone out of a list.
    lines = file(name, folder).read_text(encoding="utf-8", errors="replace").partition("\n\n")[0].splitlines()
    comment = " ".join(line.removeprefix("#").strip() for line in lines if line.startswith("#"))
    return f"{comment.partition('. ')[0].removesuffix('.')}."


def overlay(name: str, folder: Path = FOLDER) -> dict[str, Any]:
    """What a preset changes, by dotted key.

    Raises:
        ParamsError: its file cannot be read, or holds no keys.
    """
    if name == DEFAULT:
        return {}
    content = settings.read(file(name, folder))
    if not isinstance(content, Mapping):
        raise ParamsError(f"{file(name, folder)}: expected keys of params.yaml with values, got {content!r}")
    return settings.flatten(content)


def apply(name: str, base: str, folder: Path = FOLDER) -> str:
    """The text of params.yaml with a preset's values, written as they stand in its file, and all else kept.

    Raises:
        ParamsError: the base or the preset's file cannot be read, or this has a key that the base lacks.
    """
    known = leaves(base)
    if unknown := [key for key in overlay(name, folder) if key not in known]:
        raise ParamsError(f"{file(name, folder)}: expected keys of params.yaml, got {', '.join(unknown)}")
    preset = {} if name == DEFAULT else leaves(file(name, folder).read_text(encoding="utf-8"))
    # From below, so that what is above keeps its place.
    for key in sorted(preset, key=lambda key: known[key].start, reverse=True):
        base = f"{base[: known[key].start]}: {preset[key].text}{base[known[key].end :]}"
    return base


def committed() -> str | None:
    """The text of params.yaml in the last commit; None where there is no Git, no commit or no such file."""
    command = ["git", "show", f"HEAD:./{settings.PARAMS}"]
    try:
        return subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None


def leaves(text: str) -> dict[str, Leaf]:
    """Every value that is no section in the text of a params file, by dotted key, in order.

    Raises:
        ParamsError: it is no YAML.
    """
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except YAMLError as error:
        raise ParamsError(f"expected a readable YAML file of parameters, got: {error}") from error
    return dict(_below(root, text)) if isinstance(root, MappingNode) else {}


def _below(section: MappingNode, text: str, prefix: str = "") -> Iterator[tuple[str, Leaf]]:
    for key, value in section.value:
        if isinstance(value, MappingNode):
            yield from _below(value, text, f"{prefix}{key.value}.")
        else:
            start = key.end_mark.index
            end = start + len(text[start : _end(value)].rstrip())
            yield f"{prefix}{key.value}", Leaf(start, end, _one_line(value, text))


def _one_line(node: Node, text: str) -> str:
    if isinstance(node, SequenceNode):
        return f"[{', '.join(_one_line(item, text) for item in node.value)}]"
    return text[node.start_mark.index : node.end_mark.index].strip() or "null"


def _end(node: Node) -> int:
    """Where a value ends; a list with an item a line seems to go on to what comes next."""
    is_block = isinstance(node, SequenceNode) and not node.flow_style
    return _end(node.value[-1]) if is_block else int(node.end_mark.index)
