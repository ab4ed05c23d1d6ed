"""Troubles that any generator's samples can show, told by the references beside its scores."""

from latentlab.verdict.findings import Case, Finding

# The memorisation score is in standard deviations of chance: below this, chance is no explanation.
BEYOND_CHANCE = 3.0
# What helps a model to more classes.
VARIETY = {"vae": "vae.kl_weight", "gan": "gan.discriminator_learning_rate"}
# What helps it to sharper samples.
SHARPNESS = {"vae": "vae.latent_dim", "gan": "gan.epochs"}


def mode_collapse(case: Case) -> Finding | None:
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
        VARIETY[case.model],
    )


def blurred_samples(case: Case) -> Finding | None:
    """Samples of a class as alike, in pixels, as blurring makes real ones.

    Features of a classifier forgive blur, so this looks at the diversity within classes: how far it has come
    from that of real images, 0, to that of blurred ones, 1. Half of the way is worth a note.
    """
    diversity, real, blurred = (
        scores["within_class_diversity"]
        for scores in (case.scores, case.references["real"], case.references["blurred"])
    )
    way = (real - diversity) / (real - blurred) if real > blurred else 0.0
    if way < 0.5:
        return None
    return Finding(
        "problem" if way >= 1 else "note",
        "blurred samples",
        f"Images of a class differ {diversity:.2f} times as much as real ones of it; real images that were "
        f"blurred differ {blurred:.2f} times as much.",
        {"within_class_diversity": diversity, "real": real, "blurred": blurred},
        SHARPNESS[case.model],
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
        f"{case.model}.epochs",
    )


def too_few_samples(case: Case) -> Finding | None:
    """Too few test images for a Frechet distance that could be read by itself."""
    warning = case.protocol["frechet_warning"]
    if warning is None:
        return None
    evidence = {"num_test": case.protocol["num_test"]}
    return Finding("note", "too few samples to tell", warning, evidence, "evaluate.num_samples")
