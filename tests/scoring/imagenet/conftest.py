"""The network with the published weights, which is filled once."""

import keras
import pytest

from latentlab.scoring.imagenet import weights


@pytest.fixture(scope="session")
def lite0() -> keras.Model:
    return weights.load()
