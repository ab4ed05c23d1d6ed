import pytest

from latentlab.tracking import addresses


@pytest.mark.parametrize(
    ("uri", "server", "postgresql"),
    [
        ("https://me@host", True, False),
        ("http://127.0.0.1:5000", True, False),
        ("postgresql://host/runs", False, True),
        ("postgresql+psycopg://host/runs", False, True),
        ("sqlite:////tmp/mlflow.db", False, False),
    ],
)
def test_kinds(uri: str, server: bool, postgresql: bool) -> None:
    assert addresses.is_server(uri) == server
    assert addresses.is_postgresql(uri) == postgresql


@pytest.mark.parametrize("password", ["secret", "se/cret", "se%40cret", "se@cret", "se:cret"])
def test_passwords_are_hidden(password: str) -> None:
    text = f"no answer from http://me:{password}@host:80/api, says me@host"
    assert addresses.hide_password(text) == "no answer from http://host:80/api, says me@host"


def test_other_texts_stay() -> None:
    text = "no answer from http://host:80/api, says me@host"
    assert addresses.hide_password(text) == text
