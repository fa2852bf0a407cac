"""One trigger group's first call in a fresh interpreter, as the worker makes it: `python -m bench.started GROUP IMAGE`.

Prints, as JSON, which libraries the group had imported by then and how long that took. Storage is in the environment.
"""

from __future__ import annotations

import time

BEGAN = time.perf_counter()

import json  # noqa: E402 - what an interpreter takes to start is measured from outside, what imports take from here
import sys  # noqa: E402
from collections.abc import Callable  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import azure.functions as func  # noqa: E402
from azure.functions.blob import InputStream  # noqa: E402

import function_app as app  # noqa: E402

IMPORTED = time.perf_counter()
# What only a group that makes features, or fits a head, has a use for.
HEAVY = ("onnxruntime", "PIL", "sklearn", "onnx")
CAMERA, DAY = "Camera 01", "20260201"


class Output(func.Out[str]):
    """Where a step leaves its message."""

    said = ""

    def set(self, val: str) -> None:
        """Keeps it."""
        self.said = val

    def get(self) -> str:
        """What was kept."""
        return self.said


def featurize(image: str) -> None:
    """An image becomes a frame, with the scores of the head that is current."""
    data = Path(image).read_bytes()
    blob = InputStream(data=data, name=f"images/{CAMERA}/IMG_00001.JPG", blob_properties={}, metadata={})
    out = Output()
    app.image_uploaded(blob, out)
    if json.loads(out.said)["frame"]["scores"] is None:
        raise SystemExit("the frame has no scores")


def message(step: Callable[..., Any], said: object) -> None:
    """A message from a queue; `said` is what is in it."""
    step(func.QueueMessage(id="1", body=json.dumps(said).encode()))


def tick(step: Callable[..., Any]) -> None:
    """A moment of the clock."""
    step(None)


def request(step: Callable[..., Any], url: str) -> None:
    """A request of a browser."""
    if step(func.HttpRequest("GET", url, body=b"")).status_code != 200:
        raise SystemExit(f"{url} was not answered")


GROUPS: dict[str, Callable[[str], object]] = {
    "featurize": featurize,
    "finalize": lambda _: message(app.day_quieted, {"camera": CAMERA, "day": DAY}),
    "notify": lambda _: message(app.animal_noticed, {"camera": CAMERA, "alert": "none"}),
    "sweep": lambda _: tick(app.time_passed),
    "bury": lambda _: tick(app.minute_passed),
    "reconcile": lambda _: tick(app.night_came),
    "http: about": lambda _: request(app.about_asked, "/api/about"),
    "http: wall": lambda _: request(app.wall_asked, "/api/wall"),
}

if __name__ == "__main__":
    GROUPS[sys.argv[1]](sys.argv[2])
    heavy = [name for name in HEAVY if name in sys.modules]
    told = {"imports": IMPORTED - BEGAN, "first call": time.perf_counter() - IMPORTED, "heavy": heavy}
    print(json.dumps(told), flush=True)  # noqa: T201
