"""Commands that do the work: demo, run, up, upload, train, publish."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli import backbones, files, pictures, screen, stack, storage
from shared.errors import UnciaError
from shared.label import Label
from shared.settings import Settings

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of images; its sub-folders are cameras.")]
HeadFile = Annotated[Path | None, typer.Option("--head", metavar="HEAD.onnx", help="Head to label with.")]
Times = Annotated[
    Path | None,
    typer.Option("--times", metavar="CSV", help="Times of images: columns path, captured_at and, if you like, camera."),
]
Data = Annotated[Path, typer.Option("--data", metavar="DIR", help="Folder that the local stack keeps everything in.")]


def demo(
    out: Annotated[Path, typer.Option(help="Where to draw; must be new or an earlier demo.")] = Path("demo"),
) -> None:
    """Draw a card of camera-trap pictures, train a head on one part and label the other.

    Example: uncia demo --out /tmp/demo
    """
    from cli.demo import demo as show

    show(out)


def run(
    folder: Folder,
    head: HeadFile = None,
    times: Times = None,
    out: Annotated[Path | None, typer.Option(metavar="labels.json", help="File to write the labels to.")] = None,
    data: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Keep everything here, and label what it holds already too.")
    ] = None,
) -> None:
    """Label a folder of images on this machine, through the same functions as on Azure.

    Example: uncia run SDCARD --head leopard.onnx --out labels.json
    """
    from cli import run as running

    if out:
        files.check(out)
    finished = running.run(pictures.below(folder, times), head_file=head, settings=Settings.from_env(), data=data)
    if out:
        running.write(finished.labels, out)
    show(finished.labels)
    if out:
        screen.note(f"written to {out}")
    if finished.problems:
        raise UnciaError("; ".join(finished.problems))


def show(labels: list[Label]) -> None:
    """The labels as a table, then how many there are of what."""
    screen.out(screen.label_table(labels))
    shots = [shot for label in labels for shot in label.frames]
    corrupt = sum(shot.status == "corrupt" for shot in shots)
    cameras = len({label.camera for label in labels})
    screen.note(
        f"{screen.counted(len(labels), 'sequence')} from {screen.counted(cameras, 'camera')}, "
        f"{screen.counted(len(shots), 'frame')}, {corrupt} of them corrupt"
    )


def up(
    data: Data = stack.HOME,
    head: HeadFile = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port for HTTP; 0 takes a free one.")] = 7071,
) -> None:
    """Run the whole stack on this machine until Ctrl-C; upload to it from another terminal.

    Example: uncia up --head leopard.onnx
    """
    from cli.run import OTHER_RECIPE

    settings = Settings.from_env()
    content, wanted = backbones.read_head(head) if head else (b"", None)
    recipe = backbones.chosen(settings, wanted)
    screen.warn(backbones.warning(settings))
    screen.warn("" if stack.note_recipe(data, recipe) else OTHER_RECIPE)
    with stack.started(data, backbones.environment(settings, recipe), port) as (local, host):
        if content:
            storage.heads(local.storage).publish(content)
        screen.note(f"Uncia runs at {local.url} (health: {local.url}/api/health); everything is kept in {data}.")
        screen.note("In another terminal: `uncia upload DIR`, then `uncia labels`. Ctrl-C stops it; nothing is lost.")
        host.wait()
        raise UnciaError(f"the local stack stopped: {stack.last_words(data)}")


def upload(
    folder: Folder,
    camera: Annotated[str, typer.Option(help="Camera of all these images, instead of the first folder's name.")] = "",
    times: Times = None,
    data: Data = stack.HOME,
) -> None:
    """Send a folder of images to storage; what is there already is skipped, so it can be interrupted and run again.

    Example: uncia upload SDCARD --camera "Ridge 1"
    """
    from cli import uploading
    from cli.run import without_camera

    images = pictures.below(folder, times, camera)
    screen.warn(without_camera(images))
    container = storage.images(storage.found(data))
    with screen.progress() as bars:
        task = bars.add_task("uploading", total=len(images))
        sent = uploading.send(images, container, lambda: bars.advance(task))
    screen.note(f"{screen.counted(sent, 'image')} uploaded, {len(images) - sent} were there already")


def train(
    manifest: Annotated[
        list[Path],
        typer.Argument(metavar="MANIFEST.csv…", help="CSV: path, camera, captured_at, species, maybe sequence."),
    ],
    images: Annotated[
        list[Path],
        typer.Option(metavar="DIR", help="Folder that the paths are below; one for all, or one per manifest."),
    ],
    out: Annotated[Path, typer.Option(metavar="HEAD.onnx", help="File to write the head to.")],
    classes: Annotated[str, typer.Option(help='Classes by species, as "cat=lynx|puma,other=*".')] = "",
    crop_top: Annotated[
        float | None, typer.Option(min=0, max=0.5, help="Fraction of the height to cut off above.")
    ] = None,
    crop_bottom: Annotated[float | None, typer.Option(min=0, max=0.5, help="Fraction to cut off below.")] = None,
) -> None:
    """Train a head on labelled images.

    Example: uncia train labels.csv --images photos --classes "leopard=snow_leopard,other=*" --out leopard.onnx
    """
    from cli.training import train as fit

    fit(manifest, images, out, classes=classes, crop_top=crop_top, crop_bottom=crop_bottom)


def publish(
    head: Annotated[Path, typer.Argument(metavar="HEAD.onnx", help="Head to use from now on.")], data: Data = stack.HOME
) -> None:
    """Make a head the current one of the running stack; its instances notice within a minute.

    Example: uncia publish leopard.onnx
    """
    content, new = backbones.read_head(head)
    connection = storage.found(data)
    settings = Settings.from_env()
    screen.warn(backbones.warning(settings))
    backbones.check(new, stack.recipe(data) or backbones.chosen(settings, None))
    storage.heads(connection).publish(content)
    screen.note(f"head {new.version} is current: {', '.join(new.classes)}")
