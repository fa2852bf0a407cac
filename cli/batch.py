"""`uncia batch`: the same work past one machine, under Spark."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from cli import backbones, files, screen, stack, storage
from cli.work import AimAt, ByClass, Data
from shared.errors import UnciaError
from shared.settings import Settings

app = typer.Typer(no_args_is_help=True)

NEEDED = "`uncia batch` needs Spark: `make spark` installs it (500 MB), and Java 17 or later has to be there"

Master = Annotated[
    str | None,
    typer.Option(
        metavar="URL", help="Spark's master: local[*] unless said, or spark://HOST:7077. spark-submit has its own."
    ),
]
Features = Annotated[str, typer.Argument(metavar="FEATURES", help="What `uncia batch featurize` wrote.")]


def check_spark() -> None:
    """Raises UnciaError where Spark is not installed."""
    if not find_spec("pyspark"):
        raise UnciaError(NEEDED)


@app.command()
def featurize(
    src: Annotated[
        str, typer.Argument(metavar="SRC", help="Folder of images, or abfss://images@ACCOUNT.dfs.core.windows.net/")
    ],
    dst: Annotated[str, typer.Argument(metavar="DST", help="Folder or address to write frames to, in Parquet.")],
    master: Master = None,
) -> None:
    """Make frames of images: features, times, previews. What is done already is skipped, so it can be run again.

    Example: uncia batch featurize /mnt/survey features
    """
    check_spark()
    from cli import sparking

    try:
        done = sparking.featurize(src, dst, Settings.from_env(), master)
    except KeyboardInterrupt:
        screen.note(f"What is in {dst} stays; run again, it goes on from there.")
        raise typer.Exit(130) from None
    screen.note(f"{screen.counted(done.new, 'frame')} written to {dst}, {done.before} were there already")
    if done.left_out:
        screen.warn(
            f"Left out, too large to be read: {screen.counted(len(done.left_out), 'file')}, {done.left_out[0]} first."
        )


@app.command()
def label(
    features: Features,
    dst: Annotated[str, typer.Argument(metavar="DST", help="Folder or address to write labels to, in Parquet.")],
    head: Annotated[Path, typer.Option("--head", metavar="HEAD.onnx", help="Head to label with.")],
    master: Master = None,
) -> None:
    """Group frames into sequences and label them, exactly as the functions do.

    Example: uncia batch label features labels --head leopard.onnx
    """
    check_spark()
    from cli import sparking

    content, _ = backbones.read_head(head)
    found = sparking.label(features, content, dst, Settings.from_env(), master)
    screen.note(
        f"{screen.counted(found.sequences, 'sequence')} from {screen.counted(found.cameras, 'camera')}, "
        f"{screen.counted(found.frames, 'frame')}, {found.corrupt} of them corrupt; written to {dst}"
    )


@app.command()
def train(
    features: Features,
    manifest: Annotated[
        Path, typer.Argument(metavar="MANIFEST.csv", help="path, species, maybe camera, captured_at, sequence.")
    ],
    out: Annotated[Path, typer.Option(metavar="HEAD.onnx", help="File to write the head to.")],
    classes: ByClass = "",
    aim: AimAt = "",
    master: Master = None,
) -> None:
    """Train a head on features, with Spark ML; paths in the manifest are those below the featurized folder.

    Example: uncia batch train features labels.csv --classes "leopard=snow_leopard,other=*" --out leopard.onnx
    """
    check_spark()
    files.check(out)
    from cli import sparktraining

    sparktraining.train(features, manifest, out, classes, aim, master)


@app.command()
def load(
    features: Annotated[str, typer.Argument(metavar="DST", help="What `uncia batch featurize` wrote.")],
    master: Master = None,
    data: Data = stack.HOME,
) -> None:
    """Put frames and their labels into the tables of a running Uncia, under its current head; verdicts stay.

    Example: uncia batch load features
    """
    check_spark()
    from cli import loading

    connection = storage.found(data)
    done = loading.load(features, connection, Settings.from_env(), master)
    frames, days = screen.counted(done.new, "frame"), screen.counted(done.days, "camera-day")
    screen.note(f"{frames} new or changed, {days} labelled by head {done.head}")
