import json
import re
from typing import Any

import numpy as np
import pytest

from latentlab.showing.explorer import page
from latentlab.showing.explorer.page import Explored, Walked
from latentlab.showing.figures.style import PALETTE
from tests.tiny_learners import SHAPE, images, labels

COUNT = 6
WALKS = Walked("walker", "Walker", False, np.zeros((3, 2, *SHAPE), np.uint8))


def model(**changes: Any) -> Explored:
    """A model of two latents, with a grid of 2 x 2 over (-1, 1) and (0, 4)."""
    usual = Explored(
        name="one",
        title="One",
        has_prior=True,
        conditional=False,
        latent_dim=2,
        points=np.full((COUNT, 2), 0.123456, np.float32),
        images=images(4).reshape(2, 2, *SHAPE),
        axes=np.array([[-1, 1], [0, 4]], np.float32),
        errors=np.array([[0.25, 1.25]], np.float32),
    )
    return usual._replace(**changes)


def render(*models: Explored, walks: tuple[Walked, ...] = (WALKS,), num_classes: int = 2) -> str:
    return page.render(models, walks, images(COUNT), labels(COUNT) % num_classes, num_classes)


def content(text: str) -> Any:
    """What the page's script is given."""
    [found] = re.findall(r'<script type="application/json" id="content">(.*?)</script>', text)
    return json.loads(found)


def test_the_page_holds_what_it_is_given() -> None:
    given = content(render(model()))
    assert given["shape"] == list(SHAPE)
    assert given["labels"] == [0, 1, 0, 1, 0, 1]
    assert given["colours"] == list(PALETTE[:2])
    assert [(walked["name"], walked["steps"]) for walked in given["walks"]] == [("walker", 2)]
    [described] = given["models"]
    assert described["ranges"] == [[-1, 1], [0, 4]]
    assert described["side"] == 2
    assert described["points"] == [[0.1235, 0.1235]] * COUNT


def test_the_page_states_its_tolerance() -> None:
    text = render(model())
    assert 'data-tolerance="1.25"' in text
    assert "0.75 grey levels of 255" in " ".join(text.split())


def test_the_page_is_the_same_bytes_and_asks_for_nothing() -> None:
    text = render(model())
    assert text == render(model())
    assert re.findall(r'(?:src|href)="(?!data:)', text) == []
    assert "http" not in text


def test_images_without_labels_have_no_classes_on_the_page() -> None:
    told, untold = (
        " ".join(
            re.sub(r"<script.*?</script>", "", render(model(), num_classes=count), flags=re.DOTALL).split()
        )
        for count in (2, 1)
    )
    for words in ("its colour is its class", "one colour to the next", '<fieldset id="classes">'):
        assert (words in told, words in untold) == (True, False)
    assert '<fieldset id="classes" hidden>' in untold


def test_what_is_not_drawn_of_many_latents_is_not_told_of_them() -> None:
    for prior in (True, False):
        assert "dashed rings" in " ".join(render(model(has_prior=prior)).split()).lower()
        assert "dashed rings" not in " ".join(render(model(has_prior=prior, latent_dim=3)).split()).lower()


def test_a_warning_stands_at_the_top() -> None:
    assert 'class="warning"' not in render(model())
    warned = page.render([model()], [WALKS], images(COUNT), labels(COUNT), 2, "No <verdict>.")
    header, _, _ = warned.partition("</header>")
    assert "No &lt;verdict&gt;." in header


def test_names_are_escaped_in_text_and_in_the_script() -> None:
    text = render(model(name="</script>", title="<b>"), model())
    assert "<b>:" not in text
    assert text.count("</script>") == 2
    assert content(text)["models"][0]["name"] == "</script>"


def test_there_is_a_choice_of_models_where_there_are_two() -> None:
    assert 'name="model"' not in render(model())
    text = render(model(), model(name="other", title="Other", has_prior=False))
    assert re.findall(r'name="model" value="(\w+)"', text) == ["one", "other"]
    assert "Sample the One." in text
    assert "as if it had a prior" in text


def test_a_plane_of_more_dimensions_says_so() -> None:
    assert "shadows" not in render(model())
    assert "latents: points and walks are their shadows" in " ".join(render(model(latent_dim=3)).split())


def test_models_that_are_told_the_class_say_so() -> None:
    assert "class 0" not in render(model())
    assert "is told class 0 all over" in " ".join(render(model(conditional=True)).split())
    assert "class 0 throughout" in render(model(), walks=(WALKS._replace(conditional=True),))


def test_each_model_without_an_encoder_has_its_walks_and_there_may_be_none() -> None:
    text = render(model(), walks=(WALKS, WALKS._replace(name="other", title="Other")))
    assert re.findall(r"samples of the (\w+)</h2>", text) == ["Walker", "Other"]
    without = render(model(), walks=())
    assert "between samples" not in without.partition('id="content"')[0]
    assert content(without)["walks"] == []


def test_points_belong_to_images() -> None:
    with pytest.raises(ValueError, match=r"as many points as images and labels, got \[5, 6\]"):
        render(model(points=np.zeros((5, 2), np.float32)))
