"""Reads the images of the chosen source and writes them as training, validation and test arrays."""

from latentlab import stage

with stage.imports():
    from functools import partial

    from latentlab import artifacts, mapped, params
    from latentlab.data import catalogue, download, fingerprint, folder, idx, mnist_sample, npz, splits
    from latentlab.data.labelled import Labelled
    from latentlab.data.splits import Division
    from latentlab.errors import DataError


def main() -> None:
    data = params.load().data
    division = divide(data)
    # What is saved must be what source.json says, or DVC would file it under the wrong hash.
    if artifacts.load_json(artifacts.SOURCE) != fingerprint.of(data.source, data.path):
        raise DataError(
            f"data.source {data.source}: expected the files that {artifacts.SOURCE} describes, got others. "
            "They changed during the run, so run `dvc repro` again."
        )
    save(data.source, division)


def divide(data: params.Data) -> Division:
    """Load the chosen source and divide it."""
    train, test = load(data)
    if test is None:
        return splits.of_pool(train, data.split_seed, data.limit)
    return splits.of_official(train, test, data.split_seed, data.limit)


def load(data: params.Data) -> tuple[Labelled, Labelled | None]:
    """All images of the chosen source, and its test part if it has one."""
    if data.source == "mnist_sample":
        return mnist_sample.load(), None
    if data.source == "npz":
        return npz.load(data.path, partial(mapped.spool, folder=artifacts.PREPARED))
    if data.source == "idx":
        return idx.load(folder.locate(data.path))
    cache = download.cache_folder() / data.source
    return idx.load(download.fetch(catalogue.MD5[data.source], catalogue.HOMES[data.source], cache))


def save(source: str, division: Division) -> None:
    """Write the arrays of each split, and the file that describes them."""
    for split in artifacts.SPLITS:
        part = division.splits[split]
        artifacts.save_blocks(artifacts.images_path(split), part.shape, part.blocks())
        artifacts.save_array(artifacts.labels_path(split), part.labels)
    description = {
        "source": source,
        "shape": list(division.splits["train"].shape[1:]),
        "classes": division.num_classes,
        "duplicates_left_out": division.num_duplicates,
        "splits": {split: division.splits[split].describe() for split in artifacts.SPLITS},
    }
    artifacts.save_json(artifacts.DATA_INFO, description)


if __name__ == "__main__":
    stage.run(main)
