"""A small classifier of the prepared images, whose penultimate layer is a feature space for scores."""

from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf
from keras import layers

from latentlab.core.arrays import Images, Labels
from latentlab.learning.randomness import derive_seed
from latentlab.learning.steps import Steps
from latentlab.learning.tensors import Tensor
from latentlab.trained.inference import predict

METRICS = ("train_loss", "train_accuracy")


def build_classifier(
    *,
    filters: tuple[int, ...],
    width: int,
    dropout: float,
    shift: float,
    num_classes: int,
    image_shape: tuple[int, int, int],
    seed: int,
) -> keras.Sequential:
    """The classifier: images float32 (batch, h, w, channels) in [0, 1] to logits, (batch, num_classes).

    Its last layer but one, ``features``, has ``width`` units. While training, images are shifted by
    up to ``shift`` of their sides.
    """

    def block(number: int, num_filters: int) -> list[keras.layers.Layer]:
        initializer = keras.initializers.GlorotUniform(derive_seed(seed, "conv", str(number)))
        conv = layers.Conv2D(
            num_filters,
            3,
            padding="same",
            activation="relu",
            kernel_initializer=initializer,
            name=f"conv_{number}",
        )
        return [conv, layers.MaxPooling2D(padding="same", name=f"pool_{number}")]

    def dense(units: int, activation: str, name: str) -> keras.layers.Layer:
        initializer = keras.initializers.GlorotUniform(derive_seed(seed, name))
        return layers.Dense(units, activation=activation, kernel_initializer=initializer, name=name)

    return keras.Sequential(
        [
            layers.Input(image_shape, name="image"),
            layers.RandomTranslation(
                shift,
                shift,
                fill_mode="constant",
                data_format="channels_last",
                seed=derive_seed(seed, "shift"),
                name="shift",
            ),
            *(layer for number, count in enumerate(filters, start=1) for layer in block(number, count)),
            layers.Flatten(name="flatten"),
            layers.Dropout(dropout, seed=derive_seed(seed, "dropout"), name="dropout"),
            # Bounded, so that distances see the shapes of strokes rather than their contrast.
            dense(width, "tanh", "features"),
            dense(num_classes, "linear", "logits"),
        ],
        name="classifier",
    )


class Extractor:
    """What a classifier sees in images, trained or not."""

    def __init__(self, classifier: keras.Sequential) -> None:
        """Look through ``classifier``."""
        outputs = [classifier.get_layer("features").output, classifier.get_layer("logits").output]
        self._model = keras.Model(classifier.inputs[0], outputs)
        self.num_classes = int(classifier.output_shape[1])
        # Features and classes of the same images are asked for one after the other, and come of one look.
        self._looked_at: Images | None = None
        self._logits = np.empty((0, self.num_classes), np.float32)

    def extract(self, images: Images) -> npt.NDArray[np.float32]:
        """Features (n, width) of uint8 images (n, height, width, channels)."""
        found: npt.NDArray[np.float32]
        found, self._logits = predict(self._model, images)
        self._looked_at = images
        return found

    def classify(self, images: Images) -> npt.NDArray[np.int64]:
        """Predicted classes (n,) of uint8 images (n, height, width, channels)."""
        if self._looked_at is not images:
            self.extract(images)
        self._looked_at = None  # Their content may change before they come again.
        return np.argmax(self._logits, axis=1)


def accuracy(classifier: keras.Sequential, images: Images, labels: Labels) -> float:
    """The share of uint8 images (n, height, width, channels) whose class is predicted right."""
    return float(np.mean(np.argmax(predict(classifier, images), axis=1) == labels))


class Classifier:
    """The classifier in training on cross-entropy; a learner for the loop of ``training``."""

    remedy = "lower features.learning_rate"

    def __init__(self, model: keras.Sequential, optimizer: keras.Optimizer) -> None:
        """Prepare to train ``model`` in place."""
        self.model = model
        self._optimizer = optimizer
        self._optimizer.build(model.trainable_variables)
        self.train_steps = Steps(self._train_step, METRICS)

    @property
    def variables(self) -> list[Any]:
        """All that training changes, random state included, in a fixed order."""
        return [*self.model.variables, *self._optimizer.variables]

    def train(self, *batches: npt.NDArray[Any]) -> dict[str, npt.NDArray[np.float32]]:
        """Train one step for each batch of images and labels, uint8 (steps, batch, ...)."""
        return self.train_steps(*batches)

    def validate(self, *arrays: npt.NDArray[Any]) -> dict[str, float]:
        """Accuracy on images, uint8 (n, height, width, channels), with labels (n,)."""
        images, labels = arrays
        return {"validation_accuracy": accuracy(self.model, images, labels)}

    def _train_step(self, images: Tensor, labels: Tensor) -> Tensor:
        with tf.GradientTape() as tape:
            logits = self.model(tf.cast(images, tf.float32) / 255.0, training=True)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(tf.cast(labels, tf.int32), logits)
            loss = tf.reduce_mean(losses)
        gradients = tape.gradient(loss, self.model.trainable_variables)
        self._optimizer.apply(gradients, self.model.trainable_variables)
        hits = tf.argmax(logits, axis=1) == tf.cast(labels, tf.int64)
        return tf.stack([loss, tf.reduce_mean(tf.cast(hits, tf.float32))])
