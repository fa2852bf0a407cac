"""Camtrap DP packages (camtrap-dp.tdwg.org, version 1.0): media and what people observed in them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote

from shared import spreadsheet
from shared.export.observations import SAID
from shared.spreadsheet import Table
from training.below import below, is_there
from training.found import NOTHING, Named
from training.manifest import Example

# The columns that nothing can be told without, and what the standard lets them say.
_MEDIA = ("mediaID", "deploymentID", "timestamp", "filePath")
_OBSERVED = ("deploymentID", "observationLevel", "observationType")
_SAYS = {
    "observationLevel": ("media", "event"),
    "observationType": ("animal", "human", "vehicle", "blank", "unknown", "unclassified", ""),
    "classificationMethod": ("human", "machine", ""),
}
# The camera of a deployment; where packages do not tell cameras, the place is what a head could learn by heart.
_CAMERA = ("cameraID", "locationName", "locationID")

type Row = Mapping[str, str]


def is_package(folder: Path) -> bool:
    """Whether a folder is such a package."""
    return (folder / "media.csv").is_file() and (folder / "observations.csv").is_file()


@dataclass(frozen=True, slots=True)
class Observed:
    """Media, their times, the cameras of deployments, and what people said of each medium, by its number."""

    media: Table
    times: list[datetime | None]
    cameras: Mapping[str, str]
    said: Mapping[int, list[Row]]


def observed(package: Path) -> Observed:
    """What people observed in the media of a package; raises BadTable.

    What is said of a medium counts before what is said of its event. The media of an event are those that its other
    observations name, and those of its deployment that were taken during it and are known to be of no other event.
    """
    media = _table(package / "media.csv", _MEDIA)
    times = [spreadsheet.moment(media, number, "timestamp") for number in range(len(media.rows))]
    said = _judged(_table(package / "observations.csv", _OBSERVED), media, times)
    return Observed(media, times, _cameras(package / "deployments.csv"), said)


def read(package: Path, images: Path) -> list[Named]:
    """The media, whether their files are there or not, each with the species that people observed; raises BadTable.

    A file that is given by an address is looked for by its name in `images` and in its folder `media`.
    """
    found, files, named = observed(package), dict[Path, int](), list[Named]()
    media = found.media
    for number, (row, at) in enumerate(zip(media.rows, found.times, strict=True)):
        own, file = found.said.get(number, []), _file(row, package, images)
        if file in files and is_there(file):
            raise media.complain(number, f"its file {file} is that of row {media.numbers[files[file]]} too")
        files[file] = number
        named.append((_example(row, own, at, found.cameras, file), {species(one) for one in own}))
    return named


def _table(file: Path, columns: tuple[str, ...]) -> Table:
    """A table that has these columns, and whose cells are of the standard."""
    table = spreadsheet.read(file)
    for column in columns:
        table.column(column)
    for number, row in enumerate(table.rows):
        for column, allowed in _SAYS.items():
            if row.get(column, allowed[0]) not in allowed:
                *some, last = filter(None, allowed)
                raise table.complain(number, f"{column} is {row[column]!r}: it is {', '.join(some)} or {last}")
    return table


def _judged(observed: Table, media: Table, times: list[datetime | None]) -> dict[int, list[Row]]:
    """What people said of each medium, by its number: of itself, else of its events."""
    numbers = _numbers(media)
    own, of_events = dict[int, list[Row]](), dict[int, list[Row]]()
    taken, events = _by_time(media, times), _events(observed, numbers)
    for number, row in enumerate(observed.rows):
        if row.get("classificationMethod") == "machine" or not _tells(row):
            continue
        if row["observationLevel"] == "event":
            during, event = _during(observed, number, taken), row.get("eventID", "")
            mine = {place for place in during if events.of.get(place, event) == event}
            for place in sorted(mine | events.media.get(event, set())):
                of_events.setdefault(place, []).append(row)
        elif not row.get("mediaID"):
            raise observed.complain(number, "mediaID is empty, and observationLevel is media")
        elif row["mediaID"] in numbers:
            own.setdefault(numbers[row["mediaID"]], []).append(row)
    return of_events | own


def _tells(said: Row) -> bool:
    """Whether an observation says anything; what a person called it, by Uncia's tag, counts too."""
    called = said.get("classificationMethod") == "human" and SAID in tags(said)
    return said["observationType"] not in NOTHING or called


