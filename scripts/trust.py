"""Says whether features of each network can be trusted on the images at hand: `make trust NAME=digits`."""

import sys

from latentlab.core import process

with process.imports(hidden=process.KERAS_EXTRAS):
    from pathlib import Path

    from latentlab.core import artifacts, provenance
    from studies.failures import judging

RESULTS = Path("docs/results/trust.json")


def main(name: str) -> None:
    """Print what the yardstick finds, and write it as the data set's part of the results."""
    measured = judging.measure_all()
    for network, found in measured.items():
        said = "trusted" if found["trusted"] else "not trusted"
        print(f"{network}: {found['ratio']:.3g}, {said}. {found['because']}", flush=True)
    sets = artifacts.load_json(RESULTS)["sets"] if RESULTS.exists() else {}
    sets[name] = measured
    commit = str(provenance.git_revision())[:7]
    artifacts.save_json(RESULTS, {"commit": commit, "sets": sets})


if __name__ == "__main__":
    process.run(lambda: main(*sys.argv[1:]))
