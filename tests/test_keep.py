"""`make keep`: what seeds and sweeps gave, as results for the pages."""

import json
from pathlib import Path

import pytest

from latentlab.core import artifacts
from latentlab.core.errors import RequestError
from scripts import fill_pages, keep


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where results go, beside scores of a commit that is taken to be the one that is checked out."""
    monkeypatch.setattr(fill_pages, "RESULTS", tmp_path)
    monkeypatch.setattr(keep, "IMAGES", tmp_path)
    monkeypatch.setattr(keep, "require_alike", lambda commit: None)
    (tmp_path / "reports").mkdir()
    return tmp_path


def scores(folder: Path, name: str, content: object) -> Path:
    file = folder / "reports" / name
    file.write_text(json.dumps(content))
    file.with_suffix(".png").write_bytes(b"a picture")
    return file


def test_scores_are_kept_with_what_they_were_made_of(kept: Path) -> None:
    elsewhere = {"cores": 64}
    keep.keep(scores(kept, "kl_weight.json", {"commit": "0123456", "machine": elsewhere, "points": [1]}))
    found = artifacts.load_json(kept / "kl_weight.json")
    assert found["machine"] == elsewhere
    assert (found["commit"], found["points"], found["params"]["gan.epochs"]) == ("0123456", [1], 40)
    assert (kept / "kl_weight.png").read_bytes() == b"a picture"


def test_a_file_that_is_not_there_is_named_with_what_would_make_it(kept: Path) -> None:
    with pytest.raises(RequestError, match="expected one that make seeds or make sweep wrote, got seedz"):
        keep.keep(Path("seedz.json"))


def test_a_file_of_something_else_is_refused(kept: Path) -> None:
    with pytest.raises(RequestError, match=r"got .*metrics.json, which is another"):
        keep.keep(scores(kept, "metrics.json", {"vae": {}}))


def test_of_other_settings_scores_alone_are_kept(kept: Path) -> None:
    name = "seeds-precision=bfloat16.json"
    keep.keep(scores(kept, name, {"commit": "0123456", "settings": ["precision=bfloat16"]}))
    found = artifacts.load_json(kept / "seeds_precision_bfloat16.json")
    assert (found["changes"], found["params"]["precision"]) == (["precision=bfloat16"], "bfloat16")
    assert not list(kept.glob("*.png"))


def test_scores_of_other_code_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keep, "differs_from", lambda commit: commit == "0123456")
    keep.require_alike("89abcde")
    with pytest.raises(SystemExit, match=r"expected src, stages, .* as in 0123456, .*got changes"):
        keep.require_alike("0123456")
