import numpy as np

from latentlab.families.latents import neighbours

CLUSTERS = np.repeat([[0.0, 0.0], [9.0, 9.0]], 8, axis=0).astype(np.float32)
CLUSTERS += np.random.default_rng(0).normal(0, 0.1, CLUSTERS.shape).astype(np.float32)


def test_neighbours_of_one_class_tell_it_and_those_of_both_do_not() -> None:
    labels = np.arange(16, dtype=np.uint8)
    assert neighbours.score(CLUSTERS, labels // 8) == {"knn_accuracy": 1, "knn_neighbours": 5}
    assert neighbours.score(CLUSTERS, labels % 2)["knn_accuracy"] < 1


def test_nothing_is_told_of_images_without_labels() -> None:
    assert neighbours.score(CLUSTERS, np.zeros(16, np.uint8)) == {}
