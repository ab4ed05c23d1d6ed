"""What scores and references are called, how scores are read, and in which order both come."""

from collections.abc import Iterable

from latentlab.showing.report.wording import sentence_case, words

REFERENCES = {
    "real": "Real images",
    "copied": "Training images",
    "blurred": "Blurred images",
    "noisy": "Noisy images",
    "one_class": "One class alone",
    "untrained": "Untrained",
}
NETWORKS = {
    "classifier": "Classifier of these images",
    "imagenet": "Classifier of photographs (ImageNet)",
    "random": "Random network",
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
    "near_copies": "Share of samples that lie far nearer to one training image than to the next ones.",
}
# Of scores that their keys do not spell in full.
SPELLINGS = {"frechet_distance": "Fréchet distance", "within_class_diversity": "Within-class diversity"}


def of_score(key: str) -> str:
    """How the page calls a score."""
    return SPELLINGS.get(key, sentence_case(words(key)))


def of_reference(key: str) -> str:
    """How the page calls a reference."""
    return REFERENCES.get(key, sentence_case(words(key)))


def rank(key: str, keys: Iterable[str]) -> tuple[int, str]:
    """What to sort keys by, so that they come in the order of ``keys``, and what is not among these last."""
    order = list(keys)
    return (order.index(key) if key in order else len(order), key)
