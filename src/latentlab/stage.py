"""The frame around every stage: a user's mistake ends in one clear message, not in a traceback."""

import errno
import sys
from collections.abc import Callable

from latentlab.errors import LatentlabError

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


def run(main: Callable[[], None]) -> None:
    """Run a stage and exit with a code that makes DVC stop where it failed.

    An error of the project's own kind, want of memory, a full disk and a folder that cannot be written
    print one message alone and exit with 1, an interrupt exits with 130. Anything else is a defect of
    the program and keeps its traceback.
    """
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        message = _explain(error)
        if message is None:
            raise
        sys.exit(f"\nerror: {message}")


def _explain(error: Exception) -> str | None:
    """What to say of an error that the user can mend; None of a defect."""
    if isinstance(error, LatentlabError):
        return str(error)
    # TensorFlow has an error of its own; by name, because most stages do not import TensorFlow.
    if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":
        return "memory ran out. Set data.limit, smaller batches or smaller models in params.yaml."
    number = error.errno if isinstance(error, OSError) else None
    if number in FULL:
        return f"the disk is full: {error}. Free some of it, and run again."
    if number in FORBIDDEN:
        return f"a file cannot be used: {error}. Mend the rights of its folder, and run again."
    return None
