import numpy as np
import pytest

from latentlab.scoring import features
from tests.tiny_learners import (
    NUM_CLASSES,
    build_classifier,
    changed,
    images,
    labels,
    names,
    stack,
    state,
)


def build(**changes: object) -> features.keras.Sequential:
    sizes = {
        "filters": (2, 3),
        "width": 6,
        "dropout": 0.4,
        "shift": 0.1,
        "num_classes": 4,
        "image_shape": (9, 7, 3),
        "seed": 1,
    }
    return features.build_classifier(**(sizes | changes))  # type: ignore[arg-type]


def test_parameters_by_hand() -> None:
    """Two convolutions, halving 9 x 7 to 5 x 4 and 3 x 2, six features and four classes, all with biases."""
    convolutions = (3 * 3 * 3 + 1) * 2 + (3 * 3 * 2 + 1) * 3
    assert build().count_params() == convolutions + (3 * 2 * 3 + 1) * 6 + (6 + 1) * 4


def test_seed_decides_the_initial_weights_and_no_two_layers_share_them() -> None:
    first, same, other = (build(seed=seed).get_weights() for seed in (1, 1, 2))
    assert all(np.array_equal(one, two) for one, two in zip(first, same, strict=True))
    assert not np.array_equal(first[0], other[0])
    assert not np.allclose(first[0].ravel()[:18], first[2].ravel()[:18])


def test_images_are_shifted_and_dropped_in_training_alone() -> None:
    pictures = images(8) / np.float32(255)
    for learner in (build_classifier(dropout=0.0), build_classifier(shift=0.0)):
        model = learner.model
        quiet = [np.asarray(model(pictures, training=False)) for _ in range(2)]
        loud = [np.asarray(model(pictures, training=True)) for _ in range(2)]
        assert np.array_equal(quiet[0], quiet[1])
        assert not np.array_equal(loud[0], loud[1])
    model = build_classifier(dropout=0.0, shift=0.0).model
    np.testing.assert_allclose(model(pictures, training=True), model(pictures, training=False), atol=1e-5)


def test_extractor_gives_the_last_layer_but_one_and_the_likeliest_class() -> None:
    learner = build_classifier()
    extractor = features.Extractor(learner.model)
    shown = images(7)
    seen, predicted = extractor.extract(shown), extractor.classify(shown)
    assert extractor.num_classes == NUM_CLASSES
    assert seen.shape == (7, 5)
    head = learner.model.get_layer("logits")
    logits = seen @ head.get_weights()[0] + head.get_weights()[1]
    assert np.array_equal(predicted, logits.argmax(axis=1))
    plain = learner.model(images(7) / np.float32(255), training=False)
    np.testing.assert_allclose(plain, logits, atol=1e-4)


def test_images_whose_content_has_changed_are_looked_at_again() -> None:
    extractor = features.Extractor(build_classifier().model)
    shown, others = images(40, seed=1), images(40, seed=2)
    extractor.extract(shown)
    extractor.classify(shown)
    shown[:] = others
    assert np.array_equal(extractor.classify(shown), extractor.classify(others))


def test_accuracy_by_hand() -> None:
    """A classifier that always says 1 is right for the one of five labels that is 1."""
    model = build_classifier().model
    head = model.get_layer("logits")
    head.set_weights([np.zeros_like(head.get_weights()[0]), np.array([0, 1])])
    assert features.accuracy(model, images(5), np.array([0, 1, 0, 0, 0], np.uint8)) == 0.2


def test_a_step_changes_all_but_the_rate(eagerly: None) -> None:
    learner = build_classifier()
    assert len(names(learner, learner.variables)) == len(learner.variables)
    before = state(learner)
    learner.train(*stack(images(6), labels(6)))
    constant = {name for name in names(learner, learner.variables) if "learning_rate" in name}
    assert len(constant) == 1
    assert changed(learner, before) == names(learner, learner.variables) - constant


def test_loss_and_accuracy_of_a_step_by_hand(eagerly: None) -> None:
    """Logits 0 and ln 3 for every image: 3/4 for class 1, so it is right for five of six images."""
    learner = build_classifier()
    head = learner.model.get_layer("logits")
    head.set_weights([np.zeros_like(head.get_weights()[0]), np.log([1, 3])])
    metrics = learner.train(*stack(images(6), np.array([1, 1, 0, 1, 1, 1], np.uint8)))
    assert tuple(metrics) == features.METRICS
    np.testing.assert_allclose(metrics["train_loss"], [(np.log(4) + 5 * np.log(4 / 3)) / 6], rtol=1e-5)
    np.testing.assert_allclose(metrics["train_accuracy"], [5 / 6], rtol=1e-6)


def test_it_learns_what_tells_the_classes_apart() -> None:
    learner = build_classifier(dropout=0.0, learning_rate=0.02)
    learner.train(*stack(images(8 * 40), labels(8 * 40), steps=40))
    assert learner.validate(images(40, seed=9), labels(40))["validation_accuracy"] >= 0.95


@pytest.mark.parametrize("side", [1, 5, 28])
def test_images_of_any_side_can_be_classified(side: int) -> None:
    assert build(image_shape=(side, side, 1)).output_shape == (None, 4)
