"""What the machine is that the benchmark runs on."""

import os
import platform
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

from latentlab.core import provenance


def describe() -> dict[str, Any]:
    """Processor, cores, memory and Python."""
    return {
        "processor": processor(),
        "cores": num_cores(),
        "memory_gb": memory_gb(),
        "python": platform.python_version(),
    }


def memory_gb() -> int | None:
    """The machine's memory, or None on Windows, where Python does not tell."""
    if not hasattr(os, "sysconf"):
        return None
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9)


def frameworks() -> dict[str, str]:
    """The versions of what our trainings run in."""
    return {name: version(name) for name in ("tensorflow", "keras")}


def num_cores() -> int:
    """The cores that this process may use."""
    return provenance.threads(None)


def processor() -> str:
    """The processor's name, as Linux or else as Python knows it."""
    listing = Path("/proc/cpuinfo")
    text = listing.read_text(encoding="utf-8") if listing.exists() else ""
    named = re.search(r"model name\s*: (.*)", text)
    return named[1] if named else platform.processor() or platform.machine()
