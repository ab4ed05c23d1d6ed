"""The page: outputs in, HTML out, the same bytes for the same outputs."""

from typing import Any, NamedTuple

from latentlab.showing import pages
from latentlab.showing.figures import style
from latentlab.showing.report import chapters, curves, scores, story, tables, verdicts
from latentlab.showing.report.outputs import Outputs
from latentlab.showing.report.pictures import Picture
from latentlab.showing.report.wording import number, sentence_case, words

# Ratios of width to height: above, a picture has the page's whole width, or is moved sideways on a phone.
WIDE, BROAD = 2.0, 1.5


class Shown(NamedTuple):
    """An entry of the story with what is shown of it: pictures by name, or charts, or the grids' epochs."""

    entry: chapters.Entry
    pictures: dict[str, Picture]
    charts: list[curves.Chart]

    @property
    def is_wide(self) -> bool:
        """Whether half of the page would be too narrow for it."""
        return self._ratio > WIDE or len(self.charts) > 1

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

    chapter: chapters.Chapter
    shown: list[Shown]
    facts: list[tuple[chapters.Fact, str]]


def render(outputs: Outputs) -> str:
    """The whole page, which asks for nothing outside itself."""
    environment = pages.environment("latentlab.showing.report", "templates")
    environment.filters |= {"number": number, "words": words, "sentence_case": sentence_case}
    return environment.get_template("page.html").render(_content(outputs))


def _content(outputs: Outputs) -> dict[str, Any]:
    params = tables.params(outputs.params, outputs.origin)
    return {
        "outputs": outputs,
        "params": params,
        "changed": [param for param in params if param.usual is not None],
        "parts": parts(outputs),
        "cards": scores.cards(outputs.metrics),
        "verdicts": verdicts.judged(outputs.verdict, outputs.metrics),
        "shared": verdicts.shared(outputs.verdict),
        "ways": scores.ways(outputs.metrics),
        "headline": scores.headline(outputs.metrics),
        "numbers": tables.all_numbers(outputs.metrics),
        "colours": style.MODEL_COLOURS,
        "lines": style.PALETTE,
        "model_name": story.model_name,
        "drawing": curves,
    }


def parts(outputs: Outputs) -> list[Part]:
    """The chapters that have a figure, in the story's order."""
    return [
        Part(chapter, [_show(*entry, outputs) for entry in entries], tables.facts(chapter, outputs.metrics))
        for chapter, entries in story.place(outputs.figures)
    ]


def _show(entry: chapters.Entry, files: list[str], outputs: Outputs) -> Shown:
    if entry.form == "curves":
        return Shown(entry, {}, curves.charts(curves.PANELS[entry.name], _history(entry.name, outputs)))
    if entry.form == "grids":
        epochs = outputs.params["gan"]["sample_epochs"]
        names = [f"epoch {epoch}" for epoch in epochs]
        return Shown(entry, dict(zip(names, outputs.grids, strict=True)), [])
    return Shown(entry, {file: outputs.figures[file] for file in files}, [])


def _history(figure: str, outputs: Outputs) -> curves.History:
    """The records that a figure of curves is drawn from."""
    if figure == "gan_snapshots":
        snapshots: curves.History = outputs.metrics["gan"]["snapshots"]
        return snapshots
    history: curves.History = outputs.histories[figure.removesuffix("_curves")]
    return history
