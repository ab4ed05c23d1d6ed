"""Troubles that any generator's samples can show, told by the references beside its scores."""

from latentlab.showing.verdict.findings import Case, Finding, Rule

# The memorisation score is in standard deviations of chance: below this, chance is no explanation.
BEYOND_CHANCE = 3.0
# Of the way from real images to a broken reference: half of it is worth a note, all of it is a problem.
HALF, ALL = 0.5, 1.0


def mode_collapse(case: Case) -> Finding | None:
    """Fewer classes than real images cover, counting samples within reach of real images alone."""
    if "classes_covered" not in case.scores:  # The images have no labels.
        return None
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


def memorisation(case: Case) -> Finding | None:
    """Samples nearer to the training images than test images are.

    Beyond chance is worth a note; half of the way from unseen real images to copies is a problem.
    """
    found, real, copied = (
        scores["memorisation"] for scores in (case.scores, case.references["real"], case.references["copied"])
    )
    if found > real - BEYOND_CHANCE:
        return None
    return Finding(
        "problem" if found <= (real + copied) / 2 else "note",
        "memorisation",
        f"The memorisation score is {found:.1f}; copies of training images have {copied:.1f}, unseen real "
        f"images {real:.1f}.",
        {"memorisation": found, "real": real, "copied": copied},
        case.remedies.copies,
    )


def too_few_samples(case: Case) -> Finding | None:
    """Too few test images for a Frechet distance that could be read by itself."""
    warning = case.protocol["frechet_warning"]
    if warning is None:
        return None
    evidence = {"num_test": case.protocol["num_test"]}
    return Finding("note", "too few samples to tell", warning, evidence, "evaluate.num_samples")


# All that holds for whatever was trained to make images.
RULES: tuple[Rule, ...] = (mode_collapse, blurred_samples, low_diversity, memorisation, too_few_samples)
