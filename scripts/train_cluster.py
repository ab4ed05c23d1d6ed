"""Trains a family's models on several machines of a Ray cluster, which share `devices` of params.yaml."""

import argparse
import os

from latentlab.core import process

with process.imports():
    from latentlab.core.errors import TrainingError
    from latentlab.families import params, roster
    from studies.experiments import engine
    from studies.machines import launcher


def main() -> None:
    options = parse()
    name, devices = roster.named(options.family).name, params.load().devices
    address = options.cluster or os.environ.get("RAY_ADDRESS")
    if os.name == "nt" or not address:
        raise TrainingError(
            "expected Linux or macOS, and CLUSTER, the address of a Ray cluster; see docs/cluster.md. On one "
            "machine, `dvc repro` trains on all devices."
        )
    with engine.connected(address, 1) as ray:
        launcher.train(ray, name, devices, options.workers)


def parse() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("family", help="of models, as in params.yaml")
    parser.add_argument("--workers", type=int, help="machines, this one included (default: all)")
    parser.add_argument("--cluster", help="address of the Ray cluster (default: RAY_ADDRESS)")
    return parser.parse_args()


if __name__ == "__main__":
    process.run(main)
