"""The page: outputs in, HTML out, the same bytes for the same outputs."""

from typing import Any, NamedTuple

from latentlab.showing import pages
from latentlab.showing.figures import style
from latentlab.showing.report import curves, scores, story, tables, verdicts, yardstick
from latentlab.showing.report.chapters import Chapter, Curves, Exhibit, Fact, Grids
from latentlab.showing.report.outputs import Outputs
from latentlab.showing.report.pictures import Picture
from latentlab.showing.report.wording import number, sentence_case, words

# Ratios of width to height: above, a picture has the page's whole width, or is moved sideways on a phone.
WIDE, BROAD = 2.0, 1.5


class Shown(NamedTuple):
    """An exhibit with what is shown of it: pictures by file name, charts, or grids by epoch."""

    exhibit: Exhibit
    pictures: dict[str, Picture]
    charts: list[curves.Chart]
    grids: dict[str, Picture]

    @property
    def is_wide(self) -> bool:
        """Whether half of the page would be too narrow for it."""
        return self.exhibit.is_wide or self._ratio > WIDE or len(self.charts) > 1

    @property
    def is_broad(self) -> bool:
        """Whether a phone would be too narrow for it."""
        return self._ratio > BROAD

    @property
    def _ratio(self) -> float:
        """Of the broadest picture's width to its height; 0 where there is none."""
        return max((picture.width / picture.height for picture in self.pictures.values()), default=0.0)


class Part(NamedTuple):
    """A chapter with what is shown of it."""

    chapter: Chapter
    shown: list[Shown]
    facts: list[tuple[Fact, str]]


def render(outputs: Outputs) -> str:
    """The whole page, which asks for nothing outside itself."""
    environment = pages.environment("latentlab.showing.report", "templates")
    environment.filters |= {"number": number, "words": words, "sentence_case": sentence_case}
    return environment.get_template("page.html").render(_content(outputs))


def _content(outputs: Outputs) -> dict[str, Any]:
    params = tables.params(outputs.params, outputs.origin)
    metrics, models = outputs.metrics, outputs.models
    return {
        "outputs": outputs,
        "params": params,
        "changed": [param for param in params if param.usual is not None],
        "warning": pages.warning(outputs.yardstick),
        "parts": parts(outputs),
        "cards": scores.cards(metrics, models),
        "verdicts": verdicts.judged(outputs.verdict, metrics, models),
        "shared": verdicts.shared(outputs.verdict),
        "ways": scores.ways(metrics, models),
        "headline": scores.headline(metrics),
        "networks": yardstick.networks(outputs.yardstick),
        "judged_scores": yardstick.scores(outputs.yardstick, metrics["features"]),
        "classes": yardstick.classes(metrics["features"]),
        "numbers": tables.all_numbers(metrics),
        "titles": {"real": "Real images"} | {model.name: model.title for model in models},
        "lines": style.PALETTE,
        "drawing": curves,
    }


def parts(outputs: Outputs) -> list[Part]:
    """The chapters that have a figure, in the story's order."""
    return [
        Part(chapter, [_show(*exhibit, outputs) for exhibit in told], tables.facts(chapter, outputs.metrics))
        for chapter, told in story.place(outputs.figures, [yardstick.CHAPTER, *outputs.chapters])
    ]


def _show(exhibit: Exhibit, files: list[str], outputs: Outputs) -> Shown:
    match exhibit.instead:
        case Curves(panels=panels):
            return Shown(exhibit, {}, curves.charts(panels, outputs.histories[exhibit.name]), {})
        case Grids():
            return Shown(exhibit, {}, [], outputs.grids[exhibit.name])
    return Shown(exhibit, {file: outputs.figures[file] for file in files}, [], {})
