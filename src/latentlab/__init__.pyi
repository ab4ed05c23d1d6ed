"""The types of what ``__init__.py`` loads when it is first asked for."""

from latentlab.interface.public import *  # noqa: F403
from latentlab.interface.public import __all__ as __all__
