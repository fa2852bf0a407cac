"""What a pass for cameras may do, tried on real storage: create images, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests
from azure.core.exceptions import HttpResponseError
from azure.storage.blob import BlobServiceClient, ContainerClient, generate_container_sas

from cli import invite, uploading
from cli.pictures import LocalImage
from shared import connect
from shared.errors import UnciaError

NOW, DAY = datetime.now(UTC), timedelta(days=1)


@pytest.fixture(scope="module")
def owner(account: dict[str, str]) -> BlobServiceClient:
    made = connect.blobs(account)
    for name in ("images", "models"):
        made.get_container_client(name).upload_blob("there.jpg", b"original")
    return made


@pytest.fixture
def made(account: dict[str, str], owner: BlobServiceClient) -> invite.Pass:
    return invite.issued(account, DAY, NOW)


@pytest.fixture
def images(made: invite.Pass) -> ContainerClient:
    return connect.blobs({"connection": made.connection}).get_container_client("images")


def card(folder: Path, **images: bytes) -> list[LocalImage]:
    for name, content in images.items():
        (folder / name).write_bytes(content)
    return [LocalImage(folder / name, f"{folder.name}/{name}", {"camera": "a"}) for name in images]


def sent(images: ContainerClient, files: list[LocalImage]) -> uploading.Sent:
    return uploading.send(files, images, lambda: None)


def test_who_has_a_pass_uploads_and_goes_on_where_it_was(
    images: ContainerClient, owner: BlobServiceClient, tmp_path: Path
) -> None:
    files = card(tmp_path, one=b"1", two=b"2")
    assert sent(images, files[:1]) == (1, False)
    assert sent(images, files) == (1, False)
    kept = owner.get_blob_client("images", files[1].name)
    assert (kept.download_blob().readall(), kept.get_blob_properties().metadata) == (b"2", {"camera": "a"})


def test_another_image_under_a_name_that_is_there_leaves_what_is_there(
    images: ContainerClient, owner: BlobServiceClient, tmp_path: Path
) -> None:
    sent(images, card(tmp_path, one=b"first"))
    assert sent(images, card(tmp_path, one=b"second")) == (0, False)
    assert owner.get_blob_client("images", f"{tmp_path.name}/one").download_blob().readall() == b"first"


def test_who_has_the_account_still_compares_and_replaces(owner: BlobServiceClient, tmp_path: Path) -> None:
    images = owner.get_container_client("images")
    assert sent(images, card(tmp_path, one=b"first")) == (1, True)
    assert sent(images, card(tmp_path, one=b"first")) == (0, True)
    assert sent(images, card(tmp_path, one=b"second")) == (1, True)


FORBIDDEN: dict[str, Callable[[Any], object]] = {
    "overwrite": lambda blobs: blobs.get_blob_client("images", "there.jpg").upload_blob(b"x", overwrite=True),
    "read": lambda blobs: blobs.get_blob_client("images", "there.jpg").download_blob().readall(),
    "look": lambda blobs: blobs.get_blob_client("images", "there.jpg").get_blob_properties(),
    "rename by metadata": lambda blobs: blobs.get_blob_client("images", "there.jpg").set_blob_metadata({"camera": "b"}),
    "delete": lambda blobs: blobs.get_blob_client("images", "there.jpg").delete_blob(),
    "list": lambda blobs: [*blobs.get_container_client("images").list_blobs()],
    "list containers": lambda blobs: [*blobs.list_containers()],
    "delete the container": lambda blobs: blobs.get_container_client("images").delete_container(),
    "let everybody read": lambda blobs: blobs.get_container_client("images").set_container_access_policy({}, "blob"),
    "another container": lambda blobs: blobs.get_blob_client("models", "current.json").upload_blob(b"x"),
    "read another container": lambda blobs: blobs.get_blob_client("models", "there.jpg").download_blob(),
    "a new container": lambda blobs: blobs.create_container("mine"),
    "a key for passes": lambda blobs: blobs.get_user_delegation_key(NOW, NOW + DAY),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_who_has_a_pass_may_do_nothing_else(made: invite.Pass, owner: BlobServiceClient, what: str) -> None:
    blobs = connect.blobs({"connection": made.connection})
    with pytest.raises(HttpResponseError) as refused:
        FORBIDDEN[what](blobs)
    assert refused.value.status_code in (401, 403)
    assert owner.get_blob_client("images", "there.jpg").download_blob().readall() == b"original"


@pytest.mark.parametrize(("method", "where"), [
    ("GET", "TableEndpoint=/Tables"), ("POST", "TableEndpoint=/Tables"), ("GET", "TableEndpoint=/frames()"),
    ("GET", "QueueEndpoint=?comp=list"), ("PUT", "QueueEndpoint=/mine"), ("GET", "QueueEndpoint=/frames/messages"),
])  # fmt: skip
def test_a_pass_opens_no_table_and_no_queue(
    made: invite.Pass, account: dict[str, str], method: str, where: str
) -> None:
    ours = dict(part.split("=", 1) for part in account["connection"].strip(";").split(";"))
    name, _, path = where.partition("=")
    address = ours[name] + path + ("&" if "?" in path else "?") + made.address.partition("?")[2]
    body, headers = (b'{"TableName": "mine"}', {"Content-Type": "application/json"}) if method == "POST" else (b"", {})
    assert requests.request(method, address, data=body, headers=headers, timeout=30).status_code in (401, 403)


def test_any_program_can_send_an_image_with_the_address_alone(made: invite.Pass, owner: BlobServiceClient) -> None:
    name = uuid4().hex
    address = made.address.replace("?", f"/cam/{name}?")
    headers = {"x-ms-blob-type": "BlockBlob", "If-None-Match": "*"}
    first, second = (requests.put(address, b"image", headers=headers, timeout=30).status_code for _ in range(2))
    assert (first, second in (403, 409)) == (201, True)
    assert owner.get_blob_client("images", f"cam/{name}").download_blob().readall() == b"image"


def test_a_pass_runs_out(account: dict[str, str], tmp_path: Path) -> None:
    old = invite.issued(account, timedelta(minutes=1), NOW - timedelta(hours=1))
    images = connect.blobs({"connection": old.connection}).get_container_client("images")
    with pytest.raises(UnciaError, match=r"^this pass has run out, was not copied whole"):
        sent(images, card(tmp_path, one=b"1"))


@pytest.mark.parametrize("may", ["r", "d"])
def test_who_may_not_send_images_is_not_told_that_they_are_there(
    account: dict[str, str], owner: BlobServiceClient, tmp_path: Path, may: str
) -> None:
    key = owner.credential.account_key
    signature = generate_container_sas("devstoreaccount1", "images", account_key=key, permission=may, expiry=NOW + DAY)
    images = ContainerClient.from_container_url(f"{owner.url}images?{signature}")
    with pytest.raises(UnciaError, match=r"^storage took none of these images: this login may not send any"):
        sent(images, card(tmp_path, one=b"1"))


def test_a_pass_makes_no_pass(made: invite.Pass) -> None:
    with pytest.raises(UnciaError, match=r"^this connection is a pass itself"):
        invite.issued({"connection": made.connection}, DAY, NOW)


def test_a_pass_is_not_shown_by_what_holds_it(made: invite.Pass) -> None:
    assert "sig=" in made.connection
    assert "sig=" not in repr(made)
