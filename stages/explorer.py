"""Write the page that a reader explores latent space with."""

import sys

sys.path.insert(0, "src")  # An experiment's own snapshot, which an editable install would hide.

from latentlab.core import process

with process.imports():
    from latentlab.core import artifacts
    from latentlab.families.together import explorer


def main() -> None:
    """Show planes and walks of all families."""
    artifacts.save_text(artifacts.EXPLORER, explorer.render())


if __name__ == "__main__":
    process.run(main)
