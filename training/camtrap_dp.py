"""Camtrap DP packages (camtrap-dp.tdwg.org, version 1.0): media and what people observed in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath

from shared import spreadsheet
from shared.spreadsheet import Table
from training.manifest import Example

# Rows that say nothing yet, or that nobody could tell; those of machines are not what people know.
_NOTHING = ("", "unclassified", "unknown")

type Row = Mapping[str, str]


def is_package(folder: Path) -> bool:
    """Whether a folder is such a package."""
    return (folder / "media.csv").is_file() and (folder / "observations.csv").is_file()


def read(package: Path, images: Path) -> list[Example]:
    """The media that people observed something in, whether their files are there or not; raises BadTable.

    What is said of one image counts before what is said of its event; of several species the first is taken. A file
    that is given by an address is looked for by its name in `images` and in its folder `media`.
    """
    media, observed = spreadsheet.read(package / "media.csv"), spreadsheet.read(package / "observations.csv")
    for table, columns in ((media, ("mediaID", "deploymentID", "timestamp", "filePath")), (observed, _OBSERVED)):
        for column in columns:
            table.column(column)
    cameras, by_media, by_event = _cameras(package), dict[str, Row](), dict[str, list[tuple[int, Row]]]()
    for number, row in enumerate(observed.rows):
        if row["classificationMethod"] == "machine" or row["observationType"] in _NOTHING:
            continue
        if row["observationLevel"] == "event":
            by_event.setdefault(row["deploymentID"], []).append((number, row))
        else:
            by_media.setdefault(row["mediaID"], row)
    found = []
    for number, row in enumerate(media.rows):
        at = spreadsheet.moment(media, number, "timestamp")
        said = by_media.get(row["mediaID"]) or next(_at(by_event.get(row["deploymentID"], []), at, observed), None)
        if said:
            found.append(_example(row, said, at, cameras, _file(row, package, images)))
    return found


_OBSERVED = (
    "mediaID", "deploymentID", "eventID", "eventStart", "eventEnd", "observationLevel", "observationType",
    "scientificName", "classificationMethod",
)  # fmt: skip


def _cameras(package: Path) -> dict[str, str]:
    """The camera of each deployment; a deployment that names none is its own."""
    file = package / "deployments.csv"
    rows = spreadsheet.read(file).rows if file.is_file() else ()
    return {row.get("deploymentID", ""): row.get("cameraID", "") for row in rows}


def _at(events: list[tuple[int, Row]], at: datetime | None, table: Table) -> Iterator[Row]:
    """The events that were going on at a time."""
    for number, row in events:
        start, end = (spreadsheet.moment(table, number, column) for column in ("eventStart", "eventEnd"))
        if at and start and end and (start.tzinfo is None) == (at.tzinfo is None) and start <= at <= end:
            yield row


def _example(media: Row, said: Row, at: datetime | None, cameras: Mapping[str, str], file: Path) -> Example:
    camera = cameras.get(media["deploymentID"]) or media["deploymentID"]
    animal = said["observationType"] == "animal" and said["scientificName"]
    return Example(
        path=file,
        camera=camera,
        captured_at=at.replace(tzinfo=None) if at else None,
        species=said["scientificName"] if animal else said["observationType"],
        sequence=f"{camera}~{said['eventID']}" if said["eventID"] else "",
    )


def _file(media: Row, package: Path, images: Path) -> Path:
    """Where an image should be: never outside of the folders, whatever the package says."""
    said = media["filePath"]
    name = PurePosixPath(media.get("fileName") or PurePosixPath(said).name).name
    places = [images / name, images / "media" / name]
    if "://" not in said and (package / said).resolve().is_relative_to(package.resolve()):
        places.insert(0, package / said)
    return next((place for place in places if place.is_file()), places[0])
