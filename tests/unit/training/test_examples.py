"""What people know of their images is read from any of four forms, or refused in one sentence."""

from __future__ import annotations

import csv
import json
import math
import os
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from shared.errors import UnciaError
from training import camtrap_dp
from training.examples import once, read
from training.found import Found
from training.manifest import Classes, Example

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


def test_what_lies_in_no_species_folder_is_counted_and_hidden_folders_are_not(tmp_path: Path) -> None:
    touched(tmp_path, "1.jpg", "ibex/2.jpg", "ibex/.picasaoriginals/2.jpg", ".Trash-1000/3.jpg", "ibex/Thumbs.db")
    (tmp_path / "ibex" / "again").symlink_to(tmp_path)
    (tmp_path / "ibex" / "loop.jpg").symlink_to(tmp_path / "ibex" / "loop.jpg")
    found = read(tmp_path)
    assert [one.path.name for one in found.examples] == ["2.jpg"]
    assert (found.n_unjudged, found.n_missing) == (1, 1)


def test_an_image_that_several_manifests_name_is_one(tmp_path: Path) -> None:
    (tmp_path / "link.jpg").symlink_to(touched(tmp_path, "1.jpg") / "1.jpg")
    one = Example(tmp_path / "1.jpg", "a", None, "ibex", "")
    assert once([one, replace(one, path=tmp_path / "link.jpg"), replace(one, captured_at=NOON)]) == [one]
    with pytest.raises(UnciaError, match=r"say different things of .*1\.jpg: ibex at a and lynx at a$"):
        once([one, replace(one, species="lynx")])


def test_folders_whose_names_are_no_text_have_names_that_can_be_written(tmp_path: Path) -> None:
    file = tmp_path / os.fsdecode(b"H\xfctte") / os.fsdecode(b"L\xfcchs") / "1.jpg"
    file.parent.mkdir(parents=True)
    file.touch()
    assert once(read(tmp_path).examples) == [Example(file, "H?tte", None, "L?chs", "")]


def test_a_csv_file_is_a_manifest(tmp_path: Path) -> None:
    touched(tmp_path, "1.jpg").joinpath("m.csv").write_text("path,camera,captured_at,species\n1.jpg,a,,ibex\n")
    assert read(tmp_path / "m.csv", tmp_path).examples == (Example(tmp_path / "1.jpg", "a", None, "ibex", ""),)


def test_coco_camera_traps_is_read(tmp_path: Path) -> None:
    found = read(coco(touched(tmp_path, "1.jpg")), tmp_path)
    assert found.examples == (Example(tmp_path / "1.jpg", "7", NOON, "ibex", "7~s"),)


def test_of_coco_what_is_empty_is_blank_and_what_is_not_annotated_is_counted(tmp_path: Path) -> None:
    images = [{"id": 1, "file_name": "Ridge/1.jpg"}, {"id": 2, "file_name": "2.jpg"}, {"id": 3, "file_name": "3.jpg"}]
    said = [{"image_id": 1, "category_id": 0}, {"image_id": 3, "category_id": 3}]
    found = read(coco(touched(tmp_path, "Ridge/1.jpg", "2.jpg"), images=images, annotations=said), tmp_path)
    assert found == Found((Example(tmp_path / "Ridge/1.jpg", "Ridge", None, "blank", ""),), n_missing=1, n_unjudged=1)


def test_of_coco_several_animals_of_a_species_are_that_species_and_several_species_none(tmp_path: Path) -> None:
    images: list[dict[str, Any]] = [{"id": number, "file_name": f"{number}.jpg"} for number in range(4)]
    said = [(0, 3), (0, 3), (1, 3), (1, 4), (2, 0), (2, 3), (3, 3), (3, 5)]
    names = [
        {"id": 0, "name": "Empty"},
        {"id": 3, "name": "ibex"},
        {"id": 4, "name": "fox"},
        {"id": 5, "name": "unknown"},
    ]
    annotations = [{"image_id": image, "category_id": category} for image, category in said]
    file = coco(
        touched(tmp_path, *["0.jpg", "1.jpg", "2.jpg", "3.jpg"]),
        images=images,
        categories=names,
        annotations=annotations,
    )
    found = read(file, tmp_path)
    assert [(one.path.name, one.species) for one in found.examples] == [("0.jpg", "ibex"), ("3.jpg", "ibex")]
    assert found.n_several == 2


