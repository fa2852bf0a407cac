"""Bytes that would run a program if anything unpickled them are refused or left aside everywhere, and nothing runs."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cli import backbones, sayings, versions
from shared.backbone import Backbone
from shared.day import Ask
from shared.errors import UnciaError
from shared.frame import Frame
from shared.head import Head
from shared.recipe import Recipe
from shared.retraining import Retraining
from shared.rule import parsed
from training.cache import Cache
from training.manifest import read
from training.outcome import understood


class Trap:
    """Unpickled, it writes a file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str, str]]:
        return open, (str(self._file), "w")


@pytest.fixture
def sprung(tmp_path: Path) -> Path:
    return tmp_path / "sprung"


@pytest.fixture
def trap(sprung: Path) -> bytes:
    return pickle.dumps(Trap(sprung))


def test_the_trap_is_one(trap: bytes, sprung: Path) -> None:
    pickle.loads(trap).close()
    assert sprung.exists()


def refused(work: Callable[[], object]) -> None:
    with pytest.raises(UnciaError):
        work()


def test_no_file_that_a_person_names_is_unpickled(trap: bytes, sprung: Path, tmp_path: Path) -> None:
    for name in ("head.onnx", "backbone.onnx", "said.csv", "said.json", "said.zip"):
        (tmp_path / name).write_bytes(trap)
    refused(lambda: backbones.read_head(tmp_path / "head.onnx"))
    refused(lambda: versions.read(str(tmp_path / "head.onnx"), lambda: pytest.fail("no storage")))
    refused(lambda: Backbone.load(tmp_path / "backbone.onnx", threads=1))
    for name in ("said.csv", "said.json", "said.zip"):
        refused(lambda name=name: sayings.read(tmp_path / name))  # type: ignore[misc]
    refused(lambda: read(tmp_path / "said.csv", tmp_path))
    assert not sprung.exists()


def test_no_message_and_no_blob_is_unpickled(trap: bytes, sprung: Path) -> None:
    for decode in (Head, Frame.decode, Ask.decode, Retraining.decode):
        refused(lambda decode=decode: decode(trap))  # type: ignore[misc]
    refused(lambda: parsed(trap.decode("latin-1")))
    assert understood(trap) is None
    assert not sprung.exists()


def test_nothing_in_the_cache_of_training_is_unpickled(trap: bytes, sprung: Path, tmp_path: Path) -> None:
    recipe = Recipe("0123456789abcdef")
    numbers = io.BytesIO()
    np.savez(numbers, features=np.array([Trap(sprung)], object))
    # What pyarrow before 14.0.1 unpickled on sight (CVE-2023-47248), and what pandas keeps about its columns.
    told = {b"ARROW:extension:name": b"arrow.py_extension_type", b"ARROW:extension:metadata": trap}
    schema = pa.schema(
        [pa.field("digest", pa.string()), pa.field("features", pa.binary(), metadata=told)], {b"pandas": trap}
    )
    for folder in ("files", "0123456789abcdef~0.0~0.0"):
        (tmp_path / folder).mkdir()
        pq.write_table(pa.table([["x"], [trap]], schema=schema), tmp_path / folder / "a.parquet")
        for name in ("b.parquet", "b.npz", "b.npy", "b.pkl"):
            (tmp_path / folder / name).write_bytes(numbers.getvalue() if name != "b.pkl" else trap)
    cache = Cache(tmp_path, recipe)
    assert (cache.digests, cache.reasons) == ({}, {})
    with suppress(UnciaError):
        cache.values("features", ["x"])
    assert not sprung.exists()
