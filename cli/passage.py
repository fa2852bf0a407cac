"""One small image through a stack, in as any upload and out as a label; nothing of it stays."""

from __future__ import annotations

import io
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from azure.core.exceptions import ResourceNotFoundError
from azure.storage.blob import ContainerClient

from cli.waiting import POLL_SECONDS
from shared.errors import UnciaError
from shared.failure import Failure
from shared.failures import Failures
from shared.frame import UNDATED
from shared.label import Label
from shared.store import Store

# No camera of yours should be called so.
CAMERA = "uncia-doctor-"
# An instance starts from nothing in one or two minutes, three of them in a row here; a day settles 30 s later.
LIMIT_SECONDS = 420.0
# What is still on its way when the image is taken back comes within this, or not at all.
QUIET_SECONDS = 15.0

NO_FRAME = (
    "no frame came of it: either uploads are not announced (`azd deploy` or `infra/subscribe.sh` makes the event "
    "subscription anew), or `featurize` or `aggregate` does not run (the app's log says why)"
)
NO_LABEL = "its frame is stored but no label came of it: the function `finalize` does not run; the app's log says why"
FAILED = "a function had given it up after five attempts"

type Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stack, and how long to wait for it."""

    images: ContainerClient
    tables: Store
    failures: Failures
    say: Say  #: is told what is waited for
    limit: float = LIMIT_SECONDS
    quiet: float = QUIET_SECONDS
    clock: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep

    def run(self) -> tuple[Label, float]:
        """The label of the image and the seconds that it took; raises UnciaError where it came to none.

        Blob and rows are deleted in every case, Ctrl-C included.
        """
        camera, began = CAMERA + secrets.token_hex(4), self.clock()
        until = began + self.limit
        with self._taken_back(camera, until):
            self.images.upload_blob(f"{camera}/test.jpg", picture())
            return self._labelled(camera, until), self.clock() - began

    def _labelled(self, camera: str, until: float) -> Label:
        framed = False
        while self.clock() < until:
            framed = framed or any(self.tables.frame_paths(camera))
            day = self.tables.read_day(camera, UNDATED) if framed else None
            # Until its day is settled, a function may yet write.
            if day and day.settled and (found := [*self.tables.all_labels(camera)]):
                return found[0]
            self.say("waiting for its label" if framed else "waiting for its frame")
            self.pause(POLL_SECONDS)
        failed = [f"{FAILED}: {one.why}" for one in self._failed(camera)]
        said = failed[0] if failed else NO_LABEL if framed else NO_FRAME
        raise UnciaError(f"after {self.limit:.0f} s {said}")

    @contextmanager
    def _taken_back(self, camera: str, until: float) -> Iterator[None]:
        arrived = False
        try:
            yield
            arrived = True
        finally:
            self.say("removing it")
            with suppress(ResourceNotFoundError):  # it was refused
                self.images.delete_blob(f"{camera}/test.jpg", delete_snapshots="include")
            self._forgotten(camera, 0.0 if arrived else self.quiet, until)

    def _forgotten(self, camera: str, quiet: float, until: float) -> None:
        """Deletes rows until for so many seconds none came, then failures. Days are waited for at most until then."""
        end = self.clock() + quiet
        while (found := self._deleted(camera, until)) or self.clock() < end:
            end = self.clock() + quiet if found else end
            self.pause(POLL_SECONDS)
        for one in self._failed(camera):
            self.failures.unbury(one)

    def _deleted(self, camera: str, until: float) -> bool:
        """Whether there was something to delete, or is something to wait for."""
        day = self.tables.read_day(camera, UNDATED)
        # The message that asks for it is on its way: about a camera that nobody knows it would become a failure.
        if day and not day.settled and self.clock() < until:
            return True
        return self.tables.forget(camera) > 0

    def _failed(self, camera: str) -> list[Failure]:
        return [one for one in self.failures.all() if camera in one.about]


def picture() -> bytes:
    """A small JPEG that there was never before."""
    from PIL import Image

    file = io.BytesIO()
    Image.frombytes("RGB", (32, 32), secrets.token_bytes(32 * 32 * 3)).save(file, "JPEG")
    return file.getvalue()
