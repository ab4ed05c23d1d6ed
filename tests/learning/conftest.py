from collections.abc import Iterator

import pytest
import tensorflow as tf

from latentlab.learning import layers as fast


@pytest.fixture(scope="module")
def every_width_is_fast() -> Iterator[None]:
    """Few channels go the fast ways too, and nothing is compiled for each of the random shapes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fast, "FEWEST_CHANNELS", 1)
        tf.config.run_functions_eagerly(True)
        yield
        tf.config.run_functions_eagerly(False)
