"""The frame around every stage: a user's mistake ends in one clear message, not in a traceback."""

import errno
import sys
from collections.abc import Callable

from latentlab.errors import LatentlabError


def run(main: Callable[[], None]) -> None:
    """Run a stage and exit with a code that makes DVC stop where it failed.

    An error of the project's own kind, want of memory and a full disk print one message alone and
    exit with 1, an interrupt exits with 130. Anything else is a defect of the program and keeps its
    traceback.
    """
    try:
        main()
    except LatentlabError as error:
        sys.exit(f"\nerror: {error}")
    except MemoryError:
        sys.exit("\nerror: memory ran out. Set data.limit, smaller batches or smaller models in params.yaml.")
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        sys.exit(f"\nerror: the disk is full: {error}. Free some of it, and run again.")
    except KeyboardInterrupt:
        sys.exit(130)
