"""Which figure is told where, and what models, references and scores are called."""

from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import PurePath

from latentlab.showing.report.chapters import CHAPTERS, Chapter, Entry
from latentlab.showing.report.wording import sentence_case, words

# What is drawn and told nowhere above; a test finds it empty.
REST = Chapter(
    "rest", "Further figures", "Figures that the story above does not place yet, by their file names.", ()
)

MODELS = {
    "autoencoder": "Autoencoder",
    "vae": "VAE",
    "gan": "GAN",
    "gan_best": "Best GAN",
    "features": "Classifier for the scores",
}
REFERENCES = {
    "real": "Real images",
    "copied": "Training images",
    "blurred": "Blurred images",
    "noisy": "Noisy images",
    "one_class": "One class alone",
    "untrained": "Untrained",
}
SCORES = {
    "kernel_distance": "How far the features of samples and of test images are apart, without bias.",
    "frechet_distance": "The same for two Gaussians fitted to the features; too high when images are few.",
    "precision": "Share of samples that look like some real image.",
    "recall": "Share of real images that the samples come near to.",
    "density": "How many real neighbourhoods hold a sample; 1 for real images.",
    "coverage": "Share of real neighbourhoods that hold a sample.",
    "class_divergence": "How far the shares of the classes are from the data's, in nats.",
    "classes_covered": "Classes with a tenth of their share or more among samples that look real.",
    "within_class_diversity": "How much images of a class differ, relative to real ones; blur lowers it.",
    "sharpness": "How fine the strokes are, relative to real images; blur lowers it, noise raises it.",
    "memorisation": "Far below zero, samples are nearer to training images than unseen images are.",
}

# Of scores that their keys do not spell in full.
SPELLINGS = {"frechet_distance": "Fréchet distance", "within_class_diversity": "Within-class diversity"}


def place(files: Iterable[str]) -> list[tuple[Chapter, list[tuple[Entry, list[str]]]]]:
    """The chapters with the figures that there are, in the story's order; what has no entry comes last.

    Args:
        files: names of figures with their suffixes.

    Returns:
        Each chapter that has a figure, with its entries and the files of each.
    """
    left = sorted(files)
    placed = [
        (chapter, [(entry, _take(entry.name, left)) for entry in chapter.entries]) for chapter in CHAPTERS
    ]
    placed.append((REST, [(_unknown(file), [file]) for file in left]))
    drawn = [(chapter, [(entry, found) for entry, found in entries if found]) for chapter, entries in placed]
    return [(chapter, entries) for chapter, entries in drawn if entries]


def _unknown(file: str) -> Entry:
    return Entry(file, sentence_case(words(PurePath(file).stem)), f"This figure is {file}.")


def _take(names: str, left: list[str]) -> list[str]:
    """Take the files of an entry out of those that are left."""
    fitting = [file for file in left if any(fnmatch(PurePath(file).stem, name) for name in names.split())]
    left[:] = [file for file in left if file not in fitting]
    return fitting


def model_name(key: str) -> str:
    """How the page calls a model; by its key where the story has no name."""
    return MODELS.get(key, sentence_case(words(key)))


def score_name(key: str) -> str:
    """How the page calls a score."""
    return SPELLINGS.get(key, sentence_case(words(key)))


def reference_name(key: str) -> str:
    """How the page calls a reference."""
    return REFERENCES.get(key, sentence_case(words(key)))


def rank(name: str, names: Iterable[str] = MODELS) -> tuple[int, str]:
    """What to sort names by, so that they come in the story's order, and what it does not know comes last."""
    order = list(names)
    return (order.index(name) if name in order else len(order), name)
