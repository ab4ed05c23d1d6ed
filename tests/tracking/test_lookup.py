"""What an alias or a run in MLflow leads to."""

import shutil
from pathlib import Path

import pytest

import latentlab
from latentlab.core import artifacts
from latentlab.core.errors import RequestError
from latentlab.families import roster
from latentlab.families.latents import fitted
from latentlab.interface import lookup
from latentlab.tracking import background, models, store
from tests.commands import workspace
from tests.tiny_learners import images

FITTED = "scores/vae/samplers.npz"


@pytest.fixture
def opened(database: Path) -> store.Store:
    return store.connect()


def train(opened: store.Store, model: str, name: str) -> str:
    """A run of a stage as it is logged, with the models in the folder of its outputs."""
    run_id = opened.client.create_run(opened.stages, run_name=name).info.run_id
    models.log(opened.client, opened.stages, run_id, Path("models") / model)
    return str(run_id)


def register(opened: store.Store, run_id: str, alias: str) -> None:
    """The decoder of a run of the VAE's as a version of the registered model."""
    client, name = opened.client, "latentlab-vae"
    if not client.search_registered_models(f"name = '{name}'"):
        client.create_registered_model(name)
    model = client.get_logged_model(models.logged(client, opened.stages, run_id)["vae-decoder"])
    version = client.create_model_version(name, model.artifact_location, run_id, model_id=model.model_id)
    client.set_registered_model_alias(name, alias, version.version)


def contents(reference: str, folder: Path, *names: str) -> list[str]:
    found = lookup.find(reference, "vae", "decoder").networks
    return [lookup.download_network(found[name], folder / name).read_text() for name in names]


def refusal(reference: str, model: str = "vae", name: str = "decoder") -> str:
    with pytest.raises(RequestError) as caught:
        lookup.find(reference, model, name)
    return str(caught.value)


def test_aliases_ids_names_and_rows_lead_to_the_networks(opened: store.Store, tmp_path: Path) -> None:
    old = train(opened, "vae", "old run")
    for name in ("decoder", "encoder"):
        Path(f"models/vae/{name}.keras").write_text(f"newer {name}")
    new = train(opened, "vae", "new run")
    register(opened, old, "champion")
    register(opened, new, "challenger")
    row = opened.client.create_run(opened.pipeline, run_name="a 'row' · 1", tags={"run.train_vae": old})
    for number, reference in enumerate(["champion", old, "old run", row.info.run_id, "a 'row' · 1"]):
        made = contents(reference, tmp_path / str(number), "decoder", "encoder")
        assert made == ["weights of decoder", "weights of encoder"]
    assert contents("challenger", tmp_path / "new", "decoder", "encoder") == [
        "newer decoder",
        "newer encoder",
    ]


def test_a_row_has_a_network_of_its_own(opened: store.Store, tmp_path: Path) -> None:
    row = opened.client.create_run(opened.pipeline, run_name="row").info.run_id
    models.log(opened.client, opened.pipeline, row, roster.models()["gan_best"][1].folder)
    found = lookup.find("row", "gan_best", "generator").networks
    assert lookup.download_network(found["generator"], tmp_path).read_text() == "weights of generator"


def scored(opened: store.Store, training: str, name: str, content: str | None) -> str:
    """A row of a training, with what its scoring fitted."""
    tags = {"run.train_vae": training}
    run_id = opened.client.create_run(opened.pipeline, run_name=name, tags=tags).info.run_id
    if content:
        opened.client.log_text(run_id, content, FITTED)
    return str(run_id)


def test_what_was_fitted_is_that_of_the_row_or_of_the_latest_one_of_a_training(
    opened: store.Store, tmp_path: Path
) -> None:
    training = train(opened, "vae", "training")
    register(opened, training, "champion")
    old = scored(opened, training, "old", "first")
    scored(opened, training, "new", "second")
    bare = scored(opened, training, "bare", None)
    scored(opened, train(opened, "vae", "another"), "other", "third")
    expected = {
        "champion": "second",
        training: "second",
        "training": "second",
        old: "first",
        "other": "third",
    }
    for number, (reference, content) in enumerate(expected.items()):
        place = lookup.find_file(lookup.find(reference, "vae", "decoder"), "vae", FITTED)
        assert lookup.download(place, tmp_path / str(number)).read_text() == content
    with pytest.raises(RequestError) as caught:
        lookup.find_file(lookup.find(bare, "vae", "decoder"), "vae", FITTED)
    assert f"{bare!r} in MLflow: expected a row of its training with {FITTED}, got none" in str(caught.value)


