"""Runs the pipeline a second time, in a clean clone, and compares all outputs with dvc.lock.

First byte by byte. Where bytes differ, as they do between types of CPU and numbers of threads, the scores
are compared one by one, within the tolerances below. Nothing in this repository is changed: the clone has a
cache and an MLflow store of its own.
"""

import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML

from latentlab.scoring.protocol import comparable

METRICS = Path("reports/metrics.json")
# What the paths of code in dvc.lock begin with.
CODE = ("src/", "stages/")


class Tolerance(NamedTuple):
    """How far apart two runs of a score may be: a share of the first, or a difference, whichever is more."""

    relative: float = 0.0
    absolute: float = 0.0

    def __str__(self) -> str:
        parts = [f"{self.relative:.0%}"] * (self.relative > 0) + [f"{self.absolute:g}"] * (self.absolute > 0)
        return " or ".join(parts) or "equal"


# The first pattern that a name fits. What is none of these, such as a count of images, must be equal.
TOLERANCES = {
    "references.real.frechet_distance": Tolerance(0.1),
    "references.one_class.frechet_distance": Tolerance(0.1),
    "*.frechet_distance": Tolerance(0.25),
    # The errors of errors, so they are only held to the order of magnitude.
    "*.intervals.*": Tolerance(1.0, 3.0),
    "*.kernel_distance": Tolerance(0.25, 0.01),
    "*.precision": Tolerance(absolute=0.1),
    "*.recall": Tolerance(absolute=0.1),
    "*.density": Tolerance(0.25, 0.1),
    "*.coverage": Tolerance(absolute=0.1),
    "*.class_divergence": Tolerance(0.25, 0.1),
    "*.within_class_diversity": Tolerance(0.1),
    "*.sharpness": Tolerance(0.1),
    "*.memorisation": Tolerance(0.1, 2.0),
    "*.near_copies": Tolerance(absolute=0.05),
    "*.two_sample_gain": Tolerance(0.5, 0.02),
    "*.sliced_wasserstein.*": Tolerance(0.5, 0.01),
    "*.class_shares.*": Tolerance(absolute=0.1),
    "*.reweighted_distance": Tolerance(0.5, 0.02),
    "*.class_histogram.*": Tolerance(absolute=0.1),
    "*.classes_covered": Tolerance(absolute=1),
    "features.test_accuracy": Tolerance(absolute=0.02),
    "*.snapshots.*.distance": Tolerance(0.5, 0.01),
    "*.snapshots.*.epoch": Tolerance(),
    # Late epochs are much alike, so chance decides which is the best.
    "*.epoch": Tolerance(absolute=math.inf),
    "*.history.accuracy_*_trend": Tolerance(absolute=0.01),
    "*.history.accuracy_*": Tolerance(absolute=0.05),
    "*.latent.kl_per_dimension_nats.*": Tolerance(0.5),
    "*.latent.aggregate_posterior_kl_nats": Tolerance(0.5, 0.05),
    "*.latent.knn_accuracy": Tolerance(absolute=0.1),
    "*.latent.active_units": Tolerance(absolute=1),
    # Latents without a prior may be turned and stretched as a training likes.
    "*.latent.*_per_dimension.*": Tolerance(1.0, 2.0),
    "*.kl_nats": Tolerance(0.1),
    "*nats*": Tolerance(0.05),
    "*.bits_per_dimension": Tolerance(0.05),
    "*.pixel_sigma": Tolerance(0.1),
    "*.classification.*_accuracy": Tolerance(absolute=0.05),
    "*.objective": Tolerance(0.05),
    "*.asked_class_share": Tolerance(absolute=0.1),
}


class Score(NamedTuple):
    """A number of metrics.json in both runs."""

    name: str
    before: float
    now: float

    @property
    def tolerance(self) -> Tolerance:
        """How far apart the two may be."""
        fitting = (value for pattern, value in TOLERANCES.items() if fnmatch(self.name, pattern))
        return next(fitting, Tolerance())

    @property
    def agrees(self) -> bool:
        """Whether they are no farther apart than that."""
        relative, absolute = self.tolerance
        return math.isclose(
            self.before, self.now, rel_tol=0, abs_tol=max(absolute, relative * abs(self.before))
        )

    def __str__(self) -> str:
        verdict = "agrees" if self.agrees else "DIFFERS"
        return (
            f"  {verdict:8} {self.name:40} {self.before:12.6g} {self.now:12.6g}   tolerance {self.tolerance}"
        )


def main() -> None:
    root = Path.cwd()
    if not (root / "dvc.lock").exists():
        sys.exit("error: dvc.lock is missing. Run `make repro`, whose result is what can be reproduced.")
    with tempfile.TemporaryDirectory() as temporary:
        clone = Path(temporary, "latentlab")
        make_clone(root, clone)
        run_pipeline(clone)
        lines, good = compare(root, clone)
    print("\n".join(lines))
    sys.exit(0 if good else 1)


def make_clone(root: Path, clone: Path) -> None:
    """Clone a repository with all that is not committed yet, but with none of its results."""
    subprocess.run(["git", "clone", "--quiet", root, clone], check=True)
    for name in uncommitted(root):
        (clone / name).unlink(missing_ok=True)
        if (root / name).exists():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / name, clone / name)
    (clone / "dvc.lock").unlink(missing_ok=True)
    # A user may have told DVC to share one cache among all projects.
    (clone / ".dvc" / "config.local").write_text("[cache]\n    dir = cache\n", encoding="utf-8", newline="\n")
    link_images(root, clone)


