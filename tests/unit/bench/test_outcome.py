"""What a bench found, kept and shown."""

from __future__ import annotations

from pathlib import Path

from bench import machine, outcome, performance, promises
from bench.outcome import Outcome
from bench.reach import Reach

FOUND = Outcome(
    name="start",
    columns=("group", "seconds", "imports"),
    rows=[("featurize", 1.2345, 1234), ("sweep", 0.5, "none")],
    reaches=[Reach(what="start", limit=1.5, found=1.2, less=True)],
    note="On two cores.",
    figures={"version": "1.0"},
)


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    FOUND.keep(tmp_path / "new")
    assert outcome.kept(tmp_path / "new") == {"start": FOUND}


def test_a_table_in_markdown_has_the_note_below() -> None:
    table = (
        "| group | seconds | imports |\n| --- | ---: | ---: |\n| featurize | 1.23 | 1,234 |\n| sweep | 0.5 | none |\n"
    )
    assert FOUND.markdown() == f"\n{table}\nOn two cores.\n\n"


def test_the_terminal_shows_each_row() -> None:
    assert FOUND.table().row_count == 2


def test_every_place_of_the_document_is_of_a_bench() -> None:
    from bench.__main__ import BENCHES

    text = performance.DOCUMENT.read_text("utf-8")
    kinds = [f"{name}_{kind}" for name in performance.BY_KIND for kind in machine.KINDS]
    plain = set(BENCHES) - set(performance.BY_KIND)
    assert sorted(found[2] for found in promises.PLACE.finditer(text)) == sorted([*plain, *kinds])
