"""What a chapter of the page is made of; the chapters themselves belong to what they tell of."""

from pathlib import Path
from typing import NamedTuple

from latentlab.showing.figures.curves import Panel


class Curves(NamedTuple):
    """Lines by epoch, drawn anew so that a reader can ask for their values.

    Attributes:
        panels: what to draw.
        records: the JSON file with a record an epoch.
        key: where in it the list of records is, dotted; empty where it is the file's whole content.
    """

    panels: tuple[Panel, ...]
    records: Path
    key: str = ""


class Grids(NamedTuple):
    """Images by epoch, to step through.

    Attributes:
        images: the file of them, uint8 (epochs, n, height, width, channels).
        epochs: the key of params.yaml that lists the epochs, dotted.
    """

    images: Path
    epochs: str


class Exhibit(NamedTuple):
    """A figure and how to read it.

    Attributes:
        name: of the figure without its suffix; ``*`` stands for anything, a blank parts names told together.
        title: what it shows.
        reading: one sentence on how to read it.
        instead: what is shown in its place; None where the figure is shown as it was drawn.
        is_wide: whether it takes the page's whole width, whatever its shape.
    """

    name: str
    title: str
    reading: str
    instead: Curves | Grids | None = None
    is_wide: bool = False


class Fact(NamedTuple):
    """A number of ``metrics.json`` that belongs to a chapter.

    Attributes:
        path: its dotted key.
        name: with the unit.
        reading: what it says.
    """

    path: str
    name: str
    reading: str


class Chapter(NamedTuple):
    """A part of the story.

    Attributes:
        key: the name of its model, or of its place in the page.
        title: its heading.
        lead: what it is about.
        exhibits: its figures in order.
        facts: its numbers in order.
    """

    key: str
    title: str
    lead: str
    exhibits: tuple[Exhibit, ...]
    facts: tuple[Fact, ...] = ()
