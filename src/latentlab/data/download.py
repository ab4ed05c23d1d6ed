"""Fetches published files once, into a cache that all experiments share."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pooch
from tqdm import tqdm

from latentlab.core.errors import DataError
from latentlab.data import folder

# Longest wait for a connection, and then for each next piece of a file.
TIMEOUT_S = 20.0


def cache_folder() -> Path:
    """Where downloads stay: the folder that LATENTLAB_CACHE names, else one in the user's own cache.

    It lies outside DVC's outputs, so neither a change of source nor a temporary experiment downloads again.
    """
    chosen = os.environ.get("LATENTLAB_CACHE")
    return folder.resolve(chosen) if chosen else Path(pooch.os_cache("latentlab"))


def fetch(
    checksums: Mapping[str, str], homes: Sequence[str], cache: Path, timeout_s: float = TIMEOUT_S
) -> dict[str, Path]:
    """Make sure that each file is in the cache and is the right one.

    Args:
        checksums: MD5 of NAME.gz for each NAME.
        homes: addresses of folders, each ending in ``/``, that serve NAME.gz; tried in turn for each file.
        cache: folder of this data set in the cache.
        timeout_s: longest silence of a home, in seconds.

    Returns:
        The place of NAME.gz for each NAME. A file that is whole in the cache costs no connection.

    Raises:
        DataError: no home gave the right file. Nothing of it is left behind.
    """
    return {name: _fetch_file(f"{name}.gz", md5, homes, cache, timeout_s) for name, md5 in checksums.items()}


def _fetch_file(file: str, md5: str, homes: Sequence[str], cache: Path, timeout_s: float) -> Path:
    failures = []
    for home in homes:
        try:
            return _retrieve(home, file, md5, cache, timeout_s)
        except (OSError, ValueError) as error:  # every error of the network library is an OSError
            failures.append(f"  {home}{file}: {error}")
    raise DataError(
        f"{file} could not be fetched into {cache}. Expected a file with MD5 {md5}; what came:\n"
        + "\n".join(failures)
        + "\nRun again once the network is back. To go on without it, set data.source in params.yaml to "
        "mnist_sample (offline, 5,000 images), or to idx with data.path naming a folder that holds the files."
    )


def _retrieve(home: str, file: str, md5: str, cache: Path, timeout_s: float) -> Path:
    # A bar without a total has no truth value, and the true total comes with the answer.
    with tqdm(desc=file, total=1, unit="B", unit_scale=True, disable=not sys.stderr.isatty()) as bar:
        downloader = pooch.HTTPDownloader(progressbar=bar, timeout=timeout_s)
        return Path(pooch.retrieve(home + file, f"md5:{md5}", fname=file, path=cache, downloader=downloader))
