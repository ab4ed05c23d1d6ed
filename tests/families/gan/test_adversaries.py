"""What a GAN's history says, on histories made up to be read by eye."""

import pytest

from latentlab.families.gan.adversaries import diverged_epoch, summarise


def history(
    generator: list[float], discriminator: list[float] | None = None, real: list[float] | None = None
) -> list[dict[str, float]]:
    """A record an epoch of these losses and this accuracy on real images; on generated ones 0.1 less."""
    length = len(generator)
    columns = zip(generator, discriminator or [0.6] * length, real or [0.7] * length, strict=True)
    return [
        {
            "epoch": epoch,
            "generator_loss": generator_loss,
            "discriminator_loss": discriminator_loss,
            "discriminator_accuracy_real": accuracy,
            "discriminator_accuracy_generated": accuracy - 0.1,
        }
        for epoch, (generator_loss, discriminator_loss, accuracy) in enumerate(columns, start=1)
    ]


def test_the_end_is_the_mean_of_the_last_tenth_rounded_up() -> None:
    accuracies = [0.5] * 18 + [0.6, 0.7, 0.8]
    found = summarise(history([1.0] * 21, real=accuracies), "non_saturating")
    assert found["accuracy_real"] == pytest.approx(0.7)
    assert found["accuracy_generated"] == pytest.approx(0.6)
    assert summarise(history([1.0] * 2, real=[0.5, 0.9]), "non_saturating")["accuracy_real"] == pytest.approx(
        0.9
    )


def test_the_trend_is_the_slope_of_the_last_half() -> None:
    """Least squares through 0.6, 0.6, 0.9 have the slope 0.15; what came before does not matter."""
    found = summarise(history([1.0] * 6, real=[0.9, 0.1, 0.5, 0.6, 0.6, 0.9]), "non_saturating")
    assert found["accuracy_real_trend"] == pytest.approx(0.15)
    assert found["accuracy_generated_trend"] == pytest.approx(0.15)
    falling = summarise(history([1.0] * 3, real=[0.5, 0.8, 0.7]), "non_saturating")
    assert falling["accuracy_real_trend"] == pytest.approx(-0.1)


def test_a_single_epoch_has_no_trend() -> None:
    found = summarise(history([1.0]), "non_saturating")
    assert found == {
        "objective": "non_saturating",
        "accuracy_real": pytest.approx(0.7),
        "accuracy_generated": pytest.approx(0.6),
        "accuracy_real_trend": None,
        "accuracy_generated_trend": None,
        "diverged_epoch": None,
    }


HEALTHY = [1.0] * 20


@pytest.mark.parametrize(
    ("generator", "discriminator", "expected"),
    [
        (HEALTHY, None, None),
        ([1.0] * 15 + [6.0] * 5, None, 16),
        ([6.0] * 20, None, 1),
        (HEALTHY, [0.6] * 11 + [9.0] * 9, 12),
        ([1.0] * 15 + [6.0] * 5, [0.6] * 11 + [9.0] * 9, 12),
        # It came back, if only once.
        ([1.0] * 10 + [6.0] * 5 + [4.9] + [6.0] * 4, None, 17),
        ([1.0] * 10 + [6.0] * 9 + [5.0], None, None),
        # The last tenth of 20 epochs is two.
        ([1.0] * 18 + [6.0] * 2, None, 19),
        ([1.0] * 19 + [6.0], None, None),
    ],
)
def test_divergence_is_a_loss_above_five_nats_to_the_end(
    generator: list[float], discriminator: list[float] | None, expected: int | None
) -> None:
    found = diverged_epoch(history(generator, discriminator))
    assert found == expected
    assert found is None or isinstance(found, int)


@pytest.mark.parametrize(("objective", "epoch"), [("non_saturating", 1), ("hinge", None)])
def test_only_losses_in_nats_can_diverge_beyond_so_many(objective: str, epoch: int | None) -> None:
    assert summarise(history([9.0] * 20), objective)["diverged_epoch"] == epoch
