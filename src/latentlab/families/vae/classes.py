"""A VAE that is told the class: what it makes of classes, and how well it classifies."""

import keras

from latentlab.core import artifacts
from latentlab.families import arrays
from latentlab.families.latents import reconstruction, told
from latentlab.families.vae import classifier as generative
from latentlab.families.vae.family import VAE
from latentlab.learning.conditioning import num_classes_of
from latentlab.learning.randomness import derive_seed
from latentlab.scoring import features
from latentlab.scoring.metrics.likelihood import Likelihood
from latentlab.scoring.settings import Scoring


def score(
    encoder: keras.Model,
    decoder: keras.Model,
    classifier: keras.Sequential,
    settings: Scoring,
    likelihood: Likelihood,
) -> dict[str, float]:
    """The conditional VAE as a classifier, beside the one that was trained as such; writes its pictures."""
    images, labels = artifacts.load_images("test"), artifacts.load_labels("test")
    shown = reconstruction.representatives(labels, num_classes_of(decoder))
    seed, count = derive_seed(settings.seed, "evaluate", "classes"), settings.evaluate.num_samples
    pictures = {
        "told_classes": told.by_class(decoder, seed),
        "styles": generative.styles(encoder, decoder, images[shown], labels[shown]),
    }
    arrays.save(VAE.name, pictures)
    found = generative.classify(
        encoder,
        decoder,
        images[:count],
        generative.log_shares(artifacts.load_labels("train"), num_classes_of(decoder)),
        likelihood=likelihood,
        seed=seed,
    )
    return {
        "generative_accuracy": float((found == labels[:count]).mean()),
        "discriminative_accuracy": features.accuracy(classifier, images[:count], labels[:count]),
        "images": count,
    }
