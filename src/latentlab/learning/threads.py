"""How many threads compute, on which the bits of results depend."""

import tensorflow as tf
import threadpoolctl


def use(threads: int) -> None:
    """Let TensorFlow, NumPy and SciPy use this many threads; call it before anything is computed."""
    threadpoolctl.threadpool_limits(threads, user_api="blas")
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
