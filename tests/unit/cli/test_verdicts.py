"""`uncia verdicts`, `next` and `train --from-verdicts` on a stack that holds a few frames."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli.matching import frames_of, names
from shared.head import Head
from shared.heads import Heads
from shared.label import Changes, labels
from shared.sequence import Limits
from tests.memory import MemoryContainer, MemoryQueue, MemoryStore
from tests.unit.shared.making import FakeHead, head, say, seen
from tests.unit.training.judging import SAID_AT, judged, verdict

from .conftest import Answer

FRAMES = [
    ("a", "1", "a/100RECNX/1.jpg"),
    ("a", "2", "a/101RECNX/2.jpg"),
    ("a", "3", "a/102RECNX/2.jpg"),
    ("b", "4", "x/1.jpg"),
]


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, desk: Path) -> MemoryStore:
    made = MemoryStore()
    heads: Any = MemoryContainer()
    monkeypatch.setattr("cli.storage.found", lambda data: {})
    monkeypatch.setattr("cli.storage.store", lambda connection: made)
    monkeypatch.setattr("cli.storage.heads", lambda connection: Heads(heads))
    monkeypatch.setattr("cli.storage.sequences", lambda connection: MemoryQueue())
    monkeypatch.setattr("cli.storage.clock", lambda connection: lambda: SAID_AT)
    Heads(heads).publish(head("sha"))
    return made


@pytest.mark.parametrize(
    ("camera", "path", "found"),
    [
        ("", "a/100RECNX/1.jpg", "1"), ("", "a/1.jpg", "1"), ("a", "1.jpg", "1"), ("a", "somewhere/else/1.jpg", "1"),
        ("a", "101RECNX/2.jpg", "2"), ("", "a/102RECNX/2.jpg", "3"), ("", "a/2.jpg", "23"), ("", "x/1.jpg", "4"),
        ("b", "1.jpg", "4"), ("b", "a/100RECNX/1.jpg", "4"), ("", "b/1.jpg", "4"), ("", "1.jpg", ""),
        ("c", "1.jpg", ""),
    ],
)  # fmt: skip
def test_a_frame_is_found_by_its_path_or_by_camera_and_file_name(camera: str, path: str, found: str) -> None:
    named = names(FRAMES, [("a", "2.jpg"), (camera, path)])
    assert sorted(key for _, key in frames_of(camera, path, named)) == list(found)


def test_of_a_large_archive_only_the_names_that_rows_mention_are_kept() -> None:
    assert names(FRAMES, [("", "a/100RECNX/1.jpg")]) == {
        ("", "a/100RECNX/1.jpg"): {("a", "1")}, ("a", "1.jpg"): {("a", "1")},
    }  # fmt: skip


def test_verdicts_go_in_by_manifest_and_come_out_as_one(
    store: MemoryStore, uncia: Callable[..., Answer], desk: Path
) -> None:
    for at in range(3):
        store.write_frame(seen(at, camera="Ridge, 1", path=f"Ridge, 1/100RECNX/{at}.jpg"), "")
    rows = [
        "path,species",
        '"Ridge, 1/0.jpg",snow_leopard',
        '"Ridge, 1/100RECNX/2.jpg",blank',
        "no/9.jpg,x",
        "no/8.jpg,x",
    ]
    desk.joinpath("said.csv").write_text("\n".join(rows), "utf-8")
    answer = uncia("verdicts", "import", "said.csv", "--by", "Ana")
    assert answer[:2] == (0, "")
    assert answer.err.splitlines() == ["2 verdicts recorded", "2 rows matched no frame (the first is row 4)"]
    listed = uncia("verdicts", "list").out
    assert listed.splitlines()[0] == "path,camera,captured_at,species,by,at"
    assert '"Ridge, 1/100RECNX/0.jpg","Ridge, 1",2026-01-31T12:00:00,snow_leopard,Ana,' in listed
    desk.joinpath("again.csv").write_text(listed, "utf-8")
    assert uncia("verdicts", "import", "again.csv", "--by", "Bo").err == "2 verdicts recorded\n"
    said = json.loads(uncia("verdicts", "list", "--json").out)
    assert [(one["species"], one["by"]) for one in said] == [("snow_leopard", "Bo"), ("blank", "Bo")]


def test_what_is_listed_holds_no_formula_and_goes_back_in(
    store: MemoryStore, uncia: Callable[..., Answer], desk: Path
) -> None:
    camera = '=HYPERLINK("https://example.org";"click")'
    frames = [seen(at, camera=camera, path=f"{camera}/{at}.jpg") for at in range(2)]
    for one in frames:
        store.write_frame(one, "")
    say(store, [verdict(one, "+cat") for one in frames])
    listed = uncia("verdicts", "list").out
    cells = [cell for row in csv.reader(io.StringIO(listed)) for cell in row]
    assert [cell for cell in cells if cell[:1] in "=+-@" and cell] == []
    desk.joinpath("again.csv").write_text(listed, "utf-8")
    assert uncia("verdicts", "import", "again.csv", "--by", "Bo").err == "2 verdicts recorded\n"
    assert {(one.verdict.camera, one.verdict.said, one.verdict.by) for one in store.verdicts()} == {
        (camera, "+cat", "Bo")
    }


@pytest.mark.parametrize(
    ("row", "sentence"),
    [("a/1.jpg,", "species is ''"), (",cat", "path is empty"), ("a/1.jpg,c\x07t", "species is 'c\\x07t'")],
)
def test_a_cell_nobody_would_write_is_named_by_its_row(
    store: MemoryStore, uncia: Callable[..., Answer], desk: Path, row: str, sentence: str
) -> None:
    desk.joinpath("said.csv").write_text(f"path,species\na/2.jpg,cat\n{row}\n", "utf-8")
    assert uncia("verdicts", "import", "said.csv", "--by", "Ana").err.startswith(f"uncia: said.csv, row 3: {sentence}")


def test_what_would_teach_most_is_listed_without_what_was_judged(
    store: MemoryStore, uncia: Callable[..., Answer]
) -> None:
    judged(store, "j", bursts=1)
    for camera, share in (("a", 0.9), ("b", 0.51), ("c", 0.7)):
        found = labels([seen(0, share, camera=camera, path=f"{camera}/1.jpg")], Limits(), FakeHead())
        store.apply(Changes(tuple(found), (), ()), SAID_AT)
    assert [line.split()[0] for line in uncia("next").out.splitlines()] == ["camera", "b", "c", "a"]
    (only,) = json.loads(uncia("next", "--n", 1, "--json").out)
    assert (only["camera"], only["margin"], only["label"]) == ("b", 0.02, "unknown")
    assert [one["camera"] for one in json.loads(uncia("next", "--camera", "a", "--json").out)] == ["a"]


def test_a_head_is_trained_on_what_people_said_without_an_image(
    store: MemoryStore, uncia: Callable[..., Answer], desk: Path
) -> None:
    judged(store, "ab")
    judged(store, "c", recipe="old~0.0~0.0")
    answer = uncia("train", "--from-verdicts", "--out", "head.onnx", "--classes", "cat=leopard,other=*")
    assert answer[:2] == (0, "")
    assert answer.err.startswith(
        "left out: 12 frames whose features were made with another backbone or crop\ntrained on 24"
    )
    assert Head(desk.joinpath("head.onnx").read_bytes()).classes == ("cat", "other")
