"""One picture of what the models make of several kinds of images, from a few samples that runs leave."""

from contextlib import chdir
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from latentlab.core import artifacts
from latentlab.core.arrays import Images
from latentlab.core.family import Family
from latentlab.families import arrays, roster
from latentlab.showing.figures import grids, style
from scripts.fill_pages import IMAGES

# What the presets that are shown are of, from above.
SHOWN = {"mnist": "Digits", "fashion": "Clothes", "photos-32": "Photographs"}
# Images in a row.
COUNT = 16
# Of latents, better than N(0, I) where it fits encodings badly.
WAY = "samples_mixture"
REAL = "real"
# Of a strip, of the names to its left, and of a title.
INCHES, NAME_INCHES, TITLE_INCHES = 9.0, 1.0, 0.6


def save_strip(run: Path, preset: str) -> None:
    """Keep a row of real images and one of each model's that draws from a prior, by the preset's name.

    Args:
        run: a folder in which the pipeline has run.
        preset: of that run.
    """
    with chdir(run):
        rows = [artifacts.load_images("validation"), *map(samples, families())]
        strip = np.stack([row[:COUNT] for row in rows])
    strip_path(preset).parent.mkdir(exist_ok=True)
    Image.fromarray(grids.mosaic(strip, 0)).save(strip_path(preset), optimize=True)


def load_strip(preset: str) -> Images:
    """What ``save_strip`` kept, uint8 (rows, images, height, width, 3)."""
    with Image.open(strip_path(preset)) as picture:
        pixels = np.asarray(picture)
    rows = 1 + len(families())
    height, width = pixels.shape[0] // rows, pixels.shape[1] // COUNT
    return pixels.reshape(rows, height, COUNT, width, 3).swapaxes(1, 2)


def draw() -> Figure:
    """All that is kept of the presets that are shown, one below the other."""
    names = [REAL, *(family.title for family in families())]
    kept = {title: load_strip(preset) for preset, title in SHOWN.items() if strip_path(preset).exists()}
    height = sum(TITLE_INCHES + grids.height_for(strip, INCHES) for strip in kept.values())
    figure = style.new_figure("Real and generated images", INCHES + NAME_INCHES, height + TITLE_INCHES)
    columns = figure.subplots(len(kept), 1, squeeze=False)[:, 0]
    for axes, (title, strip) in zip(columns, kept.items(), strict=True):
        grids.show(axes, strip, names)
        axes.set_title(title, fontsize=style.LABEL_SIZE, color=style.INK)
    return figure


def strip_path(preset: str) -> Path:
    """Where the strip of a preset is kept, if a run has left one."""
    return IMAGES / "strips" / f"{preset}.png"


def families() -> list[Family]:
    """Those whose models draw from a prior."""
    return [family for family in roster.FAMILIES if family.has_prior]


def samples(family: Family) -> Images:
    """What its model generates, of latents from a mixture fitted to encodings where it has an encoder."""
    return arrays.load(family.name, WAY if family.encoder else "samples")
