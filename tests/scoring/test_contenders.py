import numpy as np
from numpy.testing import assert_array_equal

from latentlab.core.arrays import Images
from latentlab.scoring import contenders
from latentlab.scoring.yardstick import degradations


def random_images(count: int, seed: int) -> Images:
    return np.random.default_rng(seed).integers(0, 256, (count, 6, 6, 1), dtype=np.uint8)


def test_references_have_names_and_come_as_far_as_there_are_images() -> None:
    validation, training = random_images(8, 0), random_images(10, 1)
    labels = np.array([0, 1, 1, 1, 0, 0, 1, 0, 2, 2], np.uint8)
    made = contenders.of_references(validation, training, labels, seed=3)
    sets = {contender.name: contender.draw(4).images for contender in made}
    assert_array_equal(sets["references.real"], validation[:4])
    assert_array_equal(sets["references.blurred"], degradations.blurred(validation[:4], 1 / 14))
    assert_array_equal(sets["references.copied"], training[:4])
    assert_array_equal(sets["references.one_class"], training[[0, 4, 5, 7]])
    assert sets["references.noisy"].shape == (4, 6, 6, 1)
    assert (sets["references.noisy"] != validation[:4]).any()
    assert [len(contender.draw(100).images) for contender in made] == [8, 8, 8, 4, 10]


def test_references_ask_for_no_class_are_scored_in_full_and_shown_by_no_figure() -> None:
    images, labels = random_images(8, 0), np.arange(8, dtype=np.uint8) % 2
    for contender in contenders.of_references(images, images, labels, seed=3):
        assert contender.draw(4).asked is None
        assert (contender.in_full, contender.shown) == (True, None)


def test_noise_is_the_seeds() -> None:
    images, labels = random_images(8, 0), np.arange(8, dtype=np.uint8) % 2

    def noisy(seed: int) -> Images:
        made = contenders.of_references(images, images, labels, seed)
        [found] = [contender for contender in made if contender.name == "references.noisy"]
        return found.draw(8).images

    assert_array_equal(noisy(1), noisy(1))
    assert (noisy(1) != noisy(2)).any()


def test_without_labels_no_class_can_stand_alone() -> None:
    images = random_images(8, 0)
    made = contenders.of_references(images, images, np.zeros(8, np.uint8), seed=3)
    assert [contender.name for contender in made] == [
        "references.real",
        "references.blurred",
        "references.noisy",
        "references.copied",
    ]
