"""The path of a blob trigger, such as images/{camera}/{name}."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shared.errors import UnciaError

CAPTURE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class BlobPath:
    """Which blobs of a container a function wants, and the parts of their names that it is told."""

    container: str
    prefix: str  #: how all their names begin
    names: re.Pattern[str]

    @classmethod
    def parse(cls, path: str) -> BlobPath:
        """Raises UnciaError when the path has no container, or one with a capture in it."""
        container, _, blob = path.strip("/").partition("/")
        if not container or CAPTURE.search(container):
            raise UnciaError(f"{path!r} is no path of a blob trigger: it must begin with the name of a container")
        literals = CAPTURE.split(blob or "{name}")
        # split() gives literal, capture, literal, ...; captures are greedy and cross slashes, as the host's do.
        parts = [f"(?P<{part}>.*)" if at % 2 else re.escape(part) for at, part in enumerate(literals)]
        return cls(container, literals[0], re.compile("".join(parts), re.DOTALL))

    def captures(self, blob: str) -> dict[str, str] | None:
        """The captured parts of a blob's name, or None when the function does not want it."""
        match = self.names.fullmatch(blob)
        return match.groupdict() if match else None
