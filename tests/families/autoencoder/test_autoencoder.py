import numpy as np

from latentlab.families.autoencoder.model.learner import build_encoder
from latentlab.families.vae.model import networks
from tests.tiny_learners import SHAPE, build_autoencoder, changed, images, names, stack, state


def test_the_encoder_is_the_vaes_without_its_variance() -> None:
    shape = networks.Architecture(latent_dim=3, filters=(2,), dense_units=4, image_shape=SHAPE)
    own, vaes = build_encoder(shape, seed=1), networks.build_encoder(shape, seed=1)
    assert [layer.name for layer in own.layers] == [layer.name for layer in vaes.layers[:-1]]
    x = images(4) / np.float32(255)
    z_mean, _ = vaes(x)
    np.testing.assert_array_equal(own(x), z_mean)


def test_a_step_changes_exactly_what_it_should(eagerly: None) -> None:
    learner = build_autoencoder()
    before = state(learner)
    learner.train(*stack(images(6)))
    constant = {name for name in names(learner, learner.variables) if "learning_rate" in name}
    assert len(constant) == 1
    assert changed(learner, before) == names(learner, learner.variables) - constant


def test_validation_equals_plain_keras_and_changes_nothing(eagerly: None) -> None:
    learner = build_autoencoder()
    learner.train(*stack(images(20, seed=2)))
    before, validation = state(learner), images(7)
    x = validation / np.float32(255)
    decoded = np.asarray(learner.decoder(learner.encoder(x)), np.float64)
    expected = -np.mean(x * np.log(decoded) + (1 - x) * np.log(1 - decoded))
    np.testing.assert_allclose(learner.validate(validation)["validation_reconstruction"], expected, rtol=1e-4)
    assert changed(learner, before) == set()


def test_it_learns(eagerly: None) -> None:
    learner = build_autoencoder(learning_rate=0.03)
    history = [learner.train(*stack(images(16)))["train_reconstruction"][0] for _ in range(15)]
    assert history[-1] < 0.8 * history[0]


def test_sigma_is_the_error_of_what_comes_back(eagerly: None) -> None:
    learner, x = build_autoencoder(), images(7) / np.float32(255)
    before = state(learner)
    errors = x - np.asarray(learner.decoder(learner.encoder(x)))
    np.testing.assert_allclose(learner.fit_sigma(images(7)), np.sqrt(np.mean(errors**2)), rtol=1e-5)
    assert changed(learner, before) == set()
