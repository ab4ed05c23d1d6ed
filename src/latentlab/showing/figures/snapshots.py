"""How far each epoch's generator was from real images, and the last epoch beside the best."""

from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from latentlab.core.arrays import Images
from latentlab.showing.figures import comparison, style

# An epoch and the distance of its samples; lower is better.
Scored = tuple[int, float]

WIDTH, HEIGHT = 8.5, 5.6


def last_and_best(last: Images, best: Images, scored: tuple[Scored, Scored], title: str) -> Figure:
    """Samples of the last and the best epoch under their epochs and distances.

    Args:
        last, best: uint8 (n, height, width, channels), n of 1 or more; [i] of both are made from one latent.
        scored: the last epoch and the best.
        title: who made them.
    """
    names = [
        f"{name}: epoch {epoch}\nkernel distance {distance:#.3g}"
        for name, (epoch, distance) in zip(("Last", "Best"), scored, strict=True)
    ]
    return comparison.side_by_side(title, list(zip(names, (last, best), strict=True)))


def distances(scored: Sequence[Scored], best: int, title: str) -> Figure:
    """The distance by epoch, with the best epoch marked.

    Args:
        scored: 1 epoch or more, rising.
        best: the index of the best.
        title: whose epochs they are.
    """
    figure = style.new_figure(title, WIDTH, HEIGHT)
    axes = figure.add_subplot()
    epochs, values = zip(*scored, strict=True)
    axes.plot(epochs, values, color=style.PALETTE[0], linewidth=2.5, marker="o", label="epochs kept")
    axes.plot(
        *scored[best], color=style.PALETTE[1], linestyle="none", marker="*", markersize=20, label="best"
    )
    # Half an epoch on either side, so that a single epoch stands on an axis too.
    axes.set_xlim(epochs[0] - 0.5, epochs[-1] + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(8, steps=[1, 2, 5, 10], integer=True, min_n_ticks=1))
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(fontsize=style.TICK_SIZE, frameon=False)
    style.name_axes(axes, "epoch", "kernel distance\nto validation images")
    return figure
