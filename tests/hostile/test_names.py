"""Whatever cameras and files are called, each camera keeps its own frames and labels, and all can be shown."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest

from bench import figures
from functions import aggregate, export, featurize, finalize, wall
from functions.web import Asked
from shared.backbone import Backbone
from shared.deployment import Clocks, Deployments
from shared.errors import BadMessage
from shared.export.forms import FORMS
from shared.featurizer import Featurizer
from shared.frame import MESSAGE_BYTES, Frame, stays
from shared.head import Head
from shared.remembered import Remembered
from shared.sequence import Limits
from tests.hostile.names import AWKWARD, LONG, REFUSED, look_alikes
from tests.memory import MemoryStore
from tests.unit.shared.making import backbone, exif, head, noise, written

NOW = datetime(2026, 2, 1, 8, tzinfo=UTC)
IMAGE = written(noise(), exif=exif(DateTimeOriginal="2026:01:31 17:05:09"))
ALL = dict.fromkeys((*AWKWARD, *REFUSED, *LONG, *look_alikes()))
# No image can be called what leads out of the container, but a camera may.
NAMES, OUT = [name for name in ALL if stays(name)], [name for name in ALL if not stays(name)]
SETTLE = timedelta(seconds=30)
LIMITS = Limits(timedelta(minutes=1), timedelta(minutes=15))


def blob(camera: str, file: str) -> Any:
    """An upload whose camera only the metadata can say."""
    said = {"camera": quote(camera, safe="")}
    data = IMAGE + file.encode()
    return SimpleNamespace(name=f"images/{file}", metadata=said, blob_properties={}, read=lambda: data)


@pytest.fixture(scope="module")
def store() -> Any:
    """The same picture of every camera, under a name like the camera's own, through all three steps."""
    featurizer = Featurizer(Backbone(backbone(), 1), preview_pixels=32)
    judge = Head(head(featurizer.backbone.sha256))
    tables: Any = MemoryStore()
    asked = list[str]()
    queue: Any = SimpleNamespace(send_message=lambda text, **_: asked.append(text))
    for name in NAMES:
        message = featurize.run(blob(name, name), featurizer=featurizer, head=judge, now=NOW)
        assert len(message.encode()) < MESSAGE_BYTES
        aggregate.run(
            message.encode(), store=tables, sequences=queue, settle=SETTLE, now=lambda: NOW, remembered=Remembered()
        )
    for day in asked:
        known: Any = {"store": tables, "head": lambda: judge, "limits": LIMITS, "settle": SETTLE}
        finalize.run(day.encode(), **known, now=lambda: NOW + timedelta(hours=1))
    return tables


def test_there_are_300_cameras_that_look_alike() -> None:
    assert len(set(look_alikes())) == 300
    assert len({name.casefold() for name in look_alikes()}) < 200


# A name in metadata is stripped of blanks, as an HTTP header is; of none, the path says the camera.
KNOWN = {name.strip() or "unnamed" for name in NAMES}


def test_every_camera_has_its_own_label_of_its_own_frames(store: Any) -> None:
    found = list(store.all_labels())
    assert {label.camera for label in found} == KNOWN
    shot = [path for label in found for path in (shot.path for shot in label.frames)]
    assert sorted(shot) == sorted(NAMES)
    assert all({shot.path.strip() or "unnamed" for shot in label.frames} == {label.camera} for label in found)
    figures.keep("hostile_names", names=len(ALL), lead_out=len(OUT), cameras=len(KNOWN), frames=len(shot))


@pytest.mark.parametrize("name", OUT)
def test_a_name_that_leads_out_of_the_container_is_a_cameras_and_no_images(name: str) -> None:
    featurizer = Featurizer(Backbone(backbone(), 1), preview_pixels=32)
    said = featurize.run(blob(name, "a.jpg"), featurizer=featurizer, head=None, now=NOW)
    assert Frame.decode(said.encode()).camera == name
    said = featurize.run(blob("cam", name), featurizer=featurizer, head=None, now=NOW)
    with pytest.raises(BadMessage, match="leads out of the container"):
        Frame.decode(said.encode())


def test_a_name_longer_than_any_folder_is_not_believed() -> None:
    featurizer = Featurizer(Backbone(backbone(), 1), preview_pixels=32)
    said = featurize.run(blob("x" * 1_025, "cam 7/a.jpg"), featurizer=featurizer, head=None, now=NOW)
    assert '"camera":"cam 7"' in said


def test_every_name_has_a_preview_and_a_day(store: Any) -> None:
    for label in store.all_labels():
        assert store.read_preview(label.camera, label.sequence_id)
        assert [brief.camera for brief in store.briefs(label.camera)] == [label.camera]


@pytest.mark.parametrize("form", FORMS)
def test_every_format_takes_every_name(store: Any, form: str) -> None:
    wanted, after, texts = {"format": form}, "", []
    while after is not None:
        said = export.run(wanted | ({"after": after} if after else {}), store=store, offset=UTC, now=NOW)
        texts.append(json.dumps(said))
        after = said["after"] or None
    assert "".join(texts).encode()


def test_the_wall_shows_every_name_that_is_asked_for(store: Any) -> None:
    for camera in sorted(KNOWN):
        shown = wall.run(Asked("Ana", {"camera": camera}), store=store, clocks=Clocks(Deployments(), UTC))
        assert json.loads(shown.body)["sequences"] == 1
