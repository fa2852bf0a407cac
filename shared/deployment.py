"""Where each camera stood and when, and what its clock was wrong by.

Three kinds of time. Shown: what a camera's clock said, local wall time without zone, as in `captured_at`. True: what a
good clock there would have said, local wall time too. Moment: true time with the deployment's UTC offset, which is
fixed, since cameras do not follow daylight saving. Start and end are moments.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from heapq import heappop, heappush
from typing import cast

from shared.errors import UnciaError

# deployments.csv of Camtrap DP 1.0.2 in its order (tdwg/camtrap-dp, deployments-table-schema.json).
COLUMNS = (
    "deploymentID", "locationID", "locationName", "latitude", "longitude", "coordinateUncertainty", "deploymentStart",
    "deploymentEnd", "setupBy", "cameraID", "cameraModel", "cameraDelay", "cameraHeight", "cameraDepth", "cameraTilt",
    "cameraHeading", "detectionDistance", "timestampIssues", "baitUse", "featureType", "habitat", "deploymentGroups",
    "deploymentTags", "deploymentComments",
)  # fmt: skip
# What Camtrap DP takes for an empty cell, and Frictionless for a true one.
MISSING = ("", "NA", "NaN", "nan")
TRUE = ("true", "True", "TRUE", "1")

WIDEST = timedelta(hours=14)  # Kiribati; the other side ends at -12:00
_YEARS = range(1950, 2200)
_LONGEST_CORRECTION = timedelta(days=36_525)
_OFFSET = re.compile(r"([+-])(\d\d):?([0-5]\d)")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """One camera at one place from a start to an end; raises UnciaError for what cannot be."""

    camera: str
    start: datetime  #: with the deployment's fixed UTC offset
    end: datetime  #: with an offset, maybe another one: instants are compared
    correction: timedelta = timedelta()  #: true time minus what the clock showed
    clock_note: str = ""  #: why it is corrected
    clock_at: datetime | None = None  #: when the clock was compared: true local wall time, no zone
    columns: Mapping[str, str] = field(hash=False)  #: of Camtrap DP, as they were written

    def __post_init__(self) -> None:
        if not self.camera:
            raise UnciaError("a deployment has a camera")
        if self.deployment_id in MISSING:
            raise UnciaError("a deployment has a deploymentID")
        check_number("latitude", self.columns.get("latitude", ""), -90, 90)
        check_number("longitude", self.columns.get("longitude", ""), -180, 180)
        for name, at in (("start", self.start), ("end", self.end)):
            if at.year not in _YEARS:
                raise UnciaError(f"the {name} is in the year {at.year}: it must be from {_YEARS[0]} to {_YEARS[-1]}")
            if (offset := at.utcoffset()) is None or not isinstance(at.tzinfo, timezone) or abs(offset) > WIDEST:
                raise UnciaError(f"the {name} needs a fixed UTC offset from -14:00 to +14:00")
        if self.end <= self.start:
            raise UnciaError(f"it ends at {self.end.isoformat()}, and starts only at {self.start.isoformat()}")
        if abs(self.correction) > _LONGEST_CORRECTION:
            raise UnciaError("a clock is corrected by a century at most")

    @property
    def deployment_id(self) -> str:
        """Its identifier, one of a kind."""
        return self.columns.get("deploymentID", "")

    @property
    def place(self) -> str:
        """What to call the place: its name, else its identifier, else the deployment's."""
        names = (self.columns.get(name, "") for name in ("locationName", "locationID"))
        return next((name for name in names if name not in MISSING), self.deployment_id)

    @property
    def latitude(self) -> float:
        """Degrees north, WGS84."""
        return float(self.columns["latitude"])

    @property
    def longitude(self) -> float:
        """Degrees east, WGS84."""
        return float(self.columns["longitude"])

    @property
    def offset(self) -> timezone:
        """The fixed UTC offset of its camera's clock: that of its start."""
        return cast("timezone", self.start.tzinfo)

    @property
    def timestamp_issues(self) -> bool:
        """Whether its times are not to be taken as they are: somebody said so, or the clock is corrected."""
        return self.columns.get("timestampIssues", "") in TRUE or bool(self.correction)

    @property
    def shown(self) -> tuple[datetime, datetime]:
        """What the camera's clock showed at start and end: local wall time, no zone."""
        local = (at.astimezone(self.offset).replace(tzinfo=None) for at in (self.start, self.end))
        start, end = (at - self.correction for at in local)
        return start, end

    def holds(self, true: datetime) -> bool:
        """Whether a true time (local wall time, no zone) lies between start and end, both included."""
        return self.start <= true.replace(tzinfo=self.offset) <= self.end


