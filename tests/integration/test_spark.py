"""Spark itself, on drawn pictures and a small network: what is skipped, refused, and fitted."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray

from batch import featurize, table
from batch import train as spark_ml
from batch.place import address
from batch.session import Spark
from bench import figures, small
from cli import sparking, sparktraining
from shared.errors import UnciaError
from shared.head import Head
from shared.settings import Settings
from training import fitting
from training import head as heads
from training.aim import Aim
from training.classifier import Classifier, along, probabilities
from training.fitting import names_of
from training.part import Part

from .conftest import draw

EACH = 10  # pictures of a colour, in two sequences
CLOSE = 1e-3  # of scores: either solver stops somewhat short of the best fit

type Numbers = NDArray[np.float64]


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some cameras; one is called by signs of which each means something to Hadoop."""
    folder = draw(tmp_path_factory.mktemp("card"), bursts=4)
    (folder / "Cam №0 #a").rename(folder / "Cam {0,1} [a]?*")
    return folder


@pytest.fixture(scope="module")
def features(spark: Spark, card: Path, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Frames, made in lots so small that there are several."""
    out = tmp_path_factory.mktemp("features") / "Merkmale [1]"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(featurize, "LOT", 4)
        done = sparking.featurize(str(card), str(out), settings, None)
    assert (done.new, done.before) == (len(list(card.rglob("*.JPG"))), 0)
    assert len(list(out.iterdir())) > 1
    written = sorted(row["path"] for row in pq.read_table(out).to_pylist())
    assert written == sorted(file.relative_to(card).as_posix() for file in card.rglob("*.JPG"))
    return out


def test_what_is_done_is_skipped_and_what_changed_is_not(
    features: Path, card: Path, settings: Settings, tmp_path: Path
) -> None:
    images = sorted(card.rglob("*.JPG"))
    before = sorted(features.rglob("*"))
    done = sparking.featurize(str(card), str(features), settings, None)
    assert (done.new, done.before) == (0, len(images))
    assert sorted(features.rglob("*")) == before
    images[0].touch()
    done = sparking.featurize(str(card), str(features), settings, None)
    assert (done.new, done.before) == (1, len(images) - 1)


def test_what_is_interrupted_goes_on_where_it_was(
    card: Path, settings: Settings, spark: Spark, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, out = featurize._write, tmp_path / "out"
    monkeypatch.setattr(featurize, "LOT", 4)
    monkeypatch.setattr(featurize, "_write", lambda *said: interrupt() if out.exists() else write(*said))
    with pytest.raises(KeyboardInterrupt):
        sparking.featurize(str(card), str(out), settings, None)
    monkeypatch.undo()
    done = sparking.featurize(str(card), str(out), settings, None)
    assert done.before == 8
    rows = pq.read_table(out).to_pylist()
    assert sorted(row["path"] for row in rows) == sorted(str(one.relative_to(card)) for one in card.rglob("*.JPG"))


def interrupt() -> None:
    raise KeyboardInterrupt


def test_a_corrupt_image_is_a_row_and_every_other_has_features(features: Path, settings: Settings) -> None:
    rows = pq.read_table(features).to_pylist()
    assert {row["path"].rpartition("/")[2] for row in rows if row["status"] == "corrupt"} == {"cut.JPG"}
    assert all(row["features"] and row["preview"] for row in rows if row["status"] == "ok")


def test_another_crop_is_refused_where_features_are(features: Path, card: Path, settings: Settings) -> None:
    with pytest.raises(UnciaError, match="features of another backbone or crop: name another folder"):
        sparking.featurize(str(card), str(features), replace(settings, crop_top=0.25), None)


def test_a_folder_of_something_else_is_refused_and_left_alone(
    features: Path, card: Path, head: Path, settings: Settings, spark: Spark, tmp_path: Path
) -> None:
    labels, words = tmp_path / "labels", tmp_path / "words"
    sparking.label(str(features), head.read_bytes(), str(labels), settings, None)
    words.mkdir()
    (words / "read me.txt").write_text("no features", "utf-8")
    for out in (labels, words, card):
        before = sorted(out.rglob("*"))
        with pytest.raises(UnciaError, match="holds something else than features: name another folder"):
            sparking.featurize(str(card), str(out), settings, None)
        assert sorted(out.rglob("*")) == before
    for out in (features, words, card):
        before = sorted(out.rglob("*"))
        with pytest.raises(UnciaError, match="holds something else than labels: name another folder"):
            sparking.label(str(features), head.read_bytes(), str(out), settings, None)
        assert sorted(out.rglob("*")) == before


def test_what_is_not_there_is_told(head: Path, settings: Settings, spark: Spark, tmp_path: Path) -> None:
    with pytest.raises(UnciaError, match=r"there are no features in .*nowhere: `uncia batch featurize` makes them"):
        sparking.label(str(tmp_path / "nowhere"), head.read_bytes(), str(tmp_path / "out"), settings, None)


def test_a_head_of_another_recipe_is_refused(
    features: Path, cropped_head: Path, settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(UnciaError, match="the head was trained on features of another backbone or crop"):
        sparking.label(str(features), cropped_head.read_bytes(), str(tmp_path / "out"), settings, None)
    assert not (tmp_path / "out").exists()


@pytest.fixture(scope="module")
def lessons(spark: Spark, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Features of pictures of which every fifth shows another colour, so that no head is ever sure; and a manifest."""
    folder = tmp_path_factory.mktemp("lessons")
    rows = [("path", "camera", "species", "sequence")]
    for name, colour in small.COLOURS.items():
        for number in range(EACH):
            file = folder / "photos" / name / f"{number}.jpg"
            file.parent.mkdir(parents=True, exist_ok=True)
            shown = colour if number % 5 else small.COLOURS["grey"]
            file.write_bytes(small.photograph(shown, None, seed=len(rows)))
            rows.append((f"{name}/{number}.jpg", "cam", name, f"{name}{number % 2}"))
    (folder / "labels.csv").write_text("\n".join(map(",".join, rows)), "utf-8")
    sparking.featurize(str(folder / "photos"), str(folder / "features"), settings, None)
    return folder / "features", folder / "labels.csv"


def known(features: Path, manifest: Path) -> tuple[Numbers, Part]:
    """The same in memory, in the order of the manifest."""
    found = {row["path"]: row["features"] for row in pq.read_table(features).to_pylist()}
    with manifest.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    part = Part(
        tuple(row["species"] for row in rows), tuple(f"cam~{row['sequence']}" for row in rows),
        ("cam",) * len(rows), np.zeros(len(rows), bool),
    )  # fmt: skip
    return np.stack([np.frombuffer(found[row["path"]], "<f2") for row in rows]).astype(np.float64), part


def test_spark_fits_what_scikit_learn_fits(spark: Spark, lessons: tuple[Path, Path]) -> None:
    numbers, part = known(*lessons)
    truth = part.truth(names_of(part))
    found, _, _ = table.features(spark.session, address(str(lessons[0])))
    images = [spark_ml.known(found)[f"{name}/{number}.jpg"] for name in small.COLOURS for number in range(EACH)]
    for several in (truth, (truth == 0).astype(np.intp)):  # of two classes Spark fits one column
        fits = spark_ml.Learner.of(spark, found, images, several, lambda: None).along(np.arange(len(truth)), [1e-2])
        for one, other in zip(fits, along(numbers, several, [1e-2]), strict=True):
            scores, wanted = probabilities(Classifier(*one).logits(numbers)), probabilities(other.logits(numbers))
            assert 0.1 < wanted.max(axis=1).min() < wanted.max() < 0.99
            apart = float(np.abs(scores - wanted).max())
            assert apart < CLOSE
    figures.keep("batch_training", images=len(truth), largest_difference_of_a_score=apart)


def test_a_head_of_spark_is_chosen_and_calibrated_as_one_of_scikit_learn(
    lessons: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fitting, "STRENGTHS", (1e-2, 1.0))
    numbers, part = known(*lessons)
    fitted = sparktraining.train(str(lessons[0]), lessons[1], tmp_path / "head.onnx", "", "precision=0.9", None)
    purpose = heads.Purpose(fitted.recipe, "small", aim=Aim.parse("precision=0.9"))
    content, said = heads.train(numbers, part, purpose)
    for name in ("strength", "folds", "classes", "averaging", "trained_on", "aim"):
        assert fitted.metadata[name] == said[name], name
    assert fitted.thresholds == pytest.approx(Head(content).thresholds, abs=CLOSE)
    assert fitted.metadata["log_loss"] == pytest.approx(said["log_loss"], abs=CLOSE)
    assert np.abs(Head(content).probabilities(numbers) - fitted.probabilities(numbers)).max() < CLOSE
