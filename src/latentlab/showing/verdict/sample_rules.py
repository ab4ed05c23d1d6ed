"""Troubles that any generator's samples can show, told by real images that are worse by construction."""

from latentlab.scoring.metrics.directions import SLIGHT, WITHOUT_STRUCTURE
from latentlab.showing.verdict.findings import HEADLINE, Case, Finding, Rule, rests_on

# Of the way from real images to a broken reference: half of it is worth a note, all of it is a problem.
HALF, ALL = 0.5, 1.0
FAR = "far from real images"
# Of what real images cover.
LEAST_COVERAGE = 0.25


@rests_on("kernel_distance")
def no_structure(case: Case) -> Finding | None:
    """Not clearly nearer to real images than those that keep their spectrum, and show nothing any more."""
    name = min(WITHOUT_STRUCTURE, key=lambda ladder: case.rung(ladder, 3)["kernel_distance"])
    own, broken = case.scores["kernel_distance"], case.rung(name, 3)["kernel_distance"]
    _, highest = case.scores["intervals"]["kernel_distance"]
    if highest < broken:
        return None
    return Finding(
        "problem",
        "no structure",
        f"The kernel distance is {own:.3g}; real images of which no structure is left ({name}) have "
        f"{broken:.3g}.",
        {"kernel_distance": own, name: broken},
        case.remedies.sharpness,
    )


@rests_on(HEADLINE)
def beyond_blur(case: Case) -> Finding | None:
    """Farther from real images than strong blur takes them, by the score to read first, beyond chance."""
    name = case.headline
    own, blurred = case.scores[name], case.references["blurred"][name]
    lowest, _ = case.scores["intervals"][name]
    if lowest <= blurred or no_structure(case):
        return None
    return Finding(
        "problem",
        FAR,
        f"The {name.replace('_', ' ')} is {own:.3g}; strongly blurred real images have {blurred:.3g}.",
        {name: own, "blurred": blurred},
        case.remedies.sharpness,
    )


@rests_on("kernel_distance")
def beyond_slight_blur(case: Case) -> Finding | None:
    """Farther from real images than a slight blur or noise takes them, beyond chance."""
    own = case.scores["kernel_distance"]
    slight = max(case.rung(ladder, 1)["kernel_distance"] for ladder in SLIGHT)
    lowest, _ = case.scores["intervals"]["kernel_distance"]
    if lowest <= slight or no_structure(case) or beyond_blur(case):
        return None
    return Finding(
        "note",
        FAR,
        f"The kernel distance is {own:.3g}; slightly blurred or noisy real images have {slight:.3g}.",
        {"kernel_distance": own, "slight": slight},
        case.remedies.sharpness,
    )


@rests_on("classes_covered")
def missing_classes(case: Case) -> Finding | None:
    """Fewer classes than real images cover, counting samples within reach of real images alone."""
    covered, real = case.scores["classes_covered"], case.references["real"]["classes_covered"]
    if covered >= real:
        return None
    missing = case.scores["missing_classes"]
    return Finding(
        "problem",
        "mode collapse",
        f"{covered} of {real} classes are covered; missing: {', '.join(map(str, missing))}.",
        {"classes_covered": covered, "missing_classes": missing},
        case.remedies.variety,
    )


@rests_on("kernel_distance", "reweighted_distance")
def lost_classes(case: Case) -> Finding | None:
    """Classes with next to no share in the samples, which are else as near as real images, beyond chance.

    Where the samples are worse than real images, their classes' shares cannot be told.
    """
    lost, distance = case.scores["lost_classes"], case.scores["reweighted_distance"]
    reach = case.scores["kernel_distance"] - case.scores["intervals"]["kernel_distance"][0]
    _, chance = case.references["real"]["intervals"]["kernel_distance"]
    if not lost or distance - reach > chance:
        return None
    return Finding(
        "problem",
        "mode collapse",
        f"Classes that are missing, or nearly: {', '.join(map(str, lost))}. The kernel distance from real "
        f"images with the samples' shares of classes is {distance:.3g}.",
        {"lost_classes": lost, "reweighted_distance": distance},
        case.remedies.variety,
    )


