"""The card says what a head was trained and tested on, and what to be careful with."""

from __future__ import annotations

from markdown_it import MarkdownIt

from shared.recipe import Recipe
from tests.unit.training.learning import THREE, TWO, observed, part
from training.aim import Aim
from training.card import card, escaped
from training.head import Purpose, train

PURPOSE = Purpose(Recipe("0123456789abcdef", 0.0, 0.06), "resnet50", aim=Aim("recall", 0.9))


def test_it_says_what_the_head_was_trained_and_tested_on() -> None:
    features, known = observed(THREE)
    text = card("a1b2", train(features, known, PURPOSE, mirrored=features, corrupt=2)[1])
    assert text.startswith("# Head a1b2\n\nTells 3 classes apart in camera-trap images: blank, ibex, leopard.")
    assert "72 images in 24 sequences from 4 cameras, each also mirrored; 2 more could not be decoded" in text
    assert "24 sequences (72 images), each judged by a head that never saw it: 5 folds" in text
    assert "**Thresholds** for recall=0.9." in text


def test_it_names_classes_with_few_images() -> None:
    text = card("a1b2", train(*observed(TWO), PURPOSE)[1])
    assert "Fewer than 30 images of blank, leopard" in text
    assert "Fewer than" not in card("a1b2", train(*observed(TWO, sequences=12), PURPOSE)[1])


def test_it_says_that_nothing_was_held_out() -> None:
    assert "Nothing: there were too few sequences" in card("a1b2", train(*observed(TWO, sequences=1), PURPOSE)[1])


def test_names_from_strangers_are_only_text() -> None:
    names = ("<script>alert(1)</script>", "a|b\n# c")
    features, known = observed(TWO)
    hostile = part([names[TWO.index(name)] for name in known.classes], known.sequences)
    page = MarkdownIt().enable("table").render(card("a1b2", train(features, hostile, PURPOSE)[1]))
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert page.count("<h1>") == 1
    assert escaped("![x](http://y)") == r"\!\[x\]\(http://y\)"
