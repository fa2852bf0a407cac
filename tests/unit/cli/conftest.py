"""A desk with a card, tables and a tiny backbone on it, and the command `uncia` at hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from cli.main import main
from tests.unit.shared.making import backbone, noise, written

from .stored import NOW, Site

FILES = {
    "words/read me.txt": "no picture",
    "no column.csv": "path,when\na/1.jpg,2026\n",
    "no species.csv": "path,camera,captured_at\na/1.jpg,a,\n",
    "no time.csv": "path,camera,captured_at,species\na/1.jpg,a,,cat\na/1.jpg,a,yesterday,cat\n",
    "no file.csv": "path,camera,captured_at,species\na/1.jpg,a,,cat\na/9.jpg,a,,cat\n",
    "no camera.csv": "path,camera,captured_at,species\na/1.jpg,,,cat\n",
    "one class.csv": "path,camera,captured_at,species\na/1.jpg,a,,cat\n",
    "two clocks.csv": "camera,captured_at\na,2026-01-31T12:00:00\na,2026-01-31T12:00:10Z\n",
    "no cells.csv": "camera,captured_at\na\n",
    "nothing.csv": "",
}


class Answer(NamedTuple):
    """What a command said, and its exit code."""

    code: object
    out: str
    err: str


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        tmp_path.joinpath(name).parent.mkdir(exist_ok=True)
        tmp_path.joinpath(name).write_text(text, "utf-8")
    for folder in ("empty", "card/a"):
        tmp_path.joinpath(folder).mkdir(parents=True)
    tmp_path.joinpath("card/a/1.jpg").write_bytes(written(noise()))
    tmp_path.joinpath("tiny.onnx").write_bytes(backbone())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("UNCIA_BACKBONE", "tiny.onnx")
    return tmp_path


@pytest.fixture
def uncia(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    def call(*arguments: object) -> Answer:
        monkeypatch.setattr("sys.argv", ["uncia", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main()
        return Answer(left.value.code or 0, *capfd.readouterr())

    return call


@pytest.fixture
def site(desk: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A stack in memory, whose host answers at once, instead of the one that a command would find."""
    found = Site()
    monkeypatch.setattr("cli.storage.found", lambda data: {})
    things: dict[str, object] = {"store": found.tables, "heads": found.heads, "failures": found.failures}
    for name, thing in {**things, "sequences": found, "clock": lambda: NOW}.items():
        monkeypatch.setattr(f"cli.storage.{name}", lambda connection, thing=thing: thing)
    return found
