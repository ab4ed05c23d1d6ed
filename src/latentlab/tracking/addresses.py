"""Addresses of stores: of which kind one is, what it points to, and how it is shown."""

import re
from pathlib import Path
from urllib.parse import quote, unquote


def is_server(uri: str) -> bool:
    """Whether it is that of an MLflow server."""
    return uri.startswith(("http:", "https:"))


def is_postgresql(uri: str) -> bool:
    """Whether it is that of a PostgreSQL database, with or without a driver: ``postgresql+psycopg://...``."""
    return uri.startswith(("postgresql:", "postgresql+"))


def sqlite_file(uri: str) -> Path | None:
    """The file of an SQLite database as its address has it, relative or not; None of any other address."""
    found = re.fullmatch(r"sqlite(?:\+pysqlite)?:///(?!:memory:|file:)([^?]+)(?:\?.*)?", uri)
    return Path(unquote(found[1])) if found else None


def of_sqlite(file: Path) -> str:
    """The address of a database in a file, whatever its folders are called."""
    path = file.as_posix().replace("%", "%25").replace("?", "%3F")
    # With its driver's name where a letter is escaped: without, MLflow makes the folder as it is written.
    return f"sqlite:///{path}" if path == file.as_posix() else f"sqlite+pysqlite:///{path}"


def of_folder(folder: Path) -> str:
    """What MLflow reads as the path of a folder, whatever it is called."""
    return quote(str(folder), safe="/ \\:")


def hide_password(text: str) -> str:
    """A text without what stands before the ``@`` of an address in it, which can hold a password."""
    return re.sub(r"//\S*@", "//", text)
