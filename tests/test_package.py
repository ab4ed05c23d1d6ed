"""What importing the package tells the libraries that are imported after it."""

import importlib
import json
import os
import platform
import sys
from pathlib import Path
from types import SimpleNamespace

import keras
import pytest

import latentlab


def test_keras_is_as_it_is_where_nobody_has_set_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file says what Keras takes without any, so that results are those of its defaults."""
    monkeypatch.delitem(sys.modules, "keras")
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    monkeypatch.setenv("KERAS_HOME", "/elsewhere")
    importlib.reload(latentlab)
    assert os.environ["KERAS_BACKEND"] == "tensorflow"
    settings = json.loads(Path(os.environ["KERAS_HOME"], "keras.json").read_text())
    assert settings == {
        "floatx": "float32",
        "epsilon": 1e-7,
        "backend": "tensorflow",
        "image_data_format": "channels_last",
    }
    assert (keras.config.floatx(), keras.config.epsilon()) == ("float32", 1e-7)


def test_keras_that_was_imported_before_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_HOME", "/elsewhere")
    importlib.reload(latentlab)
    assert os.environ["KERAS_HOME"] == "/elsewhere"


def test_keras_of_another_backend_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    other = SimpleNamespace(config=SimpleNamespace(backend=lambda: "jax"))
    monkeypatch.setitem(sys.modules, "keras", other)
    with pytest.raises(
        ImportError, match=r"expected Keras with TensorFlow, got .* with jax .* Import latentlab"
    ):
        importlib.reload(latentlab)


@pytest.mark.parametrize(
    ("machine", "users_own", "expected"),
    [("x86_64", None, "1"), ("x86_64", "0", "0"), ("aarch64", None, None)],
)
def test_tensorflow_uses_onednn_on_every_x86_processor(
    monkeypatch: pytest.MonkeyPatch, machine: str, users_own: str | None, expected: str | None
) -> None:
    monkeypatch.setattr(platform, "machine", lambda: machine)
    # Set first, so that what the package sets is taken back afterwards.
    monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", users_own or "")
    if users_own is None:
        del os.environ["TF_ENABLE_ONEDNN_OPTS"]
    importlib.reload(latentlab)
    assert os.environ.get("TF_ENABLE_ONEDNN_OPTS") == expected