def uncommitted(root: Path) -> list[str]:
    """Files that differ from the commit, staged or not, and those that Git does not know or ignore."""
    listings = (
        ["git", "diff", "--name-only", "--no-renames", "-z", "HEAD"],
        ["git", "ls-files", "-z", "--others", "--exclude-standard"],
    )
    printed = [subprocess.check_output(listing, cwd=root, encoding="utf-8") for listing in listings]
    return "".join(printed).split("\0")[:-1]


def link_images(root: Path, clone: Path) -> None:
    """Make a relative ``data.path`` that is not in Git lead to the same files."""
    path = YAML(typ="safe").load(clone / "params.yaml")["data"]["path"]
    if path and not Path(path).is_absolute() and not (clone / path).exists():
        (clone / path).parent.mkdir(parents=True, exist_ok=True)
        (clone / path).symlink_to((root / path).resolve())


def run_pipeline(clone: Path) -> None:
    """Run every stage of a clone, and leave when one fails."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DVC_")}
    environment["MLFLOW_TRACKING_URI"] = f"sqlite:///{clone / 'mlflow.db'}"
    command = ["dvc", "repro", "--force", "--no-run-cache"]
    done = subprocess.run(command, cwd=clone, env=environment)
    if done.returncode:
        sys.exit("error: the second run failed, see above, so there is nothing to compare.")


def compare(root: Path, clone: Path) -> tuple[list[str], bool]:
    """What to say of two runs, and whether the second one is as good as the first."""
    before, now = (YAML(typ="safe").load(folder / "dvc.lock")["stages"] for folder in (root, clone))
    if stale := [name for name in now if inputs(before.get(name, {})) != inputs(now[name])]:
        return [f"dvc.lock is of other code or params in {', '.join(stale)}. Run `make repro` first."], False
    locked = outputs(before)
    different = [path for path, digest in outputs(now).items() if digest != locked.get(path)]
    lines = [f"{len(locked) - len(different)} of {len(locked)} outputs are the bytes of dvc.lock."]
    if not different:
        return lines, True
    lines += [f"  other bytes: {file}" for path in different for file in differing_files(root, clone, path)]
    lines += differing_threads(root, clone)
    if not (root / METRICS).exists():
        return [*lines, f"{METRICS} is missing here. Get it with `dvc pull` to have scores compared."], False
    metrics = [json.loads((folder / METRICS).read_text(encoding="utf-8")) for folder in (root, clone)]
    lines += [f"  note: {reason}." for reason in comparable(*metrics)]
    scores = differing_scores(*metrics)
    lines += [f"{len(scores)} scores are not equal; that of dvc.lock comes first:", *map(str, scores)]
    return lines, all(score.agrees for score in scores)


def inputs(stage: Mapping[str, Any]) -> list[Any]:
    """What a stage of dvc.lock was run with: its command, its params and its code."""
    code = [dep for dep in stage.get("deps", []) if dep["path"].startswith(CODE)]
    return [stage.get("cmd"), stage.get("params"), code]


def outputs(stages: Mapping[str, Any]) -> dict[str, str]:
    """The digest of each output in dvc.lock."""
    return {out["path"]: out["md5"] for stage in stages.values() for out in stage.get("outs", [])}


def differing_files(root: Path, clone: Path, path: str) -> Iterator[str]:
    """The files of an output that are not the same; the output as a whole where the first run is not here."""
    files = sorted(file for file in (clone / path).rglob("*") if file.is_file()) or [clone / path]
    names = [file.relative_to(clone) for file in files]
    if not (root / path).exists():
        names = [Path(path)]
    for name in names:
        first, second = root / name, clone / name
        if not first.is_file() or first.read_bytes() != second.read_bytes():
            yield name.as_posix()


def differing_threads(root: Path, clone: Path) -> Iterator[str]:
    """Says for each model that it was trained on another number of threads, or that this is not known."""
    for path in sorted(clone.glob("models/*/threads.json")):
        name = path.relative_to(clone)
        before, now = (threads(folder / name) for folder in (root, clone))
        if before != now:
            yield (
                f"{name.parent} was trained on {before} threads and now on {now}, which gives other bits. To "
                "have them equal, set threads in params.yaml."
            )


def threads(path: Path) -> str:
    """What a file says of the number of threads that a model was trained on."""
    return path.read_text(encoding="utf-8").strip() if path.exists() else "an unknown number of"


def differing_scores(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Score]:
    """All numbers of metrics.json that are not equal; one that is missing on a side is NaN there."""
    first, second = dict(numbers(before)), dict(numbers(now))
    scores = [Score(name, first.get(name, math.nan), second.get(name, math.nan)) for name in first | second]
    return [score for score in scores if score.before != score.now]


def numbers(content: Any, name: str = "") -> Iterator[tuple[str, float]]:
    """Each number in nested content, by its dotted name."""
    items = content.items() if isinstance(content, Mapping) else enumerate(content)
    for key, value in items:
        if isinstance(value, Mapping | list):
            yield from numbers(value, f"{name}{key}.")
        elif isinstance(value, int | float):
            yield f"{name}{key}", value


if __name__ == "__main__":
    main()
