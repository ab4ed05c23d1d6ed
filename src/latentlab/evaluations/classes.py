"""A VAE that is told the class: what it makes of classes, and how well it classifies."""

import keras

from latentlab import artifacts, conditional_evaluation, features, params, vae_evaluation
from latentlab.conditioning import num_classes_of
from latentlab.evaluations.entry import save_arrays
from latentlab.randomness import derive_seed


def enter(
    encoder: keras.Model, decoder: keras.Model, classifier: keras.Sequential, settings: params.Params
) -> dict[str, float]:
    """The conditional VAE as a classifier, beside the one that was trained as such; writes its pictures."""
    images, labels = artifacts.load_images("test"), artifacts.load_labels("test")
    shown = vae_evaluation.representatives(labels, num_classes_of(decoder))
    seed, count = derive_seed(settings.seed, "evaluate", "classes"), settings.evaluate.num_samples
    arrays = {
        "told_classes": conditional_evaluation.by_class(decoder, seed),
        "styles": conditional_evaluation.styles(encoder, decoder, images[shown], labels[shown]),
    }
    save_arrays(artifacts.VAE.name, arrays)
    found = conditional_evaluation.classify(
        encoder,
        decoder,
        images[:count],
        conditional_evaluation.log_shares(artifacts.load_labels("train"), num_classes_of(decoder)),
        reconstruction=settings.vae.reconstruction,
        seed=seed,
    )
    return {
        "generative_accuracy": float((found == labels[:count]).mean()),
        "discriminative_accuracy": features.accuracy(classifier, images[:count], labels[:count]),
        "images": count,
    }
