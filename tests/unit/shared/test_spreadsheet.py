"""CSV files as people save them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.errors import BadTable
from shared.spreadsheet import moment, parse, read, write

GOOD = [
    "path,camera\na.jpg,c 1\n",
    "path;camera\na.jpg;c 1\n",
    '"path","camera"\r\n"a.jpg","c 1"\r\n',
    "path , camera\na.jpg,c 1",
    "path,camera\n\na.jpg,c 1\n\n",
]
BAD = [
    ("", "t.csv is empty: it needs a first row"),
    ("\n\n", "t.csv is empty"),
    ("a,b\n1,2\n3\n", "t.csv, row 3: it has 1 cells, the header has 2"),
    ("a,b\n1,2,3\n", "t.csv, row 2: it has 3 cells, the header has 2"),
    ('a,b\n"1,2\n', "t.csv is no CSV: "),
    ('a,b\n"1"x,2\n', "t.csv is no CSV: "),
    (f"a\n{'x' * 200_000}\n", "t.csv is no CSV: "),
]


@pytest.mark.parametrize("text", GOOD)
def test_a_table_is_read_however_it_was_saved(text: str) -> None:
    table = parse(text, "t.csv")
    assert (table.columns, table.rows) == (("path", "camera"), ({"path": "a.jpg", "camera": "c 1"},))


@pytest.mark.parametrize(("text", "complaint"), BAD)
def test_a_bad_table_is_told_in_one_sentence(text: str, complaint: str) -> None:
    with pytest.raises(BadTable, match=f"^{complaint}"):
        parse(text, "t.csv")


def test_a_blank_row_counts_as_spreadsheets_count_it() -> None:
    with pytest.raises(BadTable, match="row 4: "):
        parse("a,b\n1,2\n\n3\n", "t.csv")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_file_may_start_with_a_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "t.csv").write_text("камера\nбарс\n", encoding)
    assert read(tmp_path / "t.csv").rows == ({"камера": "барс"},)


def test_a_missing_file_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(BadTable, match=r"none\.csv cannot be read: no such file or directory$"):
        read(tmp_path / "none.csv")


def test_a_file_of_another_encoding_is_told_how_to_mend(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("é", "latin-1")
    with pytest.raises(BadTable, match=r"t\.csv is not UTF-8 text: save it as CSV UTF-8$"):
        read(tmp_path / "t.csv")


def test_a_column_is_found_under_any_of_its_names() -> None:
    assert parse("a,b\n", "t.csv").column("c", "b") == "b"


def test_a_missing_column_is_named_beside_those_there() -> None:
    with pytest.raises(BadTable, match=r"^t\.csv has no column `c`; its columns are: a, b$"):
        parse("a,b\n", "t.csv").column("c", "d")


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-01-31T17:05:00", datetime(2026, 1, 31, 17, 5)),
        (" 2026-01-31 17:05:00 ", datetime(2026, 1, 31, 17, 5)),
        ("2026:01:31 17:05:00", datetime(2026, 1, 31, 17, 5)),
        ("2026-01-31T17:05:00Z", datetime(2026, 1, 31, 17, 5, tzinfo=UTC)),
        ("2026-01-31T17:05:00.25", datetime(2026, 1, 31, 17, 5, 0, 250_000)),
        (" ", None),
    ],
)
def test_a_cell_holds_a_time_with_its_offset_if_any(text: str, at: datetime | None) -> None:
    assert moment(parse(f"when,x\n{text},1\n", "t.csv"), 0, "when") == at


def test_a_cell_that_holds_no_time_is_told_by_row_and_column() -> None:
    with pytest.raises(BadTable, match=r"^t\.csv, row 3: when is 'noon': a time is written like 2026-01-31T17:05:00$"):
        moment(parse("when\n2026-01-31\nnoon\n", "t.csv"), 1, "when")


def test_what_is_written_is_read_back() -> None:
    rows = ({"a": "1,5", "b": 'say "x"'}, {"a": "", "b": "two\nlines"})
    assert parse(write(("a", "b"), rows), "t.csv").rows == rows
