"""No name of a camera, a frame or a file reads what is not an image: tried on real storage, as the app asks it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest
from azure.storage.blob import (
    AccountSasPermissions,
    BlobServiceClient,
    ContainerClient,
    ResourceTypes,
    generate_account_sas,
)

from functions import clients, picture
from functions.web import Asked
from shared import connect
from shared.errors import Refused
from shared.store import Store
from tests.unit.shared.making import seen

JPEG = b"\xff\xd8\xff"
SECRET = JPEG + b"secret"
AWAY = [
    "../models/secret.jpg", "..%2fmodels/secret.jpg", "%2e%2e/models/secret.jpg", "/models/secret.jpg",
    "models/secret.jpg", "//models/secret.jpg", "a/../../models/secret.jpg", "images/../models/secret.jpg",
    "./../models/secret.jpg", "..\\models\\secret.jpg", "/../models/secret.jpg", "a/b/../../../models/secret.jpg",
]  # fmt: skip


@pytest.fixture(scope="module")
def whole(account: dict[str, str]) -> BlobServiceClient:
    """The account by a token that may read every blob, as the app's identity may: no signature hangs on the address."""
    owner = connect.blobs(account)
    owner.get_container_client("models").upload_blob("secret.jpg", SECRET)
    owner.get_container_client("images").upload_blob("a/1.jpg", JPEG + b"image")
    key = owner.credential.account_key
    reading, objects = AccountSasPermissions(read=True), ResourceTypes(object=True)
    until = datetime.now(UTC) + timedelta(hours=1)
    token = generate_account_sas("devstoreaccount1", key, resource_types=objects, permission=reading, expiry=until)
    return BlobServiceClient(owner.url, credential=token)


@pytest.fixture(autouse=True)
def images(whole: BlobServiceClient, monkeypatch: pytest.MonkeyPatch) -> ContainerClient:
    container = whole.get_container_client("images")
    monkeypatch.setattr(clients, "images", lambda: container)
    return container


@pytest.fixture(scope="module")
def store(account: dict[str, str]) -> Iterator[Store]:
    with connect.tables(account) as service:
        yield Store(service)


def shown(store: Store, camera: str, key: str) -> bytes:
    return picture.image(Asked("Ana", {"camera": camera, "frame": key}), store=store, read=clients.image).body


@pytest.mark.parametrize("path", AWAY)
def test_a_frame_whose_path_leads_away_shows_nothing(store: Store, path: str) -> None:
    camera = f"camera {uuid4()}"
    one = replace(seen(camera=camera), path=path)
    store.write_frame(one, "")
    with pytest.raises(Refused, match="the image is gone"):
        shown(store, camera, one.row_key)


def test_a_frame_whose_image_is_there_shows_it(store: Store) -> None:
    one = seen(camera=f"camera {uuid4()}", path="a/1.jpg")
    store.write_frame(one, "")
    assert shown(store, one.camera, one.row_key) == JPEG + b"image"


def test_without_the_guard_the_libraries_would_read_another_container(images: ContainerClient) -> None:
    assert images.download_blob(AWAY[0]).readall() == SECRET


KEY = "undated~0123456789abcdef"
QUERIES: list[tuple[str, str]] = [
    ("", ""), ("", KEY), ("models", "secret.jpg"), ("' or '1' eq '1", "' or RowKey ge '"), ("' or '1' eq '1", KEY),
    ("../models", "../secret.jpg"), ("../models", KEY), ("..", KEY), ("a" * 5_000, "b" * 5_000), ("a" * 5_000, KEY),
    ("\0", "\n"), ("\ud800", KEY), ("a/b", "20260131T120000000000~../../x"), ("('x')", "('y',RowKey='z')"),
]  # fmt: skip


@pytest.mark.parametrize(("camera", "frame"), QUERIES)
def test_a_question_about_what_is_no_frame_is_refused(store: Store, camera: str, frame: str) -> None:
    for step in (partial(picture.image, read=clients.image), picture.preview):
        with pytest.raises(Refused) as refused:
            step(Asked("Ana", {"camera": camera, "frame": frame}), store=store)
        assert refused.value.status == 404
        assert not re.search("secret|model", str(refused.value))
