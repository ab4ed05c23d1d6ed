"""Draw every figure of the report from what earlier stages computed."""

from latentlab.core import process

with process.imports():
    from latentlab.core import artifacts
    from latentlab.families import together
    from latentlab.families.autoencoder import figures as autoencoder
    from latentlab.families.gan import figures as gan
    from latentlab.families.vae import figures as vae
    from latentlab.scoring import headlines


def main() -> None:
    """Save each figure as a PNG under its name, and the scores that `dvc plots` draws."""
    for gallery in (autoencoder, vae, gan, together):
        for name, figure in gallery.figures():
            artifacts.save_figure(artifacts.FIGURES / f"{name}.png", figure)
    for name, training in (("gan_training", gan.training()), ("vae_training", vae.training())):
        artifacts.save_animation(artifacts.FIGURES / f"{name}.gif", training)
    artifacts.save_json(artifacts.SCORES, headlines.sets(artifacts.load_json(artifacts.METRICS)))


if __name__ == "__main__":
    process.run(main)
