"""What verdicts say of sets of images with a known trouble, in the workspace at hand."""

from typing import Any

import numpy as np

from latentlab.core import artifacts, settings
from latentlab.core.arrays import Images
from latentlab.core.errors import EvaluationError
from latentlab.core.settings import FEWEST_COMPARED
from latentlab.scoring import bench, networks
from latentlab.scoring.settings import Scoring
from latentlab.scoring.yardstick import choice
from latentlab.scoring.yardstick.choice import MOST_IMAGES
from latentlab.showing.verdict import judgement, sample_rules
from latentlab.showing.verdict.findings import Case, Remedies
from latentlab.trained import inference, model_files
from studies.failures import sets

SHOWN = ("kernel_distance", "sharpness", "near_copies", "memorisation")
# Any but those of the pipeline.
SEED = 2001


def judge_all() -> dict[str, dict[str, Any]]:
    """For each failure its findings, whether they are right, and a few of its scores.

    Raises:
        ArtifactError: `score_references` has not run here.
    """
    opened = bench.set_up(settings.load_part(Scoring), [])
    held = _held_out(opened.num_samples)
    judged = {}
    for failure in sets.of(held):
        images = failure.make(held)
        scores = opened.scorer.score(images)
        findings = judgement.judge(_case(scores), sample_rules.RULES)["findings"]
        names = [finding["name"] for finding in findings if finding["name"] != "too few samples to tell"]
        judged[failure.name] = {
            "wanted": failure.finding,
            "found": names,
            "right": is_right(failure, names),
            "scores": {name: scores[name] for name in SHOWN} | opened.scorer.detect(images),
        }
    return judged


def measure_all() -> dict[str, dict[str, Any]]:
    """What the yardstick says of each network on the images at hand; of those that it tried, what it said."""
    read = settings.load_part(Scoring)
    found = dict(artifacts.load_json(artifacts.YARDSTICK)["networks"])
    images, labels = (
        load("validation")[: min(MOST_IMAGES, read.evaluate.num_samples)]
        for load in (artifacts.load_images, artifacts.load_labels)
    )
    training = artifacts.load_images("train")
    for network in networks.offered("auto", labelled=bool(artifacts.load_labels("train").max())):
        if network not in found:
            _, measured = choice.choose(bench.set_up_in([network], read, []), images, labels, training)
            found |= measured["networks"]
    kept = ("ratio", "trusted", "because", "withheld")
    return {name: {key: measured[key] for key in kept} for name, measured in found.items()}


def is_right(failure: sets.Failure, names: list[str]) -> bool:
    """Whether what must be found is found, and nothing but what may be."""
    wanted = set() if failure.finding is None else {failure.finding}
    return wanted <= set(names) <= wanted | failure.allowed


def _held_out(most: int) -> sets.HeldOut:
    """Validation images that the yardstick does not use.

    Raises:
        EvaluationError: there are too few.
    """
    images, labels = (
        np.array(load("validation")[MOST_IMAGES:][:most])
        for load in (artifacts.load_images, artifacts.load_labels)
    )
    if len(images) < FEWEST_COMPARED:
        raise EvaluationError(
            f"expected {MOST_IMAGES + FEWEST_COMPARED} validation images or more, as the yardstick takes the "
            f"first {MOST_IMAGES}, got {len(artifacts.load_labels('validation'))}. Choose a larger source, "
            "data.path in params.yaml, or raise data.limit."
        )
    return sets.HeldOut(images, labels, artifacts.load_images("train"), _untrained(len(images)), SEED)


def _untrained(count: int) -> Images | None:
    """Samples of a generator as it was before its training, if one was kept."""
    for path in sorted(artifacts.MODELS.glob("*/untrained.keras")):
        generator = model_files.load_model(path)
        latents = inference.draw_latents(count, inference.latent_dim(generator), SEED)
        return inference.generate(generator, latents)
    return None


def _case(scores: dict[str, Any]) -> Case:
    references = artifacts.load_json(artifacts.scores_path("references"))
    yardstick = artifacts.load_json(artifacts.YARDSTICK)
    ladders = yardstick["networks"][yardstick["network"]]["ladders"]
    return Case(
        title="Failure",
        remedies=Remedies(*[""] * 3),
        scores=scores,
        references=references["references"],
        protocol=references["protocol"],
        yardstick=yardstick | {"ladders": ladders},
        history=[],
    )
