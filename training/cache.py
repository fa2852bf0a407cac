"""What images gave, kept in Parquet files, so that no image is looked at twice.

    FOLDER/files/*.parquet                  path, size and time of change of a file → digest of its content
    FOLDER/{backbone}~{crops}/*.parquet     digest → what images give by one recipe

Files are written whole under another name and never changed, so an interruption loses what was not yet written, and two
programs can fill one cache. A file that is damaged, or none of ours, counts for nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from shared.errors import UnciaError
from shared.recipe import Recipe
from training.looks import LOOKS, NUMBERS, sound

# What is written at once, some 35 kB an image: seconds of work to lose, and not too many files for a million images.
ROWS = 512

# Paths are bytes: on Linux a name need not be text.
FILES = pa.schema({"path": pa.binary(), "size": pa.int64(), "changed": pa.int64(), "digest": pa.string()})

type Row = Mapping[str, Any]
type FileKey = tuple[bytes, int, int]


class Shelf:
    """A folder of Parquet files with one schema."""

    def __init__(self, folder: Path, schema: pa.Schema) -> None:
        """Reads nothing but the names of what is there."""
        self.parts = sorted(folder.glob("*.parquet"))
        self._folder, self._schema = folder, schema
        self._waiting: list[Row] = []

    def read(self, columns: Sequence[str]) -> Iterator[tuple[Path, pa.Table]]:
        """These columns of each part that can be read and has them, in the types of the schema."""
        types = [self._schema.field(column).type for column in columns]
        for part in self.parts:
            try:
                table = pq.read_table(part, columns=list(columns), page_checksum_verification=True)
                table.validate(full=True)
            except (pa.ArrowException, OSError):
                continue
            if table.column_names == list(columns) and table.schema.types == types:
                yield part, table

    def add(self, rows: Iterable[Row]) -> None:
        """Keeps rows, in files of so many; `flush` writes the rest."""
        for row in rows:
            self._waiting.append(row)
            if len(self._waiting) >= ROWS:
                self.flush()

    def flush(self) -> None:
        """Writes what waits; raises OSError where the disk is full."""
        if not self._waiting:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        part = self._folder / f"{uuid.uuid4().hex}.parquet"
        draft = part.with_suffix(".part")
        try:
            table = pa.Table.from_pylist(self._waiting, self._schema)
            pq.write_table(table, draft, compression="zstd", use_dictionary=False, write_page_checksum=True)
            draft.replace(part)
        finally:
            draft.unlink(missing_ok=True)
        self.parts.append(part)
        self._waiting = []


class Cache:
    """What images give by one recipe, by the digest of their content; and the digests of files seen before."""

    def __init__(self, folder: Path, recipe: Recipe) -> None:
        """Opens a cache, or what will be one when the first image is kept; everything that is there is checked."""
        self.recipe, self._folder = recipe, folder
        own = f"{recipe.backbone[:16]}~{float(recipe.crop_top)!r}~{float(recipe.crop_bottom)!r}"
        self._files, self._looks = Shelf(folder / "files", FILES), Shelf(folder / own, LOOKS)
        self.digests: dict[FileKey, str] = {}
        for _, table in self._files.read(FILES.names):
            *key, digests = (column.to_pylist() for column in table.columns)
            self.digests |= zip(zip(*key, strict=True), digests, strict=True)
        self.captured: dict[str, str] = {}  #: when images say they were taken, "" where they do not
        self.reasons: dict[str, str] = {}  #: why images cannot be decoded, "" where they can
        believed = dict(sound(self._looks.read(LOOKS.names)))
        self._looks.parts = list(believed)
        for known in believed.values():
            self._note(*known)

    def keep(self, key: FileKey, digest: str, look: Row | None) -> None:
        """Notes a file's digest, and what its image gave where that was not known."""
        if look is not None:
            self._looks.add([look])
            self._note([digest], [look["captured_at"]], [look["reason"]])
        self._files.add([{"path": key[0], "size": key[1], "changed": key[2], "digest": digest}])
        self.digests[key] = digest

    def flush(self) -> None:
        """Writes what is not written yet: first what images gave, then which files they were."""
        self._looks.flush()
        self._files.flush()

    def numbers(self, column: str, digests: Sequence[str]) -> NDArray[Any]:
        """One row for each digest, in their order; all of them must be there and decoded."""
        return np.stack([np.frombuffer(one, NUMBERS[column]) for one in self.values(column, digests)])

    def values(self, column: str, digests: Sequence[str]) -> list[bytes]:
        """What a column holds for each digest, in their order; raises UnciaError where a file has gone since."""
        wanted, found = set(digests), dict[str, bytes]()
        for _, table in self._looks.read(["digest", column]):
            names = table.column("digest").to_pylist()
            places = [place for place, name in enumerate(names) if name in wanted and name not in found]
            values = table.column(column).take(pa.array(places, pa.int64())).to_pylist()
            found |= zip((names[place] for place in places), values, strict=True)
        if wanted - found.keys():
            raise UnciaError(f"something took files out of the cache {self._folder} meanwhile: run it again")
        return [found[digest] for digest in digests]

    def _note(self, digests: Sequence[str], captured: Sequence[str], reasons: Sequence[str]) -> None:
        self.captured |= zip(digests, captured, strict=True)
        self.reasons |= zip(digests, reasons, strict=True)
