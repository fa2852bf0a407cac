"""Which frames of the stack a source of labels means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from cli import screen
from cli.saying import Saying, Source
from shared.camera import camera_of
from shared.errors import UnciaError
from shared.verdict import Verdict

type Key = tuple[str, str]  # camera and row key of a frame
type Named = Mapping[Key, set[Key]]  # frames by (camera or nothing, path) and by (camera, file name)


@dataclass(frozen=True, slots=True)
class Matched:
    """The verdicts of a source on frames that exist, and the numbers of what names none, or several."""

    verdicts: list[Verdict]
    nowhere: list[int]
    ambiguous: list[int]

    def complaints(self, said: Source) -> Iterator[str]:
        """A sentence for each kind of row that could not be used."""
        kinds = ((self.nowhere, "no frame"), (self.ambiguous, "several frames"), (said.several, "several species"))
        for numbers, what in kinds:
            if numbers:
                many = screen.counted(len(numbers), said.noun)
                yield f"{many} matched {what} (the first is {said.noun} {numbers[0]})"


def matched(source: Source, frames: Iterable[tuple[str, str, str]], by: str, now: datetime) -> Matched:
    """The verdicts of a source on these frames (camera, row key, path): by `by`, now (UTC), or as the source tells.

    Raises UnciaError where neither says who it was.
    """
    named = names(frames, [(camera, one.path) for one in source.sayings for camera in one.cameras])
    found = Matched([], [], [])
    for one in source.sayings:
        keys = _frames(one, named)
        if len(keys) == 1:
            ((camera, row_key),) = keys
            found.verdicts.append(_verdict(one, camera, row_key, by, now))
        else:
            (found.ambiguous if keys else found.nowhere).append(one.number)
    return found


def _frames(one: Saying, named: Named) -> set[Key]:
    """The frames that may be meant; of several of one path that which is called so."""
    keys = next(filter(None, (frames_of(camera, one.path, named) for camera in one.cameras)), set())
    called = {(camera, row_key) for camera, row_key in keys if one.frame.endswith(f"~{row_key}")}
    return called if len(keys) > 1 and called else keys


def _verdict(one: Saying, camera: str, row_key: str, by: str, now: datetime) -> Verdict:
    if not (who := by or one.by):
        raise UnciaError(f"the source does not tell who said {one.said!r} of {one.path!r}: give --by NAME")
    at = now if by or not one.at else one.at
    return Verdict(camera=camera, row_key=row_key, said=one.said, by=who, at=at, of_sequence=one.of_sequence)


def names(frames: Iterable[tuple[str, str, str]], wanted: Iterable[Key]) -> Named:
    """The frames (camera, row key, path) by each name that one of these rows (camera or nothing, path) may mean."""
    # Of a million frames all names would take 1.4 GB.
    asked = {name for row in wanted for name in meant(*row)}
    found: dict[Key, set[Key]] = {}
    for camera, row_key, path in frames:
        for name in {("", path), (camera, path), (camera, path.rpartition("/")[2])} & asked:
            found.setdefault(name, set()).add((camera, row_key))
    return found


def meant(camera: str, path: str) -> tuple[Key, ...]:
    """What a row may call a frame, the surest first: as it was uploaded, then by its file name under its camera."""
    return (camera, path), (camera, f"{camera}/{path}"), (camera or camera_of(path, {}), path.rpartition("/")[2])


def frames_of(camera: str, path: str, named: Named) -> set[Key]:
    """The frames that a row names."""
    return next((named[name] for name in meant(camera, path) if name in named), set())
