"""Where trainings and scorings write, for records that load no NumPy; ``artifacts`` has all other places."""

from pathlib import Path

MODELS = Path("models")
SCORED = Path("reports/scores")


def scores_folder(name: str) -> Path:
    """Where the scoring of a family, or of the references, writes: scores, arrays for figures, models."""
    return SCORED / name
