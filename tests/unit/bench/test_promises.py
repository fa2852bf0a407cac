"""Figures in the document of promises."""

from __future__ import annotations

from bench import promises

TEXT = "Before.\n<!-- figures: chaos -->\nold\n<!-- end -->\nBetween.\n<!-- figures: load -->\nkept\n<!-- end -->\n"


def test_the_figures_of_a_run_take_the_place_of_those_before() -> None:
    written = promises.filled(TEXT, {"chaos": promises.table({"kills": 1_234, "fault_share": 0.05123})})
    assert "| kills | 1,234 |\n| fault share | 0.0512 |\n" in written
    assert "old" not in written


def test_what_was_not_run_stays_as_it_was() -> None:
    assert promises.filled(TEXT, {"another": "new"}) == TEXT


def test_to_write_twice_is_to_write_once() -> None:
    once = promises.filled(TEXT, {"chaos": "new\n"})
    assert promises.filled(once, {"chaos": "new\n"}) == once


def test_every_place_in_the_document_is_found() -> None:
    text = promises.DOCUMENT.read_text("utf-8")
    assert len(promises.PLACE.findall(text)) == text.count("<!-- figures:") > 0
