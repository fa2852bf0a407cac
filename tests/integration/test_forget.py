"""A person's images go, and all that was made of them; the labels are those of the images that are left."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli import archive, pictures, run, storage
from shared.errors import UnciaError
from shared.label import by_camera_and_start
from shared.settings import Settings

from .conftest import draw
from .test_pipeline import until_at_rest
from .test_relabel import _our_backbone, holding  # noqa: F401 - a fixture


def test_what_is_left_is_what_a_run_without_the_images_gives(head: Path, settings: Settings, tmp_path: Path) -> None:
    images = pictures.below(draw(tmp_path / "card", bursts=5))
    paths = [image.name for image in images]
    twins = [name for name in paths if name.endswith("a twin.JPG")]
    # One whose bytes are there under two names, one beside midnight, one in the middle of a burst, one without time.
    middle = [name for name in paths if "_001_1" in name]
    midnight = [name for name in paths if "_000_2" in name]
    alone = [name for name in paths if name.endswith("no time.JPG")]
    said = [*twins, *middle, *midnight, *alone]
    same = {image.sha256() for image in images if image.name in said}
    rest = [image for image in images if image.sha256() not in same]
    assert len(images) - len(rest) == len(said) + 1 == 5
    wanted = run.run(rest, head_file=head, settings=settings, data=None).labels
    with holding(images, head, settings, tmp_path / "data") as running:
        archive.forget(said, yes=True, data=tmp_path / "data")
        until_at_rest(running)
        tables = storage.store(running.storage)
        assert by_camera_and_start(tables.all_labels()) == wanted
        left = {image.name for image in rest}
        assert {*storage.images(running.storage).list_blob_names()} == left
        assert {path for _, _, path in tables.frame_paths()} <= left
        assert all(day.settled for day in tables.read_days())
        with pytest.raises(UnciaError, match=r"^nothing is called "):
            archive.forget([said[0]], yes=True, data=tmp_path / "data")
