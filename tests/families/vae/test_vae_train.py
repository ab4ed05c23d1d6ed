"""What the trainings of networks from the section ``vae`` refuse before they begin, and what they set up."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from latentlab.core import artifacts
from latentlab.core.errors import ParamsError
from latentlab.families.autoencoder import train as autoencoder
from latentlab.families.vae import train as vae
from tests.bench_project import set_params
from tests.tiny_learners import images, stack


@pytest.mark.parametrize("train", [vae.train, autoencoder.train])
def test_filters_that_do_not_fit_the_images_are_refused_with_some_that_do(
    train: Callable[[], None], to_score: Path
) -> None:
    """Images of 8 x 8, halved three times."""
    set_params(vae={"filters": [4, 6, 8]})
    with pytest.raises(ParamsError, match=r"vae\.filters: .*maps of 1 of images of 8\. Set it to \[4\] or"):
        train()


class Run:
    """Stands for a training that takes two steps; keeps what it is given."""

    def fit(self, learner: Any, *_: Any) -> None:
        self.metrics = learner.train(*stack(images(16), steps=2))
        self.learning_rate = float(learner._optimizer.learning_rate)

    def save(self, models: dict[str, Any], trained_on: Any) -> None:
        self.models, self.trained_on = models, trained_on


@pytest.mark.parametrize(("kl_weight", "expected"), [(1.0, 1), (None, 1 / 64)])
def test_a_training_by_its_params(
    kl_weight: float | None,
    expected: float,
    to_score: Path,
    eagerly: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The KL's weight, of 8 x 8 pixels one in 64 if none is set, is there after 2 epochs: of 40 images each
    takes 5 steps, so in the second step it is a tenth. The step size falls in 15 steps, of which two are
    done.
    """
    set_params(
        vae={
            "filters": [4],
            "kl_weight": kl_weight,
            "learning_rate": 0.03,
            "cooldown": 1.0,
            "batch_size": 8,
            "epochs": 3,
            "kl_warmup_epochs": 2,
        }
    )
    run = Run()
    monkeypatch.setattr(vae, "training_run", lambda name: nullcontext(run))
    vae.train()
    reconstruction, kl, objective = (float(values[1]) for values in run.metrics.values())
    assert (objective - reconstruction) / kl == pytest.approx(0.1 * expected, rel=0.05)
    assert run.learning_rate == pytest.approx(0.03 * 13 / 15)
    assert [model.name for model in run.models.values()] == list(run.models) == ["encoder", "decoder"]
    np.testing.assert_array_equal(run.trained_on, artifacts.load_images("train"))
