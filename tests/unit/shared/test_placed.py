"""What does not fit between images and deployments."""

from __future__ import annotations

from datetime import datetime, timedelta

from shared.deployment import Deployments
from shared.keys import escape
from shared.placed import examine, within

from .making import deployment, frame

DAY = timedelta(days=1)


def keys(camera: str, *times: datetime | None) -> list[tuple[str, str]]:
    return [(escape(camera), frame(at, camera=camera).row_key) for at in times]


def test_where_every_image_lies_in_a_deployment_there_is_nothing_to_mend() -> None:
    found = examine(Deployments([deployment(camera="a/b")]), keys("a/b", datetime(2026, 1, 31), None))
    assert (found.fits, found.undated) == (True, 1)


def test_what_is_outside_is_counted_by_camera_with_first_and_last() -> None:
    times = [datetime(2026, 4, 2), datetime(2025, 4, 1), datetime(2026, 1, 31), datetime(2025, 5, 1)]
    found = examine(
        Deployments([deployment()]), keys("cam", *times) + keys("Ölö/1", *times[:2]) + keys("x" * 600, times[0])
    )
    assert [(one.camera, one.count, one.first, one.last) for one in found.outside] == [("cam", 3, times[1], times[0])]
    assert [(one.camera[:5], one.count) for one in found.nowhere] == [("xxxxx", 1), ("Ölö/1", 2)]
    assert not found.fits


def test_a_deployment_without_images_is_found_and_one_at_two_places() -> None:
    one, twin = deployment(id="a"), deployment(id="b")
    found = examine(Deployments([one, twin]), keys("cam", datetime(2026, 1, 31)))
    assert (found.empty, found.overlaps, found.fits) == ([one], [(one, twin)], False)


def test_the_images_within_a_deployment_are_found_by_its_corrected_clock() -> None:
    one = deployment(correction=400 * DAY)
    times = [datetime(2025, 1, 1), datetime(2025, 1, 2), datetime(2026, 1, 31), None]
    span = within(Deployments([one]), one, (key for _, key in keys("cam", *times)))
    assert (span.count, span.first, span.last) == (2, times[0], times[1])
