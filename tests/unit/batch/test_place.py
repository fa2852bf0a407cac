"""Where images lie, and what storage calls them."""

from __future__ import annotations

from pathlib import Path

import pytest

from batch.place import Place, address, escaped
from shared.errors import UnciaError

ACCOUNT = "abfss://images@acc.dfs.core.windows.net/"


def test_a_file_of_a_folder_is_called_by_its_path_below_it(tmp_path: Path) -> None:
    place = Place.of(str(tmp_path))
    for spelt in ("file:", "file://"):
        assert place.path(f"{spelt}{tmp_path}/Хребет #1/a b.jpg") == "Хребет #1/a b.jpg"


def test_a_backslash_in_a_name_is_a_slash_as_in_storage(tmp_path: Path) -> None:
    assert Place.of(str(tmp_path)).path(f"file:{tmp_path}/cam\\a.jpg") == "cam/a.jpg"


@pytest.mark.parametrize("said", [ACCOUNT, f"{ACCOUNT}Ridge 1", f"{ACCOUNT}Ridge 1/2026/"])
def test_a_blob_is_called_by_its_whole_name_whichever_folder_is_read(said: str) -> None:
    place = Place.of(said)
    assert place.address == said.rstrip("/") if said != ACCOUNT else ACCOUNT
    assert place.path(f"{ACCOUNT}Ridge 1/2026/a.jpg") == "Ridge 1/2026/a.jpg"


@pytest.mark.parametrize("scheme", ["wasbs", "abfss"])
def test_an_address_of_the_driver_that_is_gone_is_one_of_the_driver_that_is_left(scheme: str) -> None:
    assert Place.of(f"{scheme}://images@acc.blob.core.windows.net/Ridge 1").address == f"{ACCOUNT}Ridge 1"


def test_signs_that_mean_something_in_a_pattern_mean_themselves() -> None:
    assert escaped("file:/a [b]{c,d}*?^") == r"file:/a \[b\]\{c\,d\}\*\?\^"


def test_a_folder_to_write_to_need_not_be_there(tmp_path: Path) -> None:
    assert address(str(tmp_path / "new")) == f"file:{tmp_path}/new"
    assert address(ACCOUNT) == ACCOUNT


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("nowhere", "there is no folder nowhere"),
        (__file__, "is not a folder"),
        ("abfss://images/Ridge", "is no address as in abfss://images@ACCOUNT.dfs.core.windows.net/"),
        ("wasbs://images@/Ridge", "is no address"),
    ],
)
def test_what_is_no_place_is_told(said: str, why: str) -> None:
    with pytest.raises(UnciaError, match=why):
        Place.of(said)
