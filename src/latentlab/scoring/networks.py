"""The networks in whose features images can be compared, by name."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import keras

from latentlab.core import artifacts, digests
from latentlab.core.arrays import Floats, Images
from latentlab.core.errors import ParamsError
from latentlab.scoring import features
from latentlab.scoring.imagenet import weights, weights_file
from latentlab.scoring.imagenet.extractor import Extractor
from latentlab.trained import model_files

CLASSIFIER, IMAGENET, RANDOM = "classifier", "imagenet", "random"
# In the order in which they are tried: what has learned these images, what has learned others, and what has
# learned nothing (Saxe et al. 2011, "On random weights and unsupervised feature learning").
ORDER = (CLASSIFIER, IMAGENET, RANDOM)


class Network(NamedTuple):
    """A feature space; distances compare only within one.

    Attributes:
        name: of ``ORDER``.
        extract: features float32 (n, d) of images uint8 (n, height, width, channels).
        sha256: of its weights' file.
    """

    name: str
    extract: Callable[[Images], Floats]
    sha256: str


def path(name: str) -> Path:
    """Where ``train_features`` writes a network that is made for the images at hand."""
    return artifacts.FEATURES / f"{name}.keras"


def offered(choice: str, labelled: bool) -> tuple[str, ...]:
    """The networks to try, best first: the chosen one, or of ``auto`` all that can be had.

    Args:
        choice: ``features.network`` of params.yaml.
        labelled: whether images have several classes; a classifier has nothing to learn of one.

    Raises:
        ParamsError: the classifier is chosen, and there is none.
    """
    if choice == CLASSIFIER and not labelled:
        raise ParamsError(
            "features.network: expected auto, imagenet or random, because the images have no classes that a "
            "classifier could learn; got classifier. Change it in params.yaml."
        )
    if choice != "auto":
        return (choice,)
    return ORDER if labelled else (IMAGENET, RANDOM)


def opened(name: str, classifier: features.Extractor | None) -> Network:
    """A network by name.

    Args:
        name: of ``ORDER``.
        classifier: what looks through the classifier, so that it looks at images once; None without labels.
    """
    if name == IMAGENET:
        return Network(name, Extractor(weights.load()).extract, weights_file.SHA256)
    known = classifier if name == CLASSIFIER else None
    extractor = known or features.Extractor(model_files.load_model(path(name)))
    return Network(name, extractor.extract, digests.sha256(path(name)))


def load_classifier() -> keras.Sequential:
    """The classifier of the images at hand, which only images with labels have."""
    return model_files.load_model(path(CLASSIFIER))
