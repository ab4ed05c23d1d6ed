"""How much can be asked for at once; loads no library."""

MOST_IMAGES = 10**8
MOST_STEPS = 1000
LARGEST_SEED = 2**32 - 1
