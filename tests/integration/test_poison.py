"""What anyone may send becomes a failure and stops nothing; what could not be done is done after it was mended."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from cli import stack, storage
from shared import connect
from shared.day import Ask
from shared.failure import NO_REASON, NOT_OURS, Failure
from shared.settings import environment
from tests.unit.shared.making import seen

from .conftest import COLOURS, ROOT, START, photograph
from .test_pipeline import until_at_rest, until_up

QUEUES = ("frames", "sequences", "retrain", "notify")


def encoded(body: bytes | str) -> str:
    return base64.b64encode(body if isinstance(body, bytes) else body.encode()).decode()


def frame(**said: object) -> str:
    message = json.loads(seen().encode())
    return json.dumps(message | {"frame": message["frame"] | said})


STRANGE = {
    "not base64": "no base64 & <xml>",
    "bytes that are no text": encoded(b"\xff\xfe\x00"),
    "not JSON": encoded("hello"),
    "JSON that is nested deeply": encoded("[" * 40_000),
    "JSON that is large": encoded(json.dumps({"camera": ["x" * 1_000] * 45, "alert": 1})),
    "the names that the host uses": encoded('{"DequeueCount": "many", "Id": {}, "ExpirationTime": 7}'),
    "another version": encoded(json.dumps(json.loads(seen().encode()) | {"uncia": 2})),
    "features of odd length": encoded(frame(features=encoded(b"odd"))),
    "numbers beyond all bounds": encoded(frame(scores={"a": 10**400})),
}

NOBODYS = Ask("Nobody's", "20260131")


@dataclass
class Site:
    """A stack whose backbone is missing, and where it is to lie."""

    running: stack.Stack
    backbone: Path


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The real app; only that the host waits for one second, and not thirty, before it tries again."""
    root, data = tmp_path_factory.mktemp("app"), tmp_path_factory.mktemp("data")
    told = json.loads((ROOT / "host.json").read_text("utf-8"))
    told["extensions"]["queues"] |= {
        "visibilityTimeout": "00:00:01",
        "batchSize": 32,
        "maxPollingInterval": "00:00:00.5",
    }
    (root / "host.json").write_text(json.dumps(told), "utf-8")
    (root / "function_app.py").symlink_to(ROOT / "function_app.py")
    command = [sys.executable, "-m", "devhost", "--data", str(data), "--root", str(root), "--stop-with-stdin"]
    said = {"UNCIA_BACKBONE": str(data / "backbone.onnx"), "UNCIA_SETTLE_SECONDS": "1"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment() | said, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    ) as process:
        yield Site(until_up(data), data / "backbone.onnx")
        assert process.poll() is None
        assert process.stdin
        process.stdin.close()
        process.wait(60)


def until(done: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.2)


def failed(site: Site) -> list[Failure]:
    return [*storage.bury(site.running.storage).all(bodies=True)]


def test_what_anyone_sends_becomes_a_failure_with_its_body_and_its_reason(site: Site) -> None:
    for queue in QUEUES:
        for content in STRANGE.values():
            connect.plain(site.running.storage, queue).send_message(content)
    connect.plain(site.running.storage, "sequences").send_message(encoded(NOBODYS.encode()))
    until(lambda: len(failed(site)) == len(QUEUES) * len(STRANGE) + 1)
    until_at_rest(site.running)
    found = {(one.queue, one.content): one for one in failed(site)}
    nobodys = found.pop(("sequences", encoded(NOBODYS.encode())))
    assert (nobodys.what, nobodys.due) == ('camera-day "Nobody\'s", 31 January 2026', None)
    assert nobodys.why == 'nothing is known of camera "Nobody\'s" on 20260131'
    assert found.keys() == {(queue, content) for queue in QUEUES for content in STRANGE.values()}
    assert {(one.what, one.due) for one in found.values()} == {(NOT_OURS, None)}
    unread = {STRANGE[name] for name in ("not base64", "bytes that are no text", "the names that the host uses")}
    noted = [one for one in found.values() if one.content not in unread]
    assert {one.attempts for one in noted} == {5}
    assert {one.why.partition(":")[0].partition(" of ")[0] for one in noted} == {
        "the message is no frame", "the message is no camera and day", "the message is no request to retrain",
        "the message names no alert", "the message is",
    }  # fmt: skip
    assert {one.why for one in found.values() if one.content in unread} >= {NO_REASON}


def test_an_image_that_fails_says_why_and_becomes_a_label_once_that_is_mended(site: Site, small_backbone: Path) -> None:
    images, tables = storage.images(site.running.storage), storage.store(site.running.storage)
    images.upload_blob("Ridge 1/Ñ #1.jpg", photograph(COLOURS["red"], START, 1))
    until(lambda: any(one.queue == "images" for one in failed(site)))
    (one,) = (one for one in failed(site) if one.queue == "images")
    assert (one.what, one.attempts, one.due) == ('image "Ridge 1/Ñ #1.jpg"', 5, None)
    assert str(site.backbone) in one.why
    assert one.last_at - one.first_at < timedelta(seconds=30)
    shutil.copy(small_backbone, site.backbone)
    assert [*storage.redriven(site.running.storage, storage.failures(site.running.storage), [one])] == ["sent again"]
    until(lambda: [label.n_frames for label in tables.all_labels("Ridge 1")] == [1])
    assert [one for one in failed(site) if one.queue == "images"] == []
