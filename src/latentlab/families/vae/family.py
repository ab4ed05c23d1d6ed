"""The record of the variational autoencoder."""

from latentlab.core.family import Family

VAE = Family(
    name="vae",
    title="VAE",
    colour="#0d6bf9",
    generative="decoder",
    encoder="encoder",
    can_be_conditional=True,
    thumbnail="vae_manifold_used",
)
