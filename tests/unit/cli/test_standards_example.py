"""The standard's own example, brought in and given out again: nothing that Uncia keeps of it is lost."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.deployment import COLUMNS
from shared.label import Changes, labels
from shared.sequence import Limits
from tests.memory import MemoryQueue, MemoryStore
from tests.unit.shared.export.standard import problems
from tests.unit.shared.export.surveyed import MADE
from tests.unit.shared.making import FakeHead, seen

from .conftest import Answer

pytestmark = pytest.mark.lab

type Rows = list[dict[str, str]]
type Uncia = Callable[..., Answer]


def table(package: Path, name: str) -> Rows:
    with (package / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [*csv.DictReader(file)]


@pytest.fixture(scope="module")
def example(lab: Path) -> Path:
    return lab / "camtrap_dp"


@pytest.fixture
def again(example: Path, uncia: Uncia, desk: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example as it comes out: deployments imported, a frame for each medium, verdicts imported, all exported."""
    store = MemoryStore()
    for name, thing in {"store": store, "sequences": MemoryQueue(), "clock": lambda: MADE}.items():
        monkeypatch.setattr(f"cli.storage.{name}", lambda connection, thing=thing: thing)
    monkeypatch.setattr("cli.storage.found", lambda data: {})
    camera = {row["deploymentID"]: row["cameraID"] for row in table(example, "deployments")}
    for row in table(example, "media"):
        at = datetime.fromisoformat(row["timestamp"]).replace(tzinfo=None)
        digest = hashlib.sha256(row["mediaID"].encode()).hexdigest()
        path = f"{camera[row['deploymentID']]}/{row['fileName']}"
        store.write_frame(seen(at, camera=camera[row["deploymentID"]], path=path, digest=digest), "")
    assert uncia("deployments", "import", example).code == 0
    answer = uncia("verdicts", "import", example, "--by", "INBO")
    # A verdict is one word: of 40 media with two species of ducks and herons none is kept, and that is said.
    said = "352 verdicts recorded\n40 rows matched several species (the first is row 92)\n"
    assert (answer.code, answer.err) == (0, said)
    for own in {*camera.values()}:
        days = sorted({key[:8] for _, key in store.frame_keys()})
        frames = [frame for day in days for frame in store.read_frames(own, day)]
        store.apply(Changes(tuple(labels(frames, Limits(), FakeHead())), (), ()), MADE)
    assert uncia("export", "camtrap-dp", "again").code == 0
    return desk / "again"


def test_what_comes_out_is_valid(again: Path, example: Path) -> None:
    assert problems(again, example / "schemas") == []


def test_deployments_are_the_same_in_every_column(again: Path, example: Path) -> None:
    assert [*table(again, "deployments")[0]] == [*COLUMNS]
    by_name = {row["deploymentID"]: row for row in table(again, "deployments")}
    assert by_name == {row["deploymentID"]: row for row in table(example, "deployments")}


def test_times_are_the_same_instants(again: Path, example: Path) -> None:
    def times(package: Path) -> dict[str, datetime]:
        rows = table(package, "media")
        return {row["fileName"]: datetime.fromisoformat(row["timestamp"]).astimezone(UTC) for row in rows}

    assert times(again) == times(example)


def species(rows: Rows) -> set[str]:
    told = (row for row in rows if row["observationType"] not in ("unknown", "unclassified"))
    return {row["scientificName"] or row["observationType"] for row in told}


def of_media(package: Path) -> dict[str, set[str]]:
    """By file name: what people said of it."""
    names = {row["mediaID"]: row["fileName"] for row in table(package, "media")}
    found: dict[str, Rows] = {}
    for row in table(package, "observations"):
        if row["classificationMethod"] == "human" and row["mediaID"]:
            found.setdefault(names[row["mediaID"]], []).append(row)
    return {name: said for name, rows in found.items() if (said := species(rows))}


def of_events(package: Path) -> dict[frozenset[str], set[str]]:
    """By the file names of an event: what people said of it or of its media, but blank beside an animal."""
    names = {row["mediaID"]: row["fileName"] for row in table(package, "media")}
    files: dict[str, set[str]] = {}
    said: dict[str, Rows] = {}
    for row in table(package, "observations"):
        if row["mediaID"] and row["eventID"]:
            files.setdefault(row["eventID"], set()).add(names[row["mediaID"]])
        if row["classificationMethod"] == "human":
            said.setdefault(row["eventID"] or row["mediaID"], []).append(row)
    found = {frozenset(files[event]): species(said.get(event, [])) for event in files}
    return {files: told - {"blank"} if len(told) > 1 else told for files, told in found.items()}


def test_what_people_said_of_each_medium_and_event_is_the_same(again: Path, example: Path) -> None:
    several = {name for name, said in of_media(example).items() if len(said) > 1}
    known = {name: said for name, said in of_media(example).items() if name not in several}
    assert {name: said for name, said in of_media(again).items() if name in known} == known
    events = {files: said for files, said in of_events(example).items() if len(files) > 1 and not files & several}
    assert len(events) == 29
    assert {files: of_events(again)[files] for files in events} == events
