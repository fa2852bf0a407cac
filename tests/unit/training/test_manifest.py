"""What people know of their images, read with the row named in every complaint."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from shared.errors import BadTable, UnciaError
from training.manifest import Classes, Example, in_sequences, read

HEADER = "path,camera,captured_at,species"
GOOD = "1.jpg,a,2026-01-31T12:00:00,ibex"


def manifest(folder: Path, *rows: str, header: str = HEADER) -> Path:
    for name in ("1.jpg", "2.jpg", "3.jpg", "4.jpg"):
        folder.joinpath(name).touch()
    folder.joinpath("labels.csv").write_text("\n".join([header, *rows]) + "\n", "utf-8")
    return folder / "labels.csv"


def test_a_row_is_an_example_below_the_folder_of_images(tmp_path: Path) -> None:
    path = manifest(tmp_path, " 1.jpg , Überhang ,2026-01-31T12:00:00, snow leopard ,7", header=HEADER + ",sequence")
    when = datetime(2026, 1, 31, 12)
    assert read(path, tmp_path) == [Example(tmp_path / "1.jpg", "Überhang", when, "snow leopard", "Überhang~7")]


@pytest.mark.parametrize("column", ["path", "species"])
def test_a_missing_column_is_named(tmp_path: Path, column: str) -> None:
    path = manifest(tmp_path, header=HEADER.replace(column, "other"))
    with pytest.raises(BadTable, match=f"^labels.csv has no column `{column}`; its columns are: .*other"):
        read(path, tmp_path)


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (",a,,ibex", "path is empty"),
        ("2.jpg, ,,ibex", "camera is empty"),
        ("2.jpg,a,,", "species is empty"),
        ("2.jpg,a,dawn,ibex", "captured_at is 'dawn': a time is written like 2026-01-31T17:05:00"),
        ("2.jpg,a,2026-02-30T12:00:00,ibex", "captured_at is '2026-02-30T12:00:00'"),
        ("2.jpg,a,,ibex,,left", "split is 'left': it is train, test or empty"),
        ("2.jpg,a,ibex", "it has 3 cells, the header has 4"),
        ("2.jpg,a,2026-01-31,ibex", "captured_at is '2026-01-31': it needs the time of day"),
        ("../2.jpg,a,,ibex", "path is '../2.jpg', which is no file below the folder"),
        ("/etc/passwd,a,,ibex", "path is '/etc/passwd', which is no file below the folder"),
        ("x/../../2.jpg,a,,ibex", "path is 'x/../../2.jpg', which is no file below the folder"),
        ("..\\2.jpg,a,,ibex", r"path is '..\\2.jpg', which is no file below the folder"),
        (".,a,,ibex", "path is '.', which is no file below the folder"),
        ("1.jpg,a,2026-01-31T12:00:00,lynx", "row 2 says something else of the same image"),
        ("x/../1.jpg,b,2026-01-31T12:00:00,ibex", "row 2 says something else of the same image"),
    ],
)
def test_a_complaint_names_its_row_as_spreadsheets_count(tmp_path: Path, row: str, complaint: str) -> None:
    wide = HEADER + ",sequence,split" if "left" in row else HEADER
    with pytest.raises(BadTable) as refused:
        read(manifest(tmp_path, GOOD + ",," if "left" in row else GOOD, row, header=wide), tmp_path)
    assert str(refused.value).startswith(f"labels.csv, row 3: {complaint}")


def test_times_and_cameras_may_be_left_to_the_images_and_their_folders(tmp_path: Path) -> None:
    (tmp_path / "Ridge 1").mkdir()
    path = manifest(tmp_path, "Ridge 1/5.jpg,ibex", "1.jpg,ibex", header="path,species")
    tmp_path.joinpath("Ridge 1/5.jpg").touch()
    assert [(one.camera, one.captured_at) for one in read(path, tmp_path)] == [("Ridge 1", None), ("unnamed", None)]


def test_missing_files_are_named_and_counted(tmp_path: Path) -> None:
    path = manifest(tmp_path, GOOD, "8.jpg,a,,ibex", "9.jpg,a,,ibex")
    with pytest.raises(BadTable, match=r"^labels\.csv, row 3: there is no image .*8\.jpg, and 1 more are not there$"):
        read(path, tmp_path)


@pytest.mark.parametrize("name", ["n" * 5000 + ".jpg", "a\0b.jpg", "x/" * 3000 + "1.jpg", "C:\\photos\\9.jpg"])
def test_a_name_that_no_disk_could_hold_is_not_there(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadTable, match=r"^labels\.csv, row 2: there is no image"):
        read(manifest(tmp_path, f"{name},a,,ibex"), tmp_path)


def test_the_same_row_twice_counts_once(tmp_path: Path) -> None:
    assert len(read(manifest(tmp_path, GOOD, GOOD, GOOD.replace("1.jpg", "./1.jpg")), tmp_path)) == 1


def test_paths_may_be_absolute_or_of_windows_and_lead_through_links(tmp_path: Path) -> None:
    elsewhere = tmp_path / "disk"
    (elsewhere / "100MEDIA").mkdir(parents=True)
    (elsewhere / "100MEDIA" / "5.jpg").touch()
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "Ridge 1").symlink_to(elsewhere)
    file = tmp_path / "photos" / "Ridge 1" / "100MEDIA" / "5.jpg"
    for path in (file, r"Ridge 1\100MEDIA\5.jpg", "./Ridge 1/100MEDIA/5.jpg"):
        rows = manifest(tmp_path, f"{path},ibex", header="path,species")
        assert read(rows, tmp_path / "photos") == [Example(file, "Ridge 1", None, "ibex", "")]


def test_a_file_whose_name_has_a_backslash_is_that_file(tmp_path: Path) -> None:
    (tmp_path / r"a\1.jpg").touch()
    (found,) = read(manifest(tmp_path, r"a\1.jpg,ibex", header="path,species"), tmp_path)
    assert found.path == tmp_path / r"a\1.jpg"


def test_semicolons_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    path = manifest(tmp_path, GOOD.replace(",", ";"), header="\ufeff" + HEADER.replace(",", ";"))
    assert [one.species for one in read(path, tmp_path)] == ["ibex"]


def test_a_manifest_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadTable, match=r"labels\.csv has no rows below its header"):
        read(manifest(tmp_path), tmp_path)


@pytest.mark.parametrize("time", ["2026-01-31T12:00:00", "2026:01:31 12:00:00", "2026-01-31T12:00:00+05:00"])
def test_times_are_local_wall_times(tmp_path: Path, time: str) -> None:
    (example,) = read(manifest(tmp_path, f"1.jpg,a,{time},ibex"), tmp_path)
    assert example.captured_at == datetime(2026, 1, 31, 12)


def test_sequences_follow_from_the_times_where_they_are_not_given(tmp_path: Path) -> None:
    rows = [f"{n}.jpg,{camera},2026-01-31T12:0{m}:00,ibex" for n, camera, m in [(1, "a", 0), (2, "a", 1), (3, "a", 3)]]
    examples = in_sequences(read(manifest(tmp_path, *rows, "4.jpg,b,2026-01-31T12:00:00,ibex"), tmp_path))
    names = {example.path.name: example.sequence for example in examples}
    assert names["1.jpg"] == names["2.jpg"]
    assert len(set(names.values())) == 3


def test_sequences_that_are_given_are_kept_apart_by_camera(tmp_path: Path) -> None:
    rows = ["1.jpg,a,2026-01-31T12:00:00,ibex,1", "2.jpg,b,,ibex,1", "3.jpg,a,2026-01-31T23:00:00,ibex,1"]
    examples = read(manifest(tmp_path, *rows, header=HEADER + ",sequence"), tmp_path)
    assert [example.sequence for example in examples] == ["a~1", "b~1", "a~1"]


def test_blank_sequences_follow_from_the_times_like_missing_ones(tmp_path: Path) -> None:
    rows = [
        "1.jpg,a,2026-01-31T12:00:00,ibex,", "2.jpg,a,2026-01-31T12:00:30,ibex,", "3.jpg,a,2026-01-31T12:00:40,ibex,x",
    ]  # fmt: skip
    table = manifest(tmp_path, *rows, header=HEADER + ",sequence")
    first, second, third = (one.sequence for one in read(table, tmp_path))
    assert first == second != third == "a~x"


def test_an_image_without_a_given_sequence_is_one_of_its_own(tmp_path: Path) -> None:
    rows = ["1.jpg,a,,ibex,", "2.jpg,a,,ibex,"]
    first, second = in_sequences(read(manifest(tmp_path, *rows, header=HEADER + ",sequence"), tmp_path))
    assert first.sequence != second.sequence


def test_undated_images_are_each_a_sequence() -> None:
    examples = [Example(Path(name), "a", None, "ibex", "") for name in ("1", "2")]
    assert len({example.sequence for example in in_sequences(examples)}) == 2


@pytest.mark.parametrize(
    ("rules", "species", "name"),
    [
        ("cat=bobcat|mountain_lion,other=*", "bobcat", "cat"),
        ("cat=bobcat|mountain_lion,other=*", "mountain_lion", "cat"),
        ("cat=bobcat|mountain_lion,other=*", "raccoon", "other"),
        ("other=*,cat=bobcat", "bobcat", "cat"),
        (" cat = bobcat | lynx ", "lynx", "cat"),
        ("cat=bobcat", "raccoon", None),
        ("cat=bobcat", "cat", None),
    ],
)
def test_a_species_belongs_to_the_rule_that_names_it(rules: str, species: str, name: str | None) -> None:
    assert Classes.parse(rules).of(species) == name


def test_without_rules_each_species_is_a_class() -> None:
    assert Classes().of("ibex") == "ibex"


@pytest.mark.parametrize("rules", ["cat", "cat=", "=bobcat", "cat=bobcat,", "cat=bobcat,,other=*"])
def test_a_rule_of_another_form_is_refused(rules: str) -> None:
    with pytest.raises(UnciaError, match=r"^--classes: '.*' is not of the form name=species\|species or name=\*$"):
        Classes.parse(rules)
