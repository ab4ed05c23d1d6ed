"""What the report tells of the GAN."""

from latentlab.core import artifacts
from latentlab.families.gan.family import GAN
from latentlab.families.gan.figures import PANELS, SNAPSHOTS
from latentlab.showing.report.chapters import Chapter, Curves, Exhibit, Fact, Grids

CHAPTER = Chapter(
    GAN.name,
    "Generative adversarial network",
    "The generator starts from a known prior and never sees an image: it learns from a discriminator, "
    "which learns to tell its samples from real images.",
    (
        Exhibit(
            "gan_curves",
            "Training of the GAN",
            "Losses of two opponents need not fall; look for a balance, with both accuracies between "
            "chance and one, and for no loss that runs away.",
            Curves(PANELS, GAN.folder / "history.json"),
        ),
        Exhibit(
            "gan_samples_epoch_*",
            "The same latents, epoch by epoch",
            "Move the slider: each place keeps its latent, so you see one image take shape.",
            Grids(GAN.folder / "samples.npy", f"{GAN.name}.sample_epochs"),
        ),
        Exhibit(
            "gan_progress gan_training",
            "The first ten of them as a strip",
            "Read downwards: once a column stops changing, training has settled on what that latent means.",
        ),
        Exhibit(
            "gan_snapshots",
            "Distance to real images by epoch",
            "Lower is nearer to validation images; where the line rises again, training went on for "
            "too long.",
            Curves((SNAPSHOTS,), artifacts.METRICS, f"{GAN.name}.snapshots"),
        ),
        Exhibit(
            "gan_best",
            "The last epoch beside the best",
            "Both grids have the same latents, so compare place by place; alike means that stopping "
            "earlier would have gained nothing.",
        ),
        Exhibit(
            "gan_interpolations",
            "From one sample to another",
            "Each path is walked in a straight line, then along an arc, which stays where the prior "
            "draws from: look for steps that break, or that leap from one class to another.",
        ),
        Exhibit(
            "gan_told_classes",
            "Each class on demand",
            "A row is one class and a column one latent: a row that shows another class means that the "
            "generator does not listen.",
        ),
    ),
    (
        Fact("gan.history.accuracy_real", "Discriminator right on real images", "0.5 is a guess, 1 wins"),
        Fact("gan.history.accuracy_generated", "Right on generated images", "0.5 is a guess, 1 wins"),
        Fact("gan_best.epoch", "Best epoch", "by validation images"),
    ),
)
