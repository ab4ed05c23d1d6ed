"""Where a trained model comes from, with what the scoring made of it: the workspace, or MLflow."""

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol, TypeVar

from latentlab.core import artifacts
from latentlab.core.errors import RequestError
from latentlab.core.family import Family, Model
from latentlab.families.latents import fitted
from latentlab.families.latents.samplers import Mixture
from latentlab.interface import lookup
from latentlab.tracking import rows

T = TypeVar("T")


class Origin(Protocol):
    """What a model is opened from; its networks stay what they are, whatever is trained or registered later.

    A training that is scored anew has another row in MLflow: what scoring made is of the latest row when it
    is first asked for, and stays so.
    """

    def networks(self, folder: Path) -> dict[str, Path]:
        """The files of networks by their names; what must be fetched is put below ``folder``."""

    def samplers(self) -> Mapping[str, Mixture]:
        """What was fitted to the encodings of the training images, by its way."""

    def metrics(self) -> dict[str, Any]:
        """The scores of the model's result, all of metrics.json."""


class Workspace:
    """The repository that is the working directory, as it lies there now."""

    def __init__(self, family: Family, model: Model) -> None:
        """Read what is there of a model.

        Raises:
            ArtifactError: a file is damaged.
            RequestError: this is no workspace.
        """
        require_workspace()
        names = filter(None, (family.generative, family.encoder))
        self._networks = {name: model.folder / f"{name}.keras" for name in names}
        self.samplers = _kept(artifacts.scores_folder(family.name) / fitted.FILE, fitted.load)
        self.metrics = _kept(artifacts.METRICS, artifacts.load_json)

    def networks(self, folder: Path) -> dict[str, Path]:
        """Those in models/; see :class:`Origin`."""
        return self._networks


class Record:
    """An alias or a run in MLflow."""

    def __init__(self, reference: str, family: Family, model: Model) -> None:
        """Find it; errors as of ``lookup.find``."""
        self._found = lookup.find(reference, model.name, family.generative)
        self._family = family.name

    def networks(self, folder: Path) -> dict[str, Path]:
        """Copies of them; see :class:`Origin`."""
        places = self._found.networks
        return {name: lookup.download_network(place, folder / name) for name, place in places.items()}

    def samplers(self) -> Mapping[str, Mixture]:
        """Those of the row, or of the latest row of the training; see :class:`Origin`."""
        return self._samplers

    def metrics(self) -> dict[str, Any]:
        """As of ``samplers``."""
        return self._metrics

    @cached_property
    def _samplers(self) -> Mapping[str, Mixture]:
        return self._read(f"{rows.SCORED}/{self._family}/{fitted.FILE}", fitted.load)

    @cached_property
    def _metrics(self) -> dict[str, Any]:
        return self._read(artifacts.METRICS.name, artifacts.load_json)

    def _read(self, path: str, load: Callable[[Path], T]) -> T:
        return fetch(lookup.find_file(self._found, self._family, path), load)


def fetch(place: str, load: Callable[[Path], T]) -> T:
    """What a file of MLflow's holds; errors as of ``lookup.download``."""
    with TemporaryDirectory() as folder:
        return load(lookup.download(place, Path(folder)))


def require_workspace() -> None:
    """Refuse a working directory in which nothing was trained.

    Raises:
        RequestError: as said.
    """
    if not artifacts.MODELS.is_dir():
        raise RequestError(
            f"expected the folder {artifacts.MODELS} in {Path.cwd()}, got none. Go to the root of the "
            "repository and run `dvc repro`, which makes it, or name an alias or a run of MLflow."
        )


def _kept(path: Path, load: Callable[[Path], T]) -> Callable[[], T]:
    """What a file holds now, whatever it will hold; of one that is missing, the error that says so."""
    if not path.exists():
        return partial(load, path)
    found = load(path)
    return lambda: found
