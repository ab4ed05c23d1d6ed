"""The scores of results, and those of any images; and the images that models are trained and scored on."""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy.typing as npt

from latentlab.core import artifacts, process, settings
from latentlab.core.arrays import Images, Labels
from latentlab.core.artifacts import SPLITS, Split
from latentlab.core.errors import EvaluationError, RequestError
from latentlab.core.settings import FEWEST_COMPARED
from latentlab.interface import checks, classes, lookup, origins
from latentlab.scoring.settings import Scoring

if TYPE_CHECKING:  # which would load TensorFlow
    from latentlab.scoring.scorer import Scorer


class Prepared(NamedTuple):
    """Images as the pipeline prepared them.

    Attributes:
        images: pixels from 0 to 255, uint8 (n, height, width, channels).
        labels: the class of each, counted from 0, uint8 (n,); all 0 where the source has no labels.
    """

    images: Images
    labels: Labels


def prepared(split: Split = "test") -> Prepared:
    """The images of a split, and their labels, read-only.

    Args:
        split: ``"train"``, ``"validation"`` or ``"test"``.

    Raises:
        ArtifactError: nothing was prepared in the working directory.
        RequestError: there is no such split.

    Example:
        >>> import latentlab
        >>> images, labels = latentlab.prepared("test")
        >>> images.shape[1:], images.dtype
        ((28, 28, 1), dtype('uint8'))
    """
    if split not in SPLITS:
        raise RequestError(f"split: expected one of {', '.join(SPLITS)}, got {split!r}.")
    return Prepared(artifacts.load_images(split), artifacts.load_labels(split))


def scores(run: str | None = None) -> dict[str, Any]:
    """All scores of a result, as ``reports/metrics.json`` has them; docs/metrics.md says what each means.

    Args:
        run: the id or the name of a row in MLflow's experiment ``pipeline``; None for the result in the
            working directory.

    Returns:
        Scores by name in sections: one for each model, ``references``, ``samplers`` and others.

    Raises:
        ArtifactError: there is no result in the working directory.
        RequestError: there is no such row, or MLflow cannot be used.

    Example:
        >>> found = latentlab.scores()
        >>> set(latentlab.models()) | {"references"} <= set(found)
        True
    """
    if run is None:
        found = artifacts.load_json(artifacts.METRICS)
    else:
        found = origins.fetch(lookup.find_row(run, artifacts.METRICS.name), artifacts.load_json)
    return dict(found)


def score(images: npt.ArrayLike, labels: npt.ArrayLike | None = None) -> dict[str, Any]:
    """Score any images against as many of the prepared test images, as the pipeline scores those of models.

    Most scores depend on the number of images: those of ``evaluate.num_samples`` compare with the result's.
    Images that a model was trained on tell nothing of it.

    Args:
        images: pixels from 0 to 255, uint8 (n, height, width, channels), of the test images' shape; from 20
            up to as many as there are of these.
        labels: the class that each was asked to be, integers (n,), or one class of all; None where none was.

    Returns:
        Scores by name, such as ``frechet_distance``, with 95 % intervals under ``intervals``.

    Raises:
        ArtifactError: the working directory has no prepared images, or no network to see features with.
        EvaluationError: scores would be worth nothing.
        ParamsError: params.yaml cannot be read.
        RequestError: an array is unfit.

    Example:
        >>> images, labels = latentlab.prepared("validation")
        >>> scored = latentlab.score(images[:50])
        >>> scored["num_samples"], scored["frechet_distance"] > 0
        (50, True)
    """
    origins.require_workspace()
    test = artifacts.load_images("test")
    found = checks.images(images, test.shape[1:])
    if not FEWEST_COMPARED <= len(found) <= len(test):
        raise RequestError(
            f"images: expected {FEWEST_COMPARED} to {len(test)}, as many as there are test images to compare "
            f"with, got {len(found)}."
        )
    num_classes = int(artifacts.load_labels("test").max()) + 1
    asked = None if labels is None else classes.told(num_classes, len(found), labels)
    return _open_scorer(len(found)).score(found, asked)


def _open_scorer(count: int) -> "Scorer":
    """What scores so many images, as params.yaml says.

    Raises:
        EvaluationError: TensorFlow computes already, with another number of threads.
    """
    with process.without_greetings():
        from latentlab.scoring import bench
    said = settings.load_part(Scoring)
    wanted = said.model_copy(update={"evaluate": said.evaluate.model_copy(update={"num_samples": count})})
    try:
        return bench.set_up(wanted, []).scorer
    except RuntimeError as error:
        raise EvaluationError(
            f"expected TensorFlow to compute with as many threads as params.yaml says, got: {error} Start a "
            "fresh process, and use latentlab there before TensorFlow."
        ) from error
