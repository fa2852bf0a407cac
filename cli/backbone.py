"""`uncia backbone`: the network that turns pictures into features."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli import files, screen
from cli.backbones import MEANINGLESS, PACKAGED, UNTRAINED
from cli.labelled import CACHE, CacheAt, CropBottom, CropTop, Labelled
from shared.errors import UnciaError

app = typer.Typer(no_args_is_help=True)

Out = Annotated[
    Path,
    typer.Option("--out", metavar="FILE", show_default="models/backbone.onnx", help="File to write the backbone to."),
]


@app.command()
def fetch(
    out: Out = PACKAGED, url: Annotated[list[str] | None, typer.Option(help="Another address of the same file.")] = None
) -> None:
    """Get the ONNX Model Zoo's ResNet50 (98 MB), check it and prepare it.

    Example: uncia backbone fetch
    """
    from training.backbone import Options, build
    from training.download import RESNET50
    from training.download import fetch as download

    prepare_for(out)
    part = out.parent / RESNET50.file
    with screen.progress() as bars:
        task = bars.add_task("download", total=RESNET50.size)
        source = download(
            url or RESNET50.urls,
            part,
            size=RESNET50.size,
            sha256=RESNET50.sha256,
            progress=lambda done, total: bars.update(task, completed=done, total=total),
        )
    keep(build(source.read_bytes(), Options(), name="resnet50"), out)
    source.unlink()


@app.command()
def build(
    source: Annotated[Path, typer.Argument(metavar="SOURCE.onnx", help="Any image network as ONNX.")],
    out: Out = PACKAGED,
    name: Annotated[str, typer.Option(help="Its name; the file's unless given.")] = "",
    features: Annotated[
        str | None, typer.Option(help="Tensor of the features; the last global pool's unless given.")
    ] = None,
    logits: Annotated[str | None, typer.Option(help="Tensor of the logits; the last Gemm's unless given.")] = None,
    pixel_range: Annotated[float | None, typer.Option("--range", help="What white is: 1 or 255.")] = None,
    mean: Annotated[str, typer.Option(help="Mean per channel, as 0.485,0.456,0.406.")] = "",
    std: Annotated[str, typer.Option(help="Standard deviation per channel.")] = "",
    size: Annotated[int | None, typer.Option(min=16, max=1024, help="Side of the input, in pixels.")] = None,
    int8: Annotated[bool, typer.Option("--int8", help="In 8 bits: smaller and faster. Needs --calibrate.")] = False,
    calibrate: Annotated[
        Path | None,
        typer.Option(metavar="DIR|MANIFEST", help="At least 100 images for int8; labelled, they try it too."),
    ] = None,
    images: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder that the manifest's paths are below.")
    ] = None,
    classes: Annotated[str, typer.Option(help="Classes to try int8 on, as for train.")] = "",
    split: Annotated[str, typer.Option(help="What to try int8 on, as for evaluate; else cross-validated.")] = "",
    crop_top: CropTop = None,
    crop_bottom: CropBottom = None,
    cache: CacheAt = CACHE,
) -> None:
    """Prepare any image network as the backbone: features and logits as outputs, and how to feed it in its metadata.

    Example: uncia backbone build mobilenet_v2.onnx

    In 8 bits: uncia backbone build models/backbone.onnx --int8 --calibrate labels.csv --images photos
    """
    from training.backbone import Options
    from training.backbone import build as prepare

    if int8 != bool(calibrate):
        raise UnciaError("--int8 and --calibrate go together: int8 is calibrated on images")
    prepare_for(out)
    try:
        content = source.read_bytes()
    except OSError as error:
        raise UnciaError(f"{source} cannot be read: {(error.strerror or 'error').lower()}") from error
    said = Options(
        features=features,
        logits=logits,
        size=size,
        range=pixel_range,
        mean=triple(mean, "--mean"),
        std=triple(std, "--std"),
    )
    prepared = prepare(content, said, name=name or source.stem)
    if calibrate:
        from cli.int8 import Trial
        from cli.int8 import build as build_int8

        folders = [images] if images else []
        build_int8(prepared, Trial(Labelled([calibrate], folders, cache, classes, crop_top, crop_bottom), split), out)
        return
    keep(prepared, out)


@app.command()
def untrained(out: Out = PACKAGED) -> None:
    """Make the stand-in for machines without a network: an exact ResNet50 with random weights.

    Example: uncia backbone untrained
    """
    from training.backbone import Options
    from training.backbone import build as prepare
    from training.resnet50 import untrained as make

    prepare_for(out)
    keep(prepare(make(), Options(), name=UNTRAINED), out)
    screen.warn(MEANINGLESS)


def prepare_for(out: Path) -> None:
    """Makes the folder of the default place, and raises UnciaError where a file cannot be written."""
    PACKAGED.parent.mkdir(exist_ok=True)
    files.check(out)


def keep(content: bytes, out: Path) -> None:
    """Writes a backbone whole or not at all."""
    files.write(out, content)
    screen.note(f"backbone written to {out}")


def triple(text: str, option: str) -> tuple[float, float, float] | None:
    """Three numbers; raises UnciaError."""
    if not text:
        return None
    try:
        first, second, third = (float(part) for part in text.split(","))
    except ValueError:
        raise UnciaError(f"{option} takes three numbers with commas between them, not {text!r}") from None
    return first, second, third
