"""The optimizer of every training."""

import keras


def adam(learning_rate: float, beta_1: float = 0.9) -> keras.Optimizer:
    """Adam (Kingma and Ba 2015), with the paper's decay of the mean gradient unless told otherwise."""
    return keras.optimizers.Adam(learning_rate, beta_1=beta_1)
