"""One image through the local stack is one trace, and is counted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cli import backbones, pictures, stack, storage, uploading
from devhost import traces
from shared.head import Head
from shared.settings import Settings

from .conftest import COLOURS, START, photograph
from .test_pipeline import until_at_rest


def recorded(file: Path, head: Path, settings: Settings, data: Path) -> tuple[list[traces.Span], dict[str, Any]]:
    card = data / "card"
    (card / "cam").mkdir(parents=True)
    (card / "cam" / "a.jpg").write_bytes(photograph(COLOURS["red"], START, seed=1))
    said = backbones.environment(settings, backbones.chosen(settings, Head(head.read_bytes())))
    with stack.started(data, {**said, "UNCIA_TRACE": str(file)}) as (running, _):
        storage.heads(running.storage).publish(head.read_bytes())
        uploading.send(pictures.below(card), storage.images(running.storage), lambda: None)
        until_at_rest(running)
    lines = file.read_text("utf-8").splitlines()
    scopes = json.loads(lines[-1])["resource_metrics"][0]["scope_metrics"]
    return traces.spans(lines), {one["name"]: one["data"]["data_points"][0] for one in scopes[0]["metrics"]}


def test_one_image_is_one_trace_from_upload_to_label(head: Path, settings: Settings, tmp_path: Path) -> None:
    spans, metrics = recorded(tmp_path / "trace.jsonl", head, settings, tmp_path)
    assert [one.name for one in spans] == ["featurize", "aggregate", "finalize"]
    assert len({one.trace for one in spans}) == 1
    assert [one.parent for one in spans] == ["", spans[0].id, spans[1].id]
    assert spans[2].facts["uncia.labels_written"] == 1
    assert [metrics[f"uncia.{name}"]["value"] for name in ("frames", "corrupt", "sequences")] == [1, 0, 1]
    # The local stack settles after two seconds, and nothing is labelled before.
    assert metrics["uncia.upload_to_label"]["count"] == 1
    assert metrics["uncia.upload_to_label"]["sum"] >= 2
