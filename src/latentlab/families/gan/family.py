"""The record of the generative adversarial network."""

from latentlab.core import artifacts
from latentlab.core.family import Family, Model

BEST = Model(
    name="gan_best",
    title="GAN, best epoch",
    state="best epoch",
    colour="#f25e82",
    folder=artifacts.scores_folder("gan") / "gan_best",
)
GAN = Family(
    name="gan",
    title="GAN",
    colour="#a45800",
    generative="generator",
    can_be_conditional=True,
    further=(BEST,),
    thumbnail="gan_progress",
)
