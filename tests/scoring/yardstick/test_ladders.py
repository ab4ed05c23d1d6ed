"""Which ladders images have, and what stands on their rungs."""

import re
from fractions import Fraction
from itertools import groupby

import numpy as np
import pytest

from latentlab.core.arrays import Images
from latentlab.scoring.metrics import directions
from latentlab.scoring.yardstick import ladders
from latentlab.scoring.yardstick.ladders import Rung
from tests.imports import ROOT

QUALITY = {"blur", "white noise", "spectrum noise", "phases", "patches", "checkerboard"}
LABELS = np.resize(np.arange(5, dtype=np.uint8), 20)
WORDS = {1 / 3: ["a third"], 2 / 3: ["two thirds"], 1.0: ["all", "alone"]}


def random_images(channels: int, seed: int = 0) -> Images:
    return np.random.default_rng(seed).integers(0, 256, (20, 16, 16, channels), dtype=np.uint8)


def by_step(rungs: list[Rung]) -> dict[tuple[str, int], Images]:
    """Images by ladder and step, counted from 1; each ladder stands in one piece."""
    ladder = {name: list(own) for name, own in groupby(rungs, key=lambda rung: rung.ladder)}
    return {(name, step): rung.make() for name, own in ladder.items() for step, rung in enumerate(own, 1)}


def names(images: Images, labels: np.ndarray = LABELS) -> set[str]:
    return {rung.ladder for rung in ladders.of(images, labels, images, seed=0)}


def test_what_has_colours_has_a_hue_and_what_has_labels_has_classes() -> None:
    assert names(random_images(3)) == QUALITY | {"hue", "classes", "copies"}
    assert names(random_images(1)) == QUALITY | {"classes", "copies"}
    assert names(np.repeat(random_images(1), 3, axis=-1)) == QUALITY | {"classes", "copies"}
    assert names(random_images(1), LABELS % 2) == QUALITY | {"classes", "copies"}
    assert names(random_images(1), np.zeros(20, np.uint8)) == QUALITY | {"copies"}


def test_where_hardly_an_image_goes_with_its_class_there_is_no_ladder_of_classes() -> None:
    """The last step leaves the first class alone, which has 13 or 14 of 20 images."""
    images = random_images(1)
    assert "classes" in names(images, np.repeat(np.array([0, 1], np.uint8), (13, 7)))
    assert "classes" not in names(images, np.repeat(np.array([0, 1], np.uint8), (14, 6)))


def test_a_tint_is_no_colour() -> None:
    """Channels that differ by 5 % of the range, 12.75 levels, are the limit."""
    grey = np.full((20, 16, 16, 1), 100, np.uint8)
    tinted, coloured = (np.concatenate([grey, grey, grey + step], -1, dtype=np.uint8) for step in (12, 13))
    assert "hue" not in names(tinted)
    assert "hue" in names(coloured)


def test_every_ladder_that_a_score_has_to_climb_is_built() -> None:
    built = names(random_images(3))
    assert {ladder for score in directions.SCORES.values() for ladder in score.climbs} == built
    assert {*directions.DESTROYED, *directions.SLIGHT} < built


def test_each_has_three_rungs_that_take_more_and_more() -> None:
    images = np.repeat(np.repeat(random_images(3)[:, :4, :4], 4, 1), 4, 2)
    made = by_step(ladders.of(images, LABELS, images, 0))
    for ladder in QUALITY | {"hue"}:
        changes = [np.abs(made[ladder, step].astype(float) - images).mean() for step in (1, 2, 3)]
        assert 0 < changes[0] < changes[1] < changes[2], ladder
    assert len(made) == 3 * 9


@pytest.mark.parametrize("rung", ladders.of(random_images(3), LABELS, random_images(3), seed=0))
def test_the_page_of_metrics_names_each_step(rung: Rung) -> None:
    """As a number, a fraction, per cent or in words."""
    page = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    table = page.partition("| ladder | steps |")[2].partition("\n\n")[0]
    [row] = re.findall(rf"^\| {rung.ladder} \|.*$", table, re.MULTILINE)
    fraction = Fraction(rung.strength).limit_denominator(100)
    ways = {f"{rung.strength:g}", f"{100 * rung.strength:g}", str(fraction), *WORDS.get(rung.strength, [])}
    assert any(re.search(rf" {way}[ ,;]", row) for way in ways), row


def test_classes_go_and_copies_come_by_their_shares() -> None:
    images, training = random_images(1), random_images(1, seed=1)
    made = by_step(ladders.of(images, LABELS, training, 0))
    assert [len(made["classes", step]) for step in (1, 2, 3)] == [16, 8, 4]
    assert np.array_equal(made["classes", 3], images[LABELS == 0])
    assert np.array_equal(made["copies", 3], training)
    assert np.array_equal(made["copies", 1], np.concatenate([training[:2], images[2:]]))


def test_of_few_training_images_as_many_copies_are_as_large_a_share() -> None:
    images, training = random_images(1), random_images(1, seed=1)[:10]
    made = by_step(ladders.of(images, LABELS, training, 0))
    assert np.array_equal(made["copies", 2], np.concatenate([training[:5], images[5:10]]))


def test_noise_is_the_seeds() -> None:
    images = random_images(1)
    one, same, other = (
        [rung.make() for rung in ladders.of(images, LABELS, images, seed)] for seed in (1, 1, 2)
    )
    assert all(np.array_equal(a, b) for a, b in zip(one, same, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_pictures_are_those_of_the_rungs() -> None:
    images = random_images(1)
    drawn = ladders.pictures(images, seed=0)
    assert set(drawn) == QUALITY
    made = by_step(ladders.of(images, LABELS, images, 0))
    assert np.array_equal(drawn["phases"][2], made["phases", 3])
