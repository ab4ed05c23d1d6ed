"""How long the classic distance takes, before it is started."""

from latentlab.scoring.metrics.intervals import NUM_HALVES

# Measured on two cores.
SECONDS_PER_IMAGE = 0.032
SECONDS_PER_DISTANCE = 2.1


def seconds(count: int, num_sets: int) -> float:
    """Of ``count`` images of each set, against as many real ones, with intervals, on two cores."""
    images = count * (1 + num_sets)
    return SECONDS_PER_IMAGE * images + SECONDS_PER_DISTANCE * (1 + NUM_HALVES) * num_sets
