"""Files that are written piece by piece: whole in the end, or what was there before."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from cli import files
from shared.errors import UnciaError

ZIP = ".zip"


def check(out: Path, names: Sequence[str]) -> None:
    """Raises UnciaError where files of these names cannot be written to `out`: before the work, not after it."""
    if len(names) == 1 or out.suffix.lower() == ZIP:
        files.check(out)
        return
    if out.exists() and not out.is_dir():
        raise UnciaError(f"{out} is a file: name a folder, or a file that ends in {ZIP}")
    files.check(out.absolute().parent / f"{out.name}.check")


@dataclass(frozen=True, slots=True)
class Drafts:
    """The texts of parts, each in a file of its own until they are put together."""

    folder: Path
    texts: Mapping[str, TextIO]

    def add(self, texts: Mapping[str, str]) -> None:
        """Writes on at each of these parts."""
        for part, text in texts.items():
            self.texts[part].write(text)

    def finish(self, made_of: Mapping[str, Sequence[str]], out: Path) -> None:
        """Puts each file together from its parts, and all of them where they belong: a file, a zip file or a folder."""
        for text in self.texts.values():
            text.close()
        made = {name: self._joined(parts) for name, parts in made_of.items()}
        place(made, out)

    def _joined(self, parts: Sequence[str]) -> Path:
        first, *others = (self.folder / part for part in parts)
        with first.open("ab") as file:
            for other in others:
                with other.open("rb") as more:
                    shutil.copyfileobj(more, file)
                other.unlink()
        return first


@contextmanager
def drafted(out: Path) -> Iterator[Path]:
    """A folder beside `out` that is gone in the end, whatever happens."""
    with tempfile.TemporaryDirectory(prefix=f".{out.name}.", suffix=".part", dir=out.absolute().parent) as folder:
        yield Path(folder)


@contextmanager
def begun(out: Path, parts: Sequence[str]) -> Iterator[Drafts]:
    """Drafts of these parts."""
    with drafted(out) as folder, ExitStack() as opened:
        texts = {part: opened.enter_context(_text(folder / part)) for part in parts}
        yield Drafts(folder, texts)


def place(made: Mapping[str, Path], out: Path) -> None:
    """Moves files, by the names they are to have, to where they belong; each replaces what was there at once."""
    if out.suffix.lower() == ZIP:
        packed = next(iter(made.values())).parent / ZIP
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
            for name, path in made.items():
                file.write(path, name)
        packed.replace(out)
    elif len(made) == 1:
        next(iter(made.values())).replace(out)
    else:
        out.mkdir(exist_ok=True)
        for name, path in made.items():
            path.replace(out / name)


def _text(path: Path) -> TextIO:
    return path.open("w", encoding="utf-8", newline="", errors="surrogatepass")
