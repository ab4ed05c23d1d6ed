import pytest

from tests.showing.verdict.cases import case


def test_the_way_from_real_to_broken_by_hand() -> None:
    """Sharpness is 1 of real and 0.2 of blurred images: 0.4 has come 0.6 of 0.8."""
    assert case(sharpness=0.4).way("sharpness", "blurred") == pytest.approx(0.75)
    assert case(sharpness=1.4).way("sharpness", "blurred") == pytest.approx(-0.5)
    # Scores that breaking changes nothing of tell no way.
    assert case(coverage=0.1).way("coverage", "blurred") == 0


def test_the_headline_is_the_protocols() -> None:
    assert case().headline == "kernel_distance"
