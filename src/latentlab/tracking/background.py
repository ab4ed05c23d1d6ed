"""Calls to a tracking server that may be down, slow or hanging, while the work that they tell of goes on."""

import sys
import time
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from latentlab.core.errors import LatentlabError
from latentlab.tracking.addresses import hide_password

T = TypeVar("T")

# What a database says of a row that another writer was quicker with, and MLflow of one that it knows.
RACES = ("UniqueViolation", "UNIQUE constraint failed", "DeadlockDetected", "RESOURCE_ALREADY_EXISTS")
ATTEMPTS = 10
# The most that one stage waits for MLflow in all. MLflow's timeouts do not bound its every wait: for a name
# that does not resolve, a database that does not answer, an upload to a third place.
PATIENCE_SECONDS = 15.0


class Background:
    """Calls in order on a thread of their own, up to the first that fails; after that, none is made.

    Each must do no more when it is made again than it left undone.
    """

    def __init__(self, advice: str) -> None:
        """Start the thread.

        Args:
            advice: what the one warning says after the reason.
        """
        self._advice = advice
        self._patience = PATIENCE_SECONDS
        self._given_up = False
        self._calls: SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None] = SimpleQueue()
        # A daemon, so that a call that hangs does not keep the process.
        Thread(target=self._work, daemon=True, name="mlflow").start()

    def submit(self, call: Callable[[], T]) -> "Future[T]":
        """Have a call made once those before it are done; never waits and never raises."""
        future: Future[T] = Future()
        self._calls.put((call, future))
        return future

    def wait(self, future: "Future[T]", *, bounded: bool = True) -> T | None:
        """A call's result, or None when it failed or, if bounded, patience ran out.

        Raises:
            LatentlabError: the call raised it; such a mistake lies on this side of the server.
        """
        started = time.monotonic()
        try:
            return future.result(self._patience if bounded else None)
        except TimeoutError:
            self._give_up(f"no answer within {PATIENCE_SECONDS:.0f} s")
        except LatentlabError:
            raise
        except Exception:
            pass  # The thread has warned already.
        finally:
            self._patience = max(0.0, self._patience - (time.monotonic() - started))
        return None

    def close(self) -> None:
        """Let the thread end after the calls that were submitted."""
        self._calls.put(None)

    def _work(self) -> None:
        while (item := self._calls.get()) is not None:
            call, future = item
            if self._given_up:
                future.cancel()
                continue
            try:
                future.set_result(_insist(call))
            except Exception as error:
                if not isinstance(error, LatentlabError):
                    self._give_up(f"{type(error).__name__}: {error}")
                future.set_exception(error)

    def _give_up(self, reason: str) -> None:
        if not self._given_up:
            self._given_up = True
            print(f"warning: MLflow cannot be used: {brief(reason)}. {self._advice}", file=sys.stderr)


def _insist(call: Callable[[], T]) -> T:
    """Make a call, and again where another writer was quicker: it then finds what that one wrote."""
    for _ in range(ATTEMPTS - 1):
        try:
            return call()
        except Exception as error:
            told = f"{getattr(error, 'error_code', '')} {error}"
            if not any(race in told for race in RACES):
                raise
    return call()


def brief(reason: str) -> str:
    """The first line of a reason, without the password that a tracking URI in it may hold."""
    return hide_password(next(iter(reason.splitlines()), ""))[:300]
