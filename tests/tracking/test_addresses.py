from pathlib import Path
from urllib.request import url2pathname

import pytest
import sqlalchemy

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


@pytest.mark.parametrize(
    ("uri", "file"),
    [
        ("sqlite:///mlflow.db", "mlflow.db"),
        ("sqlite:///./runs/mlflow.db?timeout=30", "runs/mlflow.db"),
        ("sqlite+pysqlite:////tmp/a%2520b/mlflow.db", "/tmp/a%20b/mlflow.db"),
        ("sqlite:////tmp/a b/ä#/mlflow.db", "/tmp/a b/ä#/mlflow.db"),
        ("sqlite:///:memory:", None),
        ("sqlite://", None),
        ("sqlite:///file:mlflow.db?uri=true", None),
        ("postgresql://host/runs", None),
        ("mlruns", None),
    ],
)
def test_file_of_a_database(uri: str, file: str | None) -> None:
    assert addresses.sqlite_file(uri) == (file and Path(file))


@pytest.mark.parametrize("name", ["plain", "a b", "a%2Fb", "a%20b", "ä#?&=", "100%", "+"])
def test_the_address_of_a_file_leads_to_that_file(name: str) -> None:
    file = Path("/tmp", name, "mlflow.db")
    address = addresses.of_sqlite(file)
    assert addresses.sqlite_file(address) == file
    assert sqlalchemy.make_url(address).database == str(file)
    assert address.startswith("sqlite:///") == (not set(name) & set("%?"))


@pytest.mark.parametrize("name", ["plain", "a b", "a%2Fb", "a%20b", "ä#?", "100%"])
def test_a_folder_is_read_as_it_is_called(name: str) -> None:
    assert url2pathname(addresses.of_folder(Path("/tmp", name))) == f"/tmp/{name}"


@pytest.mark.parametrize("password", ["secret", "se/cret", "se%40cret", "se@cret", "se:cret"])
def test_passwords_are_hidden(password: str) -> None:
    text = f"no answer from http://me:{password}@host:80/api, says me@host"
    assert addresses.hide_password(text) == "no answer from http://host:80/api, says me@host"


def test_other_texts_stay() -> None:
    text = "no answer from http://host:80/api, says me@host"
    assert addresses.hide_password(text) == text
