"""The classic Frechet Inception distance of sets of images."""

import sys
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from latentlab.core.arrays import Images
from latentlab.learning.randomness import derive_seed
from latentlab.scoring.contenders import Contender
from latentlab.scoring.inception import cost
from latentlab.scoring.inception.extractor import Features, InceptionExtractor
from latentlab.scoring.metrics.frechet import frechet_distance, gaussian_statistics
from latentlab.scoring.metrics.intervals import interval, with_halves
from latentlab.scoring.protocol import NUM_CLASSIC


def is_scored(contender: Contender) -> bool:
    """Whether a contender is worth the time: broken references and what is scored in brief are not."""
    broken = contender.name.startswith("references.") and contender.name != "references.real"
    return contender.in_full and not broken


def score_all(
    network: keras.Model, contenders: Sequence[Contender], real: Images, count: int, seed: int
) -> dict[str, dict[str, Any]]:
    """The distance of each contender's images from as many real ones, by its name with ``.inception``.

    Says before how long this takes, and shows how far it is.

    Args:
        network: with the weights of the classic distance.
        contenders: what is scored.
        real: unseen images, uint8 (n, height, width, channels) of 1 or 3 channels.
        count: images of each contender, as far as they go, and of ``real``; 10,000 are taken at most.
        seed: of the halves behind the intervals.
    """
    count = min(count, NUM_CLASSIC)
    total = count * (1 + len(contenders))
    minutes = cost.seconds(count, len(contenders)) / 60
    print(f"Inception features of {total} images: about {minutes:.0f} min on two cores", flush=True)
    extractor, scores = InceptionExtractor(network), {}
    with tqdm(total=total, unit="image", disable=not sys.stderr.isatty(), dynamic_ncols=True) as bar:
        real_features = extractor.extract(real[:count], bar)
        for contender in contenders:
            bar.set_description(contender.name)
            features = extractor.extract(contender.draw(count).images, bar)
            scores[f"{contender.name}.inception"] = score(features, real_features[: len(features)], seed)
            if bar.disable:
                print(f"Inception distance of {contender.name}: {len(features)} images", flush=True)
    return scores


def score(samples: Features, real: Features, seed: int) -> dict[str, Any]:
    """The distance of two sets of features (n, d), with its interval, as other scores have theirs."""
    halves = (
        with_halves(len(part), derive_seed(seed, "evaluate", f"inception {name}"))
        for name, part in (("sample", samples), ("real", real))
    )
    # One pair of covariances after the other: all together would fill a gigabyte.
    distances = np.array([_distance(samples[a], real[b]) for a, b in zip(*halves, strict=True)])
    return {
        "frechet_distance": float(distances[0]),
        "num_samples": len(samples),
        "intervals": {"frechet_distance": interval(distances, (0, float("inf")))},
    }


def _distance(a: npt.NDArray[Any], b: npt.NDArray[Any]) -> float:
    return frechet_distance(gaussian_statistics(a), gaussian_statistics(b))
