import numpy as np
from numpy.testing import assert_array_equal

from latentlab import generators, inference
from latentlab.metrics import references


class Doubling:
    """Draws a latent of two dimensions as two pixels of a hundredth of its coordinates."""

    input_shape = (None, 2)

    def __call__(self, latents: np.ndarray, *, training: bool) -> np.ndarray:
        return np.abs(latents[:, np.newaxis, :, np.newaxis]) / 100


def random_images(count: int, seed: int) -> generators.Images:
    return np.random.default_rng(seed).integers(0, 256, (count, 6, 6, 1), dtype=np.uint8)


def test_the_prior_is_decoded_by_seed() -> None:
    generator = generators.of_prior("gan", Doubling(), seed=7)
    images, asked = generator.draw(5)
    assert (generator.name, generator.in_full, asked) == ("gan", True, None)
    latents = inference.draw_latents(5, 2, seed=7)
    assert_array_equal(images[:, 0, :, 0], np.rint(np.abs(latents) * 2.55).astype(np.uint8))
    assert_array_equal(images, generator.draw(5).images)
    assert (images != generators.of_prior("gan", Doubling(), seed=8).draw(5).images).any()


def test_references_have_names_and_come_as_far_as_there_are_images() -> None:
    validation, training = random_images(8, 0), random_images(10, 1)
    labels = np.array([0, 1, 1, 1, 0, 0, 1, 0, 2, 2], np.uint8)
    made = generators.of_references(validation, training, labels, seed=3)
    sets = {generator.name: generator.draw(4).images for generator in made}
    assert_array_equal(sets["references.real"], validation[:4])
    assert_array_equal(sets["references.blurred"], references.blurred(validation[:4]))
    assert_array_equal(sets["references.copied"], training[:4])
    assert_array_equal(sets["references.one_class"], training[[0, 4, 5, 7]])
    assert sets["references.noisy"].shape == (4, 6, 6, 1)
    assert (sets["references.noisy"] != validation[:4]).any()
    assert [len(generator.draw(100).images) for generator in made] == [8, 8, 8, 4, 10]
