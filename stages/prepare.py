"""Reads the images of the chosen source and writes them as training, validation and test arrays."""

import sys

sys.path.insert(0, "src")  # An experiment's own snapshot, which an editable install would hide.

from typing import Any

from latentlab.core import process

with process.imports():
    from latentlab.core import artifacts, settings
    from latentlab.core.errors import DataError
    from latentlab.data import enough, fingerprint, sources, splits
    from latentlab.data.settings import Data, Wanted
    from latentlab.data.splits import Division


class Read(settings.Section):
    """What this stage reads of params.yaml."""

    data: Data
    evaluate: Wanted


def main() -> None:
    read = settings.load_part(Read)
    data = read.data
    division, notes = divide(data)
    enough.require(division, read.evaluate.num_samples, data.limit)
    # What is saved must be what source.json says, or DVC would file it under the wrong hash.
    if artifacts.load_json(artifacts.SOURCE) != fingerprint.of(data.source, data.path):
        raise DataError(
            f"data.source {data.source}: expected the files that {artifacts.SOURCE} describes, got others. "
            "They changed during the run, so run `dvc repro` again."
        )
    save(data.source, division, notes)


def divide(data: Data) -> tuple[Division, dict[str, Any]]:
    """Load the chosen source and divide it; with what else is to be said of it."""
    loaded = sources.load(
        data.source,
        data.path,
        size=data.size,
        channels=data.channels,
        skip_bad_files=data.skip_bad_files,
        workspace=artifacts.PREPARED,
    )
    train, test, notes, validation = loaded
    if validation is not None:
        return splits.of_parts(train, validation, test, data.split_seed, data.limit), notes
    if test is not None:
        return splits.of_official(train, test, data.split_seed, data.limit), notes
    return splits.of_pool(train, data.split_seed, data.limit), notes


def save(source: str, division: Division, notes: dict[str, Any]) -> None:
    """Write the arrays of each split, and the file that describes them."""
    for split in artifacts.SPLITS:
        part = division.splits[split]
        artifacts.save_blocks(artifacts.images_path(split), part.shape, part.blocks())
        artifacts.save_array(artifacts.labels_path(split), part.labels)
    description = {
        "source": source,
        **notes,
        "shape": list(division.splits["train"].shape[1:]),
        "classes": division.num_classes,
        "duplicates_left_out": division.num_duplicates,
        "splits": {split: division.splits[split].describe() for split in artifacts.SPLITS},
    }
    artifacts.save_json(artifacts.DATA_INFO, description)


if __name__ == "__main__":
    process.run(main)
