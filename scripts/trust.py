"""Says whether each network's features can be trusted on the images at hand: `make trust NAME=Emoji`."""

import sys

from latentlab.core import process

with process.imports(hidden=process.KERAS_EXTRAS):
    from pathlib import Path

    from studies.failures import judging, record

RESULTS = Path("docs/results/trust.json")


def main(name: str) -> None:
    """Print what the yardstick finds, and write it as the data set's part of the results."""
    measured = judging.measure_all()
    for network, found in measured.items():
        said = "trusted" if found["trusted"] else "not trusted"
        print(f"{network}: {found['ratio']:.3g}, {said}. {found['because']}", flush=True)
    record.keep(RESULTS, name, measured)


if __name__ == "__main__":
    process.run(lambda: main(record.name_of(sys.argv[1:])))
