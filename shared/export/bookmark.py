"""Where an export that is made in many calls goes on."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass, replace
from datetime import datetime

from shared.errors import UnciaError
from shared.export.tally import Tally
from shared.label import Label

# A few hundred species and a few thousand cameras; what comes back is from strangers, and could unfold to gigabytes.
LARGEST = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """The last label that was passed, and all that the calls before have to tell the next one."""

    camera: str
    sequence_id: str
    created: datetime  #: of the export, UTC
    classes: tuple[str, ...]
    tally: Tally

    def after(self, label: Label) -> Bookmark:
        """The same export, after this label."""
        return replace(self, camera=label.camera, sequence_id=label.sequence_id)

    def encode(self) -> str:
        """In letters that any message takes."""
        told = {
            "camera": self.camera,
            "sequence_id": self.sequence_id,
            "created": self.created.isoformat(),
            "classes": self.classes,
            "tally": self.tally.encode(),
        }
        return base64.urlsafe_b64encode(zlib.compress(json.dumps(told).encode())).decode()

    @classmethod
    def decode(cls, text: str) -> Bookmark:
        """What `encode` gave; raises UnciaError for anything else."""
        try:
            said = json.loads(zlib.decompressobj().decompress(base64.urlsafe_b64decode(text), LARGEST))
            created = datetime.fromisoformat(said["created"])
            classes = tuple(map(str, said["classes"]))
            return cls(
                camera=str(said["camera"]),
                sequence_id=str(said["sequence_id"]),
                created=created,
                classes=classes,
                tally=Tally.decode(said["tally"]),
            )
        except (ValueError, KeyError, TypeError, zlib.error, RecursionError) as error:
            raise UnciaError("this is not how an export goes on") from error
