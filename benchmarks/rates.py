"""The rates of the machine itself, to hold trainings against: matrix products and copies of memory."""

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import tensorflow as tf

from benchmarks.child import Training
from benchmarks.costs import Cost

SIZES = (1024, 2048, 3072)
TRIES = 5
COPIED_BYTES = 512 * 2**20


def build(kind: str, threads: int, *, precision: str) -> Training:
    """Matrix products of the size that this machine is best at, for ``computing``, or else copies."""
    if kind == "computing":
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)
        return max((MatrixProducts(size, precision) for size in SIZES), key=MatrixProducts.rate)
    return Copies(threads)


class MatrixProducts:
    """Products of two square matrices; each is a step."""

    num_parameters = 0

    def __init__(self, size: int, precision: str) -> None:
        """Multiply matrices of ``size`` rows and columns."""
        self._factors = tf.unstack(tf.cast(tf.random.normal((2, size, size)), precision))
        self.cost = Cost(operations=2 * size**3)

    def train(self, steps: int) -> float:
        """Multiply so many times; the seconds that it took."""
        start = time.perf_counter()
        for _ in range(steps):
            product = tf.matmul(*self._factors)
        product.numpy()
        return time.perf_counter() - start

    def rate(self) -> float:
        """Floating-point operations a second, the best of a few tries."""
        return self.cost.operations / min(self.train(1) for _ in range(TRIES))


class Copies:
    """Copies of a large array, in equal parts by all threads; each is a step, and read and written."""

    num_parameters = 0
    cost = Cost(bytes=2 * COPIED_BYTES)

    def __init__(self, threads: int) -> None:
        """Copy by so many threads."""
        self._parts = [np.ones((2, COPIED_BYTES // threads), np.uint8) for _ in range(threads)]
        self._pool = ThreadPoolExecutor(threads)

    def train(self, steps: int) -> float:
        """Copy so many times; the seconds that it took."""
        start = time.perf_counter()
        for _ in range(steps):
            list(self._pool.map(lambda part: np.copyto(part[0], part[1]), self._parts))
        return time.perf_counter() - start