def test_several_species_of_one_class_are_that_class(tmp_path: Path) -> None:
    said = [{"image_id": "i", "category_id": 3}, {"image_id": "i", "category_id": 4}]
    names = [{"id": 3, "name": "lynx"}, {"id": 4, "name": "ibex"}]
    file = coco(touched(tmp_path, "1.jpg"), categories=names, annotations=said)
    for rules in ("animal=ibex|lynx", "animal=*", "animal=ibex|lynx,other=*"):
        assert [one.species for one in read(file, tmp_path, Classes.parse(rules)).examples] == ["ibex"]
    for rules in ("cat=lynx,other=*", "cat=lynx", "bird=tit"):
        with pytest.raises(UnciaError, match="says of no image which one species it shows"):
            read(file, tmp_path, Classes.parse(rules))


@pytest.mark.parametrize(("own", "other"), [(7, "7"), ("7", 7), (7, 7.0), (0, "0")])
def test_of_coco_an_id_is_the_same_as_number_and_as_text(tmp_path: Path, own: object, other: object) -> None:
    image = {"id": own, "file_name": r"Ridge\1.jpg", "location": 0, "seq_id": 0, "datetime": None}
    said: list[dict[str, Any]] = [{"image_id": other, "category_id": own}]
    names = [{"id": other, "name": "ibex"}]
    file = coco(touched(tmp_path, "Ridge/1.jpg"), images=[image], annotations=said, categories=names)
    file.write_text("\ufeff" + file.read_text("utf-8"), "utf-8")
    assert read(file, tmp_path).examples == (Example(tmp_path / "Ridge/1.jpg", "0", None, "ibex", "0~0"),)


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
    with pytest.raises(UnciaError, match="says of no image which one species it shows"):
        read(package(touched(tmp_path, "1.jpg"), media, [row]))


def judged(folder: Path, *observed: str) -> list[tuple[str, str]]:
    """The species of three images in one minute, each in a package of its own."""
    media = [f"m{number},d,,2026-01-31T12:00:{number}0Z,{number}.jpg," for number in range(3)]
    found = read(package(touched(folder, "0.jpg", "1.jpg", "2.jpg"), media, list(observed))).examples
    return [(one.path.name, one.species) for one in found]


def test_of_camtrap_dp_several_individuals_are_one_species_and_several_species_none(tmp_path: Path) -> None:
    rows = [
        "m0,,,,media,animal,Capra ibex,human",
        "m0,,,,media,animal,Capra ibex,",
        "m1,,,,media,animal,Capra ibex,human",
    ]
    rows += ["m1,,,,media,animal,Panthera uncia,human", "m2,,,,media,animal,,human", "m2,,,,media,unknown,,human"]
    assert judged(tmp_path, *(f"o,d,{row}" for row in rows)) == [("0.jpg", "Capra ibex"), ("2.jpg", "animal")]


def test_of_camtrap_dp_events_of_several_species_speak_for_no_image(tmp_path: Path) -> None:
    window = "e1,2026-01-31T12:00:00Z,2026-01-31T12:00:10Z,event"
    rows = [f"o,d,,{window},animal,Capra ibex,human", f"o,d,,{window},human,,human"]
    assert judged(tmp_path, *rows, "o,d,m1,e1,,,media,vehicle,,human") == [("1.jpg", "vehicle")]
    found = read(tmp_path)
    assert (found.n_several, found.n_unjudged) == (1, 1)


def test_of_camtrap_dp_what_only_a_machine_said_is_counted_as_unjudged(tmp_path: Path) -> None:
    rows = ["o,d,m0,e1,,,media,animal,Capra ibex,machine", "o,d,m1,e1,,,media,unclassified,,human"]
    assert judged(tmp_path, *rows, "o,d,m2,e1,,,media,blank,,human") == [("2.jpg", "blank")]
    assert read(tmp_path).n_unjudged == 2


