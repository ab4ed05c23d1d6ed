"""Where experiments are exchanged: what is done, what is brought and forgotten, and what is refused."""

import os
from pathlib import Path

import pytest

from latentlab.core.errors import TrainingError
from studies.experiments import exchange
from studies.experiments.exchange import Exchange
from tests.stub_pipeline import git

OTHER = "0" * 40


def revision() -> str:
    return git("rev-parse", "HEAD").strip()


def note(name: str, start: str, commit: str) -> None:
    """As DVC keeps an experiment."""
    git("update-ref", f"{exchange.refs(start)}/{name}", commit)


def share(repository: Path) -> None:
    """Give a repository both remotes."""
    git("init", "--quiet", "--bare", f"{repository}/origin.git")
    git("remote", "add", "origin", f"{repository}/origin.git")
    config = repository / ".dvc" / "config"
    config.write_text(config.read_text().replace("[core]\n", "[core]\n    remote = team\n"))


def test_one_machine_exchanges_with_the_repository_itself(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:5000")
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    place = exchange.here()
    assert (place.origin, place.home, place.has_remote) == (str(repository), str(repository), False)
    assert place.cache == str(repository / ".dvc" / "cache")
    assert place.environment == {"MLFLOW_TRACKING_URI": "http://127.0.0.1:5000"}


def test_done_is_what_started_from_this_commit(repository: Path) -> None:
    start = revision()
    note("mine", start, start)
    note("other", OTHER, start)
    place = Exchange(str(repository), "", "", has_remote=False, environment={})
    assert place.finished(start) == {"mine": start}
    place.remove(start, ["mine", "never"])
    assert place.finished(start) == {}
    assert place.finished(OTHER) == {"other": start}


def test_where_git_has_no_repository_nothing_is_done(tmp_path: Path) -> None:
    place = Exchange(str(tmp_path / "absent"), "", "", has_remote=False, environment={})
    with pytest.raises(
        TrainingError, match=r"`git ls-remote .*` failed\. Mend it and run the same again:\nfatal: "
    ):
        place.finished(OTHER)


def test_machines_exchange_through_both_remotes(repository: Path) -> None:
    share(repository)
    git("commit", "--quiet", "--all", "--message", "Share")
    git("push", "--quiet", "origin", "HEAD:main")
    place = exchange.between_machines(revision())
    assert (place.origin, place.has_remote) == (f"{repository}/origin.git", True)
    assert place.home.startswith(f"~{os.sep}.latentlab{os.sep}")
    assert place.cache == f"{place.home}/.dvc/cache"


def test_machines_that_could_not_reach_the_commit_are_refused(repository: Path) -> None:
    with pytest.raises(TrainingError, match=r"expected a remote of Git's named origin, .*got none"):
        exchange.between_machines(revision())
    share(repository)
    with pytest.raises(
        TrainingError, match=rf"expected the commit {revision()[:8]} on origin\. Run `git push`"
    ):
        exchange.between_machines(revision())
    git("push", "--quiet", "origin", "HEAD:main")
    # The remote of DVC's is in the workspace alone, which no clone has.
    with pytest.raises(TrainingError, match=r"expected a default remote of DVC's, committed, .*got none"):
        exchange.between_machines(revision())
