"""Runs a preset in a clone of this commit, and keeps what pages say of it.

Scores, verdicts, seconds by stage, commit and machine go to docs/results/NAME.json, figures to docs/images,
and pictures of several results are drawn anew. The clone lies in .latentlab/measured until it is done, so
that the same command goes on after a stop. With --cached, stages that ran here before come from this
repository's cache, and no times are kept.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from matplotlib.figure import Figure
from PIL import Image

from latentlab.core import artifacts, digests, presets, provenance
from latentlab.core.settings import PARAMS
from scripts import ingredients, overview, progress
from scripts.fill_pages import IMAGES, ROOT, result_file
from scripts.reproduce import link_images, make_clone

CLONES = ROOT / ".latentlab" / "measured"
CODE = ("src", "stages", "presets", "dvc.yaml", "params.yaml")
SECONDS = "seconds.json"
# Of the picture, in pixels.
WIDTH = 880
# The figure that is a result's own picture.
OWN = "comparison"
STAGE = re.compile(r"Running stage '(\w+)'")


def main() -> None:
    typed = parse()
    require_committed()
    commit = str(provenance.git_revision())
    # Before the run, in whose hours files may change here.
    made_of = ingredients.of(commit, typed.preset, typed.set)
    # Other code, other changes and a cache make another run; a commit of pages alone makes none.
    clone = CLONES / digests.of_json([committed_code(), typed.preset, typed.set, typed.cached])
    if not clone.exists():
        begin(clone, typed.preset, typed.set)
    if typed.cached:
        share_cache(clone)
    run(clone)
    name = typed.name or typed.preset
    found = outcome(clone) | ({} if typed.cached else times(clone))
    artifacts.save_json(result_file(name), made_of | found)
    for figure in typed.figures:
        save_picture(clone, figure, picture_name(name, figure))
    update_pictures(clone, name)
    shutil.rmtree(clone)


def begin(clone: Path, preset: str, changes: list[str]) -> None:
    """Make a clone with a preset's params; where these cannot be had, none is left that looks like one."""
    CLONES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=CLONES) as temporary:
        new = Path(temporary) / "clone"
        make_clone(ROOT, new)
        params = new / PARAMS
        ingredients.write_params(params, params.read_text(encoding="utf-8"), preset, changes)
        link_images(ROOT, new)
        new.replace(clone)


def share_cache(clone: Path) -> None:
    """Let a clone have this repository's cache, with what ran here before."""
    asked = subprocess.run(
        ["dvc", "cache", "dir"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    config = f'[cache]\n    dir = "{asked.stdout.strip()}"\n'
    (clone / ".dvc" / "config.local").write_text(config, encoding="utf-8", newline="\n")


def parse() -> argparse.Namespace:
    """The preset's name, and params to be changed in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("preset", choices=presets.names(ROOT / "presets"))
    parser.add_argument("set", nargs="*", metavar="SECTION.KEY=VALUE")
    parser.add_argument(
        "--cached", action="store_true", help="take stages that ran here before from the cache"
    )
    parser.add_argument("--name", help="of the result; the preset's if none is given")
    parser.add_argument(
        "--figures", nargs="*", default=[OWN], help=f"of reports/figures, to keep ({OWN} if none is named)"
    )
    return parser.parse_args()


def require_committed() -> None:
    """Leave if the code here is not the commit's, for a result says which commit it is of."""
    if differs_from("HEAD"):
        sys.exit(
            f"error: expected {', '.join(CODE)} as committed, got changes. Commit them, and run this again."
        )


def differs_from(commit: str) -> bool:
    """Whether what decides results is another here than in a commit."""
    command = ["git", "diff", "--quiet", commit, "--", *CODE]
    return bool(subprocess.run(command, cwd=ROOT, check=False).returncode)


def committed_code() -> list[str]:
    """What Git calls the content of all that decides results, as of the commit that is checked out."""
    names = [f"HEAD:{path}" for path in CODE]
    command = ["git", "rev-parse", *names]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    return done.stdout.split()


def run(clone: Path) -> None:
    """Run what is left of a clone's pipeline, and add each stage's seconds to the clone's file of them.

    Raises:
        SystemExit: a stage failed; what it printed says why.
    """
    plain = {name: value for name, value in os.environ.items() if not name.startswith("DVC_")}
    environment = plain | {"MLFLOW_TRACKING_URI": f"sqlite:///{clone / 'mlflow.db'}"}
    with subprocess.Popen(
        ["dvc", "repro"], cwd=clone, env=environment, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdout
        time_stages(process.stdout, clone / SECONDS)
    if process.returncode:
        sys.exit(f"error: a stage failed, see above. What is done lies in {clone}; the same command goes on.")


def time_stages(printed: Iterable[str], file: Path) -> None:
    """Print what DVC prints, and note each stage's seconds with each line, since a kill gives no warning."""
    stage, since = "start", time.perf_counter()
    try:
        for line in printed:
            print(line, end="", flush=True)
            since = add(stage, since, file)
            if begun := STAGE.match(line):
                stage = begun[1]
    finally:
        add(stage, since, file)


def add(stage: str, since: float, file: Path) -> float:
    """Add the seconds since then to a stage's, and say what time it is."""
    now = time.perf_counter()
    seconds = artifacts.load_json(file) if file.exists() else {}
    artifacts.save_json(file, seconds | {stage: seconds.get(stage, 0) + now - since})
    return now


def outcome(clone: Path) -> dict[str, Any]:
    """What pages say of a finished run."""
    return {
        "metrics": artifacts.load_json(clone / artifacts.METRICS),
        "verdict": artifacts.load_json(clone / artifacts.VERDICT),
    }


def times(clone: Path) -> dict[str, Any]:
    """How long each stage of a run took, and all of them."""
    seconds = artifacts.load_json(clone / SECONDS)
    return {
        "minutes": round(sum(seconds.values()) / 60, 1),
        "seconds": {stage: round(taken, 1) for stage, taken in seconds.items()},
    }


def picture_name(name: str, figure: str) -> str:
    """What a result's picture is called: after the result, and if there are several after its figure."""
    return f"{name}.png" if figure == OWN else f"{name}-{figure.replace('_', '-')}.png"


def save_picture(clone: Path, figure: str, name: str) -> None:
    """Keep a figure of a run."""
    shrink(clone / artifacts.FIGURES / f"{figure}.png", IMAGES / name)


def shrink(source: Path, target: Path) -> None:
    """Write a picture as small as pages show it, since Git keeps every version."""
    with Image.open(source) as picture:
        small = picture.convert("RGB")
    small.thumbnail((WIDTH, WIDTH))
    small.save(target, optimize=True)


def update_pictures(clone: Path, name: str) -> None:
    """Draw those anew that show several results, this one among them."""
    if name in overview.SHOWN:
        overview.save_strip(clone, name)
        save_drawn(overview.draw(), "overview.png")
    if name in progress.SHOWN:
        save_drawn(progress.draw(), "progress.png")


def save_drawn(figure: Figure, name: str) -> None:
    """Keep a figure of several results."""
    artifacts.save_figure(IMAGES / name, figure)
    shrink(IMAGES / name, IMAGES / name)


if __name__ == "__main__":
    main()
