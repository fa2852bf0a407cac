"""What people said of images, in whichever form they have it: a table, COCO Camera Traps, or Camtrap DP."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from cli import packages
from cli.saying import Saying, Source, checked, time, utc
from shared import spreadsheet
from shared.errors import BadTable
from shared.export import cells
from shared.export.coco import AT, BY, METHOD
from shared.spreadsheet import Table
from training import coco
from training.found import NOTHING


def read(source: Path) -> Source:
    """What a source says; raises UnciaError in one sentence, with the row or entry where one is at fault."""
    if source.is_dir():
        return packages.read(source)
    match source.suffix.lower():
        case ".zip":
            with packages.unpacked(source) as folder:
                return packages.read(folder)
        case ".json":
            return _coco(source)
    return _table(spreadsheet.read(source))


def _table(table: Table) -> Source:
    """A manifest, or what `uncia export frames-csv` wrote, most of whose rows have no verdict."""
    table.column("path")
    column = table.column("species", "verdict")
    found = []
    for number, row in enumerate(table.rows):
        said = {name: cells.meant(value.strip()) for name, value in row.items()}
        if column == "verdict" and not said[column]:
            continue
        checked("species", said[column], partial(table.complain, number))
        if not said["path"]:
            raise table.complain(number, "path is empty")
        at = spreadsheet.moment(table, number, "at") if "at" in table.columns else None
        found.append(Saying(
            number=table.numbers[number],
            cameras=(said.get("camera", ""), *([""] if said.get("frame") else [])),
            path=said["path"],
            said=said[column],
            by=said.get("by", ""),
            at=utc(at),
            of_sequence=said.get("of") == "sequence",
            frame=f"~{said['frame']}" if said.get("frame") else "",
        ))  # fmt: skip
    return Source("row", found)


def _coco(file: Path) -> Source:
    found, several = list[Saying](), list[int]()
    for number, (image, own) in enumerate(coco.annotated(file), 1):
        # Of our own, what people called unknown is a word like any other.
        told = [one for one in own if one.species.casefold() not in NOTHING or METHOD in one.entry]
        if len({one.species for one in told}) > 1:
            several.append(number)
        elif told:
            found.append(_annotated(number, image, told[-1], sure=all(_of_sequence(one.entry) for one in told)))
    return Source("image", found, several)


def _annotated(number: int, image: Mapping[str, Any], said: coco.Annotation, *, sure: bool) -> Saying:
    def wrong(why: str) -> BadTable:
        return BadTable(f"{said.place}: {why}")

    checked("species", said.species, wrong)
    location, name = str(image.get("location") or ""), str(image.get("file_name") or "")
    return Saying(
        number=number,
        cameras=tuple(dict.fromkeys((location, ""))),
        path=name.replace("\\", "/"),
        said=said.species,
        by=str(said.entry.get(BY) or "").strip(),
        at=time(said.entry.get(AT), wrong),
        of_sequence=sure,
        frame=str(image["id"]),
    )


def _of_sequence(annotation: Mapping[str, Any]) -> bool:
    return annotation.get("sequence_level_annotation") is True
