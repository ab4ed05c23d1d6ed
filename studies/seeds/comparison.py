"""Two settings side by side, each run with several seeds."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from latentlab.core import artifacts
from latentlab.core.errors import EvaluationError, RequestError
from latentlab.scoring.protocol import comparable
from studies.seeds.statistics import Difference, paired_difference

Content = Mapping[str, Any]


def compare(a: Content, b: Content) -> dict[tuple[str, str], Difference]:
    """How much more of each score, by model and name, b has than a.

    Args:
        a, b: the content of one seeds.json each.

    Raises:
        EvaluationError: they were not measured alike, so no score is subtracted.
    """
    require_comparable(a["conditions"], b["conditions"])
    return {
        (model, name): paired_difference(scores[name]["values"], b["models"][model][name]["values"])
        for model, scores in a["models"].items()
        for name in scores
        if name in b["models"].get(model, {})
    }


def require_comparable(a: Content, b: Content) -> None:
    """Refuse to put scores together that were not measured alike.

    Args:
        a, b: what `scoring.protocol.comparable` takes.

    Raises:
        EvaluationError: the classifier, the test images or the number of samples differ.
    """
    if reasons := comparable(a, b):
        raise EvaluationError(
            f"these scores cannot be compared or subtracted: {'; '.join(reasons)}. Compare runs with equal "
            "data, features and evaluate in params.yaml, and an equal number of threads."
        )


def load(path: Path, made_by: str, keys: Iterable[str]) -> Any:
    """What `make seeds` or `make sweep` wrote.

    Args:
        path: the file.
        made_by: the command that writes such files.
        keys: what is needed of its content.

    Raises:
        RequestError: it is not there, or is another.
        ArtifactError: it is damaged.
    """
    if not path.exists():
        raise RequestError(f"FILE: expected one that {made_by} wrote, got {path}, which is not there.")
    content = artifacts.load_json(path)
    if not isinstance(content, dict) or not set(keys) <= content.keys():
        raise RequestError(f"FILE: expected one that {made_by} wrote, got {path}, which is another.")
    return content


def describe(a: Content, b: Content, differences: Mapping[tuple[str, str], Difference]) -> str:
    """The differences as lines for a terminal."""
    lines = [f"A: {_settings(a)}", f"B: {_settings(b)}", "B - A, with the 95 % interval of its mean:"]
    for (model, name), difference in differences.items():
        means = [content["models"][model][name]["mean"] for content in (a, b)]
        lines.append(f"  {model} {name}: {means[0]:.4g}, {means[1]:.4g}: {difference}")
    return "\n".join([*lines, "Where nothing differs, one interval in twenty misses 0 by chance."])


def _settings(content: Content) -> str:
    said = ", ".join(content["settings"]) or "params.yaml as committed"
    return f"{said}; seeds {', '.join(map(str, content['seeds']))}"
