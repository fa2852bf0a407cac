"""Where images lie, and what each is called below it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from shared.errors import UnciaError

# Hadoop's own marks in a path that is a pattern.
_MARKS = re.compile(r"([\\*?\[\]{}^,])")
_CLOUD = ("abfss", "abfs", "wasbs", "wasb")


@dataclass(frozen=True, slots=True)
class Place:
    """A folder of images: on disk, or in a container of Azure Storage."""

    address: str  #: as Spark takes it, without marks
    root: str  #: what the names of images are below: the folder on disk, the container in storage

    @classmethod
    def of(cls, said: str) -> Self:
        """The place that a person means; raises UnciaError for an address that is none.

        In storage an image is called by its blob's name, whichever folder of the container is read.
        """
        scheme = said.partition("://")[0] if "://" in said else ""
        if scheme in _CLOUD:
            return cls(*_container(said))
        if scheme not in ("", "file"):
            return cls(said.rstrip("/"), said.rstrip("/") + "/")
        folder = Path(said.removeprefix("file://")).resolve()
        if not folder.is_dir():
            raise UnciaError(f"{said} is not a folder" if folder.exists() else f"there is no folder {said}")
        return cls(f"file:{folder}", f"file:{folder}".rstrip("/") + "/")

    @property
    def pattern(self) -> str:
        """The address where Spark takes a pattern."""
        return escaped(self.address)

    def path(self, file: str) -> str:
        """What storage calls a file, which Spark names whole: `Ridge 1/IMG_0001.JPG`."""
        # Spark writes `file:/x` or `file:///x` for the same.
        plain = re.sub(r"^file:/+", "file:/", file)
        return plain.removeprefix(self.root).replace("\\", "/")


def address(said: str) -> str:
    """A folder that may not be there yet, as Spark takes it."""
    return Place.of(said).address if "://" in said else f"file:{Path(said).resolve()}"


def escaped(address: str) -> str:
    """An address where Spark takes a pattern."""
    return _MARKS.sub(r"\\\1", address)


def _container(said: str) -> tuple[str, str]:
    """The address and its container, for the one driver that Hadoop still has (HADOOP-19778), `wasbs://` too."""
    found = re.fullmatch(r"(?:abfs|wasb)(s?)://([^/@]+)@([^/.]+)\.(?:dfs|blob)\.([^/]+)(/.*)?", said)
    if not found:
        raise UnciaError(f"{said} is no address as in abfss://images@ACCOUNT.dfs.core.windows.net/")
    secure, container, account, rest, path = found.groups()
    root = f"abfs{secure}://{container}@{account}.dfs.{rest}/"
    return root + (path or "").strip("/"), root
