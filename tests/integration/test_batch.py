"""The same hundred real images through the functions, through Spark on one machine and through a Spark cluster."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pyspark
import pytest

from batch.session import Spark
from bench import figures
from cli import backbones, loading, run, sparking, stack, storage
from cli import pictures as local
from functions import finalize
from shared.day import Ask
from shared.decision import Decision
from shared.head import Head
from shared.label import by_camera_and_start
from shared.recipe import Recipe
from shared.rows import label_json
from shared.settings import Settings
from shared.store import Store
from training import head as heads
from training.backbone import Options, build
from training.part import Part

from .conftest import QUICK_JAVA, ROOT

pytestmark = pytest.mark.lab

IMAGES = 100
CLOSE = 1e-5
# Cut off, of another kind, and with a time that is none.
NASTY = ("01", "05", "87", "89")
# What a person's folder may be called, each sign of which means something to Hadoop, Spark or table storage.
STRANGE = "Хребет #7 [a]{b,c} 100%20?"


@pytest.fixture(scope="module")
def card(lab: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hundred real images of fifteen cameras, linked; one camera's name is hard, and two files are one image."""
    folder = tmp_path_factory.mktemp("a card")
    for file in islice(chosen(lab), IMAGES - 1):
        camera = STRANGE if file.parent.name == "3.1D" else file.parent.name
        (folder / camera).mkdir(exist_ok=True)
        (folder / camera / file.name).symlink_to(file)
    first = min(folder.rglob("*.jpg"))
    first.with_name("_a twin.JPG").symlink_to(first.resolve())
    return folder


def chosen(lab: Path) -> Iterator[Path]:
    yield from (file for file in sorted((lab / "nasty" / "images").iterdir()) if file.name.startswith(NASTY))
    for name in ("uruguay", "jura", "snow_leopards"):
        yield from sorted((lab / name / "images").rglob("*.[jJ][pP][gG]"))


