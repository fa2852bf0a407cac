"""The command `uncia`."""

from __future__ import annotations

import atexit
import errno
import gc
import logging
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from azure.core.exceptions import AzureError

from cli import (
    alerts,
    archive,
    backbone,
    batch,
    cost,
    deployments,
    export,
    failures,
    invite,
    learning,
    look,
    screen,
    verdicts,
    work,
)  # fmt: skip
from shared import __version__
from shared.errors import UnciaError

EXAMPLES = """
Turn camera-trap images into labelled sequences: on Azure, or on this machine.

Examples:

See it work:  uncia demo

Learn:  uncia train labels.csv --images photos --out head.onnx

Label a card:  uncia run SDCARD --head head.onnx

Leave it running:  uncia up --head head.onnx
"""

app = typer.Typer(
    help=EXAMPLES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(backbone.app, name="backbone", help="Get, build or make the network that turns pictures into features.")
app.add_typer(
    deployments.app, name="deployments", help="Where cameras stood, from when to when, and how their clocks went."
)
app.add_typer(verdicts.app, name="verdicts", help="What people said of frames, in and out.")
app.add_typer(batch.app, name="batch", help="The same work past one machine, under Spark.")
app.add_typer(alerts.app, name="alerts", help="Who is told of which animal at once, and of what they were told.")
COMMANDS: tuple[Callable[..., None], ...] = (
    work.demo, work.run, work.up, work.upload, invite.invite, work.train, work.evaluate, work.publish,
    archive.relabel, archive.reconcile, archive.forget, learning.retrain, learning.heads, learning.next,
    look.labels, look.sequences, look.doctor, cost.cost, failures.failures, failures.redrive, export.export,
)  # fmt: skip
for command in COMMANDS:
    app.command()(command)


@app.callback(invoke_without_command=True)
def version(show: Annotated[bool, typer.Option("--version", help="Show the version.")] = False) -> None:
    """Shows the version where it is asked for."""
    if show:
        typer.echo(__version__)
        raise typer.Exit


def main() -> None:
    """Runs the command; a mistake is one sentence on stderr and exit 1, Ctrl-C is exit 130."""
    warnings.filterwarnings("ignore", module=r"PIL\.")
    atexit.register(gc.freeze)  # all goes at once: to search what is left for cycles takes 0.3 s after scikit-learn
    logging.getLogger("azure").setLevel(logging.CRITICAL)  # what it would log is raised too, and told in one sentence
    try:
        app()
    except UnciaError as error:
        stop(str(error))
    except AzureError as error:
        stop(f"storage answered with an error: {screen.first_line(error)}")
    except OSError as error:
        stop(disk(error))


def stop(sentence: str) -> None:
    """One sentence on stderr, or a line for each of several mistakes; exit 1."""
    typer.echo(f"uncia: {screen.harmless(sentence)}", err=True)
    sys.exit(1)


def disk(error: OSError) -> str:
    """What is wrong with a file or disk, with its name where there is one."""
    where = f": {Path(str(error.filename))}" if error.filename else ""
    if error.errno == errno.ENOSPC:
        return f"the disk is full{where}"
    return f"{(error.strerror or str(error)).lower()}{where}"
