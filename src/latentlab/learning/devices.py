"""One training on several devices, which share each batch: all that a learner need not know of it.

Each device takes every n-th row of a batch and has a copy of all variables. Each draws what one device would
draw for the batch, and keeps its rows' part; means over the batch go over all devices; and the copies move by
the mean of the gradients, so that they stay equal. Up to rounding, a step is that of one device.

The devices may be those of several machines. Then each runs the same process, of which the first leads: it
alone keeps what comes of the training, and hands the others the state to begin with.
"""

import json
import os
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from latentlab.core.errors import ParamsError, TrainingError
from latentlab.core.process import MACHINES
from latentlab.learning.tensors import Tensor

# Until all must have met; one that is busy takes a minute to load TensorFlow.
DEADLINE_SECONDS = 120
# Between two looks whether the first is there.
RETRY_SECONDS = 0.2
# What TensorFlow makes of a machine that is gone.
LOST = (
    tf.errors.AbortedError,
    tf.errors.CancelledError,
    tf.errors.DeadlineExceededError,
    tf.errors.FailedPreconditionError,
    tf.errors.InternalError,
    tf.errors.UnavailableError,
)


class Machines(NamedTuple):
    """Those that share a training, by host and port, and the place of this one among them, from 0."""

    addresses: Sequence[str]
    own: int


@contextmanager
def using(number: int) -> Iterator[None]:
    """Make models and train them on so many GPUs, or on parts of the CPU where there is none.

    Of several machines, which ``MACHINES`` names in the environment, each has an equal share of them.

    Args:
        number: 1 changes nothing; more, once in a process, before anything is computed.

    Raises:
        ParamsError: the machine has GPUs, but fewer; or machines cannot share the number.
        TrainingError: another machine is gone.
    """
    if machines := _machines():
        with _noticing_loss(), _strategy(machines, number).scope():
            yield
    elif number == 1:
        yield
    else:
        with tf.distribute.MirroredStrategy(_names(number)).scope():
            yield


def leads() -> bool:
    """Whether this process keeps what comes of the training: the only one, or the first."""
    machines = _machines()
    return machines is None or machines.own == 0


def alone() -> bool:
    """Whether this machine trains by itself."""
    return not (tf.distribute.has_strategy() and _machines())


