"""What importing the package tells the libraries that are imported after it."""

import importlib
import os
import platform

import pytest

import latentlab


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
