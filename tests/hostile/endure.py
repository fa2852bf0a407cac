"""Every file of a folder through featurize, aggregate and finalize, in one process that may not grow; prints JSON.

python -m tests.hostile.endure FOLDER MEGABYTES
"""

from __future__ import annotations

import json
import re
import resource
import sys
import time
import warnings
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

NOW = datetime(2026, 2, 1, 8, tzinfo=UTC)


@dataclass
class Outcome:
    """What became of one file."""

    name: str
    seconds: float = 0.0  #: of one core
    status: str = ""
    reason: str = ""
    wrong: list[str] = field(default_factory=list)


class Pipeline:
    """The three steps around a store in memory, and a picture that must always become the same frame."""

    def __init__(self) -> None:
        from shared.backbone import Backbone
        from shared.featurizer import Featurizer
        from shared.head import Head
        from tests.memory import MemoryStore
        from tests.unit.shared.making import backbone, exif, head, noise, written

        self.featurizer = Featurizer(Backbone(backbone(), 1))
        self.head = Head(head(self.featurizer.backbone.sha256))
        self.store: Any = MemoryStore()
        self.good = written(noise(640, 480), exif=exif(DateTimeOriginal="2026:01:31 17:05:09"))
        self.expected = self.message("good", self.good)

    def message(self, camera: str, data: bytes) -> str:
        from azure.functions.blob import InputStream

        from functions import featurize

        said: Any = {"data": data, "name": f"images/{camera}/a.jpg", "blob_properties": {}, "metadata": {}}
        return featurize.run(InputStream(**said), featurizer=self.featurizer, head=self.head, now=NOW)

    def label(self, message: str) -> Any:
        """The label of a frame's day, once the frame is kept and its day final."""
        from functions import aggregate, finalize
        from shared.remembered import Remembered
        from shared.sequence import Limits

        sent = list[str]()
        queue: Any = SimpleNamespace(send_message=lambda text, **_: sent.append(text))
        settle = timedelta(seconds=30)
        aggregate.run(
            message.encode(), store=self.store, sequences=queue, settle=settle, now=lambda: NOW, remembered=Remembered()
        )
        for day in sent:
            limits = Limits(timedelta(minutes=1), timedelta(minutes=15))
            known: Any = {"store": self.store, "head": lambda: self.head, "limits": limits, "settle": settle}
            finalize.run(day.encode(), **known, now=lambda: NOW + timedelta(hours=1))

    def outcome(self, name: str, data: bytes) -> Outcome:
        from shared.frame import MESSAGE_BYTES, Frame

        found = Outcome(name)
        began = time.process_time()
        try:
            message = self.message(name, data)
            found.seconds = time.process_time() - began
            if len(message.encode()) >= MESSAGE_BYTES:
                found.wrong.append(f"a message of {len(message.encode())} bytes")
            frame = Frame.decode(message.encode())
            found.status, found.reason = str(frame.status), frame.reason
            self.label(message)
            (label,) = self.store.all_labels(frame.camera)
            if (label.n_frames, label.n_scored) != (1, int(frame.status == "ok")):
                found.wrong.append(f"{label.n_scored} of {label.n_frames} frames are scored")
            if self.message("good", self.good) != self.expected:
                found.wrong.append("the next picture became another frame")
        except (Exception, MemoryError) as error:
            found.seconds = found.seconds or time.process_time() - began
            found.wrong.append(f"{type(error).__name__}: {error}"[:300])
        return found


def kilobytes(name: str) -> int:
    """A line of this process's status: VmHWM is the most memory it ever had, VmData what the kernel's limit counts."""
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) if found else 0


def main(folder: Path, megabytes: int) -> None:
    # Private memory that can be written, touched or not: what malloc gets (getrlimit(2), since Linux 4.7).
    resource.setrlimit(resource.RLIMIT_DATA, (megabytes * 2**20,) * 2)
    warnings.simplefilter("ignore")
    pipeline = Pipeline()
    began = {"began_mb": kilobytes("VmHWM") / 1024, "began_data_mb": kilobytes("VmData") / 1024}
    outcomes = [asdict(pipeline.outcome(file.name, file.read_bytes())) for file in sorted(folder.iterdir())]
    json.dump(began | {"peak_mb": kilobytes("VmHWM") / 1024, "outcomes": outcomes}, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
