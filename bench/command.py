"""Benches as commands of a person: a mistake is told in one sentence."""

from __future__ import annotations

from collections.abc import Callable

import typer

from shared.errors import UnciaError


def run(bench: Callable[..., object]) -> None:
    """Runs a bench on what stands behind its name; a mistake is one sentence on stderr and exit 1."""
    from cli.main import disk, stop  # not at the top: each worker of a bench imports what the bench does

    try:
        typer.run(bench)
    except UnciaError as error:
        stop(str(error))
    except OSError as error:
        stop(disk(error))
