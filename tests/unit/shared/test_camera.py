"""The camera is who the uploader says, else the first folder that no camera opened by itself."""

from __future__ import annotations

import pytest

from shared.camera import UNNAMED, camera_of, metadata_value


@pytest.mark.parametrize(
    ("path", "camera"),
    [
        ("ST22_C1/x.jpg", "ST22_C1"),
        ("north ridge #2/2012/x.jpg", "north ridge #2"),
        ("Снежный барс/100RECNX/x.jpg", "Снежный барс"),
        ("DCIM/100RECNX/x.jpg", UNNAMED),
        ("DCIM/101EK113/cam 1/x.jpg", "cam 1"),
        ("dcim/100_BTCF/x.jpg", UNNAMED),
        ("PRIVATE/cam/x.jpg", "cam"),
        ("//cam//x.jpg", "cam"),
        ("x.jpg", UNNAMED),
        ("", UNNAMED),
        ("100RECNX2/x.jpg", "100RECNX2"),
        ("8.2G/x.jpg", "8.2G"),
    ],
)
def test_the_first_folder_that_is_not_a_cameras_own_is_the_camera(path: str, camera: str) -> None:
    assert camera_of(path, {}) == camera


@pytest.mark.parametrize("path", ["DCIM/100ABCDE/x.jpg", "dcim/101_PANA/x.jpg", "DCIM/100CANON/1.jpg"])
def test_any_numbered_folder_below_dcim_is_the_cameras_own(path: str) -> None:
    assert camera_of(path, {}) == UNNAMED
    assert camera_of(f"Ridge/{path}", {}) == "Ridge"


@pytest.mark.parametrize(
    "camera", ["001North", "002_South", "003_ridge", "12345678", "20150601", "101RIDGE", "204CAM_A", "100ABCDE"]
)
def test_numbered_places_and_serial_numbers_are_cameras(camera: str) -> None:
    assert camera_of(f"{camera}/x.jpg", {}) == camera


@pytest.mark.parametrize("name", ["camera", "Camera", "CAMERA"])
def test_the_uploaders_word_comes_first(name: str) -> None:
    assert camera_of("folder/x.jpg", {name: "%D0%B1%D0%B0%D1%80%D1%81%201"}) == "барс 1"


def test_a_blank_word_is_none() -> None:
    assert camera_of("folder/x.jpg", {"camera": "  "}) == "folder"


@pytest.mark.parametrize(("said", "value"), [("a%2Fb", "a/b"), ("100%", "100%"), ("%FF", "\ufffd"), (" a ", "a")])
def test_metadata_is_percent_decoded(said: str, value: str) -> None:
    assert metadata_value({"x": "1", "Note": said}, "note") == value
