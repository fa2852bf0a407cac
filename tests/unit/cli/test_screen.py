"""What a person sees."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cli import screen
from shared.label import label
from tests.unit.shared.making import FakeHead, corrupt, seen

from .conftest import Answer


@pytest.mark.parametrize(
    ("number", "noun", "text"),
    [(0, "frame", "0 frames"), (1, "frame", "1 frame"), (2, "day", "2 days"), (12345, "image", "12,345 images")],
)
def test_a_noun_follows_its_number(number: int, noun: str, text: str) -> None:
    assert screen.counted(number, noun) == text


def test_every_sequence_is_one_row_of_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    groups = [[seen(0, camera="Ridge [1]")], [corrupt(None)], [seen(0, 0.55), seen(1, 0.55)]]
    screen.out(screen.label_table(label(group, FakeHead()) for group in groups))
    first, *rows = (line.split("  ") for line in capsys.readouterr().out.splitlines())
    cells = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    assert next(cell for cell in first if cell) == "camera"
    assert cells == [
        ["Ridge [1]", "2026-01-31 12:00:00", "1", "1", "leopard", "0.90"],
        ["cam", "undated", "1", "0", "corrupt"],
        ["cam", "2026-01-31 12:00:00", "2", "2", "unknown", "0.55"],
    ]


def test_a_long_name_is_not_cut_where_there_is_no_screen(capsys: pytest.CaptureFixture[str]) -> None:
    screen.out(screen.label_table([label([seen(camera="Ridge " * 30)], FakeHead())]))
    assert ("Ridge " * 30).strip() in capsys.readouterr().out


def test_notes_go_to_stderr_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    screen.note("[red]" + "x" * 200)
    screen.warn("")
    assert capsys.readouterr() == ("", "[red]" + "x" * 200 + "\n")


def test_a_note_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    screen.note("head 1 is current: \x1b[2Jleopard\x9b2J\nand more")
    assert capsys.readouterr().err == "head 1 is current: �[2Jleopard�2J\nand more\n"


def test_a_mistake_cannot_steer_the_terminal(uncia: Callable[..., Answer], desk: Path) -> None:
    desk.joinpath("said.csv").write_text("p\x1b[2Jath,species\na/1.jpg,cat\n", "utf-8")
    answer = uncia("verdicts", "import", "said.csv", "--by", "Ana")
    assert answer == (1, "", "uncia: said.csv has no column `path`; its columns are: p�[2Jath, species\n")