class Deployments:
    """The deployments of some cameras, sorted by camera, start and identifier."""

    def __init__(self, deployments: Iterable[Deployment] = ()) -> None:
        self._all = tuple(sorted(deployments, key=lambda one: (one.camera, *_rank(one))))
        own: dict[str, list[Deployment]] = {}
        for one in self._all:
            own.setdefault(one.camera, []).append(one)
        self._own = {camera: tuple(some) for camera, some in own.items()}
        self._timelines = {camera: _timeline(some) for camera, some in self._own.items()}

    def __iter__(self) -> Iterator[Deployment]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def at(self, camera: str, captured_at: datetime) -> Deployment | None:
        """The deployment between whose start and end, both included, the corrected time of a frame lies.

        Of several, the one that started last, then that of the greatest identifier. `captured_at` is what the clock
        showed: local wall time, no zone.
        """
        edges, best = self._timelines.get(camera, ((), ()))
        place = bisect_right(edges, captured_at)
        return best[place - 1] if place else None

    def of(self, camera: str) -> tuple[Deployment, ...]:
        """A camera's deployments in order."""
        return self._own.get(camera, ())

    def overlaps(self) -> list[tuple[Deployment, Deployment]]:
        """The pairs that have one camera at two places at once; to end when the next starts is none."""
        found = []
        for own in self._own.values():
            for place, one in enumerate(own):
                after = bisect_right(own, one.end, lo=place + 1, key=lambda other: other.start)
                found += [(one, other) for other in own[place + 1 : after] if other.start < one.end]
        return found


def moment(deployment: Deployment | None, captured_at: datetime, default_offset: timezone) -> datetime:
    """The corrected time of a frame with its UTC offset; as the clock showed it, at the default, without a deployment.

    `captured_at` is what the clock showed: local wall time, no zone.
    """
    if deployment is None:
        return captured_at.replace(tzinfo=default_offset)
    return captured_at.replace(tzinfo=deployment.offset) + deployment.correction


@dataclass(frozen=True, slots=True)
class Clocks:
    """What cameras' clocks mean: where each stood when, and the offset where no deployment says one."""

    deployments: Deployments = field(default_factory=lambda: Deployments())
    offset: timezone = UTC

    def true(self, camera: str, shown: datetime | None) -> datetime | None:
        """The corrected time, with its offset, of what a camera's clock showed (local wall time, no zone)."""
        return moment(self.deployments.at(camera, shown), shown, self.offset) if shown else None

    def where(self, camera: str, shown: datetime | None) -> Deployment | None:
        """The deployment that a camera was in when its clock showed a time."""
        return self.deployments.at(camera, shown) if shown else None


def corrected(deployment: Deployment, shown: datetime, true: datetime) -> Deployment:
    """The deployment whose clock showed one time when it was another: both local wall times at its offset, no zone.

    Raises UnciaError where the camera was not there at the true time.
    """
    if not deployment.holds(true):
        raise UnciaError(f"deployment {deployment.deployment_id} does not hold {true.isoformat()}")
    note = f"showed {shown.isoformat()} when it was {true.isoformat()}"
    return replace(deployment, correction=true - shown, clock_note=note, clock_at=true)


def uncorrected(deployment: Deployment) -> Deployment:
    """The deployment with its clock taken at its word."""
    return replace(deployment, correction=timedelta(), clock_note="", clock_at=None)


def again(now: Deployment, earlier: Deployment) -> Deployment:
    """What a deployment that is imported again becomes: as it is said now, with the clock corrected as earlier.

    The correction goes where the camera is another, or was not there at the time when its clock was compared.
    """
    if now.camera != earlier.camera or earlier.clock_at is None or not now.holds(earlier.clock_at):
        return now
    return replace(now, correction=earlier.correction, clock_note=earlier.clock_note, clock_at=earlier.clock_at)


def nowhere(camera: str) -> str:
    """The identifier that stands in exports for the deployment of a camera's images that are in none."""
    return f"{camera}~none"


def offset_of(text: str) -> timezone:
    """A fixed UTC offset as ISO 8601 writes it: +05:45, -0300 or Z; raises UnciaError."""
    found = _OFFSET.fullmatch(text)
    minutes = int(found[2]) * 60 + int(found[3]) if found else 0
    away = timedelta(minutes=-minutes if found and found[1] == "-" else minutes)
    if (not found and text not in ("Z", "z")) or abs(away) > WIDEST:
        raise UnciaError(f"{text!r} is no UTC offset: it is written +05:45, -03:00 or Z, and is within 14 hours")
    return timezone(away)


def check_number(name: str, text: str, low: float, high: float) -> None:
    """Raises UnciaError for what is no number with a decimal point, or none between these."""
    if not _NUMBER.fullmatch(text) or not low <= float(text) <= high:
        raise UnciaError(f"{name} is {text!r}: it must be a number from {low:g} to {high:g}")


def _rank(deployment: Deployment) -> tuple[datetime, str]:
    return deployment.start, deployment.deployment_id


def _timeline(own: tuple[Deployment, ...]) -> tuple[list[datetime], list[Deployment | None]]:
    """The shown times at which the deployment to believe changes, and which it is from then on. Takes n log n."""
    # A datetime counts microseconds: to include the end is to stop one microsecond after it.
    spans = [(start, end + datetime.resolution) for start, end in (one.shown for one in own)]
    edges = sorted({edge for span in spans for edge in span})
    coming = sorted(range(len(own)), key=lambda number: spans[number][0], reverse=True)
    there: list[int] = []  # a heap of the numbers, negative, of those that have begun: they are sorted by rank
    best: list[Deployment | None] = []
    for edge in edges:
        while coming and spans[coming[-1]][0] <= edge:
            heappush(there, -coming.pop())
        while there and spans[-there[0]][1] <= edge:
            heappop(there)
        best.append(own[-there[0]] if there else None)
    return edges, best
