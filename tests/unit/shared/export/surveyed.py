"""A small survey with everything that makes formats difficult, and the texts of its exports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from shared.deployment import Deployment
from shared.export.form import Form
from shared.export.project import Project, read
from shared.export.survey import Survey
from shared.export.tally import Tally
from shared.frame import Frame
from shared.label import Changes, Label, labels
from shared.sequence import Limits
from shared.verdict import Verdict
from tests.memory import MemoryStore
from tests.unit.shared.making import NOON, FakeHead, corrupt, say, seen

MADE = datetime(2026, 2, 1, 8, tzinfo=UTC)
KATHMANDU = timezone(timedelta(hours=5, minutes=45))
PROJECT = read('[names]\nleopard = "Panthera uncia"\nsnow_leopard = "Panthera uncia"\nibex = "Capra sibirica"\n')
RIDGE, ODD, LOST = "Ridge 1", '=odd, "Снег"\n', "-lost"
# Five years late: its clock was reset.
RESET = timedelta(days=1826, hours=3)


def deployment(camera: str, number: int, start: datetime, days: int, **said: Any) -> Deployment:
    """A deployment of a camera, with the columns that must be there and one that need not."""
    end = start + timedelta(days=days)
    told = {
        "deploymentID": f"dep {number}",
        "locationName": f"Place, {number}",
        "latitude": "42.10",
        "longitude": "78.5",
    }
    times = {"deploymentStart": start.isoformat(), "deploymentEnd": end.isoformat()}
    columns = told | times | {"cameraID": camera, "habitat": "scree; snow", "timestampIssues": "false"}
    return Deployment(camera=camera, start=start, end=end, columns=columns, **said)


DEPLOYMENTS = (
    deployment(RIDGE, 1, datetime(2026, 1, 1, tzinfo=KATHMANDU), 40),
    deployment(ODD, 2, datetime(2031, 1, 1, tzinfo=UTC), 90, correction=RESET),
)


def frames() -> list[Frame]:
    """Bursts of three cameras: with a corrupt, an undated and a blank picture, and one of nothing that decodes."""
    found = []
    for camera in (RIDGE, ODD, LOST):
        path = camera.replace("\n", " ")
        told: list[tuple[Frame, str]] = [
            *((seen(at, 0.9, camera=camera), f"1/{at}.jpg") for at in (0, 7, 13)),
            (corrupt(20, camera=camera), "1/20.JPG"),
            *((seen(600 + at, 0.1, camera=camera), f"50%/..{at}.png") for at in (0, 4)),
            (seen(1200, 0.55, camera=camera), "2/unsure.jpg"),
            (corrupt(1800, camera=camera), "2/bad.tif"),
            *((seen(2400 + at, 0.8, camera=camera), f"3/{at}.jpg") for at in (0, 1, 2)),
            (seen(None, 0.8, camera=camera), "no time.jpg"),
        ]
        found += [_at(frame, f"{path}/{name}") for frame, name in told]
    return found


def _at(frame: Frame, path: str) -> Frame:
    return replace(frame, path=path)


def judged(label: Label) -> Label:
    """What people said: all of a burst at once, each frame by itself, some frames only, or nothing."""
    said = {0: ("snow_leopard", True), 1: ("blank", True), 4: ("ibex", False), 2: ("person | dog, 100%", False)}
    number = sum(label.start > NOON + timedelta(seconds=at) for at in (599, 1199, 1799, 2399)) if label.start else 9
    if number not in said or label.camera == LOST:
        return label
    word, of_sequence = said[number]
    verdicts = {
        shot.row_key: Verdict(
            camera=label.camera, row_key=shot.row_key, said=word, by="=Ana" if place else "Bo", of_sequence=of_sequence,
            at=MADE + timedelta(seconds=of_sequence or place),
        )
        for place, shot in enumerate(label.frames)
        if of_sequence or place != 2
    }  # fmt: skip
    if of_sequence:
        verdicts = {key: Verdict(camera=one.camera, row_key=key, said=word, by="Ana", at=MADE, of_sequence=True)
                    for key, one in verdicts.items()}  # fmt: skip
    return label.under(verdicts)


def all_labels() -> list[Label]:
    """The labels of all frames, in the order of the store."""
    found = frames()
    cameras = sorted({frame.camera for frame in found}, key=lambda name: name)
    own = (labels([one for one in found if one.camera == name], Limits(), FakeHead()) for name in cameras)
    return [judged(label) for some in own for label in some]


def stored() -> MemoryStore:
    """A store that holds the survey."""
    store = MemoryStore()
    for frame in frames():
        store.write_frame(frame, "")
    store.write_deployments(DEPLOYMENTS)
    told = all_labels()
    say(store, (shot.verdict for label in told for shot in label.frames if shot.verdict))
    store.apply(Changes(tuple(told), (), ()), MADE)
    return store


def survey(store: MemoryStore, project: Project = PROJECT, **said: Any) -> Survey:
    """What an export of a store knows."""
    return Survey(created=MADE, deployments=store.read_deployments(), project=project, **said)


def exported(form: Form, store: MemoryStore | None = None, **said: Any) -> dict[str, str]:
    """The texts of the files of an export, by name."""
    store = store or stored()
    told = survey(store, **{"classes": ("blank", "leopard")} | said)
    tally = Tally.begin(told.classes)
    texts = dict.fromkeys(form.parts, "") | form.begin(told)
    for label in store.labels_after():
        for part, text in form.pass_on(label, told, tally).items():
            texts[part] += text
    texts |= {part: texts[part] + text for part, text in form.end(told, tally).items()}
    return {name: "".join(texts[part] for part in parts) for name, parts in form.files.items()}


def put(folder: Path, files: Mapping[str, str]) -> Path:
    """The files in a folder."""
    for name, text in files.items():
        folder.joinpath(name).write_text(text, "utf-8", newline="")
    return folder
