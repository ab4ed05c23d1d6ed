"""What the trainings of networks from the section ``vae`` refuse before they begin."""

from collections.abc import Callable
from pathlib import Path

import pytest

from latentlab.core.errors import ParamsError
from latentlab.families.autoencoder import train as autoencoder
from latentlab.families.vae import train as vae
from tests.bench_project import set_params


@pytest.mark.parametrize("train", [vae.train, autoencoder.train])
def test_filters_that_do_not_fit_the_images_are_refused_with_some_that_do(
    train: Callable[[], None], to_score: Path
) -> None:
    """Images of 8 x 8, halved three times."""
    set_params(vae={"filters": [4, 6, 8]})
    with pytest.raises(ParamsError, match=r"vae\.filters: .*maps of 1 of images of 8\. Set it to \[4\] or"):
        train()
