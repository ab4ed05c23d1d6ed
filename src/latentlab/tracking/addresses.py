"""Addresses of stores: of which kind one is, and how it is shown."""

import re


def is_server(uri: str) -> bool:
    """Whether it is that of an MLflow server."""
    return uri.startswith(("http:", "https:"))


def is_postgresql(uri: str) -> bool:
    """Whether it is that of a PostgreSQL database, with or without a driver: ``postgresql+psycopg://...``."""
    return uri.startswith(("postgresql:", "postgresql+"))


def hide_password(text: str) -> str:
    """A text without what stands before the ``@`` of an address in it, which can hold a password."""
    return re.sub(r"//\S*@", "//", text)
