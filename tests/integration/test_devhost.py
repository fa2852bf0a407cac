"""The development host as a process, with real Azurite and Microsoft's own runtime library."""

from __future__ import annotations

import base64
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from azure.core.exceptions import ResourceNotFoundError
from azure.storage.blob import BlobServiceClient
from azure.storage.queue import QueueServiceClient

from devhost.azurite import PROGRAM, Azurite

REPO = Path(__file__).parents[2]
APP = Path(__file__).with_name("devhost_app")
LEASE = 3


class Running:
    """A host as a child process, and its storage."""

    def __init__(self, data: Path, *options: str, **settings: str) -> None:
        self.data = data
        command = [sys.executable, "-m", "devhost", "--data", str(data), "--root", str(APP), "--lease", str(LEASE)]
        self.process = subprocess.Popen(
            [*command, "--stop-with-stdin", *options],
            cwd=REPO,
            env=dict(os.environ) | settings,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdin
        assert self.process.stdout
        self.stdin = self.process.stdin
        self.said = self.process.stdout.readline()
        if self.said:
            self.stack = json.loads((data / "stack.json").read_text())
            self.storage = self.stack["storage"]

    def send(self, queue: str, *bodies: str) -> list[str]:
        """Puts messages on a queue; gives their ids."""
        client = QueueServiceClient.from_connection_string(self.storage).get_queue_client(queue)
        return [client.send_message(base64.b64encode(body.encode()).decode()).id for body in bodies]

    def messages(self, queue: str) -> list[str]:
        """What is on a queue, up to the 32 that can be seen at once."""
        client = QueueServiceClient.from_connection_string(self.storage).get_queue_client(queue)
        try:
            return [base64.b64decode(message.content).decode() for message in client.peek_messages(32)]
        except ResourceNotFoundError:
            return []

    def post(self, path: str, body: str = "") -> tuple[int, str]:
        """Status and body of an HTTP answer."""
        request = urllib.request.Request(self.stack["url"] + path, data=body.encode(), method="POST")
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read().decode()

    def status(self) -> dict[str, Any]:
        """What it says about itself."""
        with urllib.request.urlopen(self.stack["url"] + "/admin/host/status") as answer:
            return dict(json.load(answer))

    def stop(self) -> str:
        """Stops it as a parent does; gives what it said on stderr."""
        self.stdin.close()
        self.process.wait(30)
        assert self.process.stderr
        return self.process.stderr.read()


def upload(storage: str, name: str) -> None:
    BlobServiceClient.from_connection_string(storage).get_blob_client("images", name).upload_blob(b"12345")


def until(true: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.1)


@pytest.fixture(scope="session")
def azurite_installed() -> None:
    if not PROGRAM.exists() and os.environ.get("CI") is None:
        pytest.skip("Azurite is not installed: run `make setup`")


@pytest.fixture(scope="session")
def host(azurite_installed: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("stack"))
    yield running
    running.stop()


def test_an_uploaded_blob_runs_its_function_and_every_message_it_puts_out(host: Running) -> None:
    upload(host.storage, "K 1/Ñandú #2/a.jpg")
    wanted = '{"name": "images/K 1/\\u00d1and\\u00fa #2/a.jpg", "size": 5}'
    until(lambda: {wanted, "and one more"} <= set(host.messages("arrived")))


def test_a_message_that_fails_is_shown_again_after_the_retry_delay(host: Running) -> None:
    began = time.monotonic()
    host.send("attempts", '{"failures": 2}')
    until(lambda: '{"attempts": 3}' in host.messages("arrived"))
    assert time.monotonic() - began > 2


def test_a_message_that_fails_five_times_is_copied_to_the_poison_queue_as_it_is(host: Running) -> None:
    host.send("attempts", '{"failures": 99, "kept": "é"}')
    until(lambda: host.messages("attempts-poison") == ['{"failures": 99, "kept": "é"}'])


def test_a_blob_that_fails_five_times_is_given_up_at_once(host: Running) -> None:
    upload(host.storage, "K1/bad.jpg")
    until(lambda: host.messages("webjobs-blobtrigger-poison") != [])
    assert json.loads(host.messages("webjobs-blobtrigger-poison")[0])["BlobName"] == "K1/bad.jpg"


def test_a_message_that_runs_longer_than_its_lease_runs_once(host: Running) -> None:
    [sent] = host.send("slow", str(LEASE * 1.5))
    until(lambda: f"slept {sent}" in host.messages("arrived"))
    time.sleep(1)
    assert host.messages("arrived").count(f"slept {sent}") == 1


def test_a_route_gives_its_parameters_query_and_body_to_the_function(host: Running) -> None:
    status, body = host.post("/api/cameras/K%201/20250131?q=7", "hello")
    assert status == 201
    assert json.loads(body) == {"camera": "K 1", "day": "20250131", "q": "7", "body": "hello"}
    assert json.loads(host.post("/api/cameras/K1")[1])["day"] is None


def test_a_path_without_a_function_is_not_found(host: Running) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        host.post("/api/nothing")


def test_a_timer_runs_on_its_schedule(host: Running) -> None:
    until(lambda: len(host.messages("ticks")) >= 2)


def test_the_status_counts_looks_and_what_waits_in_the_order_of_the_flow(host: Running) -> None:
    before = host.status()
    assert list(before["waiting"]) == ["azure-webjobs-blobtrigger-devhost", "seen", "attempts", "slow"]
    until(lambda: host.status()["looks"] > before["looks"])


def test_the_connection_string_and_the_key_are_for_this_user_only(host: Running) -> None:
    assert {(host.data / name).stat().st_mode & 0o777 for name in ("stack.json", "account.key")} == {0o600}


def test_a_second_host_over_the_same_folder_is_refused(host: Running) -> None:
    second = Running(host.data)
    assert "another host is running" in second.stop()
    assert second.process.returncode == 1


def test_a_port_in_use_is_named_in_one_sentence(azurite_installed: None, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = Running(tmp_path, "--port", str(port))
        assert refused.stop() == f"port {port} is in use: choose another, or 0 for any free one\n"
    assert refused.process.returncode == 1


def test_a_host_killed_at_work_loses_nothing(azurite_installed: None, tmp_path: Path) -> None:
    killed = Running(tmp_path)
    sent = killed.send("slow", *["1.5"] * 8)
    upload(killed.storage, "K1/before.jpg")
    time.sleep(1)
    os.kill(killed.process.pid, signal.SIGKILL)
    killed.process.wait()

    again = Running(tmp_path)
    wanted = {f"slept {message}" for message in sent}
    until(lambda: wanted <= set(again.messages("arrived")))
    until(lambda: any("K1/before.jpg" in message for message in again.messages("arrived")))
    assert again.stop() == ""


def test_an_upload_made_while_no_host_ran_is_noticed(azurite_installed: None, tmp_path: Path) -> None:
    storage = Azurite(tmp_path)
    storage.start()
    BlobServiceClient.from_connection_string(storage.connection_string).create_container("images")
    upload(storage.connection_string, "K1/while-down.jpg")
    storage.stop()

    started = Running(tmp_path)
    until(lambda: any("K1/while-down.jpg" in message for message in started.messages("arrived")))
    started.stop()


def test_a_host_without_azurite_works_on_the_storage_that_the_setting_names(
    azurite_installed: None, tmp_path: Path
) -> None:
    (tmp_path / "storage").mkdir()
    storage = Azurite(tmp_path / "storage")
    storage.start()
    host = Running(tmp_path / "host", "--no-azurite", Storage=storage.connection_string)
    assert host.storage == storage.connection_string
    upload(host.storage, "K1/elsewhere.jpg")
    until(lambda: any("K1/elsewhere.jpg" in message for message in host.messages("arrived")))
    host.stop()
    assert not storage.gone()
    storage.stop()


def test_a_host_without_azurite_and_without_storage_says_what_is_missing(tmp_path: Path) -> None:
    refused = Running(tmp_path, "--no-azurite", Storage__accountName="somewhere")
    assert refused.stop() == "without Azurite this host needs a connection string in the setting Storage\n"
    assert refused.process.returncode == 1
