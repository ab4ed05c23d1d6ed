"""Residual blocks that halve or double images, for networks of any depth."""

from collections.abc import Iterator
from dataclasses import dataclass

import keras
from keras import layers

from latentlab.learning.tensors import Tensor

# Initialisers, each with a seed of its own, for one layer after another.
Initial = Iterator[keras.initializers.Initializer]


@dataclass(frozen=True)
class Residual:
    """Blocks of two convolutions beside which x goes on (He et al. 2016, "Identity mappings", figure 4e).

        y = skip(x) + conv(activate(conv(activate(x))))

    Each convolution follows its normalisation and activation, so nothing changes the sum itself. Both ways
    double by the nearest neighbour and then convolve, and halve by the mean of 2 x 2 pixels, which treats all
    pixels alike: no checkerboards (Odena et al. 2016). Where the channels change, the skip has a convolution
    of 1 x 1, on the smaller image, since it commutes with doubling and halving.

    Attributes:
        initial: gives each convolution its initialiser, in the order in which they are made.
        batch_norm: whether channels are normalised over the batch.
        momentum: of the moving averages of normalisation, 0 to below 1.
        slope: of the activation below 0; 0 for a ReLU.
    """

    initial: Initial
    batch_norm: bool = True
    momentum: float = 0.99
    slope: float = 0.0

    def down(self, x: Tensor, filters: int, name: str) -> Tensor:
        """Halve x, (batch, h, w, channels), to (batch, h / 2, w / 2, filters), odd sides rounded up."""
        inner = self.convolve(self.activate(x, f"{name}_a"), filters, f"{name}_a")
        inner = self.convolve(self.activate(inner, f"{name}_b"), filters, f"{name}_b")
        skip = self._project(_halve(x, f"{name}_skip_pool"), filters, f"{name}_skip")
        return layers.Add(name=f"{name}_sum")([skip, _halve(inner, f"{name}_pool")])

    def up(self, x: Tensor, filters: int, name: str) -> Tensor:
        """Double x, (batch, h, w, channels), to (batch, 2 h, 2 w, filters)."""
        inner = layers.UpSampling2D(name=f"{name}_up")(self.activate(x, f"{name}_a"))
        inner = self.convolve(inner, filters, f"{name}_a")
        inner = self.convolve(self.activate(inner, f"{name}_b"), filters, f"{name}_b")
        skip = layers.UpSampling2D(name=f"{name}_skip_up")(self._project(x, filters, f"{name}_skip"))
        return layers.Add(name=f"{name}_sum")([skip, inner])

    def activate(self, x: Tensor, name: str) -> Tensor:
        """Normalise x, if batches are, and activate it: what also follows the last block of a network."""
        if self.batch_norm:
            x = layers.BatchNormalization(momentum=self.momentum, name=f"{name}_norm")(x)
        activation = layers.LeakyReLU(self.slope, name=f"{name}_leaky") if self.slope else None
        return (activation or layers.ReLU(name=f"{name}_relu"))(x)

    def convolve(self, x: Tensor, filters: int, name: str, size: int = 3) -> Tensor:
        """Convolve x by kernels of size x size: what also comes before the first block of a network."""
        convolution = layers.Conv2D(
            filters, size, padding="same", kernel_initializer=next(self.initial), name=name
        )
        return convolution(x)

    def _project(self, x: Tensor, filters: int, name: str) -> Tensor:
        return x if x.shape[-1] == filters else self.convolve(x, filters, name, size=1)


def _halve(x: Tensor, name: str) -> Tensor:
    """The mean of 2 x 2 pixels; at the end of an odd side, of those that there are."""
    return layers.AveragePooling2D(2, padding="same", name=name)(x)
