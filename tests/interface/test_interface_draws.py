import numpy as np
import pytest

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
