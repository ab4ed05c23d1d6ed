"""What families say and draw of themselves: colours, curves and chapters."""

import re

import pytest

from latentlab.core.family import Family
from latentlab.families import roster
from latentlab.families.together import story as together
from latentlab.showing.figures.style import PALETTE
from latentlab.showing.report.chapters import Curves


def test_models_have_colours_of_their_own_that_every_eye_tells_apart() -> None:
    colours = [model.colour for _, model in roster.models().values()]
    assert set(colours) <= set(PALETTE)
    assert len(set(colours)) == len(colours)


@pytest.mark.parametrize("family", roster.FAMILIES, ids=lambda family: family.name)
def test_curves_say_what_they_measure(family: Family) -> None:
    told = [exhibit.instead for exhibit in roster.part(family, "story").CHAPTER.exhibits]
    for panel in [panel for curves in told if isinstance(curves, Curves) for panel in curves.panels]:
        assert panel.title
        # A loss has the unit of the objective that is chosen.
        assert re.search(r"nats|share|^loss$|kernel distance", panel.y_label)


@pytest.mark.parametrize("family", roster.FAMILIES, ids=lambda family: family.name)
def test_a_chapter_has_its_familys_name(family: Family) -> None:
    assert roster.part(family, "story").CHAPTER.key == family.name


def test_each_exhibit_says_how_to_read_it_in_one_sentence() -> None:
    chapters = [roster.part(family, "story").CHAPTER for family in roster.FAMILIES]
    for exhibit in [exhibit for chapter in (*chapters, together.CHAPTER) for exhibit in chapter.exhibits]:
        assert exhibit.reading.endswith(".")
        assert ". " not in exhibit.reading
