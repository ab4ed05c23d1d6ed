"""Writes trained models as ONNX and LiteRT, and holds each file against Keras in its own runtime."""

import argparse
from pathlib import Path

from latentlab import stage

with stage.imports():
    from latentlab import artifacts, exporting, model_files

NETWORKS = {
    "vae": ["encoder", "decoder"],
    "autoencoder": ["encoder", "decoder"],
    "gan": ["generator"],
    "gan_best": ["generator"],
}


def main() -> None:
    options = parse()
    for model in options.model:
        for network in NETWORKS[model]:
            trained = model_files.load_model(artifacts.MODELS / model / f"{network}.keras")
            for file_format in options.format:
                path = options.out / f"{model}-{network}{exporting.SUFFIXES[file_format]}"
                exporting.export(path, trained, file_format)
                print(f"{path}: within {exporting.verify(path, trained):.0e} of Keras", flush=True)


def parse() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", nargs="+", choices=NETWORKS, default=list(NETWORKS), help="default: all")
    formats = list(exporting.SUFFIXES)
    parser.add_argument("--format", nargs="+", choices=formats, default=formats, help="default: both")
    parser.add_argument("--out", type=Path, default=Path("exports"), help="the folder (default: exports)")
    return parser.parse_args()


if __name__ == "__main__":
    stage.run(main)