def from_first(content: bytes) -> bytes:
    """What the first machine calls this with, on all; call it inside of ``using``, on all."""
    if alone():
        return content
    size = int(_first(np.array([len(content)], np.int64))[0])
    # In words, as TensorFlow sends no bytes, and GPUs have no smaller whole numbers.
    words = np.zeros(-(-size // 8), np.int64)
    if leads():
        words.view(np.uint8)[:size] = np.frombuffer(content, np.uint8)
    return _first(words).tobytes()[:size]


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
    axes = list(range(len(x.shape) - 1))
    mean = over_all(tf.reduce_mean(x, axes))
    variance = over_all(tf.reduce_mean((x - mean) ** 2, axes))
    return tf.nn.batch_normalization(x, mean, variance, beta, gamma, epsilon), mean, variance


def dropout(x: Tensor, layer: keras.layers.Dropout) -> Tensor:
    """What the layer makes of the rows of this device, of the batch's mask."""
    return x * drawn(lambda shape: layer(tf.ones(shape, x.dtype), training=True), x.shape)


def _own_rows(array: Tensor) -> Tensor:
    """Every n-th row, so that halves and other parts of a batch are shared like the whole."""
    rows = tf.reshape(array, [-1, count(), *array.shape[1:]])
    return rows[:, tf.distribute.get_replica_context().replica_id_in_sync_group]


def _names(number: int) -> list[str]:
    gpus = _gpus(number)
    if not gpus:
        [cpu] = tf.config.list_physical_devices("CPU")
        tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * number)
    return [f"{'GPU' if gpus else 'CPU'}:{index}" for index in range(number)]


def _gpus(number: int) -> list[Any]:
    """So many of this machine's; none where it has none."""
    gpus = tf.config.list_physical_devices("GPU")
    if gpus and len(gpus) < number:
        raise ParamsError(
            f"params.yaml: devices: expected at most the {len(gpus)} GPUs that TensorFlow finds here, got "
            f"{number}. Lower it, or hide all GPUs by CUDA_VISIBLE_DEVICES=-1 to try it on the CPU."
        )
    return list(gpus[:number])


def _machines() -> Machines | None:
    """Those that share the training; None where this one is alone."""
    told = os.environ.get(MACHINES)
    if told is None:
        return None
    config = json.loads(told)
    return Machines(config["cluster"]["worker"], config["task"]["index"])


def _strategy(machines: Machines, number: int) -> tf.distribute.Strategy:
    """This machine's share in so many devices, once all machines are there."""
    share, rest = divmod(number, len(machines.addresses))
    gpus = [] if rest else _gpus(share)
    if rest or not (gpus or share == 1):
        raise ParamsError(
            f"params.yaml: devices: expected a number that {len(machines.addresses)} machines share evenly, "
            f"without GPUs one each, got {number}. Change it, or take as many machines."
        )
    tf.config.set_visible_devices(gpus, "GPU")
    resolver = tf.distribute.cluster_resolver.SimpleClusterResolver(
        tf.train.ClusterSpec({"worker": machines.addresses}),
        task_type="worker",
        task_id=machines.own,
        num_accelerators={"GPU": len(gpus)},
        rpc_layer="grpc",
    )
    _meet(machines)
    return tf.distribute.MultiWorkerMirroredStrategy(resolver)


def _first(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The first machine's array, of equal shapes: with it a variable begins on all."""
    begun: npt.NDArray[Any] = tf.Variable(array, trainable=False).numpy()
    return begun


def _meet(machines: Machines) -> None:
    """Wait until all are there, for TensorFlow would wait for ever and heed nothing meanwhile.

    The first listens where TensorFlow will, until each other one has said its place; then all go.

    Raises:
        TrainingError: not all came in time.
    """
    deadline = time.monotonic() + DEADLINE_SECONDS
    missing = dict(enumerate(machines.addresses))
    try:
        if machines.own == 0:
            _gather(missing, deadline)
        else:
            _join(missing, machines.own, deadline)
    except TimeoutError as error:
        raise TrainingError(
            f"waited {DEADLINE_SECONDS} seconds for {', '.join(missing.values())}, of the "
            f"{len(machines.addresses)} machines of this training. See what is wrong there, and run the same "
            "again."
        ) from error


def _gather(missing: dict[int, str], deadline: float) -> None:
    """Take from the missing who comes, and let all go once nobody is."""
    with ExitStack() as stack:
        server = stack.enter_context(socket.create_server(_place(missing.pop(0))))
        come = []
        while missing:
            server.settimeout(_left(deadline))
            connection = stack.enter_context(server.accept()[0])
            connection.settimeout(_left(deadline))
            missing.pop(int.from_bytes(connection.recv(1)), None)
            come.append(connection)
        for connection in come:
            connection.sendall(b"!")


def _join(missing: dict[int, str], own: int, deadline: float) -> None:
    """Come to the first, which alone is missing then, or waits for others."""
    first = missing[0]
    del missing[own]
    while True:
        try:
            with socket.create_connection(_place(first), _left(deadline)) as connection:
                connection.sendall(own.to_bytes())
                if connection.recv(1):
                    return
        except ConnectionError:
            pass
        # It is not there yet, or went away again.
        time.sleep(min(RETRY_SECONDS, _left(deadline)))


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _place(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    return host, int(port)


@contextmanager
def _noticing_loss() -> Iterator[None]:
    try:
        yield
    except LOST as error:
        raise TrainingError(
            "another machine of this training is gone, so it stops on all. Run the same again, and it goes "
            f"on after the last whole epoch. TensorFlow says: {error.message}"
        ) from error
