"""Which camera an image is from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

UNNAMED = "unnamed"

# Folders that cameras open by themselves when one is full. DCF numbers them from 100 and adds five capitals, digits
# or underscores (JEITA CP-3461); trail cameras stretch it: 101EK113 (Bushnell), 100_BTCF (Browning), 100DSCIM.
_OVERFLOW = re.compile(
    r"(?i:DCIM|MISC|PRIVATE|[1-9]\d\d[_ ]?(?:RECNX|EK\d{3}|BTCF|MEDIA|DSCIM))|[1-9]\d\d(?=.*[A-Z])[A-Z0-9_]{5}"
)


def camera_of(path: str, metadata: Mapping[str, str]) -> str:
    """The camera an uploader named, else the first folder of the path that is not a camera's overflow folder."""
    if named := metadata_value(metadata, "camera"):
        return named
    folders = [part for part in path.split("/")[:-1] if part and not _OVERFLOW.fullmatch(part)]
    return folders[0] if folders else UNNAMED


def metadata_value(metadata: Mapping[str, str], name: str) -> str:
    """A blob's metadata value, percent-decoded: HTTP headers carry ASCII only; names are not case-sensitive there."""
    return next((unquote(value).strip() for key, value in metadata.items() if key.lower() == name), "")
