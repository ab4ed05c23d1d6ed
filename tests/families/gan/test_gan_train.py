"""A GAN is built as its section of params.yaml says; what its training writes, its stage's tests look at."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from latentlab.families.gan import train
from latentlab.families.gan.model.learner import Gan
from latentlab.families.gan.settings import Settings
from tests import presets
from tests.bench_project import set_params
from tests.tiny_learners import SHAPE


def build(*, num_classes: int = 0, seed: int = 1, **changes: Any) -> Gan:
    own = Settings.model_validate(presets.values("tiny")["gan"] | changes)
    return train.build_learner(own, seed, SHAPE, num_classes)


@pytest.mark.parametrize(
    ("objective", "output"), [("non_saturating", "p_real"), ("hinge", "score"), ("wasserstein_gp", "score")]
)
def test_the_discriminator_gives_what_the_objective_takes(objective: str, output: str) -> None:
    assert build(objective=objective).discriminator.layers[-1].name == output


def test_sizes_and_rates_are_those_of_the_params() -> None:
    learner = build(latent_dim=7, generator_learning_rate=0.01, discriminator_learning_rate=0.02)
    assert learner.latent_dim == 7
    rates = {
        float(np.asarray(variable)) for variable in learner.variables if "learning_rate" in variable.path
    }
    assert rates == {np.float32(0.01), np.float32(0.02)}
    norms = [[layer.name for layer in build(batch_norm=on).generator.layers] for on in (True, False)]
    assert [sum("norm" in name for name in names) for names in norms] == [3, 0]


def test_averaging_is_off_at_a_decay_of_none() -> None:
    off, on = build(average_decay=0.0), build(average_decay=0.5)
    assert off.averaged is off.generator
    assert on.averaged is not on.generator


def test_weights_are_the_seeds() -> None:
    first, again, other = (build(seed=seed).generator.get_weights()[0] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_networks_are_told_as_many_classes_as_there_are() -> None:
    assert [tensor.shape[-1] for tensor in build(num_classes=2).generator.inputs] == [10, 2]
    assert len(build().generator.inputs) == 1


@pytest.mark.parametrize(
    ("changes", "steps"), [({"batch_size": 6}, 6), ({"batch_size": 64}, 1), ({"steps_per_epoch": 3}, 3)]
)
def test_an_epoch_has_as_many_steps_as_whole_batches(
    changes: dict[str, int], steps: int, to_score: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 40 images; half of a batch is real."""

    class Asked(Exception):
        pass

    def drawn(arrays: Any, batch_size: int, steps: int, seed: int) -> Any:
        raise Asked(batch_size, steps)

    fitting = {"generator_filters": [4], "discriminator_filters": [4]}
    size = changes.get("batch_size", 6)
    set_params(gan={"steps_per_epoch": None, "batch_size": size} | changes | fitting)
    monkeypatch.setattr(train, "Drawn", drawn)
    with pytest.raises(Asked) as asked:
        train.train()
    assert asked.value.args == (size // 2, steps)
    assert isinstance(asked.value.args[1], int)
