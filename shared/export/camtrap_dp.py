"""Camtrap DP 1.0.2 (camtrap-dp.tdwg.org): the standard's package of deployments, media and observations.

Each sequence is one event. Undated frames are left out, since the standard has no media without a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from shared.deployment import COLUMNS as DEPLOYED
from shared.deployment import Deployment, nowhere
from shared.export import cells, datapackage
from shared.export.datapackage import DEPLOYMENTS, MEDIA, OBSERVATIONS, PACKAGE
from shared.export.form import Form, Rows
from shared.export.observations import COLUMNS as OBSERVED
from shared.export.observations import Event
from shared.export.survey import Photo, Placed, Survey
from shared.export.tally import Tally
from shared.frame import Status

COLUMNS = (
    "mediaID", "deploymentID", "captureMethod", "timestamp", "filePath", "filePublic", "fileName", "fileMediatype",
    "exifData", "favorite", "mediaComments",
)  # fmt: skip
_TYPES = {
    "jpg": "jpeg", "jpeg": "jpeg", "jpe": "jpeg", "jfif": "jpeg", "mpo": "jpeg", "png": "png", "tif": "tiff",
    "tiff": "tiff", "webp": "webp", "bmp": "bmp", "gif": "gif", "heic": "heic", "heif": "heif", "avif": "avif",
}  # fmt: skip
# What the standard refuses in a path: a dot, ~ or / in front, two dots, and what is no character of a line.
_REFUSED = re.compile(r"%|^[./~]|(?<=\.)\.|[\x00-\x1f\x7f]")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)", re.ASCII)
# The standard wants a place of every camera. Half of the Earth's girth says that it may be anywhere.
_NOWHERE = {"latitude": "0", "longitude": "0", "coordinateUncertainty": "20037509"}


def _before(survey: Survey) -> Mapping[str, str]:
    headers = {DEPLOYMENTS: DEPLOYED, MEDIA: COLUMNS, OBSERVATIONS: OBSERVED}
    return {part: cells.line(columns) for part, columns in headers.items()}


def _rows(placed: Placed, survey: Survey, tally: Tally) -> Rows:
    taken = placed.dated
    if not taken:
        return {}
    times = [photo.at for photo in taken if photo.at]
    camera, names = placed.label.camera, survey.project.names
    event = Event(
        placed.label,
        names,
        unique(camera, placed.label.sequence_id),
        _deployment(camera, taken[0].deployment),
        cells.moment(min(times)),
        cells.moment(max(times)),
    )
    public = not survey.shows_people(placed.label)
    media = [_media(photo, camera, public=public) for photo in taken]
    observed = [*event.of_sequence()]
    for photo, row in zip(taken, media, strict=True):
        own = event.of_frame(photo.shot, row["mediaID"], row["timestamp"])
        observed += [said | {"deploymentID": row["deploymentID"]} for said in own]
    return {MEDIA: _lines(COLUMNS, media), OBSERVATIONS: _lines(OBSERVED, observed)}


def unique(camera: str, row_key: str) -> str:
    """What a frame or a sequence is called among those of all cameras."""
    return f"{camera}~{row_key}"


def path(name: str) -> str:
    """A file's path as the standard takes it: percent-encoded where it must be, and nowhere else."""
    return _REFUSED.sub(lambda found: f"%{ord(found[0]):02X}", name)


def _media(photo: Photo, camera: str, *, public: bool) -> dict[str, str]:
    shot, name = photo.shot, photo.shot.path.rpartition("/")[2]
    corrected = photo.deployment and photo.deployment.correction
    corrupt = shot.status is Status.CORRUPT
    clock = f"clock said {shot.captured_at:%Y-%m-%dT%H:%M:%S}" if corrected and shot.captured_at else ""
    return {
        "mediaID": unique(camera, shot.row_key),
        "deploymentID": _deployment(camera, photo.deployment),
        "timestamp": cells.moment(photo.at),
        "filePath": path(shot.path),
        "filePublic": cells.flag(public),
        "fileName": name,
        "fileMediatype": f"image/{_TYPES.get(name.rpartition('.')[2].lower(), '*')}",
        "mediaComments": " | ".join(filter(None, [clock, "corrupt file: it cannot be decoded" if corrupt else ""])),
    }


def _deployment(camera: str, deployment: Deployment | None) -> str:
    return deployment.deployment_id if deployment else nowhere(camera)


def _after(survey: Survey, tally: Tally) -> Mapping[str, str]:
    known = [_known(one) for one in survey.deployments]
    unknown = [_unknown(camera, tally) for camera in sorted(tally.spans)]
    return {
        DEPLOYMENTS: "".join(_lines(DEPLOYED, [*known, *unknown])),
        PACKAGE: datapackage.text([*known, *unknown], survey, tally),
    }


def _known(deployment: Deployment) -> dict[str, str]:
    """The columns as they came; but times in the standard's form, and the issues of a clock that is corrected."""
    told = {**deployment.columns} | ({"timestampIssues": "true"} if deployment.correction else {})
    for column, at in (("deploymentStart", deployment.start), ("deploymentEnd", deployment.end)):
        if not _MOMENT.fullmatch(told.get(column, "")):
            told[column] = cells.moment(at)
    return told


def _unknown(camera: str, tally: Tally) -> dict[str, str]:
    """What stands for the deployment of frames that are in none."""
    first, last = tally.spans[camera]
    return _NOWHERE | {
        "deploymentID": _deployment(camera, None),
        "cameraID": camera,
        "deploymentStart": cells.moment(first),
        "deploymentEnd": cells.moment(last),
        "deploymentComments": "no deployment is known: neither the place nor the clock's offset from UTC",
    }


def _lines(columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> list[str]:
    columns = tuple(columns)
    return [cells.line(row.get(column, "") for column in columns) for row in rows]


FORM = Form(
    name="camtrap-dp",
    files={f"{part}.csv": (part,) for part in (DEPLOYMENTS, MEDIA, OBSERVATIONS)} | {"datapackage.json": (PACKAGE,)},
    before=_before,
    rows=_rows,
    after=_after,
    named=True,
)
