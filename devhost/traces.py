"""`python -m devhost.traces FILE`: the traces that the local host wrote to a file, one line a step."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from shared.errors import UnciaError


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One step at work."""

    trace: str
    id: str
    parent: str  #: id of the span that it came from; nothing for the first
    name: str
    start: datetime
    end: datetime
    facts: dict[str, Any]


def spans(lines: Iterable[str]) -> list[Span]:
    """The spans among the lines, in order of their start; raises UnciaError for a line that is cut or another's."""
    found = []
    for number, line in enumerate(lines, 1):
        try:
            told = json.loads(line)
            if "resource_metrics" not in told:
                found.append(_span(told))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UnciaError(f"line {number} is neither a span nor metrics: {error}") from error
    return sorted(found, key=lambda span: span.start)


def drawn(own: list[Span]) -> list[str]:
    """The spans of one trace as lines of text: when, how long, what; each below and right of what it came from."""
    depth: dict[str, int] = {}
    lines = [f"trace {own[0].trace}: {(own[-1].end - own[0].start).total_seconds():.2f} s"]
    for span in own:
        depth[span.id] = depth.get(span.parent, -1) + 1
        begin, took = (span.start - own[0].start).total_seconds(), (span.end - span.start).total_seconds() * 1_000
        facts = "  ".join(f"{name.removeprefix('uncia.')}={value}" for name, value in span.facts.items())
        lines.append(f"{begin:8.2f} s  {'  ' * depth[span.id] + span.name:<16}{took:6.0f} ms  {facts}")
    return lines


def main(file: Annotated[Path, typer.Argument(help="The file that UNCIA_TRACE named.")]) -> None:
    """Print each trace: the way of an image through the steps."""
    try:
        found = spans(file.read_text("utf-8").splitlines())
    except (UnciaError, OSError, ValueError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    for trace in dict.fromkeys(span.trace for span in found):
        typer.echo("\n".join(drawn([span for span in found if span.trace == trace])))


def _span(told: Any) -> Span:
    return Span(
        trace=told["context"]["trace_id"].removeprefix("0x"),
        id=told["context"]["span_id"],
        parent=told["parent_id"] or "",
        name=str(told["name"]),
        start=datetime.fromisoformat(told["start_time"]),
        end=datetime.fromisoformat(told["end_time"]),
        facts=dict(told["attributes"]),
    )


if __name__ == "__main__":
    command = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    command.command()(main)
    command()
