from collections.abc import Iterator

import pytest

# First of all, because it sets the environment that TensorFlow and Keras read when they are imported.
import latentlab  # noqa: F401


@pytest.fixture
def eagerly() -> Iterator[None]:
    """Run ``tf.function`` as plain Python: small models compute in less time than they compile."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)
