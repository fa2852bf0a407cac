"""`uncia doctor --azure` on the local stack: a test image goes through, and nothing of it is left."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import typer

from cli import backbones, look, stack, storage
from cli.deployed import TABLES, delivered, examine
from cli.deployment import OUTPUTS, Deployment
from cli.doctor import Finding
from cli.passage import Passage
from cli.stack import Stack
from shared import connect
from shared.errors import UnciaError
from shared.head import Head
from shared.settings import Settings

from .test_pipeline import until_at_rest


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def running(data: Path, settings: Settings, head: Path) -> Iterator[Stack]:
    recipe = backbones.chosen(settings, Head(head.read_bytes()))
    with stack.started(data, backbones.environment(settings, recipe)) as (running, _):
        storage.heads(running.storage).publish(head.read_bytes())
        yield running


def passage(running: Stack) -> Passage:
    tables = storage.store(running.storage)
    failures = storage.failures(running.storage)
    return Passage(images=storage.images(running.storage), tables=tables, failures=failures, say=lambda text: None)


def left(running: Stack) -> list[str]:
    """Every blob and row of the storage."""
    service = connect.tables(running.storage)
    rows = [
        f"{name} {row['PartitionKey']}" for name in TABLES for row in service.get_table_client(name).list_entities()
    ]
    return [*storage.images(running.storage).list_blob_names(), *rows]


def test_a_sound_stack_has_nothing_to_mend_and_nothing_is_left(
    running: Stack, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as left_with:
        look.doctor(azure=True, url=running.url, data=data)
    told = capsys.readouterr().out
    assert left_with.value.exit_code == 0, told
    assert "AccountKey" not in told
    said = [line.removeprefix("✓ ").split(":")[0] for line in told.splitlines()]
    assert said == [
        "login", "container images", "container models", "queue frames", "queue sequences", "queue retrain", "tables",
        "app", "head", "failures", "test image",
    ]  # fmt: skip
    assert "became a label" in told
    until_at_rest(running)
    assert left(running) == []


def test_an_image_that_is_not_waited_for_leaves_nothing_either(running: Stack) -> None:
    with pytest.raises(UnciaError, match=r"^after 0 s no frame came of it: either uploads are"):
        replace(passage(running), limit=0.001).run()
    until_at_rest(running)
    assert left(running) == []


def test_ctrl_c_leaves_nothing(running: Stack, data: Path) -> None:
    program = "from cli.main import main; main()"
    command = [sys.executable, "-c", program, "doctor", "--azure", "--data", str(data)]
    doctor = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    end = time.monotonic() + 60
    while not left(running):
        assert time.monotonic() < end
        time.sleep(0.05)
    doctor.send_signal(signal.SIGINT)
    assert doctor.wait(120) == 130
    until_at_rest(running)
    assert left(running) == []


def test_a_missing_queue_and_container_are_named(running: Stack) -> None:
    connect.queue(running.storage, "retrain").delete_queue()
    connect.blobs(running.storage).delete_container("models")
    try:
        found = {one.what: one for one in examine(running.storage, "", lambda store: passage(running))}
    finally:
        connect.queue(running.storage, "retrain").create_queue()
        connect.blobs(running.storage).create_container("models")
    missing = "missing on storage account devstoreaccount1: deploy again (`azd up`), which creates it"
    assert {name: one.said for name, one in found.items() if not one.well} == {
        "queue retrain": missing, "container models": missing,
    }  # fmt: skip
    assert "test image" not in found


def test_the_resources_around_a_deployed_storage_are_looked_at_too(
    running: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    roles = Finding("roles", False, "the app lacks one")
    monkeypatch.setattr("cli.resources.examine", lambda here, read: iter([roles]))
    here = replace(Deployment(**{field: field for field in OUTPUTS}), url=running.url)
    found = {one.what: one for one in examine(running.storage, "", lambda store: passage(running), here)}
    assert found["roles"] == roles
    assert "sign-in is off" in found["sign-in"].said  # as it is on the local stack
    assert "deploy again" in found["dead letters"].said  # which nobody made there
    assert found["test image"].well


def test_events_that_could_not_be_delivered_are_counted(running: Stack) -> None:
    letters = connect.blobs(running.storage).create_container("dead-letters")
    assert delivered(running.storage) == "none: every event was delivered"
    letters.upload_blob("evgt/2026/1.json", b"[]")
    with pytest.raises(UnciaError, match=r"^1 file of events that the app was not told of"):
        delivered(running.storage)
