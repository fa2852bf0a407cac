"""What people said of images in a Camtrap DP package: a folder, or a zip file."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from cli.saying import Saying, Source, checked, time
from shared.errors import BadTable, UnciaError
from shared.export.observations import OF, OF_FRAMES, OF_SEQUENCE, SAID
from training import camtrap_dp

# A package of a million images has 400 MB of observations; a zip file could unfold to anything.
LARGEST = 4_000_000_000
_TABLES = ("media.csv", "observations.csv", "deployments.csv")


def read(folder: Path) -> Source:
    """What people observed in the media of a package; raises UnciaError."""
    if not camtrap_dp.is_package(folder):
        raise UnciaError(f"{folder.name} is no Camtrap DP package: it has no media.csv and observations.csv")
    seen = camtrap_dp.observed(folder)
    found, several = list[Saying](), list[int]()
    for number, rows in sorted(seen.said.items()):
        # What we say in an observation of the sequence, we say in those of its frames too, where it is not all one.
        told = [row for row in rows if _level(row) == "media" or OF_FRAMES not in row.get("observationTags", "")]
        words = {camtrap_dp.tags(row).get(SAID) or camtrap_dp.species(row) for row in told}
        if len(words) > 1:
            several.append(seen.media.numbers[number])
        elif words:
            found.append(
                _observed(seen, number, max(told, key=lambda row: row.get("classificationTimestamp", "")), *words)
            )
    return Source("row", found, several)


def _observed(seen: camtrap_dp.Observed, number: int, said: Mapping[str, str], word: str) -> Saying:
    media = seen.media.rows[number]

    def wrong(why: str) -> BadTable:
        return BadTable(f"observation {said.get('observationID', '')!r}: {why}")

    checked("species", word, wrong)
    camera = seen.cameras.get(media["deploymentID"]) or media["deploymentID"]
    return Saying(
        number=seen.media.numbers[number],
        cameras=tuple(dict.fromkeys((camera, ""))),
        path=_path(media),
        said=word,
        by=said.get("classifiedBy", "").strip(),
        at=time(said.get("classificationTimestamp"), wrong),
        of_sequence=_level(said) == "event" or camtrap_dp.tags(said).get(OF) == OF_SEQUENCE.partition(":")[2],
        frame=media["mediaID"],
    )


def _level(said: Mapping[str, str]) -> str:
    return said["observationLevel"]


def _path(media: Mapping[str, str]) -> str:
    """A file's path; of an address only the name of the file."""
    said = media["filePath"]
    if "://" in said:
        return media.get("fileName") or PurePosixPath(unquote(said)).name
    return unquote(said)


@contextmanager
def unpacked(source: Path) -> Iterator[Path]:
    """A folder with the tables of a zipped package, and nothing else of it."""
    try:
        with zipfile.ZipFile(source) as file, tempfile.TemporaryDirectory() as folder:
            there = {PurePosixPath(one.filename).name: one for one in file.infolist()}
            wanted = [(name, there[name]) for name in _TABLES if name in there]
            if sum(one.file_size for _, one in wanted) > LARGEST:
                raise UnciaError(f"the tables in {source.name} are larger than {LARGEST:,} bytes")
            for name, one in wanted:
                Path(folder, name).write_bytes(file.read(one))
            yield Path(folder)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise UnciaError(f"{source.name} is no zip file that can be read: {error}") from error
