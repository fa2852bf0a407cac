"""Commands that do the work: demo, run, up, upload, train, publish."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli import backbones, files, pictures, screen, stack, storage
from cli.labelled import CACHE, CacheAt, CropBottom, CropTop, Labelled
from shared.errors import UnciaError
from shared.label import Label
from shared.settings import Settings

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of images; its sub-folders are cameras.")]
HeadFile = Annotated[Path | None, typer.Option("--head", metavar="HEAD.onnx", help="Head to label with.")]
Times = Annotated[
    Path | None,
    typer.Option("--times", metavar="CSV", help="Times of images: columns path, captured_at and, if you like, camera."),
]
MANIFEST = typer.Argument(
    metavar="MANIFEST…",
    help="CSV (path, camera, captured_at, species, maybe sequence and split), COCO Camera Traps JSON, "
    "Camtrap DP folder, or a folder with one folder for each species.",
)
Manifests = Annotated[list[Path] | None, MANIFEST]
Folders = Annotated[
    list[Path] | None,
    typer.Option("--images", metavar="DIR", help="Folder that the paths are below; one for all, or one per manifest."),
]
ByClass = Annotated[str, typer.Option(help='Classes by species, as "cat=lynx|puma,other=*".')]
AimAt = Annotated[str, typer.Option(help="What labels are to reach: recall=0.95 or precision=0.95.")]
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
        storage.alerts(local.storage)
        screen.note(f"Uncia runs; review at {local.url}/api/review. Everything is kept in {data}.")
        screen.note("In another terminal: `uncia upload DIR`. Ctrl-C stops it; nothing is lost.")
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
    screen.note(f"{screen.counted(sent.new, 'image')} uploaded, {len(images) - sent.new} were there already")
    if not sent.compared and sent.new < len(images):
        screen.warn("There under the same names: this pass may not look whether they are the same images.")


def train(
    out: Annotated[Path, typer.Option(metavar="HEAD.onnx", help="File to write the head to.")],
    manifest: Manifests = None,
    images: Folders = None,
    from_verdicts: Annotated[
        bool, typer.Option("--from-verdicts", help="Train on what people said of the stack's frames instead.")
    ] = False,
    classes: ByClass = "",
    crop_top: CropTop = None,
    crop_bottom: CropBottom = None,
    aim: AimAt = "",
    cache: CacheAt = CACHE,
    data: Data = stack.HOME,
) -> None:
    """Train a head on labelled images, or on the stack's verdicts; a card beside it says on what.

    Example: uncia train labels.csv --images photos --classes "leopard=snow_leopard,other=*" --out leopard.onnx
    """
    if from_verdicts:
        from cli.lessons import train as learn

        if manifest or images or crop_top is not None or crop_bottom is not None:
            raise UnciaError("--from-verdicts takes no manifest and no --images or crop: the features are stored")
        learn(out, classes=classes, aim=aim, data=data)
        return
    if not manifest:
        raise UnciaError("name a manifest or a folder, or say --from-verdicts")
    from cli.training import train as fit

    fit(Labelled(manifest, images or [], cache, classes, crop_top, crop_bottom), out, aim)


def evaluate(
    manifest: Annotated[list[Path], MANIFEST],
    images: Folders = None,
    classes: ByClass = "",
    split: Annotated[
        str, typer.Option(help="What to hold out: camera, date:2016-01-10, or column for the manifest's own.")
    ] = "camera",
    aim: AimAt = "",
    out: Annotated[Path | None, typer.Option("--json", metavar="OUT.json", help="File for the figures.")] = None,
    report: Annotated[Path | None, typer.Option(metavar="OUT.html", help="File for a page to look at.")] = None,
    crop_top: CropTop = None,
    crop_bottom: CropBottom = None,
    cache: CacheAt = CACHE,
) -> None:
    """Compare five models on your labelled images, some of them held out: how good would labels be?

    Example: uncia evaluate labels.csv --images photos --classes "leopard=snow_leopard,other=*" --report ladder.html
    """
    from cli.evaluating import evaluate as climb

    climb(Labelled(manifest, images or [], cache, classes, crop_top, crop_bottom), split, aim, out, report)


def publish(
    head: Annotated[
        str, typer.Argument(metavar="HEAD", help="Head to use from now on: a file, or the version of an earlier one.")
    ],
    relabel: Annotated[bool, typer.Option("--relabel", help="Re-label the archive with it, too.")] = False,
    data: Data = stack.HOME,
) -> None:
    """Make a head the current one of the running stack; its instances notice within a minute.

    Example: uncia publish leopard.onnx --relabel

    Back to an earlier one: uncia publish 3f2a91 --relabel
    """
    from cli import archive, versions

    content, new = versions.read(head, lambda: storage.heads(storage.found(data)))
    connection = storage.found(data)
    settings = Settings.from_env()
    screen.warn(backbones.warning(settings))
    backbones.check(new, backbones.in_force(settings, data))
    storage.heads(connection).publish(content)
    screen.note(f"head {new.version} is current: {', '.join(new.classes)}")
    if relabel:
        archive.relabel(data=data)
