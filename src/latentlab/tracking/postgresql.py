"""PostgreSQL as MLflow's database: whether it can be used, in one sentence, and by one at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from latentlab.tracking.addresses import hide_password

SECONDS = 5
# What clones of the repository, on whichever machines, lock in the database; any number of their own.
LOCK = 0x1A7E


def require(uri: str) -> None:
    """Connect once, because MLflow tries ten times, for a hundred seconds, and then fills a page.

    Raises:
        ConnectionError: the driver, the server or the database is missing, or the password is wrong; says
            which, and not the password.
    """
    _connect(uri).close()


@contextmanager
def locked(uri: str) -> Iterator[None]:
    """Keep others out while MLflow makes its tables, which two at once would break for each other.

    Raises:
        ConnectionError: see ``require``.
    """
    with _connect(uri) as connection:
        # It ends with the connection, however that ends.
        connection.exec_driver_sql(f"SELECT pg_advisory_lock({LOCK})")
        yield


def _connect(uri: str) -> Any:
    if uri.count("@") > 1:
        raise _unfit(uri, "an @ in a password is written as %40")
    # Here, because its import takes time that stages with any other store have no need to spend.
    import sqlalchemy

    try:
        engine = sqlalchemy.create_engine(
            uri, poolclass=sqlalchemy.NullPool, connect_args={"connect_timeout": SECONDS}
        )
        return engine.connect()
    except ModuleNotFoundError as error:
        raise _unfit(uri, f"{error}. Run `pip install '.[postgresql]'`") from None
    except (ValueError, sqlalchemy.exc.SQLAlchemyError) as error:
        reason = str(getattr(error, "orig", error)).partition("\n")[0]
        raise _unfit(uri, reason.removeprefix("connection failed: ")) from None


def _unfit(uri: str, reason: str) -> ConnectionError:
    return ConnectionError(f"no connection to {hide_password(uri)}: {reason}")
