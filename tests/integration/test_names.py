"""Every name that storage takes goes through the real stack: one frame and one label for each camera."""

from __future__ import annotations

import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path

from azure.core.exceptions import AzureError
from azure.storage.blob import ContainerClient

from bench import figures
from cli import storage
from shared.camera import camera_of
from shared.settings import Settings
from tests.hostile.names import AWKWARD, LONG, REFUSED, look_alikes

from .conftest import COLOURS, START, photograph
from .test_pipeline import host, until_at_rest, until_up

# Azurite takes control characters, and then cannot list them: XML has none. They, and all of the 300 cameras that look
# alike, go through tests/hostile/test_names.py.
ALIKE = look_alikes()[::10]
NAMES = [
    name for name in dict.fromkeys((*AWKWARD, *REFUSED, *LONG, *ALIKE))
    if not any(unicodedata.category(letter) == "Cc" for letter in name)
]  # fmt: skip
IMAGE = photograph(COLOURS["red"], START + timedelta(seconds=1), seed=1)


def offered(container: ContainerClient, name: str) -> bool:
    """Whether storage takes a blob of this camera; the same bytes of every camera are another frame."""
    try:
        container.upload_blob(f"{name}/a.jpg", IMAGE)
    except (AzureError, ValueError):
        return False
    return True


def test_every_camera_that_storage_takes_has_a_frame_and_a_label(settings: Settings, tmp_path: Path) -> None:
    with host(tmp_path, settings):
        running = until_up(tmp_path)
        container = storage.images(running.storage)
        with ThreadPoolExecutor(8) as pool:
            taken = sum(pool.map(partial(offered, container), NAMES))
        # `..` goes out of the container, and a name may be refused: what is there is what counts.
        names = {*container.list_blob_names()}
        until_at_rest(running)
        tables = storage.store(running.storage)
        # Of the same bytes from one camera the smallest name stays: `a//b` and `a/b` are both of camera a.
        wanted = {*{camera_of(name, {}): name for name in sorted(names, reverse=True)}.items()}
        assert {(camera, path) for camera, _, path in tables.frame_paths()} == wanted
        shown = {(label.camera, shot.path) for label in tables.all_labels() for shot in label.frames}
        assert shown == wanted
        assert {camera for camera, _ in wanted} >= {*ALIKE}
        assert not list(storage.failures(running.storage).all())
    figures.keep("names_in_storage", offered=len(NAMES), taken=taken, blobs=len(names), frames=len(wanted))
