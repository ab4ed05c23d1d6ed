import logging
import os
import random
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

# First of all, because it sets the environment that TensorFlow and Keras read when they are imported.
import latentlab  # noqa: F401
from tests.dvc_project import Finished, finish_once

pytest_plugins = ["tests.browser", "tests.stub_pipeline"]

# For the tests of `make test`; `make fuzz` takes the other.
settings.register_profile("short", max_examples=150, deadline=None)
settings.register_profile("long", max_examples=2500, deadline=None)
settings.load_profile("short")

# Keras takes the seeds of initializers that were given none from Python's generator: here for the layers that
# modules make when they are imported, in `seeded` for those of a test.
random.seed(0)


class RaisingHandler(logging.Handler):
    """Makes of a warning that TensorFlow only logs an error: that it could not compile a function."""

    def emit(self, record: logging.LogRecord) -> None:
        if "AutoGraph could not transform" in record.getMessage():
            raise AssertionError(record.getMessage())


logging.getLogger("tensorflow").addHandler(RaisingHandler())


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """A whole run of the pipeline under DVC, and what was pushed of it."""
    own = tmp_path_factory.getbasetemp()
    # Of several processes each has a folder of its own, side by side.
    return finish_once(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own)


@pytest.fixture(scope="session")
def opened() -> list[str]:
    """The paths that Python opens for reading from now on."""
    paths: list[str] = []

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[0], str) and (arguments[1] or "").startswith("r"):
            paths.append(arguments[0])

    sys.addaudithook(note)
    return paths


@pytest.fixture(autouse=True)
def seeded() -> None:
    """The same weights in every run of a test."""
    random.seed(0)


@pytest.fixture
def eagerly() -> Iterator[None]:
    """Run ``tf.function`` as plain Python: small models compute in less time than they compile."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)
