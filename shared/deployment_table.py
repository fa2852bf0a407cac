"""Deployments as people write them down: a CSV file with columns of Camtrap DP, read strictly."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone

from shared.deployment import COLUMNS, MISSING, TRUE, Deployment, check_number, nowhere, offset_of
from shared.errors import BadTable, UnciaError
from shared.spreadsheet import Table

REQUIRED = ("deploymentID", "latitude", "longitude", "deploymentStart", "deploymentEnd", "cameraID")
TOLD = 10  # mistakes at once
# Letters of a row: in the two bytes of UTF-16, and with each quoted, they still fit into one property of a table's row.
LONGEST = 15_000

# The limits are those of deployments-table-schema.json; where it has no upper one, ours is beyond anything.
_NUMBERS = {
    "latitude": (-90, 90), "longitude": (-180, 180), "cameraHeight": (0, 9_999), "cameraDepth": (0, 9_999),
    "detectionDistance": (0, 9_999),
}  # fmt: skip
_WHOLE = {
    "coordinateUncertainty": (1, 999_999), "cameraDelay": (0, 999_999), "cameraTilt": (-90, 90),
    "cameraHeading": (0, 360),
}  # fmt: skip
_FEATURES = (
    "roadPaved", "roadDirt", "trailHiking", "trailGame", "roadUnderpass", "roadOverpass", "roadBridge", "culvert",
    "burrow", "nestSite", "carcass", "waterSource", "fruitingTree",
)  # fmt: skip
_ONE_OF = {
    "timestampIssues": (*TRUE, "false", "False", "FALSE", "0"), "baitUse": (*TRUE, "false", "False", "FALSE", "0"),
    "featureType": _FEATURES,
}  # fmt: skip
_TIME = re.compile(
    r"(\d{4})[-/](\d\d?)[-/](\d\d?)[T ]+(\d\d?):(\d\d)(?::(\d\d)(?:[.,]\d+)?)? ?(Z|z|[+-]\d\d:?\d\d)?", re.ASCII
)
_STANDARD = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)")
_WRITTEN = "2026-01-31T17:05:00"


def read(table: Table, offset: timezone | None) -> list[Deployment]:
    """The deployments of a table; times that have no UTC offset get this one.

    Raises BadTable with every mistake, up to ten, each with its row. Numbers keep their digits, but a decimal comma
    becomes a point; times that are not written as in Camtrap DP are written so.
    """
    _check_columns(table)
    found: dict[str, tuple[int, Deployment]] = {}
    mistakes: list[str] = []
    for row, number in enumerate(table.numbers):
        cells = {name: table.rows[row].get(name, "").strip() for name in COLUMNS}
        # Spreadsheets keep rows that were cleared, and our own exports have rows for images in no deployment.
        if not any(cells.values()) or cells["deploymentID"] == nowhere(cells["cameraID"]):
            continue
        wrong = [*_mistakes(cells, offset)]
        if not wrong:
            try:
                one = _deployment(cells, offset)
                before, _ = found.setdefault(one.deployment_id, (number, one))
                wrong = [f"its deploymentID is that of row {before} too"] if before != number else []
            except UnciaError as error:
                wrong = [str(error)]
        mistakes += [f"row {number}: {what}" for what in wrong]
    if mistakes:
        raise _complaint(table.name, mistakes)
    if not found:
        raise BadTable(f"{table.name} has no deployment: it needs a row for each")
    return [one for _, one in found.values()]


def wall_time(name: str, text: str) -> datetime:
    """A local wall time without zone, as a person writes it; raises UnciaError that calls it by this name."""
    at = _time(name, text, None, bare=True)
    if at.tzinfo:
        raise UnciaError(f"{name} is {text!r}: it is the local time at the camera, without a UTC offset")
    return at


def _check_columns(table: Table) -> None:
    """Raises BadTable where a column is missing, unknown or there twice."""
    if missing := [name for name in REQUIRED if name not in table.columns]:
        raise BadTable(f"{table.name} has no column {_listed(missing)}; `uncia deployments template` shows all of them")
    if unknown := [name for name in table.columns if name not in COLUMNS]:
        raise BadTable(
            f"{table.name} has the column {_listed(unknown)}, which Camtrap DP has not: take it out, or see "
            "`uncia deployments template` for how it is called there"
        )
    if twice := [name for name in COLUMNS if table.columns.count(name) > 1]:
        raise BadTable(f"{table.name} has the column {_listed(twice)} twice")


def _mistakes(cells: Mapping[str, str], offset: timezone | None) -> Iterator[str]:
    """What is wrong with single cells of a row."""
    if sum(map(len, cells.values())) > LONGEST:
        yield f"it has more than {LONGEST:,} letters"
    for name, text in cells.items():
        if text in MISSING:
            if name in REQUIRED:
                yield f"{name} is empty" + _WHICH.get(name, "")
            continue
        try:
            _check_cell(name, text, offset)
        except UnciaError as error:
            yield str(error)


_WHICH = {"cameraID": ": write what the camera is called where its images are, their first folder"}


def _check_cell(name: str, text: str, offset: timezone | None) -> None:
    if name in _NUMBERS:
        check_number(name, _with_point(text), *_NUMBERS[name])
    elif name in _WHOLE:
        check_number(name, text, *_WHOLE[name])
        if "." in text:
            raise UnciaError(f"{name} is {text!r}: it must be a whole number")
    elif name in _ONE_OF and text not in _ONE_OF[name]:
        few = ("true", "false") if "true" in _ONE_OF[name] else _ONE_OF[name]
        raise UnciaError(f"{name} is {text!r}: it must be {', '.join(few[:-1])} or {few[-1]}")
    elif name in ("deploymentStart", "deploymentEnd"):
        _time(name, text, offset)


def _deployment(cells: Mapping[str, str], offset: timezone | None) -> Deployment:
    start, end = (_time(name, cells[name], offset) for name in ("deploymentStart", "deploymentEnd"))
    written = {name: _with_point(cells[name]) for name in _NUMBERS}
    times = {"deploymentStart": start, "deploymentEnd": end}
    written |= {name: cells[name] if _STANDARD.fullmatch(cells[name]) else at.isoformat() for name, at in times.items()}
    return Deployment(camera=cells["cameraID"], start=start, end=end, columns={**cells, **written})


def _time(name: str, text: str, offset: timezone | None, *, bare: bool = False) -> datetime:
    """A time to the second, with the offset written there, or else this one; raises UnciaError."""
    found = _TIME.fullmatch(text)
    like = _WRITTEN if bare else f"{_WRITTEN}+05:45"
    if not found:
        raise UnciaError(f"{name} is {text!r}: it must be year, month, day and time of day, as in {like}")
    zone = offset_of(found[7]) if found[7] else offset
    if zone is None and not bare:
        raise UnciaError(
            f"{name} is {text!r}, without a UTC offset: write it as in {like}, or give --utc-offset or UNCIA_UTC_OFFSET"
        )
    try:
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError as error:
        raise UnciaError(f"{name} is {text!r}: there is no such time") from error


def _with_point(text: str) -> str:
    """A number with its decimal sign a point: half of the world writes a comma."""
    return text.replace(",", ".") if text.count(",") == 1 and "." not in text else text


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _complaint(name: str, mistakes: list[str]) -> BadTable:
    more = len(mistakes) - TOLD
    if len(mistakes) == 1:
        return BadTable(f"{name}, {mistakes[0]}")
    rest = [f"and {more} more"] if more > 0 else []
    return BadTable("\n  ".join([f"{name} has {len(mistakes)} mistakes:", *mistakes[:TOLD], *rest]))
