"""The scores of trained models, and what makes them worth reading."""

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from latentlab.core import mapped
from latentlab.core.arrays import Floats, Images, Labels
from latentlab.core.errors import EvaluationError
from latentlab.learning.randomness import derive_seed
from latentlab.scoring.classes import Classes
from latentlab.scoring.contenders import Contender
from latentlab.scoring.metrics.directions import SCORES
from latentlab.scoring.metrics.intervals import with_halves
from latentlab.scoring.metrics.label_shift import LabelShift, Probe
from latentlab.scoring.metrics.scores import Baseline, Seen, Training
from latentlab.scoring.metrics.sharpness import sharpness
from latentlab.scoring.metrics.sliced_wasserstein import sliced_wasserstein
from latentlab.scoring.metrics.two_sample import held_out_gain
from latentlab.scoring.networks import Network

# Measured on two cores: of 10,000 images against 10,000, which grows with their square.
SECONDS_PER_SET = 4
# Of a side, for distances between pixels.
MOST_PIXELS = 32
# Training images that samples are held against for copies; all of MNIST's. Distances to a million would take
# memory and time that grow with them.
MOST_COMPARED = 60_000


class Scorer:
    """Scores sets of images in one feature space, against one set of real images."""

    def __init__(
        self,
        network: Network,
        classes: Classes,
        real: tuple[Images, Labels],
        training: Training,
        seed: int,
        probe: Probe | None = None,
    ) -> None:
        """Take what sets of images are compared with.

        Args:
            network: gives the features of images.
            classes: tells their classes.
            real: images that no model was trained on, uint8 (n, height, width, channels), of which each
                stretch from the start holds the classes in their shares; and their labels, (n,).
            training: what models were trained on, see :func:`training_of`.
            seed: of the halves behind the intervals.
            probe: tells in which shares of the classes images are; None where the classes of single images
                are told, or nothing is of classes.
        """
        self._network, self._classes = network, classes
        images, labels = real
        self._images = images
        self._real = self._look(images)
        if classes.number > 1:
            self._real = self._real._replace(classes=labels)
        self._shift = LabelShift(probe, self._real.features, labels) if probe else None
        self._training, self._seed = training, seed
        self._baseline = cache(self._make_baseline)

    def score(self, images: Images, asked: Labels | None = None) -> dict[str, Any]:
        """The scores of generated or real images, against as many real ones: most scores depend on both.

        Args:
            images: uint8 (n, height, width, channels).
            asked: the class that each was asked to be, (n,), if any was.
        """
        baseline, seen = self._baseline(min(len(images), len(self._real.classes))), self._look(images)
        scores = baseline.score(seen, asked if self._classes.number > 1 else None)
        return scores | self._shares_of_classes(seen.features)

    def detect(self, images: Images) -> dict[str, Any]:
        """Whether images differ from real ones at all, by what needs no ladder, and ranks no models.

        Args:
            images: uint8 (n, height, width, channels), 4 or more.

        Returns:
            two_sample_gain: see :func:`two_sample.held_out_gain`.
            sliced_wasserstein: by the side of each level, see :func:`sliced_wasserstein.sliced_wasserstein`.
        """
        count = min(len(images), len(self._images))
        gain_seed, patches_seed = (
            derive_seed(self._seed, "evaluate", purpose) for purpose in ("two samples", "patches")
        )
        distances = sliced_wasserstein(self._images[:count], images[:count], patches_seed)
        features = self._network.extract(images[:count])
        return {
            "two_sample_gain": held_out_gain(self._real.features[:count], features, gain_seed),
            "sliced_wasserstein": {str(side): distance for side, distance in distances.items()},
        }

    def _shares_of_classes(self, features: Floats) -> dict[str, Any]:
        """See :meth:`label_shift.LabelShift.score`; nothing without a probe."""
        if self._shift is None:
            return {}
        real, samples = (
            with_halves(len(part), derive_seed(self._seed, "evaluate", purpose))
            for part, purpose in ((self._images, "real halves"), (features, "sample halves"))
        )
        return self._shift.score(features, (real, samples))

    def _make_baseline(self, count: int) -> Baseline:
        return Baseline(self._real.first(count), self._training, self._classes.number, self._seed)

    def _look(self, images: Images) -> Seen:
        return Seen(
            self._network.extract(images), self._classes.tell(images), _flatten(images), sharpness(images)
        )


