import keras
import numpy as np
import pytest

from latentlab.families.autoencoder import reconstruction_scores


def test_scores_by_hand() -> None:
    """A decoder that says 1/2 of every pixel costs log 2; latents of two classes, 10 apart, deviate by 5."""
    labels = np.arange(12, dtype=np.uint8) % 2
    latents = np.stack([10 * labels, np.full(12, 3)], axis=1).astype(np.float32)
    z = keras.layers.Input((2,))
    grey = keras.layers.Dense(4, "sigmoid", kernel_initializer="zeros")(z)
    decoder = keras.Model(z, keras.layers.Reshape((2, 2, 1))(grey))
    images = np.random.default_rng(0).integers(0, 256, (12, 2, 2, 1), dtype=np.uint8)
    scores = reconstruction_scores.scores(images, labels, latents, decoder)
    assert scores["reconstruction_nats_per_pixel"] == pytest.approx(np.log(2), rel=1e-6)
    assert scores["latent"]["mean_per_dimension"] == [5, 3]
    assert scores["latent"]["deviation_per_dimension"] == [5, 0]
    assert scores["latent"]["knn_accuracy"] == 1