@pytest.mark.parametrize(
    ("columns", "row", "camera"),
    [
        ("deploymentID,cameraID,locationName", "d,7,Ridge", "7"),
        ("deploymentID,cameraID,locationName", "d,,Ridge", "Ridge"),
        ("deploymentID,locationID", "d,l1", "l1"),
        ("deploymentID,cameraID,locationName", "d,,", "d"),
        ("cameraID", "7", "d"),
    ],
)
def test_of_camtrap_dp_a_camera_without_a_name_is_its_place(
    tmp_path: Path, columns: str, row: str, camera: str
) -> None:
    judged(tmp_path, "o,d,m0,,,,media,blank,,human")
    tmp_path.joinpath("deployments.csv").write_text(f"{columns}\n{row}\n", "utf-8")
    assert {one.camera for one in read(tmp_path).examples} == {camera}


def test_of_camtrap_dp_optional_columns_may_lack(tmp_path: Path) -> None:
    judged(tmp_path, "o,d,m0,,,,media,blank,,human")
    tmp_path.joinpath("observations.csv").write_text(
        "deploymentID,mediaID,observationLevel,observationType\nd,m1,media,blank\nd,gone,media,animal\n", "utf-8"
    )
    assert [one.path.name for one in read(tmp_path).examples] == ["1.jpg"]


OBSERVATIONS = [
    ("o,d,,e1,,,media,blank,,human", "row 2: mediaID is empty, and observationLevel is media"),
    ("o,d,m0,e1,,,frame,blank,,human", "row 2: observationLevel is 'frame': it is media or event"),
    ("o,d,m0,e1,,,media,Fox,,human", "row 2: observationType is 'Fox': it is animal, human, vehicle"),
    ("o,d,m0,e1,,,media,blank,,AI", "row 2: classificationMethod is 'AI': it is human or machine"),
    ("o,d,,e1,,,event,blank,,human", "row 2: an event needs eventStart and eventEnd"),
    ("o,d,,e1,2026-01-31T12:00:00Z,2026-01-31T12:00:00,event,blank,,human", "row 2: an event needs eventStart"),
    ("o,d,,e1,dawn,dusk,event,blank,,human", "row 2: eventStart is 'dawn'"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "why"), OBSERVATIONS)
def test_an_observation_is_refused_with_its_row(tmp_path: Path, row: str, why: str) -> None:
    with pytest.raises(UnciaError, match=re.escape(f"observations.csv, {why}")):
        judged(tmp_path, row)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("m0,d,,2026-01-31T12:00:00Z,2.jpg,", "row 3: its mediaID is that of row 2 too"),
        ("m1,d,,2026-01-31T12:00:00Z,https://x/y,1.jpg", "row 3: its file .*1.jpg is that of row 2 too"),
        ("m1,d,,yesterday,2.jpg,", "row 3: timestamp is 'yesterday'"),
    ],
)
def test_a_medium_is_refused_with_its_row(tmp_path: Path, row: str, why: str) -> None:
    media = ["m0,d,,2026-01-31T12:00:00Z,1.jpg,", row]
    with pytest.raises(UnciaError, match=f"media.csv, {why}"):
        read(package(touched(tmp_path, "1.jpg"), media, ["o,d,m0,,,,media,blank,,human"]))


def test_times_at_the_ends_of_time_are_compared(tmp_path: Path) -> None:
    window = "e1,0001-01-01T00:00:00+14:00,9999-12-31T23:59:59-12:00,event"
    assert len(judged(tmp_path, f"o,d,,{window},blank,,human")) == 3


@pytest.mark.parametrize("path", ["../secret.jpg", "/etc/passwd", "media/../../secret.jpg"])
def test_no_package_leads_out_of_its_folder(tmp_path: Path, path: str) -> None:
    touched(tmp_path, "secret.jpg", "own/x.txt")
    own = package(tmp_path / "own", [f"m1,d,,2026-01-31T12:00:00Z,{path},"], ["o1,d,m1,e1,,,media,blank,,human"])
    with pytest.raises(UnciaError, match=r"none of the images that .* names is there"):
        read(own)


