"""What is exported comes back as it was: verdicts, and what labels say."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli import sayings
from cli.matching import matched
from shared.export.camtrap_dp import FORM as CAMTRAP_DP
from shared.export.coco import FORM as COCO
from shared.export.form import Form
from shared.export.tables import FRAMES
from shared.label import Changes, Label, Shot
from shared.verdict import Verdict
from tests.memory import MemoryQueue, MemoryStore
from tests.unit.shared.export.surveyed import LOST, MADE, RIDGE, all_labels, exported, frames, put, stored
from tests.unit.shared.making import say
from training.examples import read

from .conftest import Answer

FORMS = {"coco.json": COCO, "frames.csv": FRAMES, "": CAMTRAP_DP}

type Uncia = Callable[..., Answer]


def verdicts(store: MemoryStore) -> dict[str, Verdict]:
    return {one.path: one.verdict for one in store.verdicts()}


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch, desk: Path) -> MemoryStore:
    """A store with the same frames, of which nobody said anything."""
    made, queue = MemoryStore(), MemoryQueue()
    for frame in frames():
        made.write_frame(frame, "")
    monkeypatch.setattr("cli.storage.found", lambda data: {})
    monkeypatch.setattr("cli.storage.store", lambda connection: made)
    monkeypatch.setattr("cli.storage.sequences", lambda connection: queue)
    monkeypatch.setattr("cli.storage.clock", lambda connection: lambda: MADE)
    monkeypatch.setattr(made, "queue", queue, raising=False)
    return made


@pytest.mark.parametrize("name", FORMS)
def test_verdicts_come_back_as_they_were(empty: MemoryStore, uncia: Uncia, tmp_path: Path, name: str) -> None:
    put(tmp_path, exported(FORMS[name]))
    answer = uncia("verdicts", "import", tmp_path / name)
    assert (answer.code, answer.err) == (0, "18 verdicts recorded\n")
    assert verdicts(empty) == verdicts(stored())


def test_verdicts_come_back_from_a_zip_file_too(empty: MemoryStore, uncia: Uncia, tmp_path: Path) -> None:
    folder = tmp_path / "package"
    folder.mkdir()
    put(folder, exported(CAMTRAP_DP))
    shutil.make_archive(str(folder), "zip", folder)
    assert uncia("verdicts", "import", tmp_path / "package.zip").err == "18 verdicts recorded\n"
    assert verdicts(empty) == verdicts(stored())


def test_labels_are_asked_to_follow(empty: MemoryStore, uncia: Uncia, tmp_path: Path) -> None:
    put(tmp_path, exported(COCO))
    uncia("verdicts", "import", tmp_path / "coco.json")
    asked: Any = empty.queue  # type: ignore[attr-defined]
    assert len(asked.sent) == 2
    assert all('"day": "20260131"' in text for text, _ in asked.sent)


@pytest.mark.parametrize("name", FORMS)
def test_the_history_knows_what_was_brought_as_it_knows_what_was_decided(
    empty: MemoryStore, uncia: Uncia, tmp_path: Path, name: str
) -> None:
    put(tmp_path, exported(FORMS[name]))
    for _ in range(2):  # what is said already is not decided again
        uncia("verdicts", "import", tmp_path / name)
    told = [(one.camera, key, one.said, one.by, one.at) for one in empty.decisions() for key in one.frames]
    said = [(one.camera, one.row_key, one.said, one.by, one.at) for one in verdicts(stored()).values()]
    assert sorted(told) == sorted(said)


def test_who_gives_a_name_says_it_now(empty: MemoryStore, uncia: Uncia, tmp_path: Path) -> None:
    put(tmp_path, exported(COCO))
    assert uncia("verdicts", "import", tmp_path / "coco.json", "--by", "Cy").code == 0
    assert {one.by for one in verdicts(empty).values()} == {"Cy"}
    assert min(one.at for one in verdicts(empty).values()) > MADE


def test_a_later_verdict_stays(empty: MemoryStore, uncia: Uncia, tmp_path: Path) -> None:
    put(tmp_path, exported(FRAMES))
    path, earlier = next(iter(verdicts(stored()).items()))
    later = replace(earlier, said="lynx", at=MADE.replace(year=2027))
    say(empty, [later])
    answer = uncia("verdicts", "import", tmp_path / "frames.csv")
    assert answer.err == "17 verdicts recorded\n1 frame kept a later verdict\n"
    assert verdicts(empty)[path] == later


@pytest.mark.parametrize("name", ["coco.json", "plain.csv"])
def test_a_source_that_does_not_tell_who_needs_a_name(
    empty: MemoryStore, uncia: Uncia, tmp_path: Path, name: str
) -> None:
    said = json.loads(exported(COCO)["coco.json"])
    for one in said["annotations"]:
        one.pop("classified_by")
    tmp_path.joinpath("coco.json").write_text(json.dumps(said), "utf-8")
    tmp_path.joinpath("plain.csv").write_text(f"path,species\n{RIDGE}/1/0.jpg,lynx\n", "utf-8")
    answer = uncia("verdicts", "import", tmp_path / name)
    assert answer.code == 1
    assert answer.err.startswith("uncia: the source does not tell who said ")
    assert answer.err.endswith("give --by NAME\n")


def spoilt(name: str, change: Callable[[str], str]) -> Callable[[Path], Path]:
    def spoil(folder: Path) -> Path:
        put(folder, exported(CAMTRAP_DP) | exported(COCO) | exported(FRAMES))
        file = folder / name
        file.write_text(change(file.read_text("utf-8")), "utf-8", newline="")
        return folder if name.startswith("obs") else file

    return spoil


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (spoilt("observations.csv", lambda text: text.replace("said:ibex", "said:%07")), "control characters"),
        (spoilt("observations.csv", lambda text: text.replace("2026-02-01T08:", "yesterday ")), "is no time"),
        (spoilt("coco.json", lambda text: text.replace('"ibex"', '"i\\u0007"')), "control characters"),
        (spoilt("coco.json", lambda text: text.replace("2026-02-01T08:", "yesterday ")), "is no time"),
        (spoilt("frames.csv", lambda text: text.replace(",ibex,", ",i\x07,")), "control characters"),
        (spoilt("frames.csv", lambda text: text.replace("2026-02-01T08:", "yesterday ")), "a time is written like"),
    ],
)
def test_nonsense_is_refused_in_one_sentence(
    empty: MemoryStore, uncia: Uncia, tmp_path: Path, spoil: Callable[[Path], Path], sentence: str
) -> None:
    answer = uncia("verdicts", "import", spoil(tmp_path))
    assert (answer.code, answer.err.count("\n")) == (1, 1)
    assert sentence in answer.err
    assert verdicts(empty) == {}


@pytest.mark.parametrize("name", ["no.zip", "no package"])
def test_what_is_no_package_is_refused(empty: MemoryStore, uncia: Uncia, tmp_path: Path, name: str) -> None:
    tmp_path.joinpath("no package").mkdir()
    tmp_path.joinpath("no.zip").write_bytes(b"PK")
    assert uncia("verdicts", "import", tmp_path / name).err.startswith(f"uncia: {name} is no ")


def test_images_of_several_species_are_counted(empty: MemoryStore, uncia: Uncia, tmp_path: Path) -> None:
    said = json.loads(exported(COCO)["coco.json"])
    said["annotations"] += [{**one, "id": one["id"] + "+", "category_id": 0} for one in said["annotations"]]
    tmp_path.joinpath("coco.json").write_text(json.dumps(said), "utf-8")
    told = uncia("verdicts", "import", tmp_path / "coco.json").err.splitlines()
    assert len(told) == 2
    assert told[1].endswith("images matched several species (the first is image 13)")


def test_labels_come_back_as_species_of_events(tmp_path: Path) -> None:
    rows = [*csv.DictReader(exported(CAMTRAP_DP)["observations.csv"].splitlines(keepends=True))]
    machine = {
        row["eventID"]: dict(tag.split(":") for tag in row["observationTags"].split(" | ") if tag).get("said")
        or row["scientificName"] or row["observationType"]
        for row in rows
        if row["observationLevel"] == "event" and row["classificationMethod"] != "human"
    }  # fmt: skip
    assert machine == {f"{one.camera}~{one.sequence_id}": one.label for one in all_labels() if one.start}


@pytest.mark.parametrize("name", ["coco.json", ""])
def test_what_people_said_can_be_learnt_from(tmp_path: Path, name: str) -> None:
    package, images = tmp_path / "package", tmp_path / "images"
    package.mkdir()
    put(package, exported(FORMS[name]))
    for frame in frames():
        file = images / frame.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    found = {one.path.relative_to(images).as_posix(): one.species for one in read(package / name, images).examples}
    # Camtrap DP has scientific names; what was said of an event, its other frames learn too.
    ibex, leopard = ("ibex", "snow_leopard") if name else ("Capra sibirica", "Panthera uncia")
    assert (found[f"{RIDGE}/3/0.jpg"], found[f"{RIDGE}/1/0.jpg"]) == (ibex, leopard)
    assert found[f"{RIDGE}/50%/..0.png"] == "blank"
    assert not any(path.startswith(LOST) for path in found)


WORDS = st.sampled_from(
    ("lynx", "blank", "person", "unknown", "a|b%", "snow_leopard", "corrupt", "Homo sapiens", "'=x")
)
SAID = st.none() | st.tuples(WORDS, st.sampled_from(("Ana", "Bo")), st.booleans(), st.integers(0, 2))


@settings(max_examples=40)
@given(st.lists(SAID, min_size=33, max_size=33))
def test_whatever_was_said_of_frames_with_a_time_comes_back(
    tmp_path_factory: pytest.TempPathFactory, said: list[tuple[str, str, bool, int] | None]
) -> None:
    store, told = stored(), iter(said)
    wanted: dict[str, Verdict | None] = {}

    def judge(label: Label, shot: Shot) -> Verdict | None:
        told_of = next(told) if shot.captured_at else None
        if told_of is None:
            return None
        word, by, of, second = told_of
        return Verdict(
            camera=label.camera, row_key=shot.row_key, said=word, by=by, at=MADE.replace(second=second), of_sequence=of
        )

    found = []
    for label in store.labels_after():
        given = {shot.row_key: judge(label, shot) for shot in label.frames}
        wanted |= {shot.path: given[shot.row_key] for shot in label.frames if given[shot.row_key]}
        frames = tuple(replace(shot, verdict=given[shot.row_key]) for shot in label.frames)
        found.append(replace(label, frames=frames))
    fresh: Any = MemoryStore()
    fresh.apply(Changes(tuple(found), (), ()), MADE)
    folder = tmp_path_factory.mktemp("said")
    for name, form in FORMS.items():
        assert back(form, folder, name, fresh, store) == wanted


def back(form: Form, folder: Path, name: str, fresh: MemoryStore, store: MemoryStore) -> dict[str, Verdict]:
    put(folder, exported(form, fresh))
    paths = {key: path for _, key, path in store.frame_paths()}
    found = matched(sayings.read(folder / name), store.frame_paths(), "", MADE)
    return {paths[one.row_key]: one for one in found.verdicts}
