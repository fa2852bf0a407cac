"""`python -m devhost`: the local host as a command; a development tool, not Azure Functions Core Tools."""

from __future__ import annotations

import logging
import os
import sys
import threading
from pathlib import Path
from threading import Thread
from typing import Annotated

import typer

from devhost.host import Host
from shared.errors import UnciaError
from shared.settings import storage, trace_file


def main(
    data: Annotated[Path, typer.Option(help="Folder for everything that is stored.")],
    root: Annotated[Path, typer.Option(help="Folder of function_app.py and host.json.")] = Path(),
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port for HTTP; 0 takes a free one.")] = 0,
    lease: Annotated[float, typer.Option(min=2, help="Seconds until a killed host's messages come back.")] = 30.0,
    azurite: Annotated[bool, typer.Option(help="Without: work on the storage that the setting Storage names.")] = True,
    stop_with_stdin: Annotated[bool, typer.Option(help="Stop when stdin closes: for a parent program.")] = False,
    verbose: Annotated[bool, typer.Option(help="Show the traceback of every failure.")] = False,
) -> None:
    """Run the functions of this project on this machine (a development tool, not a replacement for Core Tools)."""
    _set_up_logging(verbose)
    threading.excepthook = _leave
    try:
        host = Host(root, data, port=port, lease=lease, connection_string="" if azurite else _elsewhere())
        if file := trace_file():
            _record(file)
        host.start()
        typer.echo(f"running at {host.url}" + (f", storage in {data}" if azurite else ""))
        if stop_with_stdin:
            Thread(target=_stop_with_stdin, args=(host,), daemon=True).start()
        finished = host.run()
    except (UnciaError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    if not finished:
        # Threads of the app that still run would keep the interpreter from leaving; their messages come back.
        os._exit(0)


def _elsewhere() -> str:
    # Not an option: what stands on a command line every user of the machine can read.
    if connection := storage().get("connection"):
        return connection
    raise UnciaError("without Azurite this host needs a connection string in the setting Storage")


def _leave(failed: threading.ExceptHookArgs) -> None:
    # Without one of its threads a host would go on, deaf to a queue or without timers, and tell nobody.
    threading.__excepthook__(failed)
    os._exit(1)


def _stop_with_stdin(host: Host) -> None:
    sys.stdin.buffer.read()
    host.ask_to_stop()


def _record(file: Path) -> None:
    # Imported here: the SDK takes a while, and few runs are recorded.
    from devhost.recording import record

    record(file)


def _set_up_logging(verbose: bool) -> None:
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # it would show every request
    logging.getLogger("devhost").setLevel(logging.INFO if verbose else logging.WARNING)


if __name__ == "__main__":
    command = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    command.command()(main)
    command()
