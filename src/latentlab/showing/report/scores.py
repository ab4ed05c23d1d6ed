"""The scores of models beside those of the references, as bars, and the headline on one scale."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from latentlab.core.family import Model
from latentlab.scoring import headlines
from latentlab.scoring.metrics.directions import IN_WORDS
from latentlab.scoring.metrics.directions import SCORES as DIRECTIONS
from latentlab.showing.report import names
from latentlab.showing.report.wording import number, words

Scores = Mapping[str, Any]

NO_SCORES = {"num_samples"}
# References as good as real images, to the headline.
UNBROKEN = {"real", "copied"}
# What a name on a scale takes, in % of its width.
ROOM = 19


class Row(NamedTuple):
    """A set of images: its model's or reference's key, its name in words, and its scores."""

    key: str
    name: str
    is_model: bool
    scores: Scores


class ScoreBar(NamedTuple):
    """One score of one set of images; places are shares of the card's width in %.

    Attributes:
        row: whose it is.
        text, interval: the value and its 95 % interval in words; the interval is empty where there is none.
        start, end: the bar's ends, from zero to the value or the other way round.
        low, high: the interval's ends.
    """

    row: Row
    text: str
    interval: str
    start: float
    end: float
    low: float
    high: float


class Card(NamedTuple):
    """A score with a bar for each set of images.

    Attributes:
        key, name, reading, direction: what it is called, says, and which way is better.
        withheld: why it cannot be believed; empty where it can.
        is_headline: whether to read it first.
        mark: the place of real images in %.
        bars: the values.
    """

    key: str
    name: str
    reading: str
    direction: str
    withheld: str
    is_headline: bool
    mark: float
    bars: list[ScoreBar]


class Places(NamedTuple):
    """A straight map from values to places in %; what lies outside is put at the edge."""

    low: float
    high: float

    def __call__(self, value: float) -> float:
        share = (value - self.low) / ((self.high - self.low) or 1.0)
        return round(100 * min(max(share, 0.0), 1.0), 2)


class Stop(NamedTuple):
    """A set of images on the scale of the headline: its place in %, from real images to the worst."""

    place: float
    row: Row
    text: str


class Scale(NamedTuple):
    """A model among the references on the scale of the headline.

    Attributes:
        own: the model.
        stops: the references, from the nearest to real images to the farthest.
        named: those of them that have room for their names.
    """

    own: Stop
    stops: list[Stop]
    named: list[Stop]


def of_models(metrics: Mapping[str, Any], models: Sequence[Model]) -> list[Row]:
    """Of the models those that have the headline score, in their order."""
    scored = [model for model in models if headline(metrics) in metrics.get(model.name, {})]
    return [Row(model.name, model.title, True, metrics[model.name]) for model in scored]


def ways(metrics: Mapping[str, Any], models: Sequence[Model]) -> list[Row]:
    """Each model whose latent space was sampled in other ways than from the prior: the prior, then those."""
    rows = []
    for row in of_models(metrics, models):
        sampled = metrics.get("samplers", {}).get(row.key, {})
        if sampled:
            rows.append(row._replace(name=f"{row.name}: prior"))
        rows += [Row(row.key, f"{row.name}: {words(way)}", True, own) for way, own in sampled.items()]
    return rows


def of_references(metrics: Mapping[str, Any]) -> list[Row]:
    """Images that are good or broken by construction, from good to broken."""
    keys = sorted(metrics["references"], key=lambda key: names.rank(key, names.REFERENCES))
    return [Row(key, names.of_reference(key), False, metrics["references"][key]) for key in keys]


def headline(metrics: Mapping[str, Any]) -> str:
    """The name of the score to read first."""
    return str(metrics["protocol"]["headline"])


def cards(metrics: Mapping[str, Any], models: Sequence[Model]) -> list[Card]:
    """One card a score: the headline first, and last what is withheld."""
    first, real, withheld = headline(metrics), metrics["references"]["real"], headlines.withheld(metrics)
    keys = [key for key, value in real.items() if isinstance(value, int | float) and key not in NO_SCORES]
    keys.sort(key=lambda key: (key in withheld, names.rank(key, [first, *names.SCORES])))
    rows = of_models(metrics, models) + of_references(metrics)
    return [_card(key, rows, real[key], key == first, withheld.get(key, "")) for key in keys]


def scale(metrics: Mapping[str, Any], model: Model) -> Scale:
    """A model and the references on the scale of the headline.

    Places go by the root of the distance from real images, so that what is good does not crowd at one end.
    """
    score = headline(metrics)
    [own] = of_models(metrics, [model])
    rows = [own, *(row for row in of_references(metrics) if row.key not in UNBROKEN)]
    gaps = [max(row.scores[score] - metrics["references"]["real"][score], 0.0) for row in rows]
    places = [round(100 * math.sqrt(gap / (max(gaps) or 1.0)), 2) for gap in gaps]
    first, *rest = (Stop(at, row, number(row.scores[score])) for at, row in zip(places, rows, strict=True))
    stops = sorted(rest, key=lambda stop: stop.place)
    return Scale(first, stops, _with_room(stops))


def _with_room(stops: list[Stop]) -> list[Stop]:
    """Those whose names meet neither each other nor that of real images, the farthest first."""
    named: list[Stop] = []
    for stop in reversed(stops):
        if stop.place > ROOM and (not named or named[-1].place - stop.place > ROOM):
            named.append(stop)
    return named


def _card(score: str, rows: list[Row], real: float, is_first: bool, withheld: str) -> Card:
    rows = [row for row in rows if row.scores.get(score) is not None]
    values = [row.scores[score] for row in rows]
    place = Places(min(0.0, *values), max(0.0, *values))
    direction = IN_WORDS[DIRECTIONS[score].better] if score in DIRECTIONS else ""
    bars = [_bar(row, score, place) for row in rows]
    reading, is_headline = names.SCORES.get(score, ""), is_first and not withheld
    return Card(score, names.of_score(score), reading, direction, withheld, is_headline, place(real), bars)


def _bar(row: Row, score: str, place: Places) -> ScoreBar:
    value = row.scores[score]
    start, end = sorted((place(0.0), place(value)))
    ends = row.scores.get("intervals", {}).get(score)
    low, high = ends or (value, value)
    interval = f"{number(low)} to {number(high)}" if ends else ""
    return ScoreBar(row, number(value), interval, start, end, place(low), place(high))
