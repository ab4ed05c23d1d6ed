"""The record of the generative adversarial network."""

from latentlab.core import places
from latentlab.core.family import Family, Model

BEST = Model(
    name="gan_best",
    title="GAN, best epoch",
    state="best epoch",
    colour="#f25e82",
    folder=places.scores_folder("gan") / "gan_best",
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
