"""A VAE that is told the class: what it makes of classes, and how well it classifies."""

import keras

from latentlab.core import artifacts
from latentlab.core.randomness import derive_seed
from latentlab.families import params
from latentlab.families.entry import save_arrays
from latentlab.families.latents import told
from latentlab.families.vae import bounds
from latentlab.learning.conditioning import num_classes_of
from latentlab.scoring import features


def enter(
    encoder: keras.Model, decoder: keras.Model, classifier: keras.Sequential, settings: params.Params
) -> dict[str, float]:
    """The conditional VAE as a classifier, beside the one that was trained as such; writes its pictures."""
    images, labels = artifacts.load_images("test"), artifacts.load_labels("test")
    shown = bounds.representatives(labels, num_classes_of(decoder))
    seed, count = derive_seed(settings.seed, "evaluate", "classes"), settings.evaluate.num_samples
    arrays = {
        "told_classes": told.by_class(decoder, seed),
        "styles": told.styles(encoder, decoder, images[shown], labels[shown]),
    }
    save_arrays(artifacts.VAE.name, arrays)
    found = told.classify(
        encoder,
        decoder,
        images[:count],
        told.log_shares(artifacts.load_labels("train"), num_classes_of(decoder)),
        reconstruction=settings.vae.reconstruction,
        seed=seed,
    )
    return {
        "generative_accuracy": float((found == labels[:count]).mean()),
        "discriminative_accuracy": features.accuracy(classifier, images[:count], labels[:count]),
        "images": count,
    }
