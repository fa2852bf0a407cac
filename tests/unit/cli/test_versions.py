"""A head is named by a file, or by the beginning of a version."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli import versions
from shared.errors import UnciaError
from tests.unit.shared.making import head

from .stored import Site

ONE = head(name="one")


def test_a_head_published_before_is_found_by_its_version(site: Site) -> None:
    version = site.heads.publish(ONE).version
    content, found = versions.read(version[:4], lambda: site.heads)
    assert (content, found.version) == (ONE, version)


def test_a_file_comes_first_even_where_its_name_could_be_a_version(site: Site, desk: Path) -> None:
    (desk / "abc").write_bytes(ONE)
    assert versions.read("abc", lambda: site.heads)[0] == ONE
    assert versions.known("abc", [], lambda: site.heads) == versions.read("abc", lambda: site.heads)[1].version


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("0000", "there is no head here whose version"), ("0000.onnx", "the head 0000.onnx cannot be read")],
)
def test_a_head_that_is_nowhere_is_told_so(site: Site, name: str, sentence: str) -> None:
    with pytest.raises(UnciaError, match=f"^{sentence}"):
        versions.read(name, lambda: site.heads)
