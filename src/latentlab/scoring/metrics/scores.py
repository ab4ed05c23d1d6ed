"""All scores of a set of images against one set of real ones, each with its interval."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from latentlab.learning.randomness import derive_seed
from latentlab.scoring.metrics import diversity, kernel, modes, neighbours
from latentlab.scoring.metrics.components import Components
from latentlab.scoring.metrics.directions import OF_CLASSES, SCORES
from latentlab.scoring.metrics.frechet import (
    MOST_DIMENSIONS,
    GaussianStatistics,
    frechet_distance,
    gaussian_statistics,
)
from latentlab.scoring.metrics.intervals import interval, with_halves
from latentlab.scoring.metrics.memorisation import CopyTest
from latentlab.scoring.metrics.near_copies import NearCopies
from latentlab.scoring.metrics.pairs import Members, Values, Vectors
from latentlab.scoring.metrics.sharpness import relative_sharpness


class Seen(NamedTuple):
    """A set of images as the scores see it.

    Attributes:
        features: of an extractor, (n, d).
        classes: of each image, (n,): predicted, or the labels of real images.
        pixels: on any scale, (n, pixels).
        sharpness: of each image, (n,).
    """

    features: Vectors
    classes: npt.NDArray[np.integer]
    pixels: Vectors
    sharpness: Values

    def first(self, count: int) -> "Seen":
        """So many images from the start."""
        return Seen(self.features[:count], self.classes[:count], self.pixels[:count], self.sharpness[:count])


class Training:
    """What models were trained on, in its own principal components."""

    def __init__(self, pixels: Vectors) -> None:
        """Take the training images (n, pixels), on the scale of all other pixels."""
        self.components = Components(pixels)
        self.projected = self.components.project(pixels)


class Baseline:
    """A set of real images, and all that is computed of it once."""

    def __init__(self, real: Seen, training: Training, num_classes: int, seed: int) -> None:
        """Measure real images that no model has seen, whose classes are their labels.

        Args:
            real: the images, 4 or more.
            training: what models were trained on.
            num_classes: classes in the data.
            seed: of the halves, and of the cells of memorisation.
        """
        self._real, self._num_classes, self._seed = real, num_classes, seed
        members = self._members(len(real.features), "real halves")
        self._balls = neighbours.balls(real.features, members)
        self._has_frechet = real.features.shape[1] <= MOST_DIMENSIONS
        self._gaussians = self._fit_gaussians(real.features, members)
        self._kernel_mean = kernel.mean_within(real.features, members)
        self._counts = modes.class_counts(real.classes, num_classes, members)
        self._distances = diversity.mean_distances(real.pixels, real.classes, num_classes, members)
        self._project = training.components.project
        cells_seed = derive_seed(seed, "evaluate", "cells")
        projected = self._project(real.pixels)
        self._copy_test = CopyTest(training.projected, projected, members, cells_seed)
        self._near_copies = NearCopies(training.projected, projected, members)

    def score(self, samples: Seen, asked: npt.NDArray[np.integer] | None = None) -> dict[str, Any]:
        """The scores of a set of images, 4 or more, with their number and intervals.

        Where the data have a single class, those of classes are left out, see ``directions``.

        Args:
            samples: the images.
            asked: the class that each was asked to be, (n,); None where none was, and
                ``asked_class_share`` is left out.
        """
        members = self._members(len(samples.features), "sample halves")
        values = self._distances_of(samples, members) | self._shares_of(samples, members)
        histogram = modes.class_counts(samples.classes, self._num_classes, members[:1])[0]
        obeyed = {}
        if asked is not None:
            looks_real = values["looks_real"][0]
            obeyed["asked_class_share"] = modes.asked_class_share(samples.classes, asked, looks_real)
        scores = {
            **{name: float(values[name][0]) for name in SCORES if name in values},
            **obeyed,
            "classes_covered": int(values["classes_covered"][0]),
            "missing_classes": np.flatnonzero(values["missing_classes"][0]).tolist(),
            "class_histogram": (histogram / len(samples.classes)).tolist(),
            "num_samples": len(samples.classes),
        }
        intervals = {name: interval(values[name], SCORES[name].bounds) for name in SCORES if name in values}
        return {**self._known(scores), "intervals": self._known(intervals)}

    def _known(self, scores: dict[str, Any]) -> dict[str, Any]:
        """Without what says nothing, because there is one class alone."""
        left_out = OF_CLASSES if self._num_classes == 1 else ()
        return {name: value for name, value in scores.items() if name not in left_out}

    def _distances_of(self, samples: Seen, members: Members) -> dict[str, Values]:
        """The scores that need no neighbours, for each subset."""
        features, projected = samples.features, self._project(samples.pixels)
        between = kernel.mean_between(self._real.features, features, self._balls.members, members)
        found = {
            "kernel_distance": kernel.mean_within(features, members) + self._kernel_mean - 2 * between,
            "memorisation": self._copy_test.score(projected, members),
            "near_copies": self._near_copies.score(projected, members),
            "sharpness": relative_sharpness(
                samples.sharpness, self._real.sharpness, members, self._balls.members
            ),
        }
        if self._has_frechet:
            gaussians = self._fit_gaussians(features, members)
            found["frechet_distance"] = np.array(list(map(frechet_distance, gaussians, self._gaussians)))
        return found

    def _fit_gaussians(self, features: Vectors, members: Members) -> list[GaussianStatistics]:
        """Of each subset; none where there are too many dimensions for a Frechet distance."""
        if not self._has_frechet:
            return []
        return [gaussian_statistics(features[subset]) for subset in members]

    def _shares_of(self, samples: Seen, members: Members) -> dict[str, Any]:
        """The scores of neighbourhoods and classes, for each subset."""
        real = self._balls
        in_real, in_samples = neighbours.overlaps(real, neighbours.balls(samples.features, members))
        counts = modes.class_counts(samples.classes, self._num_classes, members)
        looks_real = in_real.balls_around > 0
        real_counts = looks_real @ np.eye(self._num_classes)[samples.classes]
        missing = modes.missing_classes(real_counts, members.sum(axis=1), self._counts)
        means = diversity.mean_distances(samples.pixels, samples.classes, self._num_classes, members)
        return {
            "precision": neighbours.precision(in_real, members),
            "recall": neighbours.precision(in_samples, real.members),
            "density": neighbours.density(in_real, members),
            "coverage": neighbours.coverage(in_real, real.members),
            "class_divergence": modes.class_divergence(counts, self._counts),
            "classes_covered": modes.classes_covered(missing, self._counts),
            "missing_classes": missing,
            "looks_real": looks_real,
            "within_class_diversity": diversity.within_class_diversity(means, self._distances, counts),
        }

    def _members(self, size: int, purpose: str) -> Members:
        return with_halves(size, derive_seed(self._seed, "evaluate", purpose))