@rests_on("coverage")
def narrow_coverage(case: Case) -> Finding | None:
    """Samples near few of the real images, whatever their classes, though they are sharp and show things."""
    explained = (missing_classes, lost_classes, no_structure, blurred_samples, grain)
    if any(rule(case) for rule in explained):
        return None
    coverage, real = case.scores["coverage"], case.references["real"]["coverage"]
    if coverage >= LEAST_COVERAGE * real:
        return None
    return Finding(
        "problem",
        "mode collapse",
        f"Samples lie near {coverage:.0%} of real images alone; unseen real images lie near {real:.0%}.",
        {"coverage": coverage, "real": real},
        case.remedies.variety,
    )


@rests_on("sharpness")
def blurred_samples(case: Case) -> Finding | None:
    """Samples as soft, in pixels, as blurring makes real images; features of a classifier forgive that."""
    way = case.way("sharpness", "blurred")
    if way < HALF:
        return None
    sharpness, blurred = case.scores["sharpness"], case.references["blurred"]["sharpness"]
    return Finding(
        "problem" if way >= ALL else "note",
        "blurred samples",
        f"Samples are {sharpness:.2f} times as sharp as real images; real images that were blurred are "
        f"{blurred:.2f} times as sharp.",
        {"sharpness": sharpness, "blurred": blurred},
        case.remedies.sharpness,
    )


@rests_on("sharpness")
def grain(case: Case) -> Finding | None:
    """Pixels that differ from their neighbours as a checkerboard, or noise, makes those of real images."""
    own, real = case.scores["sharpness"], case.references["real"]["sharpness"]
    checkered = case.rung("checkerboard", 2)["sharpness"]
    way = (own - real) / (checkered - real)
    if way < HALF:
        return None
    return Finding(
        "problem" if way >= ALL else "note",
        "grain or checkerboard",
        f"Samples are {own:.2f} times as sharp as real images, which with a checkerboard of a tenth of the "
        f"range are {checkered:.2f} times as sharp.",
        {"sharpness": own, "checkerboard": checkered},
        case.remedies.sharpness,
    )


@rests_on("within_class_diversity", "sharpness")
def low_diversity(case: Case) -> Finding | None:
    """Samples of a class more alike, in pixels, than their blur explains.

    Blur itself brings images of a class nearer to each other, so blurred samples have to be more alike than
    blurred real images are.
    """
    way, blurred = case.way("within_class_diversity", "blurred"), case.way("sharpness", "blurred") >= HALF
    if way < (ALL if blurred else HALF):
        return None
    diversity, real = case.scores["within_class_diversity"], case.references["real"]["within_class_diversity"]
    return Finding(
        "problem" if way >= ALL else "note",
        "low diversity",
        f"Images of a class differ {diversity:.2f} times as much as test images of it, unseen real ones "
        f"{real:.2f} times.",
        {"within_class_diversity": diversity, "real": real},
        case.remedies.variety,
    )


@rests_on("near_copies")
def memorisation(case: Case) -> Finding | None:
    """More near-copies of training images than there are among unseen real images, beyond chance.

    From half of what real images have of which a tenth is copied, it is a problem.
    """
    found, real, copied = (
        scores["near_copies"] for scores in (case.scores, case.references["real"], case.rung("copies", 1))
    )
    lowest, _ = case.scores["intervals"]["near_copies"]
    _, chance = case.references["real"]["intervals"]["near_copies"]
    if lowest <= chance:
        return None
    return Finding(
        "problem" if found >= (real + copied) / 2 else "note",
        "memorisation",
        f"{found:.1%} of the samples are near-copies of a training image; of unseen real images {real:.1%} "
        "are as near to one.",
        {"near_copies": found, "real": real},
        case.remedies.copies,
    )


@rests_on()
def too_few_samples(case: Case) -> Finding | None:
    """Too few test images for a Frechet distance that could be read by itself."""
    warning = case.protocol["frechet_warning"]
    if warning is None:
        return None
    evidence = {"num_test": case.protocol["num_test"]}
    return Finding("note", "too few samples to tell", warning, evidence, "evaluate.num_samples")


# All that holds for whatever was trained to make images.
RULES: tuple[Rule, ...] = (
    no_structure,
    beyond_blur,
    beyond_slight_blur,
    missing_classes,
    lost_classes,
    narrow_coverage,
    blurred_samples,
    grain,
    low_diversity,
    memorisation,
    too_few_samples,
)
