"""`uncia export`: whole files, or what was there before."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from shared.export.forms import FORMS
from shared.export.project import TEMPLATE
from shared.label import Label
from tests.memory import MemoryStore
from tests.unit.shared.export.surveyed import LOST, RIDGE, exported, stored

from .conftest import Answer

type Uncia = Callable[..., Answer]


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, desk: Path) -> MemoryStore:
    made = stored()
    monkeypatch.setattr("cli.storage.found", lambda data: {})
    monkeypatch.setattr("cli.storage.store", lambda connection: made)
    return made


FILES = {
    "megadetector": "megadetector.json", "coco": "coco.json", "csv": "sequences.csv", "frames-csv": "frames.csv",
}  # fmt: skip


@pytest.mark.parametrize("form", FILES)
def test_a_file_is_written_whole(store: MemoryStore, uncia: Uncia, desk: Path, form: str) -> None:
    answer = uncia("export", form, "out")
    assert answer[:2] == (0, "")
    assert answer.err.splitlines()[-1] == "18 sequences written to out"
    text = desk.joinpath("out").read_text("utf-8")
    assert text.count("\n") == exported(FORMS[form], store)[FILES[form]].count("\n")
    assert [file.name for file in desk.iterdir() if "part" in file.name] == []


def test_a_package_is_a_folder_or_a_zip_file(store: MemoryStore, uncia: Uncia, desk: Path) -> None:
    assert uncia("export", "camtrap-dp", "package").code == 0
    assert uncia("export", "camtrap-dp", "package.zip").code == 0
    names = ["datapackage.json", "deployments.csv", "media.csv", "observations.csv"]
    assert sorted(file.name for file in (desk / "package").iterdir()) == names
    with zipfile.ZipFile(desk / "package.zip") as file:
        assert sorted(file.namelist()) == names
        for name in names[1:]:
            assert file.read(name) == (desk / "package" / name).read_bytes()


def test_only_what_is_asked_for_is_written(store: MemoryStore, uncia: Uncia, desk: Path) -> None:
    for words, number in (
        (["--camera", RIDGE], 6), (["--camera", RIDGE, "--camera", LOST], 12), (["--only-reviewed"], 8),
        (["--from", "2026-01-31", "--to", "2026-01-31"], 10), (["--from", "2026-02-01"], 5), (["--camera", "no"], 0),
    ):  # fmt: skip
        assert uncia("export", "csv", "out.csv", *words).err.splitlines()[-1].startswith(f"{number} sequences")
    assert uncia("export", "coco", "all.json", "--machine").code == 0
    said = json.loads(desk.joinpath("all.json").read_text("utf-8"))
    assert {one["classification_method"] for one in said["annotations"]} == {"machine"}


def test_what_will_be_missing_is_said(store: MemoryStore, uncia: Uncia, desk: Path) -> None:
    desk.joinpath("project.toml").write_text('[names]\nleopard = "Panthera uncia"\n', "utf-8")
    first, second, third, last = uncia("export", "camtrap-dp", "out", "--project", "project.toml").err.splitlines()
    assert first.startswith("Note: 11 frames in no deployment, of cameras -lost")
    assert second == "Note: 3 frames without a time that is believed."
    assert third.startswith("Note: no scientific name is known of ibex, person | dog, 100%, snow_leopard")
    assert last == "18 sequences written to out"


def test_a_project_file_is_begun_with_a_template(uncia: Uncia, desk: Path) -> None:
    assert uncia("export", "template").out == TEMPLATE


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["xls", "out"], "there is no format 'xls': it is camtrap-dp, megadetector, coco, csv, frames-csv"),
        (["csv"], "name a file or folder to write to"),
        (["csv", "no/out.csv"], "there is no folder no"),
        (["csv", "card"], "card is a folder: name a file to write to"),
        (["camtrap-dp", "nothing.csv"], "nothing.csv is a file: name a folder, or a file that ends in .zip"),
        (["camtrap-dp", "no/out"], "there is no folder"),
        (["csv", "out.csv", "--project", "none.toml"], "no such file or directory: none.toml"),
        (["csv", "out.csv", "--project", "card/a/1.jpg"], "card/a/1.jpg is not UTF-8 text"),
        (["csv", "out.csv", "--project", "no cells.csv"], "the project file is no TOML"),
    ],
)
def test_a_mistake_is_one_sentence(store: MemoryStore, uncia: Uncia, words: list[str], sentence: str) -> None:
    answer = uncia("export", *words)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith(f"uncia: {sentence}")
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize("form", ["csv", "camtrap-dp", "parquet"])
def test_who_is_interrupted_has_what_there_was_before(
    store: MemoryStore, uncia: Uncia, desk: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    assert uncia("export", form, "out", "--camera", RIDGE).code == 0
    before = {file: file.read_bytes() for file in desk.rglob("out*") if file.is_file()}
    before |= {file: file.read_bytes() for file in desk.glob("out/*")}

    def stop() -> Iterator[Label]:
        yield next(MemoryStore.labels_after(store))
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "labels_after", lambda *_, **__: stop())
    assert uncia("export", form, "out").code == 130
    assert {file: file.read_bytes() for file in before} == before
    assert [file.name for file in desk.iterdir() if "part" in file.name] == []


def test_parquet_has_types_and_every_score(store: MemoryStore, uncia: Uncia, desk: Path) -> None:
    assert uncia("export", "parquet", "tables").code == 0
    frames: list[dict[str, Any]] = parquet.read_table(desk / "tables" / "frames.parquet").to_pylist()
    sequences = parquet.read_table(desk / "tables" / "sequences.parquet").to_pylist()
    assert (len(frames), len(sequences)) == (36, 18)
    (row,) = (one for one in frames if one["path"] == f"{RIDGE}/3/1.jpg")
    assert (row["time"].isoformat(), row["captured_at"].isoformat()) == (
        "2026-01-31T06:55:01+00:00", "2026-01-31T12:40:01",
    )  # fmt: skip
    assert (dict(row["scores"]), row["verdict"], row["by"]) == ({"blank": 0.2, "leopard": 0.8}, "ibex", "=Ana")
    (row,) = (one for one in sequences if one["camera"] == RIDGE and one["verdict"] == "snow_leopard")
    assert (row["frames"], row["scored"], row["complete"], row["label"]) == (4, 3, True, "leopard")


def test_an_export_of_labels_that_changed_meanwhile_is_still_one(store: MemoryStore, uncia: Uncia, desk: Path) -> None:
    found = [*store.labels_after()]
    strange = replace(found[0], scores={"yeti": 1.0}, label="yeti", probability=1.0)
    store.labels_after = lambda *_, **__: iter([strange, *found[1:]])  # type: ignore[method-assign]
    assert uncia("export", "coco", "out.json").code == 0
    assert "yeti" in {one["name"] for one in json.loads(desk.joinpath("out.json").read_text("utf-8"))["categories"]}