class _Events(NamedTuple):
    """Which media are of which event, as far as observations of media tell."""

    of: dict[int, str]
    media: dict[str, set[int]]


def _events(observed: Table, numbers: Mapping[str, int]) -> _Events:
    found = _Events({}, {})
    for row in observed.rows:
        number, event = numbers.get(row.get("mediaID", "")), row.get("eventID", "")
        if number is not None and event:
            found.of[number] = event
            found.media.setdefault(event, set()).add(number)
    return found


def _numbers(media: Table) -> dict[str, int]:
    """Media by their ids, none of which comes twice."""
    found: dict[str, int] = {}
    for number, row in enumerate(media.rows):
        if found.setdefault(row["mediaID"], number) != number:
            raise media.complain(number, f"its mediaID is that of row {media.numbers[found[row['mediaID']]]} too")
    return found


type Taken = dict[tuple[str, bool], list[tuple[datetime, int]]]


def _by_time(media: Table, times: list[datetime | None]) -> Taken:
    """The media of each deployment in order of time; those whose time has an offset apart from those without."""
    found: Taken = {}
    for number, (row, at) in enumerate(zip(media.rows, times, strict=True)):
        if at:
            found.setdefault((row["deploymentID"], at.tzinfo is None), []).append((at, number))
    return {key: sorted(own) for key, own in found.items()}


def _during(observed: Table, number: int, taken: Taken) -> list[int]:
    """The media that were taken in an event."""
    row = observed.rows[number]
    start, end = (
        spreadsheet.moment(observed, number, column) if column in row else None for column in ("eventStart", "eventEnd")
    )
    if not start or not end or (start.tzinfo is None) != (end.tzinfo is None):
        raise observed.complain(number, "an event needs eventStart and eventEnd, both with an offset or both without")
    own = taken.get((row["deploymentID"], start.tzinfo is None), [])
    first = bisect_left(own, start, key=lambda one: one[0])
    return [place for _, place in own[first : bisect_right(own, end, key=lambda one: one[0])]]


def _cameras(file: Path) -> dict[str, str]:
    """The camera of each deployment, or its place; a deployment that names neither is its own."""
    if not file.is_file():
        return {}
    rows = spreadsheet.read(file).rows
    return {row.get("deploymentID", ""): next(filter(None, map(row.get, _CAMERA)), "") for row in rows}


def species(said: Row) -> str:
    """What was seen; an animal that nobody could name is of the species `animal`."""
    return (said["observationType"] == "animal" and said.get("scientificName")) or said["observationType"]


def tags(said: Row) -> dict[str, str]:
    """The tags of an observation that are of the form `key:value`."""
    pairs = (tag.strip().partition(":") for tag in said.get("observationTags", "").split("|"))
    return {key: unquote(value) for key, colon, value in pairs if colon}


def _example(media: Row, said: list[Row], at: datetime | None, cameras: Mapping[str, str], file: Path) -> Example:
    camera = cameras.get(media["deploymentID"]) or media["deploymentID"]
    event = next((one["eventID"] for one in said if one.get("eventID")), "")
    return Example(file, camera, at.replace(tzinfo=None) if at else None, "", f"{camera}~{event}" if event else "")


def _file(media: Row, package: Path, images: Path) -> Path:
    """Where an image should be: never outside of the folders, whatever the package says."""
    said = media["filePath"]
    name = PurePosixPath(media.get("fileName") or PurePosixPath(said).name).name
    return next(filter(is_there, _places(said, name, package, images)), images / name)


def _places(said: str, name: str, package: Path, images: Path) -> Iterator[Path]:
    # Where a path has signs that the standard refuses, we write them percent-encoded.
    homes = [] if "://" in said else [below(home, one) for one in (said, unquote(said)) for home in (package, images)]
    yield from filter(None, [*homes, below(images, name), below(images / "media", name)])
