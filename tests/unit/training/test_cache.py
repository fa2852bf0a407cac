"""The cache keeps what it was given, whatever happens while it is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shared.errors import UnciaError
from shared.recipe import Recipe
from training import cache as module
from training.cache import Cache
from training.looks import LOOKS

RECIPE = Recipe("0123456789abcdef0", 0.1, 0.0)


def row(number: int) -> dict[str, Any]:
    numbers = {"features": "<f2", "mirrored": "<f2", "logits": "<f4", "grey": "u1"}
    return {
        "digest": f"digest {number}", "reason": "", "captured_at": "2016-01-02T03:04:05", "preview": b"jpeg",
        **{name: np.full(3, number, kind).tobytes() for name, kind in numbers.items()},
    }  # fmt: skip


def filled(folder: Path, *numbers: int) -> Cache:
    cache = Cache(folder, RECIPE)
    for number in numbers:
        cache.keep((b"%d.jpg" % number, 1, 2), f"digest {number}", row(number))
    cache.flush()
    return cache


def test_what_was_kept_is_there_in_the_order_asked_for(tmp_path: Path) -> None:
    filled(tmp_path, 1, 2, 3)
    found = Cache(tmp_path, RECIPE)
    assert found.numbers("features", ["digest 3", "digest 1", "digest 3"])[:, 0].tolist() == [3, 1, 3]
    assert found.digests[(b"2.jpg", 1, 2)] == "digest 2"
    assert found.captured["digest 2"] == "2016-01-02T03:04:05"


@pytest.mark.parametrize(("column", "kind"), [("features", "f2"), ("mirrored", "f2"), ("logits", "f4"), ("grey", "u1")])
def test_numbers_are_of_the_type_they_were_kept_in(tmp_path: Path, column: str, kind: str) -> None:
    assert filled(tmp_path, 7).numbers(column, ["digest 7"]).dtype == np.dtype(kind)


def test_many_rows_are_written_as_they_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROWS", 2)
    cache = Cache(tmp_path, RECIPE)
    for number in range(5):
        cache.keep((b"%d.jpg" % number, 1, 2), f"digest {number}", row(number))
    assert len(Cache(tmp_path, RECIPE).reasons) == 4
    cache.flush()
    cache.flush()
    assert len(Cache(tmp_path, RECIPE).reasons) == 5


def test_recipes_do_not_mix(tmp_path: Path) -> None:
    filled(tmp_path, 1)
    for other in (Recipe("fedcba98765432100", 0.1, 0.0), Recipe(RECIPE.backbone, 0.2, 0.0)):
        found = Cache(tmp_path, other)
        assert not found.reasons
        assert found.digests, "files are the same by any recipe"


def test_two_programs_fill_one_cache(tmp_path: Path) -> None:
    one, other = Cache(tmp_path, RECIPE), Cache(tmp_path, RECIPE)
    for cache, numbers in ((one, (1, 2)), (other, (2, 3))):
        for number in numbers:
            cache.keep((b"%d.jpg" % number, 1, 2), f"digest {number}", row(number))
        cache.flush()
    assert sorted(Cache(tmp_path, RECIPE).reasons) == ["digest 1", "digest 2", "digest 3"]


@pytest.mark.parametrize("damage", [b"", b"PAR1", b"no parquet at all"])
def test_damaged_and_foreign_files_are_left_out(tmp_path: Path, damage: bytes) -> None:
    filled(tmp_path, 1)
    for folder in tmp_path.iterdir():
        (folder / "0.parquet").write_bytes(damage)
        (folder / "1.parquet.part").write_bytes(damage)
    assert list(Cache(tmp_path, RECIPE).reasons) == ["digest 1"]


def test_a_file_cut_short_costs_only_its_own_rows(tmp_path: Path) -> None:
    filled(tmp_path, 1)
    filled(tmp_path, 2)
    part = next(next(tmp_path.glob("0123*")).glob("*.parquet"))
    part.write_bytes(part.read_bytes()[:-9])
    assert len(Cache(tmp_path, RECIPE).reasons) == 1


def test_a_file_of_other_columns_is_left_out(tmp_path: Path) -> None:
    filled(tmp_path, 1)
    for table in (tmp_path / "files").glob("*.parquet"):
        table.replace(next(tmp_path.glob("0123*")) / "other.parquet")
    found = Cache(tmp_path, RECIPE)
    assert list(found.reasons) == ["digest 1"]
    assert not found.digests


WRONG: list[tuple[str, pa.DataType, Any]] = [
    ("features", pa.binary(), b"12345678"),
    ("features", pa.binary(), b"12345"),
    ("features", pa.binary(), b""),
    ("features", pa.binary(), None),
    ("features", pa.list_(pa.float32()), [1.0, 2.0, 3.0]),
    ("mirrored", pa.binary(), b"1234"),
    ("logits", pa.binary(), b"1234567890"),
    ("grey", pa.binary(), b"1"),
    ("preview", pa.binary(), None),
    ("captured_at", pa.string(), "yesterday"),
    ("captured_at", pa.string(), "2016-01-02T03:04:05+05:00"),
    ("captured_at", pa.string(), None),
    ("captured_at", pa.timestamp("s"), 0),
    ("reason", pa.string(), None),
    ("digest", pa.string(), None),
]


@pytest.mark.parametrize(("column", "kind", "value"), WRONG)
def test_a_file_that_cannot_be_right_counts_for_nothing(
    tmp_path: Path, column: str, kind: pa.DataType, value: Any
) -> None:
    filled(tmp_path, 1, 2)
    schema = LOOKS.set(LOOKS.get_field_index(column), pa.field(column, kind))
    wrong = pa.Table.from_pylist([row(3) | {column: value}], schema)
    pq.write_table(wrong, next(tmp_path.glob("0123*")) / "0.parquet")
    assert sorted(Cache(tmp_path, RECIPE).reasons) == ["digest 1", "digest 2"]
    filled(tmp_path, 3)
    assert Cache(tmp_path, RECIPE).numbers("features", ["digest 1", "digest 3"]).shape == (2, 3)


@pytest.mark.parametrize("value", [b"12345", b"", b"1234"])
def test_features_that_no_backbone_gives_are_not_believed_even_alone(tmp_path: Path, value: bytes) -> None:
    folder = tmp_path / "0123456789abcdef~0.1~0.0"
    folder.mkdir()
    pq.write_table(pa.Table.from_pylist([row(3) | {"features": value}], LOOKS), folder / "0.parquet")
    assert not Cache(tmp_path, RECIPE).reasons


def test_a_flipped_bit_costs_only_the_rows_of_its_file(tmp_path: Path) -> None:
    filled(tmp_path, 1)
    filled(tmp_path, 2)
    part = next(next(tmp_path.glob("0123*")).glob("*.parquet"))
    content = part.read_bytes()
    for place in range(4, len(content) - 8, 7):
        part.write_bytes(content[:place] + bytes([content[place] ^ 64]) + content[place + 1 :])
        found = Cache(tmp_path, RECIPE)
        digests = [digest for digest, reason in found.reasons.items() if not reason]
        assert set(digests) <= {"digest 1", "digest 2"}
        for column in ("features", "mirrored", "logits", "grey", "preview"):
            assert len(found.values(column, digests)) == len(digests) >= 1


def test_words_that_are_no_text_are_left_out(tmp_path: Path) -> None:
    filled(tmp_path, 1)
    table = pq.read_table(next(next(tmp_path.glob("0123*")).glob("*.parquet")))
    wrong = table.set_column(0, "digest", pa.array([b"\xff\xfe"]))
    pq.write_table(wrong.cast(LOOKS, safe=False), next(tmp_path.glob("0123*")) / "0.parquet")
    assert list(Cache(tmp_path, RECIPE).reasons) == ["digest 1"]


def test_a_file_that_goes_while_it_is_needed_is_one_sentence(tmp_path: Path) -> None:
    cache = filled(tmp_path, 1)
    for part in tmp_path.glob("0123*/*"):
        part.unlink()
    with pytest.raises(UnciaError, match=r"^something took files out of the cache .* meanwhile: run it again$"):
        cache.numbers("features", ["digest 1"])


def test_a_name_need_not_be_text(tmp_path: Path) -> None:
    cache = Cache(tmp_path, RECIPE)
    cache.keep((b"/card/Schl\xfcssel.jpg", 1, 2), "digest 1", row(1))
    cache.flush()
    assert Cache(tmp_path, RECIPE).digests == {(b"/card/Schl\xfcssel.jpg", 1, 2): "digest 1"}


def test_what_cannot_be_written_leaves_nothing_half_written(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("in the way")
    with pytest.raises(OSError, match="files"):
        filled(tmp_path, 1)
    assert not list(tmp_path.rglob("*.part"))
