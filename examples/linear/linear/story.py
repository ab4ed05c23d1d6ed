"""What the report tells of probabilistic principal component analysis."""

from latentlab.families.linear.family import LINEAR
from latentlab.showing.report.chapters import Chapter, Exhibit, Fact

CHAPTER = Chapter(
    LINEAR.name,
    "Probabilistic principal component analysis",
    "A mean image, and a few others that are added to it by normal weights; the most likely ones have a "
    "closed form. What a deep model gains over it, depth has gained.",
    (
        Exhibit(
            "linear_components",
            "What each component does",
            "A row goes from -3 to 3 along one component, with the mean image in its middle: one end is what "
            "the other takes away, since a linear model cannot do otherwise.",
        ),
        Exhibit(
            "linear_latent_scatter",
            "Where test images lie",
            "Each dot is the mean latent of a test image, coloured by its class: the cloud is about as wide "
            "as the prior by construction, and classes overlap where they share what varies most.",
        ),
        Exhibit(
            "linear_samples",
            "New images from the prior",
            "Sums of components: look for ghosts of several classes laid over each other.",
        ),
        Exhibit(
            "linear_by_class",
            "Examples of each class, by Gaussians fitted afterwards",
            "A row is drawn from one Gaussian, fitted to the encodings of that class.",
        ),
    ),
    (
        Fact("linear.log_likelihood_nats_per_pixel", "Log-likelihood, nats per pixel", "higher is better"),
        Fact("linear.reconstruction_squared_error", "Squared error of a pixel", "lower is better"),
        Fact("linear.kl_nats", "KL divergence, nats", "what z says of an image"),
        Fact("linear.noise_variance", "Variance of the noise", "what no component explains, a pixel"),
    ),
)
