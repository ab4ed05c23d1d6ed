"""What the page tells, in the lecture's order: an autoencoder, a VAE, a GAN, and all of them side by side."""

from typing import Literal, NamedTuple

Form = Literal["picture", "curves", "grids"]


class Entry(NamedTuple):
    """A figure and how to read it.

    Attributes:
        name: of the figure without its suffix; ``*`` stands for anything, a blank parts names told together.
        title: what it shows.
        reading: one sentence on how to read it.
        form: a ``picture`` is shown as it was drawn; ``curves`` are drawn anew, to be hovered; ``grids`` are
            stepped through.
    """

    name: str
    title: str
    reading: str
    form: Form = "picture"


class Fact(NamedTuple):
    """A number of ``metrics.json`` that belongs to a chapter.

    Attributes:
        path: its dotted key.
        name: with the unit.
        reading: what it says.
    """

    path: str
    name: str
    reading: str


class Chapter(NamedTuple):
    """A part of the story.

    Attributes:
        key: the name of its model, or of its place in the page.
        title: its heading.
        lead: what it is about.
        entries: its figures in order.
        facts: its numbers in order.
    """

    key: str
    title: str
    lead: str
    entries: tuple[Entry, ...]
    facts: tuple[Fact, ...] = ()


CHAPTERS = (
    Chapter(
        "autoencoder",
        "Autoencoder",
        "An encoder and a decoder that are trained to give back what they are given. Nothing says where in "
        "the latent space images lie, so to draw new ones is a guess.",
        (
            Entry(
                "autoencoder_curves",
                "Training of the autoencoder",
                "Both lines should fall and stay together; a gap that grows means that it learns images by "
                "heart.",
                "curves",
            ),
            Entry(
                "autoencoder_latent_scatter",
                "Where test images lie",
                "Each dot is a test image, coloured by its class; note the shape and scale of the cloud, "
                "which no prior holds in place.",
            ),
            Entry(
                "reconstructions",
                "Test images and what comes back",
                "Compare column by column: the autoencoder learns nothing but this, while the VAE also keeps "
                "its latents near a prior.",
            ),
            Entry(
                "latent_regions",
                "Inside the region that is used, and outside",
                "Blue points lie between encodings and decode to images; orange ones lie far from all of "
                "them, where a decoder was never trained, so what is there is anybody's guess.",
            ),
            Entry(
                "autoencoder_by_class",
                "Examples of each class, by Gaussians fitted afterwards",
                "A row is drawn from one Gaussian, fitted to the encodings of that class: a row that mixes "
                "classes means that their encodings overlap.",
            ),
        ),
    ),
    Chapter(
        "vae",
        "Variational autoencoder",
        "The encoder answers with a distribution, and the KL divergence pulls all of them towards a known "
        "prior, so that points drawn from the prior decode to images.",
        (
            Entry(
                "vae_curves",
                "Training of the VAE",
                "Reconstruction should fall while the KL settles well above zero; a KL near zero means "
                "that the latents say nothing.",
                "curves",
            ),
            Entry(
                "vae_reconstructions",
                "Test images and their reconstructions",
                "Each pair is an image that the VAE never saw and what came back of it: look for strokes "
                "that blur or change class.",
            ),
            Entry(
                "vae_latent_scatter",
                "Where test images lie",
                "Each dot is the mean latent of a test image, coloured by its class: separate colours mean "
                "that the latents tell classes apart, and the cloud should be as wide as the prior.",
            ),
            Entry(
                "vae_progress vae_training",
                "The latent space as it forms",
                "Read from left to right: images of their own appear above while the classes part below.",
            ),
            Entry(
                "vae_manifold_used",
                "What is decoded where images lie",
                "Neighbours should change smoothly from one image into the next; this is the part of the "
                "plane that the prior draws from.",
            ),
            Entry(
                "vae_manifold",
                "The same, far beyond",
                "The lecture's plane reaches 15 standard deviations: only its middle was ever trained, and "
                "the rest shows what the decoder makes up.",
            ),
            Entry(
                "vae_samples",
                "New images from the prior",
                "Nobody drew these: look for shapes between two classes, for blur, and for classes that "
                "are rare.",
            ),
            Entry(
                "vae_interpolations",
                "From one test image to another",
                "Each path is walked in a straight line, then along an arc: every step should be an image, "
                "and no step a leap.",
            ),
            Entry(
                "vae_traversals",
                "What each latent dimension does",
                "A row changes one dimension and keeps the others: what changes from left to right is what "
                "it stands for, and a dimension whose row stands still is not used.",
            ),
            Entry(
                "vae_by_class",
                "Examples of each class, by Gaussians fitted afterwards",
                "A row is drawn from one Gaussian, fitted to the encodings of that class: compare it with "
                "the autoencoder's.",
            ),
            Entry(
                "vae_told_classes",
                "Each class on demand",
                "A row is one class and a column one latent: rows should show their class, and columns share "
                "a style.",
            ),
            Entry(
                "vae_styles",
                "One style, every class",
                "A row is a test image and its latent decoded as every class: slant and thickness should "
                "stay while the class changes.",
            ),
        ),
        (
            Fact("vae.reconstruction_nats_per_pixel", "Reconstruction, nats per pixel", "lower is better"),
            Fact("vae.kl_nats", "KL divergence, nats", "near zero is a collapse"),
            Fact("vae.elbo_binarised_nats", "ELBO on black and white images, nats", "higher is better"),
            Fact("vae.importance_weighted_nats.50", "Bound with 50 draws, nats", "nearer to log p(x)"),
            Fact("vae.latent.active_units", "Active latent dimensions", "of those there are"),
            Fact("vae.latent.knn_accuracy", "Nearest neighbours of the same class", "share of test images"),
            Fact("vae.classification.generative_accuracy", "Classified by the VAE", "right, a share"),
            Fact("vae.classification.discriminative_accuracy", "By the classifier", "right, a share"),
        ),
    ),
    Chapter(
        "gan",
        "Generative adversarial network",
        "The generator starts from a known prior and never sees an image: it learns from a discriminator, "
        "which learns to tell its samples from real images.",
        (
            Entry(
                "gan_curves",
                "Training of the GAN",
                "Losses of two opponents need not fall; look for a balance, with both accuracies between "
                "chance and one, and for no loss that runs away.",
                "curves",
            ),
            Entry(
                "gan_samples_epoch_*",
                "The same latents, epoch by epoch",
                "Move the slider: each place keeps its latent, so you see one image take shape.",
                "grids",
            ),
            Entry(
                "gan_progress gan_training",
                "The first ten of them as a strip",
                "Read downwards: once a column stops changing, training has settled on what that latent "
                "means.",
            ),
            Entry(
                "gan_snapshots",
                "Distance to real images by epoch",
                "Lower is nearer to validation images; where the line rises again, training went on for "
                "too long.",
                "curves",
            ),
            Entry(
                "gan_best",
                "The last epoch beside the best",
                "Both grids have the same latents, so compare place by place; alike means that stopping "
                "earlier would have gained nothing.",
            ),
            Entry(
                "gan_interpolations",
                "From one sample to another",
                "Each path is walked in a straight line, then along an arc, which stays where the prior "
                "draws from: look for steps that break, or that leap from one class to another.",
            ),
            Entry(
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
    ),
    Chapter(
        "comparison",
        "Side by side",
        "All models under one measure: distances in the features of a classifier, against test images that "
        "none of them has seen.",
        (
            Entry(
                "comparison",
                "Real images and each model's",
                "Look for what sets the right-hand grids apart from the real ones: blur in one, broken "
                "strokes in the other.",
            ),
            Entry(
                "latent_samplers",
                "Latent spaces sampled in every way",
                "A row is a way to draw latents: from N(0, I), which the VAE was trained for and the "
                "autoencoder was not, or from Gaussians fitted to the encodings of training images.",
            ),
            Entry(
                "sampler_scores",
                "How far each is from real images",
                "The shorter the bar the better: see how much of the autoencoder's distance goes once its "
                "latents are drawn from where they lie.",
            ),
        ),
    ),
)