def test_no_coco_file_leads_out_of_its_folder(tmp_path: Path) -> None:
    touched(tmp_path, "secret.jpg", "own/x.txt")
    file = coco(tmp_path / "own", images=[{"id": "i", "file_name": "../secret.jpg"}])
    with pytest.raises(UnciaError, match=r"image 1 \(id 'i'\): '\.\./secret\.jpg' is no file below the folder"):
        read(file, tmp_path / "own")


IMAGE = {"id": "i", "file_name": "1.jpg"}
SAID = {"image_id": "i", "category_id": 3}
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"images": [IMAGE | {"file_name": ""}]}, "image 1 (id 'i'): '' is no file below"),
    ({"images": [IMAGE | {"file_name": "/etc/passwd"}]}, "image 1 (id 'i'): '/etc/passwd' is no file below"),
    ({"images": [IMAGE | {"file_name": "a/../../1.jpg"}]}, "image 1 (id 'i'): 'a/../../1.jpg' is no file below"),
    ({"images": [IMAGE | {"file_name": "..\\1.jpg"}]}, "is no file below"),
    ({"images": [IMAGE | {"file_name": ["1.jpg"]}]}, "image 1 (id 'i'): its file_name is ['1.jpg'], not a number or"),
    ({"images": [IMAGE | {"datetime": "noon"}]}, "image 1 (id 'i'): datetime is 'noon'"),
    ({"images": [IMAGE | {"datetime": {}}]}, "image 1 (id 'i'): its datetime is {}, not a number or a text"),
    ({"images": [IMAGE | {"location": math.nan}]}, "image 1 (id 'i'): its location is nan, not a number or a text"),
    ({"images": [IMAGE | {"seq_id": True}]}, "image 1 (id 'i'): its seq_id is True, not a number or a text"),
    ({"images": [IMAGE | {"id": math.inf}]}, "image 1 (id inf): its id is inf, not a number or a text"),
    ({"images": [IMAGE | {"id": None}]}, "image 1 (id None): its id is None, not a number or a text"),
    ({"images": [{"file_name": "1.jpg"}]}, "image 1: its id is None, not a number or a text"),
    ({"images": [7]}, "image 1: it is 7, not an object"),
    ({"images": [IMAGE, IMAGE]}, "image 2 (id 'i'): it has the same id as "),
    ({"images": [IMAGE, {"id": 2, "file_name": "./1.jpg"}]}, "image 2 (id 2): it has the same file as "),
    ({"categories": []}, "annotation 1: its category '3' is not listed"),
    ({"categories": [{"id": 3}]}, "category 1 (id 3): its name is None, not a number or a text"),
    ({"categories": [{"id": 3, "name": "a"}, {"id": "3", "name": "b"}]}, "category 2 (id '3'): another category has"),
    ({"annotations": [{}]}, "annotation 1: its category_id is None"),
    ({"annotations": [SAID, {"id": 9, "category_id": 3, "image_id": []}]}, "annotation 2 (id 9): its image_id is []"),
    ({"annotations": {}}, "is no COCO Camera Traps file: it has no list of annotations"),
    ({"images": []}, "says of no image which one species it shows"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "why"), REFUSED)
def test_a_coco_file_is_refused_with_its_entry(tmp_path: Path, said: dict[str, Any], why: str) -> None:
    with pytest.raises(UnciaError, match=re.escape(why)) as refused:
        read(coco(touched(tmp_path, "1.jpg"), **said), tmp_path)
    assert "labels.json" in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        "NaN",
        "[" * 100_000,
        "9" * 5000,
        '{"images": 3}',
        "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    ],
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
    assert {one.sequence.partition("~")[2] for one, species in found if species} == known
    assert {"Anas platyrhynchos", "blank", "vehicle"} < set[str]().union(*(species for _, species in found))


def test_what_only_a_machine_said_is_no_example(lab: Path) -> None:
    # The ten images that the standard comes with are of one event, which nobody but a model has judged.
    with pytest.raises(UnciaError, match=r"none of the images that .* names is there"):
        read(lab / "camtrap_dp")


def test_a_folder_of_stations_and_species_is_read(lab: Path) -> None:
    found = read(lab / "camtrapr" / "sample_images_species_dir").examples
    assert {one.camera for one in found} == {"StationA", "StationB", "StationC"}
    assert "PBE" in {one.species for one in found}