def test_refuses_what_does_not_lead_to_one_model(opened: store.Store) -> None:
    assert "expected an alias of latentlab-vae (it has none yet)" in refusal("champion")
    first, second = (train(opened, "vae", "twin") for _ in range(2))
    register(opened, first, "champion")
    told = refusal("nobody")
    assert "latentlab-vae (champion), or the id or the name of a run; got 'nobody'" in told
    told = refusal("twin")
    assert "got 'twin', which 2 have. Take an id:" in told
    assert f"\n  {first}  started 2" in told
    assert f"\n  {second}  started 2" in told
    told = refusal(first, model="gan", name="generator")
    assert "expected the network gan-generator, got none of gan" in told
    assert "expected the network vae-judge, got vae-" in refusal(first, name="judge")
    opened.client.delete_run(second)
    assert "got '" in refusal(second)
    for odd in ('it\'s "odd"', "x' OR 1 = 1", "%", ""):
        assert "or the id or the name of a run; got" in refusal(odd)


def test_a_store_that_cannot_be_used(
    project: Path, black_hole: str, refusing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = refusal("champion")
    assert "mlflow.db, which does not exist. Run `dvc repro`" in told
    assert not Path("mlflow.db").exists()
    monkeypatch.setattr(background, "PATIENCE_SECONDS", 0.5)
    for address, reason in ((refusing, "MlflowException"), (black_hole, "no answer within")):
        monkeypatch.setenv("MLFLOW_TRACKING_URI", address.replace("//", "//me:secret@"))
        told = refusal("champion")
        assert told.startswith("MLflow cannot be used: ")
        assert reason in told
        assert "secret" not in told


def test_a_command_takes_its_model_from_an_alias(
    opened: store.Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    signature = Path("models/vae/signature.json").read_text()
    shutil.rmtree("models")
    workspace.build(Path(), conditional=False)
    Path("models/vae/signature.json").write_text(signature)
    training = train(opened, "vae", "real")
    register(opened, training, "champion")
    words = ["sample", "--model", "vae", "--count", "3", "--out"]
    workspace.main([*words, "own.npz"])
    workspace.main([*words, "own-class.npz", "--class", "1"])
    shutil.rmtree("models")
    scores = artifacts.scores_folder("vae").rename("elsewhere")
    workspace.main([*words, "champion.npz", "--from", "champion"])
    assert Path("champion.npz").read_bytes() == Path("own.npz").read_bytes()
    of_class = [*words, "class.npz", "--from", "champion", "--class", "1"]
    assert "'champion' in MLflow: expected a row of its training" in workspace.refusal(of_class, capsys)
    row = scored(opened, training, "row", None)
    opened.client.log_artifact(row, scores / fitted.FILE, "scores/vae")
    workspace.main(of_class)
    assert Path("class.npz").read_bytes() == Path("own-class.npz").read_bytes()


def test_a_model_that_is_open_stays_that_of_its_alias(opened: store.Store) -> None:
    """And its scores are those of the row of its training."""
    signature = Path("models/vae/signature.json").read_text()
    shutil.rmtree("models")
    workspace.build(Path(), conditional=False)
    Path("models/vae/signature.json").write_text(signature)
    for number, alias in enumerate(("champion", "challenger")):
        training = train(opened, "vae", alias)
        register(opened, training, alias)
        artifacts.save_json(artifacts.METRICS, {"vae": {"kernel_distance": number}})
        row = scored(opened, training, f"row of {alias}", None)
        opened.client.log_artifact(row, artifacts.METRICS)
    model = latentlab.open_model("vae", "champion")
    register(opened, training, "champion")
    shutil.rmtree("models")
    assert model.scores() == {"kernel_distance": 0}
    assert model.encode(images(2)).shape == (2, 2)
    assert latentlab.open_model("vae", "champion").scores() == {"kernel_distance": 1}
    assert latentlab.scores("row of champion") == {"vae": {"kernel_distance": 0}}
    with pytest.raises(RequestError, match="MLflow: expected the id or the name of a run; got 'nobody'"):
        latentlab.scores("nobody")
    with pytest.raises(RequestError, match=r"expected a row of its training with metrics\.json, got none"):
        latentlab.scores("challenger")
