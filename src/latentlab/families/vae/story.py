"""What the report tells of the VAE."""

from latentlab.families.vae.family import VAE
from latentlab.families.vae.figures import PANELS
from latentlab.showing.report.chapters import Chapter, Curves, Exhibit, Fact

CHAPTER = Chapter(
    VAE.name,
    "Variational autoencoder",
    "The encoder answers with a distribution, and the KL divergence pulls all of them towards a known "
    "prior, so that points drawn from the prior decode to images.",
    (
        Exhibit(
            "vae_curves",
            "Training of the VAE",
            "Reconstruction should fall while the KL settles well above zero; a KL near zero means "
            "that the latents say nothing.",
            Curves(PANELS, VAE.folder / "history.json"),
        ),
        Exhibit(
            "vae_reconstructions",
            "Test images and their reconstructions",
            "Each pair is an image that the VAE never saw and what came back of it: look for strokes "
            "that blur or change class.",
        ),
        Exhibit(
            "vae_latent_scatter",
            "Where test images lie",
            "Each dot is the mean latent of a test image, coloured by its class: separate colours mean "
            "that the latents tell classes apart, and the cloud should be as wide as the prior.",
        ),
        Exhibit(
            "vae_progress vae_training",
            "The latent space as it forms",
            "Read from left to right: images of their own appear above while the classes part below.",
        ),
        Exhibit(
            "vae_manifold_used",
            "What is decoded where images lie",
            "Neighbours should change smoothly from one image into the next; this is the part of the "
            "plane that the prior draws from.",
        ),
        Exhibit(
            "vae_manifold",
            "The same, far beyond",
            "The lecture's plane reaches 15 standard deviations: only its middle was ever trained, and "
            "the rest shows what the decoder makes up.",
        ),
        Exhibit(
            "vae_samples",
            "New images from the prior",
            "Nobody drew these: look for shapes between two classes, for blur, and for classes that "
            "are rare.",
        ),
        Exhibit(
            "vae_interpolations",
            "From one test image to another",
            "Each path is walked in a straight line, then along an arc: every step should be an image, "
            "and no step a leap.",
        ),
        Exhibit(
            "vae_traversals",
            "What each latent dimension does",
            "A row changes one dimension and keeps the others: what changes from left to right is what "
            "it stands for, and a dimension whose row stands still is not used.",
        ),
        Exhibit(
            "vae_by_class",
            "Examples of each class, by Gaussians fitted afterwards",
            "A row is drawn from one Gaussian, fitted to the encodings of that class: compare it with "
            "the autoencoder's.",
        ),
        Exhibit(
            "vae_told_classes",
            "Each class on demand",
            "A row is one class and a column one latent: rows should show their class, and columns share "
            "a style.",
        ),
        Exhibit(
            "vae_styles",
            "One style, every class",
            "A row is a test image and its latent decoded as every class: slant and thickness should "
            "stay while the class changes.",
        ),
    ),
    (
        Fact("vae.reconstruction_nats_per_pixel", "Reconstruction, nats per pixel", "lower is better"),
        Fact("vae.kl_nats", "KL divergence, nats", "near zero is a collapse"),
        Fact("vae.pixel_sigma", "Standard deviation of a pixel", "of 0 to 1; lower is sharper"),
        Fact("vae.bits_per_dimension", "Bits per dimension", "lower is better"),
        Fact("vae.elbo_binarised_nats", "ELBO on black and white images, nats", "higher is better"),
        Fact("vae.importance_weighted_nats.50", "Bound with 50 draws, nats", "nearer to log p(x)"),
        Fact("vae.latent.active_units", "Active latent dimensions", "of those there are"),
        Fact("vae.latent.knn_accuracy", "Nearest neighbours of the same class", "share of test images"),
        Fact("vae.classification.generative_accuracy", "Classified by the VAE", "right, a share"),
        Fact("vae.classification.discriminative_accuracy", "By the classifier", "right, a share"),
    ),
)
