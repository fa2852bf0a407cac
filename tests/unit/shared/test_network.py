"""ONNX files come from strangers."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import onnx
import pytest
from onnx import helper

from shared.backbone import LARGEST, Backbone
from shared.described import NotOurs, read
from shared.errors import BackboneUnusable
from shared.network import open_network
from tests.unit.shared.making import backbone, head


def telling(metadata: str) -> bytes:
    model = onnx.load_from_string(head())
    helper.set_model_props(model, {"uncia": metadata} if metadata else {})
    return model.SerializeToString()


def test_a_network_comes_with_what_uncia_wrote_into_it() -> None:
    session, said = open_network(backbone(), "backbone", threads=1)
    assert [value.name for value in session.get_outputs()] == ["features", "logits"]
    assert said["name"] == "tiny"


@pytest.mark.parametrize("content", [b"", b"x", b"\xff\xd8\xff" * 100, head()[: len(head()) // 2]])
def test_bytes_that_are_no_network_are_refused(content: bytes) -> None:
    with pytest.raises(NotOurs, match=r"^it is not an ONNX network that ONNX Runtime can read$"):
        open_network(content, "head", threads=1)


@pytest.mark.parametrize("metadata", ["", "{", "[]", "null", "{}", "3"])
def test_a_network_without_our_metadata_is_refused(metadata: str) -> None:
    with pytest.raises(NotOurs, match=r"^it is ONNX, but was not made by Uncia$"):
        open_network(telling(metadata), "head", threads=1)


def test_metadata_that_would_fill_the_memory_is_refused_before_anything_is_made_of_it() -> None:
    empty = f'{{"kind": "head", "x": [{",".join(["{}"] * 700_000)}]}}'
    tracemalloc.start()
    with pytest.raises(NotOurs, match=r"^its metadata has 2,100,024 letters, and at most 2,000,000 are read$"):
        open_network(telling(empty), "head", threads=1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10 * len(empty)


def test_a_backbone_is_no_head() -> None:
    with pytest.raises(NotOurs, match=r"^it is a backbone, not a head$"):
        open_network(backbone(), "head", threads=1)


def test_a_network_whose_weights_lie_in_other_files_is_refused() -> None:
    model = onnx.load_from_string(backbone())
    onnx.external_data_helper.set_external_data(model.graph.initializer[0], "/etc/hostname")
    model.graph.initializer[0].ClearField("raw_data")
    with pytest.raises(NotOurs, match=r"^it is not an ONNX network"):
        open_network(model.SerializeToString(), "backbone", threads=1)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    huge = tmp_path / "huge.onnx"
    with huge.open("wb") as file:
        file.truncate(10**12)  # a hole: it takes no disk
    with pytest.raises(NotOurs, match=r"^it has 1,000,000,000,000 bytes, and at most 1,073,741,824 are opened$"):
        read(huge, LARGEST)
    with pytest.raises(BackboneUnusable, match="is no backbone: it has 1,000,000,000,000 bytes"):
        Backbone.load(huge, threads=1)
