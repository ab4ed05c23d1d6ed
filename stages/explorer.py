"""Write the page that a reader explores latent space with."""

from latentlab.core import process

with process.imports():
    from latentlab.core import artifacts
    from latentlab.families import params
    from latentlab.families.latents import budget
    from latentlab.showing.explorer import page
    from latentlab.showing.explorer.page import Model

# A plane with more points says no more.
MOST_POINTS = 1000


def main() -> None:
    settings = params.load()
    images, labels = artifacts.load_images("test"), artifacts.load_labels("test")
    count = min(len(images), MOST_POINTS, budget.num_images(images.shape[1:]))
    text = page.render(
        [
            load("autoencoder", "Autoencoder", False, count),
            load("vae", "VAE", settings.vae.conditional, count),
        ],
        images[:count],
        labels[:count],
        artifacts.load_json(artifacts.DATA_INFO)["classes"],
        walks=artifacts.load_array(artifacts.ARRAYS / "gan_best_explorer_walks.npy"),
        gan_conditional=settings.gan.conditional,
    )
    artifacts.save_text(artifacts.EXPLORER, text)


def load(name: str, title: str, conditional: bool, count: int) -> Model:
    """A model's arrays, with the points of the first test images."""
    kinds = ("latents", "plane", "explorer_images", "explorer_axes", "explorer_errors")
    latents, points, *grid = (artifacts.load_array(artifacts.ARRAYS / f"{name}_{kind}.npy") for kind in kinds)
    return Model(name, title, name == "vae", conditional, latents.shape[1], points[:count], *grid)


if __name__ == "__main__":
    process.run(main)
