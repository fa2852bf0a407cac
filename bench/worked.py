"""A featurize worker that tells of its memory: `python -m bench.worked NETWORK HEAD AT_ONCE IMAGES FILE…`."""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from threading import Lock

WHEN = datetime(2026, 3, 1)  # noqa: DTZ001 - UTC without saying so, as steps take it


def main(network: Path, head: Path, at_once: int, images: int, files: list[Path]) -> list[float]:
    """Makes messages of so many images, so many at once; the highest memory so far after each, in MB."""
    import function_app  # noqa: F401 - the worker has it in memory, too
    from shared.backbone import Backbone
    from shared.featurizer import Featurizer, Upload
    from shared.head import Head

    featurizer, judge = Featurizer(Backbone.load(network, 1)), Head(head.read_bytes())
    peaks: list[float] = []
    noting = Lock()

    def one(number: int) -> None:
        # Read anew each time, as a worker is handed each image's bytes.
        data = files[number % len(files)].read_bytes()
        featurizer.frame(Upload(f"Camera 01/IMG_{number:05}.JPG", data, {}), judge, WHEN).encode()
        with noting:
            peaks.append(highest())

    with ThreadPoolExecutor(at_once) as pool:
        for _ in pool.map(one, range(images)):
            pass
    return peaks


def highest() -> float:
    """The most memory that this process has had, in MB, by Linux alone: `getrusage` begins with that of the parent."""
    status = Path("/proc/self/status").read_text("utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) * 1024 / 1e6


if __name__ == "__main__":
    network, head, at_once, images, *files = sys.argv[1:]
    print(json.dumps(main(Path(network), Path(head), int(at_once), int(images), [*map(Path, files)])))  # noqa: T201
