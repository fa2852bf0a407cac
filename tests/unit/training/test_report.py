from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from tests.unit.training.evaluated import HOSTILE, evaluation
from training import wording
from training.evaluation import Evaluation
from training.outcomes import labelled
from training.report import embedded, focus, html

FIVE = ("blank", "chamois", "fox", "lynx", "boar")


class Outline(HTMLParser):
    """The elements of a page, and whether all of them were closed."""

    VOID = frozenset(("meta", "input", "img", "br"))

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def no_previews(images: object) -> list[bytes]:
    return [b"" for _ in images]  # type: ignore[attr-defined]


def page(of: Evaluation) -> str:
    return html(of, no_previews, "A title")


@pytest.mark.parametrize("classes", [("blank", "leopard"), FIVE])
def test_the_page_is_well_formed_and_deterministic(classes: tuple[str, ...]) -> None:
    of = evaluation(classes)
    assert Outline(page(of)).open == []
    assert page(of) == page(of)


def test_the_headline_says_how_many_sequences_were_named_rightly() -> None:
    of = evaluation()
    last = of.rungs["RN2+A+E"].sequence
    assert f"names {100 * last['accuracy']:.0f} % of the sequences rightly" in " ".join(page(of).split())


def test_every_figure_of_every_rung_is_in_the_table() -> None:
    of = evaluation()
    shown = page(of)
    for rung in of.rungs.values():
        for figures in (rung.image, rung.sequence):
            assert f"<td>{figures['accuracy']:.3f}<small>" in shown


def test_every_class_has_its_figures_at_the_threshold_kept() -> None:
    of = evaluation(FIVE, sequences=300)
    shown = page(of)
    for own in of.rungs["RN2+A+E"].sequence["classes"].values():
        assert (
            f"<small>{own['n']} sequences</small></th><td>0.6</td><td>{wording.share(own['precision'])}<small>" in shown
        )
        assert f"<td>{own['roc_auc']:.3f}<small>{wording.interval(own, 'roc_auc')}</small></td>" in shown


def test_figures_that_could_not_be_had_are_dashes_and_not_errors() -> None:
    of = evaluation(("blank", "fox", "never"), sequences=4, seed=2, few={}, notes=(), aim="")
    for rung in of.rungs.values():
        for figures in (rung.image, rung.sequence):
            figures.update(roc_auc=None, intervals={})
    assert "<td>–<small></small></td>" in page(of)


def test_names_from_strangers_are_text_and_nothing_else() -> None:
    tame = Outline(page(evaluation(("blank", "a", "b", "c"), cameras=("a", "b", "c"))))
    wild = Outline(page(evaluation(("blank", *HOSTILE), cameras=HOSTILE, file="</script><img src=x>{}.jpg")))
    assert wild.open == []
    assert wild.tags == tame.tags
    assert wild.attributes == tame.attributes


def test_a_file_name_that_is_no_utf_8_does_not_stop_the_page() -> None:
    assert page(evaluation(file="caf\udce9 {}.jpg", seed=1)).encode("utf-8")


def test_the_page_loads_nothing() -> None:
    shown = page(evaluation())
    assert re.findall(r"""(?:src|href)=["'](?!#|data:image/jpeg;base64,)""", shown) == []
    assert "url(" not in shown
    assert "default-src &#39;none&#39;; img-src data:; style-src &#39;sha256-" in shown


def test_the_sliders_are_given_what_the_labels_follow_from() -> None:
    of = evaluation(FIVE, sequences=200)
    scores, kept = of.rungs["RN2+A+E"].by_sequence, np.full(5, 0.6)
    said = json.loads(json.dumps(embedded(of, scores, kept)))
    likeliest, score = np.array(said["likeliest"]), np.array(said["score"])
    assert np.where(score >= 0.6, likeliest, -1).tolist() == labelled(scores, kept).tolist()
    assert said["blank"] == (of.sequence_truth == 0).astype(int).tolist()
    assert sum(n for _, _, n in said["images"]) == len(of.examples)


def test_without_mistakes_the_gallery_says_so() -> None:
    of = evaluation()
    sure = dict.fromkeys(of.classes, 1.1)
    assert "No sequence was given a wrong label." in page(evaluation(thresholds=sure))


def test_the_class_shown_first_is_never_blank() -> None:
    assert focus(evaluation()) == 1
    assert focus(evaluation(FIVE, sequences=300)) == 1
    assert focus(evaluation(("leopard", "blank"))) == 0
