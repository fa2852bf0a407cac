"""A lock on a file that the kernel lets go when the last process holding it is gone."""

from __future__ import annotations

import fcntl
import time
from pathlib import Path
from typing import IO


def acquire(path: Path, seconds: float = 0) -> IO[str] | None:
    """The locked file, or None when another process still holds it after so many seconds."""
    file = path.open("a")
    until = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return file
        except BlockingIOError:
            if time.monotonic() >= until:
                file.close()
                return None
            time.sleep(0.05)
