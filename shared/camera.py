"""Which camera an image is from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

UNNAMED = "unnamed"
# Characters of a blob's name, and so of any folder's.
LONGEST = 1_024

# Folders that trail cameras open by themselves when one is full: 100RECNX, 101EK113 (Bushnell), 100_BTCF (Browning).
_OVERFLOW = re.compile(r"DCIM|MISC|PRIVATE|[1-9]\d\d[_ ]?(?:RECNX|EK\d{3}|BTCF|MEDIA|DSCIM)", re.IGNORECASE)
# DCF (JEITA CP-3461) allows any five signs after a number from 100: believed where it can be nothing else, below DCIM.
_NUMBERED = re.compile(r"[1-9]\d\d\w{5}", re.ASCII)


def camera_of(path: str, metadata: Mapping[str, str]) -> str:
    """The camera an uploader named, else the first folder of the path that is not a camera's overflow folder.

    A name is at most LONGEST characters: what is longer in the metadata is not believed, and a path cannot be.
    """
    if 0 < len(named := metadata_value(metadata, "camera")) <= LONGEST:
        return named
    folders = [part for part in path.split("/")[:-1] if part]
    pairs = zip(folders, ["", *folders], strict=False)
    own = (folder for folder, above in pairs if not _OVERFLOW.fullmatch(folder) and not _is_numbered(folder, above))
    return next(own, UNNAMED)


def _is_numbered(folder: str, above: str) -> bool:
    return above.upper() == "DCIM" and _NUMBERED.fullmatch(folder) is not None


def metadata_value(metadata: Mapping[str, str], name: str) -> str:
    """A blob's metadata value, percent-decoded: HTTP headers carry ASCII only; names are not case-sensitive there."""
    return next((unquote(value).strip() for key, value in metadata.items() if key.lower() == name), "")
