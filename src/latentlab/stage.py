"""The frame around every stage: a user's mistake ends in one clear message, not in a traceback."""

import sys
from collections.abc import Callable

from latentlab.errors import LatentlabError


def run(main: Callable[[], None]) -> None:
    """Run a stage and exit with a code that makes DVC stop where it failed.

    An error of the project's own kind prints its message alone and exits with 1, an interrupt
    with 130. Anything else is a defect of the program and keeps its traceback.
    """
    try:
        main()
    except LatentlabError as error:
        sys.exit(f"\nerror: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