@pytest.fixture(scope="module")
def settings(lab: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A real ResNet50, and the crop that takes the strips off."""
    file = tmp_path_factory.mktemp("backbone") / "resnet50_pqf.onnx"
    file.write_bytes(build((lab / "models" / file.name).read_bytes(), Options(), name=file.stem))
    return replace(Settings.from_env({}), backbone=file, crop_top=0.04, crop_bottom=0.05)


@pytest.fixture(scope="module")
def features(spark: Spark, card: Path, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("features") / "some"
    assert sparking.featurize(str(card), str(out), settings, None).new == IMAGES
    assert len({row["path"] for row in rows_of(out)}) == len(rows_of(out)) == IMAGES
    return out


@pytest.fixture(scope="module")
def head(features: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Snow leopard or not, fitted to what Spark made of the images."""
    rows = [row for row in rows_of(features) if row["status"] == "ok" and row["camera"] != "images"]
    part = Part(
        tuple("leopard" if row["camera"].startswith("ST") else "other" for row in rows),
        tuple(row["path"] for row in rows),
        tuple(row["camera"] for row in rows),
        np.zeros(len(rows), bool),
    )
    numbers = np.stack([np.frombuffer(row["features"], "<f2") for row in rows])
    content, _ = heads.train(numbers, part, heads.Purpose(Recipe.parse(rows[0]["recipe"]), "resnet50_pqf"))
    out = tmp_path_factory.mktemp("head") / "leopard.onnx"
    out.write_bytes(content)
    return out


@pytest.fixture(scope="module")
def labels(features: Path, head: Path, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("labels") / "some"
    sparking.label(str(features), head.read_bytes(), str(out), settings, None)
    return out


@pytest.fixture(scope="module")
def data(card: Path, head: Path, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a stack that `uncia run` has labelled the card on; labels.json lies beside what it keeps."""
    folder = tmp_path_factory.mktemp("data")
    finished = run.run(local.below(card), head_file=head, settings=settings, data=folder)
    assert finished.problems == []
    run.write(finished.labels, folder / "labels.json")
    return folder


@pytest.fixture(scope="module")
def running(data: Path, head: Path, settings: Settings) -> Iterator[stack.Stack]:
    recipe = backbones.chosen(settings, Head(head.read_bytes()))
    with stack.started(data, backbones.environment(settings, recipe)) as (found, _):
        yield found


def rows_of(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(folder).to_pylist()
    return sorted(found, key=lambda row: str(row["path"]))


def same(one: Any, other: Any) -> None:
    """Asserts that two labels are the same, scores to within 1e-5."""
    if isinstance(other, float):
        assert abs(one - other) <= CLOSE
    elif isinstance(other, Mapping):
        one = dict(one)
        assert one.keys() == other.keys()
        for key, value in other.items():
            same(one[key], value)
    elif isinstance(other, list):
        assert len(one) == len(other)
        for left, right in zip(one, other, strict=True):
            same(left, right)
    else:
        assert (one.isoformat() if isinstance(one, datetime) else one) == other


def of_parquet(folder: Path) -> list[dict[str, Any]]:
    return sorted(pq.read_table(folder).to_pylist(), key=lambda row: (row["camera"], row["sequence_id"]))


def test_spark_labels_real_images_as_uncia_run_does(labels: Path, data: Path) -> None:
    wanted = json.loads((data / "labels.json").read_text("utf-8"))
    assert {one["label"] for one in wanted} >= {"leopard", "other", "corrupt"}
    assert len({one["camera"] for one in wanted}) > 10
    assert max(one["n_frames"] for one in wanted) > 3
    same(of_parquet(labels), wanted)
    figures.keep("batch_parity", images=IMAGES, sequences=len(wanted), cameras=len({one["camera"] for one in wanted}))


def test_the_functions_tables_hold_what_spark_says(labels: Path, running: stack.Stack) -> None:
    stored = by_camera_and_start(storage.store(running.storage).all_labels())
    same(of_parquet(labels), [label_json(one) for one in stored])


def contents(tables: Store) -> list[Any]:
    """Labels as they are, and days but for when they were settled."""
    return [
        by_camera_and_start(tables.all_labels()),
        sorted((one.camera, one.day, one.head) for one in tables.read_days()),
    ]


def test_what_is_loaded_is_what_the_functions_made_and_finalize_finds_nothing_to_change(
    features: Path, running: stack.Stack, settings: Settings
) -> None:
    tables = storage.store(running.storage)
    wanted, frames = contents(tables), sorted(tables.frame_paths())
    for camera in {camera for camera, _, _ in frames}:
        tables.forget(camera)
    assert contents(tables) == [[], []]
    done = loading.load(str(features), running.storage, settings, None)
    assert done.new in (IMAGES - 1, IMAGES)  # of the twins the second is news where its name is the smaller
    assert contents(tables) == wanted
    assert sorted(tables.frame_paths()) == frames
    before = etags(tables)
    settled(tables, running, settings)
    assert etags(tables) == before
    judged = next(one for one in frames if one[0].startswith("ST"))
    decided(tables, judged[0], judged[1])
    again = loading.load(str(features), running.storage, settings, None)
    assert (again.new, again.days) == (0, 0)
    frame, _ = tables.read_frame(judged[0], judged[1])
    assert frame is not None
    assert frame.verdict is not None
    assert frame.verdict.said == "a dog"


def etags(tables: Store) -> dict[tuple[str, str], str]:
    return {
        (day.camera, one.label.sequence_id): one.etag
        for day in tables.read_days()
        for one in tables.read_labels(day.camera, "", "~")
    }


def settled(tables: Store, running: stack.Stack, settings: Settings) -> None:
    for day in list(tables.read_days()):
        finalize.run(
            Ask(day.camera, day.day).encode().encode(), store=tables, head=storage.heads(running.storage).latest,
            limits=settings.limits, settle=settings.settle, now=lambda: datetime.now(UTC),
        )  # fmt: skip


def decided(tables: Store, camera: str, row_key: str) -> None:
    found = tables.read_verdicts(camera, [row_key])
    (label,) = [one for one in tables.all_labels(camera) if row_key in {shot.row_key for shot in one.frames}]
    decision = Decision(
        camera=camera, sequence_id=label.sequence_id, frames=(row_key,), said="a dog", by="Ada",
        at=datetime.now(UTC), of_sequence=False,
    )  # fmt: skip
    assert tables.decide([decision], {row_key: found[row_key][1]})


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """A master and two workers of one core each, started with Spark's own classes; the master's address."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    address = f"spark://127.0.0.1:{port}"
    with ExitStack() as stopping:
        stopping.enter_context(_spark_class(folder, "master.Master", "--port", str(port)))
        _until_open(port)
        for number in range(2):
            place = ("--work-dir", str(folder / f"worker {number}"))
            stopping.enter_context(
                _spark_class(folder, "worker.Worker", "--cores", "1", "--memory", "1g", *place, address)
            )
        yield address


@contextmanager
def _spark_class(folder: Path, name: str, *words: str) -> Iterator[None]:
    command = [str(Path(pyspark.__file__).parent / "bin" / "spark-class"), f"org.apache.spark.deploy.{name}"]
    log = folder / f"{name} {len(list(folder.glob('*.log')))}.log"
    with (
        log.open("wb") as out,
        subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--webui-port", "0", *words],
            cwd=folder, env=bare(), stdout=out, stderr=out, start_new_session=True,
        ) as process,
    ):  # fmt: skip
        try:
            yield
        finally:
            process.terminate()


def bare(**said: str) -> dict[str, str]:
    """An environment in which no code of ours is to be found."""
    return (
        {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        | {"JDK_JAVA_OPTIONS": QUICK_JAVA}
        | said
    )


def _until_open(port: int) -> None:
    end = time.monotonic() + 90
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError


def test_a_cluster_of_two_workers_gives_the_same(
    card: Path, head: Path, settings: Settings, labels: Path, tmp_path: Path
) -> None:
    here = {"SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable, "UNCIA_BACKBONE": str(settings.backbone)}
    said = bare(**here, UNCIA_CROP_TOP="0.04", UNCIA_CROP_BOTTOM="0.05")
    submit = str(Path(pyspark.__file__).parent / "bin" / "spark-submit")
    script = str(ROOT / "uncia_spark.py")
    made, told = tmp_path / "features", tmp_path / "labels"
    with cluster(tmp_path) as master:
        by_command = [sys.executable, script, "batch", "featurize", str(card), str(made), "--master", master]
        by_submit = [submit, "--master", master, script, "batch", "label", str(made), str(told), "--head", str(head)]
        for command in (by_command, by_submit):
            done = subprocess.run(
                command, cwd=tmp_path, env=said, capture_output=True, text=True, check=False, timeout=280
            )
            assert done.returncode == 0, done.stderr
            if command is by_command:
                assert done.stderr.splitlines()[-1].startswith(f"{IMAGES} frames written to")
    executors = [len(list((tmp_path / f"worker {number}").glob("app-*/*"))) for number in range(2)]
    assert min(executors) >= 1, executors
    same(of_parquet(told), [as_json(one) for one in of_parquet(labels)])


def as_json(value: Any) -> Any:
    """A row of Parquet in the terms of JSON."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: dict(one) if key == "scores" and one is not None else as_json(one) for key, one in value.items()}
    return [as_json(one) for one in value] if isinstance(value, list) else value
