"""The record of the plain autoencoder."""

from latentlab.core.family import Family

AUTOENCODER = Family(
    name="autoencoder",
    title="Autoencoder",
    colour="#7a00a0",
    generative="decoder",
    encoder="encoder",
    has_prior=False,
)
