"""The choice of features: the first that can be trusted, by the ladders of degraded real images."""

import sys
from collections.abc import Iterable, Sequence
from typing import Any

from tqdm import tqdm

from latentlab.core.arrays import Images, Labels
from latentlab.scoring.bench import Bench
from latentlab.scoring.yardstick import ladders, trust
from latentlab.scoring.yardstick.ladders import Rung

# Images of each rung: enough to tell good features from bad ones, few enough for two dozen rungs.
MOST_IMAGES = 500
# Fewer have no halves to take an interval from.
FEWEST_IMAGES = 4
UNUSED = ("class_histogram", "missing_classes", "class_shares", "lost_classes", "reweighted_distance")


def choose(
    benches: Iterable[Bench], images: Images, labels: Labels, training: Images
) -> tuple[Bench, dict[str, Any]]:
    """The first bench that can be trusted, or the one with the greatest ratio; and reports/yardstick.json.

    Args:
        benches: in the features of networks, best first; opened one after the other.
        images: held-out real images, uint8 (n, height, width, channels), of which 500 are used.
        labels: of those, (n,).
        training: what models were trained on.
    """
    images, labels = images[:MOST_IMAGES], labels[:MOST_IMAGES]
    tried: dict[str, tuple[Bench, dict[str, Any]]] = {}
    for bench in benches:
        if bench.classes.left_out and not tried:
            print(f"scores of classes are left out: {bench.classes.left_out}", flush=True)
        seen = labels * bench.classes.are_seen
        rungs = ladders.of(images, seen, training, bench.settings.features.seed)
        measured = measure(bench, images, rungs)
        tried[bench.network.name] = bench, measured
        print(f"features of {bench.network.name}: {measured['because']}", flush=True)
        if measured["trusted"]:
            break
    chosen = max(tried, key=lambda name: (tried[name][1]["trusted"], tried[name][1]["ratio"]))
    bench, measured = tried[chosen]
    return bench, {
        "network": chosen,
        **{key: measured[key] for key in ("trusted", "because", "withheld")},
        "images": len(images),
        "networks": {name: found for name, (_, found) in tried.items()},
    }


def measure(bench: Bench, images: Images, rungs: Sequence[Rung]) -> dict[str, Any]:
    """What can be believed in a bench's features, with the scores of real images and of all rungs."""
    real = bench.scorer.score(images)
    found: dict[str, list[dict[str, Any]]] = {}
    bar = tqdm(rungs, unit="set", desc=bench.network.name, disable=not sys.stderr.isatty())
    for rung in bar:
        made = rung.make()
        if len(made) >= FEWEST_IMAGES:
            found.setdefault(rung.ladder, []).append({"strength": rung.strength, **bench.scorer.score(made)})
    judged = trust.judge(real, found)
    return {
        **judged._asdict(),
        "sha256": bench.network.sha256,
        "real": _brief(real),
        "ladders": {name: [_brief(scores) for scores in steps] for name, steps in found.items()},
    }


def _brief(scores: dict[str, Any]) -> dict[str, Any]:
    """Without what no ladder needs."""
    return {name: value for name, value in scores.items() if name not in UNUSED}
