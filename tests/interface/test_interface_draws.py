"""Draws come block by block, with the classes that they are of."""

import numpy as np
import pytest

from latentlab.core.errors import RequestError
from latentlab.families.latents.samplers import Mixture
from latentlab.interface import draws
from latentlab.interface.networks import Decoder
from tests.tiny_learners import build_vae


def test_blocks_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draws, "BLOCK", 4)
    assert [block[:2] for block in draws.stretches(9, 1)] == [(0, 4), (4, 4), (8, 1)]
    assert len({block.seed for block in draws.stretches(9, 1)}) == 3


def test_draws_of_a_sampler_have_its_labels() -> None:
    decoder = Decoder("decoder", build_vae().decoder)
    means = np.array([[10.0, 10], [90, 90]])
    mixture = Mixture(np.array([0.5, 0.5]), means, np.zeros((2, 2, 2)), np.array([4, 7]))
    drawn = draws.fitted(decoder, mixture, None)(draws.Stretch(0, 50, seed=1))
    assert drawn.labels is not None
    assert set(drawn.labels) == {4, 7}
    np.testing.assert_array_equal(drawn.latents[:, 0], np.where(drawn.labels == 4, 10, 90))
    only = draws.fitted(decoder, mixture, 7)(draws.Stretch(0, 5, seed=1))
    assert only.latents.tolist() == [[90, 90]] * 5


def test_classes_come_in_turn_over_all_blocks_or_as_one_is_asked_for() -> None:
    decoder = Decoder("decoder", build_vae(conditional=True).decoder)
    third = draws.Stretch(3, 4, seed=1)
    for label, expected in ((None, [1, 0, 1, 0]), (0, [0, 0, 0, 0]), (1, [1, 1, 1, 1])):
        drawn = draws.prior(decoder, label)(third)
        assert drawn.labels is not None
        assert drawn.labels.tolist() == expected
    assert draws.prior(Decoder("decoder", build_vae().decoder), None)(third).labels is None


def test_a_gaussian_for_each_class_is_refused_of_images_without_labels() -> None:
    """These are all of class 0; a sampler of another kind knows no classes."""

    def mixture(*classes: int) -> Mixture:
        known = np.array(classes) if classes else None
        return Mixture(np.ones(1), np.zeros((1, 2)), np.zeros((1, 2, 2)), known)

    for labelled in (mixture(), mixture(3), mixture(0, 1)):
        draws.require_labelled(labelled)
    with pytest.raises(RequestError, match="sampler per_class: expected labelled training images"):
        draws.require_labelled(mixture(0))
