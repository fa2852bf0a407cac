"""What the last runs measured is kept for the model; a run that was not made again keeps what it had."""

from __future__ import annotations

import json

from bench.measured import table
from bench.operations import Seen, counted

from .test_requests import KINDS


def test_a_run_that_was_not_made_again_keeps_its_figures() -> None:
    before = {name: {"written": "then", "machine": "another", "figures": {}} for name in ("operations", "steps")}
    said = json.loads(table({"steps": {"images": 2}}, before, "this", "today"))
    assert said == before | {"steps": {"written": "today", "machine": "this", "figures": {"images": 2}}}


def test_runs_that_no_line_of_the_bill_needs_are_left_out() -> None:
    assert json.loads(table({"chaos": {"kills": 50}}, {}, "m", "d")) == {}


def test_an_image_is_told_by_bill_by_step_and_by_kind() -> None:
    told = counted(
        Seen(
            images=2, working=KINDS, quiet=KINDS, seconds=3, row_bytes={"frames": 50}, processor_seconds=1, found={}
        )
    )  # fmt: skip
    assert told["requests_an_image"] == 16.5
    assert told["queue_requests_an_image"] == 7.0
    assert told["finalizations_an_image"] == 0.5
    assert told["put_message_frames"] == 1.0
    assert told["empty_looks_an_image"] == 2.5
    assert told["local_requests_an_image"] == 4.5
    assert told["bytes_of_frames_an_image"] == 25
    assert "write_blob_images" not in told
