"""`uncia run`: a folder of images in, labels out, through the real functions on this machine."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from rich.progress import Progress

from cli import backbones, files, screen, stack, storage, uploading
from cli.pictures import LocalImage
from cli.stack import Stack
from shared.camera import camera_of
from shared.errors import UnciaError
from shared.keys import escape
from shared.label import Label
from shared.rows import label_json
from shared.settings import Settings
from shared.store import Store

POLL_SECONDS = 0.5

type Frames = set[tuple[str, str]]  # camera key and start of the digest


@dataclass(frozen=True, slots=True)
class Finished:
    """What a run leaves: every label, and what went wrong on the way."""

    labels: list[Label] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def run(images: Sequence[LocalImage], *, head_file: Path | None, settings: Settings, data: Path | None) -> Finished:
    """The labels of these images, and of those that the data folder held before."""
    # Before anything is started: a head that does not fit is the commonest mistake.
    head = backbones.read_head(head_file) if head_file else None
    screen.warn(backbones.warning(settings))
    environment = given(settings, head_file)
    with folder(data) as home, screen.progress() as bars:
        check_space(images, home)
        waiting = bars.add_task("starting", total=None)
        with stack.started(home, environment) as (local, host):
            bars.update(waiting, visible=False)
            if head:
                storage.heads(local.storage).publish(head[0])
            upload(images, local, bars)
            tables = storage.store(local.storage)
            expected = frames_of(images)
            wait(expected, local, host, tables, bars, home)
            return Finished(sorted_labels(tables.all_labels()), problems(expected, tables))


def given(settings: Settings, head_file: Path | None) -> dict[str, str]:
    """The settings for the app: a head brings the crop it was trained with; raises HeadRefused if it does not fit."""
    chosen = {"UNCIA_BACKBONE": str(backbones.path(settings).resolve())}
    if head_file is None:
        return chosen
    _, head = backbones.read_head(head_file)
    backbones.check(head, replace(head.recipe, backbone=backbones.digest(settings)))
    crop = {"UNCIA_CROP_TOP": f"{head.recipe.crop_top!r}", "UNCIA_CROP_BOTTOM": f"{head.recipe.crop_bottom!r}"}
    return chosen | crop


@contextmanager
def folder(data: Path | None) -> Iterator[Path]:
    """The folder given, or one that is gone afterwards."""
    if data:
        yield data
        return
    with tempfile.TemporaryDirectory(prefix="uncia-") as passing:
        yield Path(passing)


def check_space(images: Sequence[LocalImage], home: Path) -> None:
    """Raises UnciaError where the disk cannot hold a copy of the images; storage that is full does not say so."""
    home.mkdir(parents=True, exist_ok=True)
    need, free = sum(image.file.stat().st_size for image in images), shutil.disk_usage(home).free
    # Previews and features add some 25 kB an image, and a database is written anew before the old one goes.
    need += 2 * 25_000 * len(images)
    if need > free:
        raise UnciaError(
            f"the disk is full: {home} has {free / 1e6:,.0f} MB free, these images need {need / 1e6:,.0f} MB"
        )


def upload(images: Sequence[LocalImage], local: Stack, bars: Progress) -> None:
    """Sends the images, with a bar."""
    task = bars.add_task("uploading", total=len(images))
    uploading.send(images, storage.images(local.storage), lambda: bars.advance(task))


def wait(
    expected: Frames, local: Stack, host: subprocess.Popen[str], tables: Store, bars: Progress, home: Path
) -> None:
    """Returns when everything uploaded is through the pipeline: nothing waits in any queue."""
    task = bars.add_task("labelling", total=len(expected))
    looks = local.status()["looks"]
    while not local.at_rest(looks):
        if host.poll() is not None:
            raise UnciaError(f"the local stack stopped: {stack.last_words(home)}")
        began = time.monotonic()
        bars.update(task, completed=len(expected & stored(tables)))
        # Counting a large table takes its time: it may have a fifth of the machine's.
        time.sleep(max(POLL_SECONDS, 4 * (time.monotonic() - began)))


def frames_of(images: Sequence[LocalImage]) -> Frames:
    """Camera key and digest of the frames that these images are to become: the same bytes twice are one."""
    return {(escape(camera_of(image.name, image.metadata)), image.sha256()[:16]) for image in images}


def stored(tables: Store) -> Frames:
    """Camera key and digest of the frames in the table."""
    return {(camera, key.rpartition("~")[2]) for camera, key in tables.frame_keys()}


def problems(expected: Frames, tables: Store) -> list[str]:
    """What did not go as it should: images without a frame, days without labels, messages given up."""
    missing = expected - stored(tables)
    days = list(tables.read_days(unsettled=True))
    failures = list(tables.failures())
    said = []
    if missing:
        said.append(f"{screen.counted(len(missing), 'image')} did not become a frame")
    if days:
        said.append(f"{screen.counted(len(days), 'day')} of a camera could not be finalized")
    if failures:
        said.append(f"{screen.counted(len(failures), 'message')} failed; the host's log says why")
    return said


def sorted_labels(labels: Iterator[Label]) -> list[Label]:
    """By camera and start; undated sequences after the others of their camera."""
    return sorted(labels, key=lambda label: (label.camera, label.start is None, label.sequence_id))


def write(labels: Sequence[Label], out: Path) -> None:
    """Writes labels.json."""
    text = json.dumps([label_json(label) for label in labels], ensure_ascii=False, indent=1) + "\n"
    files.write(out, text.encode())
