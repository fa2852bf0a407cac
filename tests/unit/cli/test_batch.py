"""What `uncia batch` says of mistakes, before Spark is started, and what it makes of manifests and days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from batch.train import Known
from cli import batch
from cli.loading import to_finalize
from cli.sparktraining import examples, matched
from shared.day import Ask, Day
from shared.errors import UnciaError
from training.manifest import Classes

from .conftest import Answer
from .stored import NOW, Site

type Uncia = Callable[..., Answer]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("featurize nowhere out", "there is no folder nowhere"),
        ("featurize no.csv out", "there is no folder no.csv"),
        ("featurize nothing.csv out", "nothing.csv is not a folder"),
        (
            "featurize wasbs://images out",
            "wasbs://images is no address as in abfss://images@ACCOUNT.dfs.core.windows.net/",
        ),
        ("featurize card abfss://x", "abfss://x is no address as in abfss://images@ACCOUNT.dfs.core.windows.net/"),
        ("label features labels --head no.onnx", "the head no.onnx cannot be read: no such file or directory"),
        ("label features labels --head nothing.csv", "nothing.csv: this is no head: it is not an ONNX network"),
        ("train features nothing.csv --out no/head.onnx", "there is no folder no to write head.onnx to"),
        ("train features card --out head.onnx", "card is no CSV file"),
        ("train features nothing.csv --out head.onnx", "nothing.csv"),
        ("train features one.csv --out head.onnx --aim all=1", "--aim 'all=1': say recall=0.95"),
        ("load features", "no head is published, which would label what is loaded"),
    ],
)
def test_a_mistake_is_one_sentence(uncia: Uncia, site: Site, words: str, told: str) -> None:
    code, out, err = uncia("batch", *words.split())
    assert (code, out) == (1, "")
    assert err.startswith(f"uncia: {told}")
    assert err.count("\n") == 1


def test_without_spark_it_says_how_to_get_it(uncia: Uncia, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "find_spec", lambda name: None)
    for words in ("featurize a b", "label a b --head c", "train a b --out c", "load a"):
        assert uncia("batch", *words.split()) == (1, "", f"uncia: {batch.NEEDED}\n")


MANIFEST = (
    "path,camera,captured_at,species\ncam/1.jpg,cam,,cat\ncam/2.jpg,cam,2026-01-31T12:00:00,dog\ncam/3.jpg,cam,,cat\n"
)
AT = pd.Timestamp(2026, 1, 31, 12, 0, 5)
KNOWN = {
    "cam/1.jpg": Known("cam/1.jpg", AT, corrupt=False, captured_at=AT),
    "cam/2.jpg": Known("cam/2.jpg", AT, corrupt=False, captured_at=pd.NaT),
    "cam/3.jpg": Known("cam/3.jpg", AT, corrupt=True, captured_at=pd.NaT),
}


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    file = tmp_path / "labels.csv"
    file.write_text(MANIFEST, "utf-8")
    return file


def test_images_of_a_manifest_are_those_featurized_under_their_names(manifest: Path) -> None:
    images, here, corrupt = matched(examples(manifest, Classes()), KNOWN, manifest)
    assert ([one.path for one in images], corrupt) == (["cam/1.jpg", "cam/2.jpg"], 1)
    assert [one.captured_at for one in here] == [datetime(2026, 1, 31, 12, 0, 5), datetime(2026, 1, 31, 12)]
    assert len({one.sequence for one in here}) == 1


def test_images_without_features_are_told_and_all_of_them_refused(
    manifest: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = examples(manifest, Classes())
    matched(wanted, {"cam/2.jpg": KNOWN["cam/2.jpg"]}, manifest)
    assert capsys.readouterr().err == "Left out of labels.csv: 2 images, without features.\n"
    with pytest.raises(UnciaError, match=r"none of the images in labels.csv: it names cam/1.jpg, they have card/1.jpg"):
        matched(wanted, {"card/1.jpg": KNOWN["cam/1.jpg"]}, manifest)


def test_days_with_new_frames_or_not_settled_under_the_head_are_finalized() -> None:
    days = {Ask("cam", day): new for day, new in (("1", 1), ("2", 0), ("3", 0), ("4", 0), ("5", 0))}
    known = [
        Day(camera="cam", day="1", due=NOW, settled=True, head="new"),
        Day(camera="cam", day="2", due=NOW, settled=True, head="new"),
        Day(camera="cam", day="3", due=NOW, settled=False, head="new"),
        Day(camera="cam", day="4", due=NOW, settled=True, head="old"),
    ]
    assert [ask.day for ask in to_finalize(days, known, "new")] == ["1", "3", "4", "5"]
