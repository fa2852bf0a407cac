"""What people know of their images is read from any of four forms, or refused in one sentence."""

from __future__ import annotations

import csv
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from shared.errors import UnciaError
from training import camtrap_dp
from training.examples import read
from training.manifest import Example

NOON = datetime(2026, 1, 31, 12)
MEDIA = "mediaID,deploymentID,captureMethod,timestamp,filePath,fileName"
OBSERVED = (
    "observationID,deploymentID,mediaID,eventID,eventStart,eventEnd,observationLevel,observationType,scientificName,"
    "classificationMethod"
)


def touched(folder: Path, *names: str) -> Path:
    for name in names:
        folder.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
        folder.joinpath(name).touch()
    return folder


def package(folder: Path, media: list[str], observed: list[str], deployments: str = "d,cam 1") -> Path:
    folder.joinpath("media.csv").write_text("\n".join([MEDIA, *media]), "utf-8")
    folder.joinpath("observations.csv").write_text("\n".join([OBSERVED, *observed]), "utf-8")
    folder.joinpath("deployments.csv").write_text(f"deploymentID,cameraID\n{deployments}\n", "utf-8")
    return folder


def coco(folder: Path, **said: Any) -> Path:
    told: dict[str, Any] = {
        "images": [{"id": "i", "file_name": "1.jpg", "datetime": "2026-01-31 12:00:00", "seq_id": "s", "location": 7}],
        "categories": [{"id": 0, "name": "empty"}, {"id": 3, "name": "ibex"}],
        "annotations": [{"image_id": "i", "category_id": 3}],
    }
    folder.joinpath("labels.json").write_text(json.dumps(told | said), "utf-8")
    return folder / "labels.json"


def test_a_folder_for_each_species_may_lie_in_one_for_each_camera(tmp_path: Path) -> None:
    touched(
        tmp_path, "Station A/ibex/1.JPG", "Station A/ibex/._1.JPG", "blank/2.jpg", "3.jpg", "Station A/ibex/read me.txt"
    )
    assert read(tmp_path).examples == (
        Example(tmp_path / "Station A/ibex/1.JPG", "Station A", None, "ibex", ""),
        Example(tmp_path / "blank/2.jpg", "unnamed", None, "blank", ""),
    )


def test_a_csv_file_is_a_manifest(tmp_path: Path) -> None:
    touched(tmp_path, "1.jpg").joinpath("m.csv").write_text("path,camera,captured_at,species\n1.jpg,a,,ibex\n")
    assert read(tmp_path / "m.csv", tmp_path).examples == (Example(tmp_path / "1.jpg", "a", None, "ibex", ""),)


def test_coco_camera_traps_is_read(tmp_path: Path) -> None:
    found = read(coco(touched(tmp_path, "1.jpg")), tmp_path)
    assert found.examples == (Example(tmp_path / "1.jpg", "7", NOON, "ibex", "7~s"),)


def test_of_coco_what_is_empty_is_blank_and_what_is_not_annotated_is_left_out(tmp_path: Path) -> None:
    images = [{"id": 1, "file_name": "Ridge/1.jpg"}, {"id": 2, "file_name": "2.jpg"}, {"id": 3, "file_name": "3.jpg"}]
    said = [{"image_id": 1, "category_id": 0}, {"image_id": 1, "category_id": 3}, {"image_id": 3, "category_id": 3}]
    found = read(coco(touched(tmp_path, "Ridge/1.jpg", "2.jpg"), images=images, annotations=said), tmp_path)
    assert found.examples == (Example(tmp_path / "Ridge/1.jpg", "Ridge", None, "blank", ""),)
    assert found.n_missing == 1


def test_camtrap_dp_is_read(tmp_path: Path) -> None:
    media = [
        "m1,d,,2026-01-31T12:00:00+05:00,media/1.jpg,x.jpg",
        "m2,d,,2026-01-31T12:00:10+05:00,http://x/y/file,2.jpg",
    ]
    rows = ["o1,d,m1,e1,,,media,animal,Capra ibex,human", "o2,d,m2,e1,,,media,blank,,human"]
    found = read(package(touched(tmp_path, "media/1.jpg", "media/2.jpg"), media, rows))
    assert found.examples == (
        Example(tmp_path / "media/1.jpg", "cam 1", NOON, "Capra ibex", "cam 1~e1"),
        Example(tmp_path / "media/2.jpg", "cam 1", NOON.replace(second=10), "blank", "cam 1~e1"),
    )


