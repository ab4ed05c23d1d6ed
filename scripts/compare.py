"""Says what differs between two settings that were each run with several seeds."""

import argparse
from pathlib import Path

from latentlab.core import process
from studies.seeds import comparison


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("a", type=Path, help="a file that `make seeds` wrote")
    parser.add_argument("b", type=Path, help="another")
    options = parser.parse_args()
    needed = ("conditions", "models", "settings", "seeds")
    a, b = (comparison.load(path, "make seeds", needed) for path in (options.a, options.b))
    print(comparison.describe(a, b, comparison.compare(a, b)))


if __name__ == "__main__":
    process.run(main)
