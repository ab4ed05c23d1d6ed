"""The table and the verdicts at the end of a run."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from latentlab.core import provenance
from latentlab.scoring.protocol import describe
from latentlab.tracking import terminal

VERDICTS = "VAE: no problem found."


def metrics(distance: float = 0.25, kl: float = 4.5, extractor: str = "a") -> dict[str, Any]:
    model = {"kernel_distance": distance, "precision": 0.5, "num_samples": 100}
    return {
        "vae": model | {"kl_nats": kl},
        "gan": model,
        "features": {"sha256": extractor, "test_accuracy": 0.75},
        "protocol": describe(500, 0.5, "b"),
    }


def test_scores_stand_beside_the_last_commits_with_arrows() -> None:
    before = metrics(0.5, 4.0)
    before["gan"] = before["gan"] | {"kernel_distance": 0.125}
    assert terminal.table(metrics(), before) == [
        "                                                 now  last commit",
        "vae: kernel distance                            0.25         0.5  ↓ better",
        "gan: kernel distance                            0.25       0.125  ↑ worse",
        "vae: KL nats                                     4.5           4  ↑",
        "features: test accuracy                         0.75        0.75  =",
    ]


@pytest.mark.parametrize("before", [0.001, 1.0, 1000.0])
def test_what_differs_by_less_than_a_digit_that_is_printed_is_alike(before: float) -> None:
    for factor, told in ((1.0004, "="), (0.9996, "="), (1.0006, "↑ worse"), (0.9994, "↓ better")):
        _, line, *_ = terminal.table(metrics(factor * before), metrics(before))
        assert line.startswith("vae: kernel distance")
        assert line.endswith(f"  {told}")


def test_scores_of_another_measure_are_not_compared() -> None:
    *lines, said = terminal.table(metrics(), metrics(0.5, extractor="c"))
    assert said == "Not compared with the last commit: the features come from different classifiers."
    assert lines == terminal.table(metrics(), None)[:-1]
    assert not [line for line in lines if "0.5" in line]


def test_a_model_that_the_last_commit_lacks_stands_alone() -> None:
    new = metrics() | {"flow": metrics()["gan"]}
    lines = terminal.table(new, metrics(0.5, 4.0))
    assert "flow: kernel distance                           0.25" in lines
    assert "vae: kernel distance                            0.25         0.5  ↓ better" in lines
    assert (
        terminal.table(metrics(), new)[1]
        == "vae: kernel distance                            0.25        0.25  ="
    )


def test_other_ways_to_draw_latents_are_left_to_the_report() -> None:
    sampled = metrics() | {"samplers": {"vae": {"gaussian": {"kernel_distance": 0.125}}}}
    assert terminal.table(sampled, sampled) == terminal.table(metrics(), metrics())


def test_the_end_says_verdicts_and_where_to_look() -> None:
    said = terminal.closing(metrics(), None, VERDICTS).splitlines()
    assert said[-4:] == [terminal.NO_COMMIT, "", VERDICTS, terminal.WHERE]


def test_the_last_commits_scores_come_from_dvcs_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through DVC, also where the file has changed since."""

    def run(command: str) -> None:
        subprocess.run(command.split(), check=True, capture_output=True)

    monkeypatch.chdir(tmp_path)
    scores = Path("scores.json")
    assert provenance.committed(scores) is None
    for command in ("git init", "git config user.name a", "git config user.email a@b"):
        run(command)
    (tmp_path / ".dvc").mkdir()
    (tmp_path / ".dvc" / "config").touch()
    Path("dvc.yaml").write_text("stages: {score: {cmd: 'true', outs: [scores.json]}}")
    scores.write_text("first")
    assert provenance.committed(scores) is None
    run("dvc commit -q -f")
    assert Path("dvc.lock").exists()
    run("git add .")
    run("git commit -m first")
    assert provenance.committed(scores) == "first"
    scores.write_text("second")
    assert provenance.committed(scores) == "first"
    for folder in Path(".dvc/cache/files/md5").iterdir():
        folder.rename(folder.with_name(f"not-{folder.name}"))
    assert provenance.committed(scores) is None