def training_of(images: Images) -> Training:
    """What models were trained on, uint8 (n, height, width, channels): copies are looked for in 60,000."""
    return Training(_flatten(images[:MOST_COMPARED]))


def score_all(
    scorer: Scorer, contenders: Sequence[Contender], count: int, keep: Callable[[Contender, Images], None]
) -> dict[str, dict[str, Any]]:
    """The scores of each contender; says before how long this takes, and shows how far it is.

    Args:
        scorer: gives the scores.
        contenders: what is scored, one after the other, so that one set of images is in memory.
        count: images of each.
        keep: is given each and its images.
    """
    seconds = len(contenders) * (1 + SECONDS_PER_SET * (count / 10_000) ** 2)
    print(f"scoring {len(contenders)} sets of images: about {seconds:.0f} s on two cores", flush=True)
    scores = {}
    with tqdm(contenders, unit="set", disable=not sys.stderr.isatty(), dynamic_ncols=True) as bar:
        for contender in bar:
            bar.set_description(contender.name)
            images, asked = contender.draw(count)
            keep(contender, images)
            scored = scorer.score(images, asked)
            scores[contender.name] = scored | scorer.detect(images) if contender.in_full else brief(scored)
            if bar.disable:
                print(f"scored {contender.name}: {len(images)} images", flush=True)
    return scores


def brief(scores: Mapping[str, Any]) -> dict[str, Any]:
    """Scores without their intervals and histograms."""
    return {name: scores[name] for name in (*SCORES, "asked_class_share") if name in scores}


def require_unseen(hashes: npt.NDArray[np.uint64], seen: Mapping[str, npt.NDArray[np.uint64]]) -> None:
    """Refuse to score models on images that they were trained on.

    Args:
        hashes: hashes of the test images.
        seen: for each model, the hashes of its training images.

    Raises:
        EvaluationError: some test image is among them.
    """
    for name, training_hashes in seen.items():
        shared = int(np.isin(hashes, training_hashes).sum())
        if shared:
            raise EvaluationError(
                f"{shared} of {len(hashes)} test images are among those that {name} was trained on, so its "
                "scores would flatter it. Train it on the data that is prepared now: run `dvc repro`."
            )


def require_enough(count: int, available: int) -> None:
    """Refuse to compare with fewer test images than samples, since distances depend on both numbers.

    Raises:
        EvaluationError: fewer than ``count`` are available.
    """
    if available < count:
        raise EvaluationError(
            f"evaluate.num_samples is {count}, but there are only {available} test images to compare "
            f"with: set it to {available} or less, or raise data.limit."
        )


def _flatten(images: Images) -> npt.NDArray[np.uint8]:
    """The pixels of images (n, height, width, channels) that distances are taken in: uint8 (n, pixels).

    Of images with sides beyond ``MOST_PIXELS`` these are means over squares of pixels: details are for the
    features, and principal components of all pixels would take hours.
    """
    _, height, width, channels = images.shape
    side = -(-max(height, width) // MOST_PIXELS)
    rows, columns = height // side, width // side
    if side == 1:
        return images.reshape(len(images), -1)
    squares = (
        part[:, : rows * side, : columns * side].reshape(-1, rows, side, columns, side, channels)
        for part in mapped.blocks(images)
    )
    means = [np.rint(part.mean(axis=(2, 4), dtype=np.float32)).astype(np.uint8) for part in squares]
    return np.concatenate(means).reshape(len(images), -1)
