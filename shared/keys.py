"""Table keys from people's names: reversible, and within what table storage takes."""

from __future__ import annotations

import hashlib
import re

# Table storage forbids / \ # ? and the control characters in keys, and mishandles % (Understanding the Table service
# data model). `=` starts our own escape: =2F is "/", as in quoted-printable mail. Lone surrogates have no UTF-8.
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f/\\#?%=\ud800-\udfff]")
_ESCAPED = re.compile(r"(?:=[0-9A-F]{2})+")

# A key may have 1 KiB, that is 512 UTF-16 units.
LONGEST = 512
_DIGEST = 32
CUT = "=~"  # never the start of an escape, so a cut key cannot be mistaken for a whole one


def escape(name: str, longest: int = LONGEST) -> str:
    """The name as a table key: itself where it may be, other characters as =XX, cut with a digest where too long.

    `longest` counts UTF-16 units, for a name that is only a part of a key.
    """
    key = _FORBIDDEN.sub(lambda found: "".join(f"={byte:02X}" for byte in _bytes(found[0])), name)
    if _units(key) <= longest:
        return key
    kept = key[: (longest - len(CUT) - _DIGEST) // 2]
    return kept + CUT + hashlib.sha256(_bytes(name)).hexdigest()[:_DIGEST]


def unescape(key: str) -> str:
    """The name a key was made from; raises ValueError for a key that was cut."""
    if CUT in key:
        raise ValueError("this key was cut: the whole name is in the row's property `camera`")
    return _ESCAPED.sub(lambda run: bytes.fromhex(run[0].replace("=", "")).decode("utf-8", "surrogatepass"), key)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
