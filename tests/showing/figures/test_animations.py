import numpy as np

from latentlab.showing.figures import animations

EPOCHS = [1, 3]


def test_an_animation_has_a_named_picture_for_each_epoch() -> None:
    images = np.zeros((2, 10, 8, 8, 1), np.uint8)
    images[1, 0] = 255
    first, second = animations.of_samples(images, EPOCHS)
    assert first.size == second.size == (320, 320 + animations.BAR)
    # A grid of 3 x 3, whose first image has turned white.
    assert np.asarray(first)[animations.BAR + 40, 40].tolist() == [0, 0, 0]
    assert np.asarray(second)[animations.BAR + 40, 40].tolist() == [255, 255, 255]
    assert not np.array_equal(np.asarray(first)[: animations.BAR], np.asarray(second)[: animations.BAR])


def test_pictures_are_bounded_in_number_and_size() -> None:
    frames = animations.of_samples(np.zeros((90, 4, 300, 200, 3), np.uint8), range(1, 91))
    assert len(frames) == animations.MOST_FRAMES
    assert max(frames[0].size) <= animations.MOST_PIXELS / 2 + animations.BAR


def test_points_and_manifold_share_their_orientation() -> None:
    """The upper right of the plane is the upper right of both pictures."""
    manifolds = np.zeros((1, 2, 2, 4, 4, 1), np.uint8)
    manifolds[0, 1, 1] = 255
    planes = np.array([[[1.0, 1.0]]], np.float32)
    [frame] = animations.of_latent_space(manifolds, planes, np.zeros(1, np.uint8), [1])
    pixels = np.asarray(frame)[animations.BAR :]
    manifold, scatter = pixels[:, :320], pixels[:, 320:]
    assert manifold[40, 280].min() > 200
    assert manifold[280, 280].max() < 50
    rows, columns = np.nonzero((scatter != 255).any(axis=-1))
    assert rows.max() < 40
    assert columns.min() > 280
