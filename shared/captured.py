"""When the shutter fired: which of the times that an image comes with is believed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

# A camera whose clock was reset starts at 1970 or 2000; MegaDetector believes nothing before 2001 either.
EARLIEST = datetime(2001, 1, 1)  # noqa: DTZ001 - local wall time has no zone
# Wall clocks run up to 14 h ahead of UTC.
AHEAD = timedelta(hours=24)

_EXIF = re.compile(r"(\d{4})[:/.-](\d{1,2})[:/.-](\d{1,2})[ T]+(\d{1,2}):(\d{2}):(\d{2})(?:\.(\d{1,6})\d*)?")
# Names that cameras or uploaders write: ISO basic with its T (uploaders), two dashed groups (camtrapR's imageRename),
# and IMG_20190628_190358 (phones and cellular cameras). Not bare digits: Agouti writes upload times like that.
_NAMES = (
    re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(?!\d)"),
    re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?:__|[T_ ])(\d{2})-(\d{2})-(\d{2})(?!\d)"),
    re.compile(r"(?:^|[A-Za-z]_?)(\d{4})(\d{2})(\d{2})[_-](\d{2})(\d{2})(\d{2})(?!\d)"),
)


@dataclass(frozen=True, slots=True)
class Said:
    """One time that an image came with, as it was written, and where it stood."""

    source: str
    text: str
    subsecond: str = ""


@dataclass(frozen=True, slots=True)
class Captured:
    """When an image was taken: local wall time without zone, or None, and why."""

    at: datetime | None
    source: str = "none"
    said: str = ""
    suspect: bool = False


def believe(times: Iterable[Said], now: datetime) -> Captured:
    """The first time that can be read; one before 2001 or after `now` (UTC, naive) is suspect and dates nothing."""
    for said in times:
        at = read(said.text, said.subsecond)
        if at is not None:
            suspect = not EARLIEST <= at <= now + AHEAD
            return Captured(None if suspect else at, said.source, said.text, suspect)
    return Captured(None)


def read(text: str, subsecond: str = "") -> datetime | None:
    """A time as EXIF or ISO 8601 write it, without its offset; None where there is none: blank, zeros, nonsense."""
    found = _EXIF.match(text.strip(" \t\r\n\0"))
    if not found:
        return None
    digits = found[7] or "".join(re.findall(r"^\d{1,6}", subsecond.strip(" \0")))
    return _moment(*found.groups()[:6], digits)


def from_name(path: str) -> str:
    """The time in a file's name as ISO 8601, or nothing where the name follows no pattern that is known."""
    name = path.rsplit("/", 1)[-1]
    for pattern in _NAMES:
        if (found := pattern.search(name)) and (at := _moment(*found.groups(), "")):
            return at.isoformat()
    return ""


def _moment(*parts: str) -> datetime | None:
    year, month, day, hour, minute, second = (int(part) for part in parts[:6])
    try:
        return datetime(year, month, day, hour, minute, second, int(parts[6].ljust(6, "0")))  # noqa: DTZ001
    except ValueError:
        return None
