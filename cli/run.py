"""`uncia run`: a folder of images in, labels out, through the real functions on this machine."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.progress import Progress

from cli import backbones, files, screen, stack, storage, uploading
from cli.pictures import LocalImage
from cli.stack import Stack
from shared.camera import UNNAMED, camera_of
from shared.errors import UnciaError
from shared.keys import escape
from shared.label import Label, by_camera_and_start
from shared.rows import label_json
from shared.settings import Settings
from shared.store import Store

POLL_SECONDS = 0.5
OTHER_RECIPE = (
    "What this folder held before was featurized with another backbone or crop: it goes unlabelled until "
    "`uncia reconcile --recipe` has it featurized again."
)

type Frames = set[tuple[str, str]]  # camera key and start of the digest


@dataclass(frozen=True, slots=True)
class Finished:
    """What a run leaves: every label, and what went wrong on the way."""

    labels: list[Label] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def run(images: Sequence[LocalImage], *, head_file: Path | None, settings: Settings, data: Path | None) -> Finished:
    """The labels of these images, and of those that the data folder held before."""
    # Before anything is started: a head that does not fit is the commonest mistake.
    content, head = backbones.read_head(head_file) if head_file else (b"", None)
    recipe = backbones.chosen(settings, head)
    screen.warn(backbones.warning(settings))
    screen.warn(without_camera(images))
    with folder(data) as home, screen.progress() as bars:
        check_space(images, home)
        screen.warn("" if stack.note_recipe(home, recipe) else OTHER_RECIPE)
        waiting = bars.add_task("starting", total=None)
        with stack.started(home, backbones.environment(settings, recipe)) as (local, host):
            bars.update(waiting, visible=False)
            if content:
                storage.heads(local.storage).publish(content)
            upload(images, local, bars)
            tables = storage.store(local.storage)
            expected = frames_of(images)
            wait(expected, local, host, tables, bars, home)
            return Finished(by_camera_and_start(tables.all_labels()), problems(expected, tables, local))


def without_camera(images: Sequence[LocalImage]) -> str:
    """A sentence about images in no camera's folder, where there are any."""
    number = sum(camera_of(image.name, image.metadata) == UNNAMED for image in images)
    if not number:
        return ""
    return f"{screen.counted(number, 'image')} in no camera's folder: their camera is called `{UNNAMED}`."


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


def problems(expected: Frames, tables: Store, local: Stack) -> list[str]:
    """What did not go as it should: images without a frame, days without labels, messages given up."""
    missing = len(expected - stored(tables))
    days = sum(1 for _ in tables.read_days(unsettled=True))
    failures = [*storage.bury(local.storage).all()]
    failed = len(failures) + storage.unburied(local.storage)  # the host may be burying some at this moment
    said = []
    if missing:
        said.append(f"{screen.counted(missing, 'image')} did not become a frame")
    if days:
        said.append(f"{screen.counted(days, 'day')} of a camera could not be finalized")
    if failed:
        first = f", the first, {failures[0].what}, with: {failures[0].why}" if failures else ""
        said.append(f"{screen.counted(failed, 'message')} failed{first}")
    return said


def write(labels: Sequence[Label], out: Path) -> None:
    """Writes labels.json."""
    text = json.dumps([label_json(label) for label in labels], ensure_ascii=False, indent=1) + "\n"
    files.write(out, text.encode())
