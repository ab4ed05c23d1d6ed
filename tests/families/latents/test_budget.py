from latentlab.families.latents import budget


def test_the_grid_of_mnist_is_whole_and_larger_images_are_fewer() -> None:
    """61 * 61 * 784 = 2,917,264 values, in which 64 * 64 * 3 = 12,288 fit 237 times."""
    assert budget.num_images((28, 28, 1)) == 61 * 61
    assert budget.num_images((64, 64, 3)) == 237
    assert budget.num_images((5000, 5000, 3)) == 4
