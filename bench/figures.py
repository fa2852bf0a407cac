"""Figures that a run measured, kept in build/figures until the next run of the same name, for documents to show."""

from __future__ import annotations

import json
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "build" / "figures"

type Figures = dict[str, float | str]


def keep(name: str, **numbers: float | str) -> None:
    """Keeps the figures of a run in place of those of the run before; their names are words, `frames_lost` say."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{name}.json").write_text(json.dumps(numbers, indent=1) + "\n", "utf-8")


def kept(since: float = 0.0) -> dict[str, Figures]:
    """The figures of every run that ended after this moment (seconds since 1970), by its name."""
    files = sorted(file for file in FOLDER.glob("*.json") if file.stat().st_mtime >= since)
    return {file.stem: json.loads(file.read_text("utf-8")) for file in files}


def line(name: str, numbers: Figures) -> str:
    """The figures of a run as people read them: `chaos: 51 kills, 0 frames lost`."""
    return f"{name}: " + ", ".join(f"{shown(value)} {word.replace('_', ' ')}" for word, value in numbers.items())


def shown(value: float | str) -> str:
    """A figure as people read it: three digits of a measured one, all of a counted one."""
    if isinstance(value, float):
        return f"{value:,.3g}" if abs(value) < 100 else f"{value:,.0f}"
    return value if isinstance(value, str) else f"{value:,}"
