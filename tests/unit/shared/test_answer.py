"""A frame says which uploads it answers, however many they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import answer
from shared.entity import PROPERTY_BYTES

VERSIONS = st.tuples(st.sampled_from(["a", "b", ""]), st.sampled_from(["", "1", '"1"', "2"]), st.integers(0, 2))


def answered(digests: bytes, path: str, etag: str, size: int) -> bool:
    return any(one in answer.split(digests) for one in answer.answering(path, etag, size))


@pytest.mark.parametrize(
    ("frame", "blob", "meets"),
    [
        (("a", "1", 7), ("a", "1", 7), True),
        (("a", '"1"', 7), ("a", "1", 7), True),
        (("a", "1", 7), ("a", "2", 7), False),  # the same size, and other bytes or announced again
        (("a", "1", 7), ("b", "1", 7), False),
        (("a", "", 7), ("a", "1", 7), True),  # the host told no ETag
        (("a", "", 7), ("a", "1", 8), False),
        (("a", "", 7), ("b", "1", 7), False),
        (("a", "7", 7), ("a", "", 7), False),  # an ETag is no size
    ],
)
def test_an_upload_is_known_by_name_and_version(
    frame: tuple[str, str, int], blob: tuple[str, str, int], *, meets: bool
) -> None:
    assert answered(answer.of(*frame), *blob) is meets


@given(st.lists(VERSIONS, max_size=8), st.randoms())
def test_order_and_repetition_do_not_matter(versions: list[tuple[str, str, int]], chance: object) -> None:
    one = two = b""
    for version in versions:
        one = answer.united(one, answer.of(*version), version[2])
    for version in versions[::-1] * 2:
        two = answer.united(answer.of(*version), two, version[2])
    assert one == two
    assert all(answered(one, *version) for version in versions)


def test_a_row_from_before_answers_its_path_with_its_etag_and_with_its_size() -> None:
    before = answer.old("a", "1", 7)
    assert answered(before, "a", "1", 9)
    assert answered(before, "a", "2", 7)
    assert not answered(before, "a", "2", 8)


def test_a_row_that_is_full_answers_every_blob_of_its_size() -> None:
    names = [str(number) for number in range(answer.MOST + 5)]
    full = answer.united(b"".join(answer.of(name, "1", 0) for name in names[: answer.MOST]), b"", 0)
    assert not answered(full, "another", "1", 0)
    for name in names[answer.MOST :]:
        full = answer.united(full, answer.of(name, "1", 0), 0)
    assert len(full) == PROPERTY_BYTES
    assert all(answered(full, name, "1", 0) for name in [*names[::999], "another"])
    assert not answered(full, "another", "1", 1)
