import numpy as np
import pytest

from latentlab.tracking import images, live, stage_runs, store
from tests.tracking.pipeline_outputs import history, names_of_artifacts, runs

Places = set[tuple[str, int]]


def logged(run_id: str) -> Places:
    return {images._place(path) for path in names_of_artifacts(run_id, "images")}


def samples(value: int) -> dict[str, np.ndarray]:
    return {"samples": np.full((9, 4, 4, 1), value, np.uint8), "planes": np.zeros((3, 2))}


def test_a_grid_lays_images_out_in_rows() -> None:
    numbered = np.arange(10, dtype=np.uint8)[:, None, None, None] * np.ones((1, 2, 2, 1), np.uint8)
    picture = images.grid(numbered)
    assert picture.shape == (6, 6, 1)
    assert picture[::2, ::2, 0].tolist() == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
    upwards = images.grid(numbered[:4].reshape(2, 2, 2, 2, 1))
    assert upwards[::2, ::2, 0].tolist() == [[2, 3], [0, 1]]


def test_pictures_are_logged_while_training_goes_on_and_once(database: object) -> None:
    stage = stage_runs.describe("train_gan")
    with live.stage_run(stage.name, key=stage.key, params=stage.params, data=stage.data) as run:
        run.log_history(history(3))
        for epoch in (1, 3, 1):
            run.log_images(epoch, samples(epoch))
    [logged_run] = runs("stages")
    assert logged(logged_run.info.run_id) == {("gan~samples", 1), ("gan~samples", 3)}
    # A picture and a small copy of it, each once.
    assert len(names_of_artifacts(logged_run.info.run_id, "images")) == 4


def test_pictures_that_mlflow_missed_come_from_the_outputs(
    database: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = stage_runs.describe("train_gan")
    epochs = stage.params["gan"]["sample_epochs"]
    np.save(stage.folder / "samples.npy", np.zeros((len(epochs), 9, 4, 4, 1), np.uint8))
    run_id = stage_runs.ensure(store.connect(), stage)
    assert logged(run_id) == {("gan~samples", epoch) for epoch in epochs}