def test_of_camtrap_dp_an_event_speaks_for_images_that_nothing_is_said_of(tmp_path: Path) -> None:
    times = ("12:00:00", "12:00:10", "12:30:00")
    media = [f"m{number},d,,2026-01-31T{time}Z,{number}.jpg," for number, time in enumerate(times)]
    window = "2026-01-31T14:00:00+02:00,2026-01-31T14:00:10+02:00"
    rows = [f"o1,d,,e1,{window},event,animal,Capra ibex,human", "o2,d,m1,e1,,,media,vehicle,,human"]
    found = read(package(touched(tmp_path, "0.jpg", "1.jpg", "2.jpg"), media, rows, "other,x"))
    assert [(one.path.name, one.species, one.camera) for one in found.examples] == [
        ("0.jpg", "Capra ibex", "d"), ("1.jpg", "vehicle", "d"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "row", ["o1,d,m1,e1,,,media,animal,Capra ibex,machine", "o1,d,m1,e1,,,media,unclassified,,human"]
)
def test_of_camtrap_dp_only_what_people_said_counts(tmp_path: Path, row: str) -> None:
    media = ["m1,d,,2026-01-31T12:00:00Z,1.jpg,"]
    with pytest.raises(UnciaError, match="says of no image what it shows"):
        read(package(touched(tmp_path, "1.jpg"), media, [row]))


@pytest.mark.parametrize("path", ["../secret.jpg", "/etc/passwd", "media/../../secret.jpg"])
def test_no_package_leads_out_of_its_folder(tmp_path: Path, path: str) -> None:
    touched(tmp_path, "secret.jpg", "own/x.txt")
    own = package(tmp_path / "own", [f"m1,d,,2026-01-31T12:00:00Z,{path},"], ["o1,d,m1,e1,,,media,blank,,human"])
    with pytest.raises(UnciaError, match=r"none of the images that .* names is there"):
        read(own)


def test_no_coco_file_leads_out_of_its_folder(tmp_path: Path) -> None:
    touched(tmp_path, "secret.jpg", "own/x.txt")
    file = coco(tmp_path / "own", images=[{"id": "i", "file_name": "../secret.jpg"}])
    with pytest.raises(UnciaError, match=r"labels\.json, image 1: '\.\./secret\.jpg' is no file below the folder"):
        read(file, tmp_path / "own")


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"images": [{"id": "i", "file_name": ""}]}, "image 1: '' is no file below"),
    ({"images": [{"id": "i", "file_name": "1.jpg", "datetime": "noon"}]}, "image 1: datetime is 'noon'"),
    ({"categories": []}, "image 1: its category 3 is not listed"),
    ({"annotations": [{}]}, "is no COCO Camera Traps file: it lacks or garbles 'image_id'"),
    ({"images": []}, "says of no image what it shows"),
]


@pytest.mark.parametrize(("said", "why"), REFUSED)
def test_a_coco_file_is_refused_with_its_entry(tmp_path: Path, said: dict[str, Any], why: str) -> None:
    with pytest.raises(UnciaError, match=why):
        read(coco(touched(tmp_path, "1.jpg"), **said), tmp_path)


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"images": 3}', "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")]
)
def test_what_is_no_coco_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text, "utf-8")
    with pytest.raises(UnciaError, match="is no COCO Camera Traps file"):
        read(tmp_path / "x.json", tmp_path)


@pytest.mark.parametrize(
    ("source", "why"), [("m.csv", "say with --images which folder"), ("nowhere", "there is no file or folder")]
)
def test_a_file_needs_the_folder_of_its_images(tmp_path: Path, source: str, why: str) -> None:
    touched(tmp_path, "m.csv")
    with pytest.raises(UnciaError, match=why):
        read(tmp_path / source)


def test_the_standards_own_example_is_read(lab: Path) -> None:
    found = camtrap_dp.read(lab / "camtrap_dp", lab / "camtrap_dp")
    with (lab / "camtrap_dp" / "observations.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["classificationMethod"] == "human"]
    known = {row["eventID"] for row in rows if row["observationType"] not in ("unknown", "unclassified")}
    assert {one.sequence.partition("~")[2] for one in found} == known
    assert {"Anas platyrhynchos", "blank", "vehicle"} < {one.species for one in found}


def test_what_only_a_machine_said_is_no_example(lab: Path) -> None:
    # The ten images that the standard comes with are of one event, which nobody but a model has judged.
    with pytest.raises(UnciaError, match=r"none of the images that .* names is there"):
        read(lab / "camtrap_dp")


def test_a_folder_of_stations_and_species_is_read(lab: Path) -> None:
    found = read(lab / "camtrapr" / "sample_images_species_dir").examples
    assert {one.camera for one in found} == {"StationA", "StationB", "StationC"}
    assert "PBE" in {one.species for one in found}
