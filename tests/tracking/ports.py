"""Ports of this machine, for servers of tests."""

import socket
import time


def free_port() -> int:
    """A port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        return reserved.getsockname()[1]


def wait_for(port: int) -> None:
    """Wait until somebody listens there.

    Raises:
        TimeoutError: nobody does within 90 seconds.
    """
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError("the server did not start")
