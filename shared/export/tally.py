"""What an export has passed so far: as much as its last words hang on, small however many labels there were."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.errors import UnciaError
from shared.export.survey import Placed, Survey, words


@dataclass(slots=True)
class Tally:
    """Grows with every label; goes on from its own text, so that an export can be made in many calls."""

    numbers: dict[str, int] = field(default_factory=dict)  #: of every class and word, from 1, by first sight
    shown: set[str] = field(default_factory=set)  #: the words of observations
    heads: set[str] = field(default_factory=set)
    spans: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)  #: of frames in no deployment, by camera
    rows: Counter[str] = field(default_factory=Counter)  #: by part
    labels: int = 0
    undated: int = 0  #: frames
    unplaced: int = 0  #: dated frames in no deployment

    @classmethod
    def begin(cls, classes: Iterable[str]) -> Tally:
        """Nothing passed yet; classes that are known beforehand are numbered in their order."""
        return cls(numbers={name: number for number, name in enumerate(classes, 1)})

    def add(self, placed: Placed) -> None:
        """Passes a label."""
        label, said = placed.label, {*words(placed.label)}
        self.labels += 1
        self.shown |= said
        self.heads |= {label.head} - {""}
        for word in sorted({*label.scores, *said}):
            self.numbers.setdefault(word, len(self.numbers) + 1)
        self.undated += sum(photo.at is None for photo in placed.photos)
        for photo in placed.dated:
            if photo.deployment is None and photo.at:
                first, last = self.spans.get(label.camera, (photo.at, photo.at))
                self.spans[label.camera] = min(first, photo.at), max(last, photo.at)
                self.unplaced += 1

    def encode(self) -> dict[str, Any]:
        """For JSON."""
        spans = {camera: [at.isoformat() for at in span] for camera, span in self.spans.items()}
        told = {"numbers": self.numbers, "shown": sorted(self.shown), "heads": sorted(self.heads), "spans": spans}
        return told | {"rows": self.rows, "labels": self.labels, "undated": self.undated, "unplaced": self.unplaced}

    @classmethod
    def decode(cls, said: Any) -> Tally:
        """What `encode` gave; raises UnciaError for anything else."""
        try:
            return cls(
                numbers={str(name): int(number) for name, number in said["numbers"].items()},
                shown={str(word) for word in said["shown"]},
                heads={str(head) for head in said["heads"]},
                spans={str(camera): _span(*span) for camera, span in said["spans"].items()},
                rows=Counter({str(part): int(count) for part, count in said["rows"].items()}),
                labels=int(said["labels"]),
                undated=int(said["undated"]),
                unplaced=int(said["unplaced"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UnciaError("this is not how an export goes on") from error

    def warnings(self, survey: Survey, *, named: bool) -> list[str]:
        """What a person should know of what was passed, in a sentence each; `named`: scientific names were wanted."""
        cameras = ", ".join(sorted(self.spans)[:3]) + (", …" if len(self.spans) > 3 else "")
        strange = sorted(word for word in self.shown if not survey.project.names.knows(word))
        said = {
            f"{_frames(self.unplaced)} in no deployment, of cameras {cameras}: no places, and clocks are "
            f"taken to be at {survey.offset}; `uncia deployments import` tells both": self.unplaced,
            f"{_frames(self.undated)} without a time that is believed": self.undated,
            f"no scientific name is known of {', '.join(strange)}: the words stand as they are; "
            "the project file can name them below [names]": named and strange,
        }
        return [sentence for sentence, holds in said.items() if holds]


def _frames(number: int) -> str:
    return f"{number:,} frame{'' if number == 1 else 's'}"


def _span(first: str, last: str) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(first), datetime.fromisoformat(last)


def text(value: Any) -> str:
    """JSON in one line."""
    return json.dumps(value, ensure_ascii=False)
