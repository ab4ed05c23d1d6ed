"""How numbers and names are written for readers."""

from typing import Any

MINUS = "\N{MINUS SIGN}"
# From here on a count is easier to read with its thousands apart.
THOUSAND = 1000


def number(value: Any) -> str:
    """A value as text: counts whole, other numbers with three digits, all else as params.yaml writes it."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, list | tuple):
        return f"[{', '.join(number(item) for item in value)}]"
    if isinstance(value, int):
        return f"{value:,}".replace("-", MINUS)
    if isinstance(value, float):
        return (f"{value:,.0f}" if abs(value) >= THOUSAND else f"{value:.3g}").replace("-", MINUS)
    return str(value)


def words(name: str) -> str:
    """A key of a file as words: ``kernel_distance`` becomes ``kernel distance``."""
    return name.replace("_", " ").replace(".", ", ")


def sentence_case(text: str) -> str:
    """The text with its first letter large and all others as they are."""
    return text[:1].upper() + text[1:]
