"""One training on several devices, which share each batch: all that a learner need not know of it.

Each device takes every n-th row of a batch and has a copy of all variables. Each draws what one device would
draw for the batch, and keeps its rows' part; means over the batch go over all devices; and the copies move by
the mean of the gradients, so that they stay equal. Up to rounding, a step is that of one device.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import keras
import tensorflow as tf

from latentlab.core.errors import ParamsError
from latentlab.learning.tensors import Tensor


@contextmanager
def using(number: int) -> Iterator[None]:
    """Make models and train them on so many of this machine's GPUs, or of its CPU's parts if there is none.

    Args:
        number: 1 changes nothing; more, once in a process, before anything is computed.

    Raises:
        ParamsError: the machine has GPUs, but fewer.
    """
    if number == 1:
        yield
        return
    with tf.distribute.MirroredStrategy(_names(number)).scope():
        yield


def count() -> int:
    """How many devices share a batch: in a step all, outside of it, as in validation, one."""
    context = tf.distribute.get_replica_context()
    return context.num_replicas_in_sync if context else 1


def take_step(step: Callable[..., Tensor], batch: Sequence[Tensor]) -> Tensor:
    """Metrics, (m,), of a step on arrays (batch, ...), each a mean over the batch."""
    strategy = tf.distribute.get_strategy()
    if strategy.num_replicas_in_sync == 1:
        return step(*batch)
    return strategy.reduce("MEAN", strategy.run(lambda: step(*map(_own_rows, batch))), axis=None)


def drawn(draw: Callable[..., Tensor], shape: Sequence[int], *args: Any, **kwargs: Any) -> Tensor:
    """Random numbers (rows, ...) for rows of a step: those that one device would draw for them.

    Args:
        draw: takes a shape and the other arguments.
        shape: of the numbers for the rows of this device.
        args, kwargs: the other arguments.
    """
    if count() == 1:
        return draw(shape, *args, **kwargs)
    rows, *sides = shape
    return _own_rows(draw((count() * rows, *sides), *args, **kwargs))


def over_all(mean: Tensor) -> Tensor:
    """The mean over the batch, of that over this device's rows; for what is no mean over the batch itself."""
    return mean if count() == 1 else tf.distribute.get_replica_context().all_reduce("MEAN", mean)


def scale_of_gradients() -> float | None:
    """What an optimizer divides gradients by, before it adds up those of all devices; None for nothing."""
    number = tf.distribute.get_strategy().num_replicas_in_sync
    return None if number == 1 else float(number)


def batch_normalise(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: float) -> tuple[Tensor, Tensor, Tensor]:
    """As ``layers.batch_normalise``, over the rows of all devices, for x of any number of sides."""
    exact, axes = tf.cast(x, tf.float32), list(range(len(x.shape) - 1))
    mean = over_all(tf.reduce_mean(exact, axes))
    variance = over_all(tf.reduce_mean((exact - mean) ** 2, axes))
    output = tf.nn.batch_normalization(exact, mean, variance, beta, gamma, epsilon)
    return tf.cast(output, x.dtype), mean, variance


def dropout(x: Tensor, layer: keras.layers.Dropout) -> Tensor:
    """What the layer makes of the rows of this device, of the batch's mask."""
    return x * drawn(lambda shape: layer(tf.ones(shape, x.dtype), training=True), x.shape)


def _own_rows(array: Tensor) -> Tensor:
    """Every n-th row, so that halves and other parts of a batch are shared like the whole."""
    rows = tf.reshape(array, [-1, count(), *array.shape[1:]])
    return rows[:, tf.distribute.get_replica_context().replica_id_in_sync_group]


def _names(number: int) -> list[str]:
    gpus = tf.config.list_physical_devices("GPU")
    if gpus and len(gpus) < number:
        raise ParamsError(
            f"params.yaml: devices: expected at most the {len(gpus)} GPUs that TensorFlow finds here, got "
            f"{number}. Lower it, or hide all GPUs by CUDA_VISIBLE_DEVICES=-1 to try it on the CPU."
        )
    if not gpus:
        [cpu] = tf.config.list_physical_devices("CPU")
        tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * number)
    return [f"{'GPU' if gpus else 'CPU'}:{index}" for index in range(number)]
