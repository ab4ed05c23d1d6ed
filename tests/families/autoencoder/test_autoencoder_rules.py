import pytest

from latentlab.families.autoencoder.rules import REMEDIES, RULES, unknown_prior
from latentlab.showing.verdict import sample_rules
from latentlab.showing.verdict.findings import Case
from tests.showing.verdict.cases import case


def fitted(distance: float, coverage: float) -> Case:
    """An autoencoder of which the nearest of two other ways to draw latents has these scores."""
    ways = {
        "gaussian": {"kernel_distance": 0.5, "coverage": 1.0},
        "mixture": {"kernel_distance": distance, "coverage": coverage},
    }
    return case(remedies=REMEDIES, samplers=ways)


def test_a_better_way_to_draw_its_latents_is_found() -> None:
    finding = unknown_prior(fitted(0.01, 0.95))
    assert finding
    assert (finding.kind, finding.name, finding.key) == ("note", "unknown prior", "evaluate.samplers")
    assert "at 0.05 and cover 80%" in finding.sentence
    assert "drawn by mixture, fitted to its encodings, they are at 0.01 and cover 95%." in finding.sentence
    assert finding.evidence["way"] == "mixture"


@pytest.mark.parametrize(
    ("beyond", "before"),
    [
        # Nearer than the interval of the score explains, or covering more.
        (fitted(0.039, 0.8), fitted(0.04, 0.8)),
        (fitted(0.05, 0.91), fitted(0.05, 0.9)),
        # Without any other way there is nothing to hold N(0, I) against.
        (fitted(0.01, 0.95), case(remedies=REMEDIES)),
    ],
)
def test_the_limit_is_where_it_is_said_to_be(beyond: Case, before: Case) -> None:
    assert unknown_prior(beyond)
    assert unknown_prior(before) is None


def test_samples_that_it_was_not_trained_to_make_are_no_fault_of_its_training() -> None:
    assert RULES["autoencoder"] == (
        sample_rules.no_structure,
        unknown_prior,
        sample_rules.too_few_samples,
    )
