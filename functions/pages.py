"""The pages and what belongs to them: the files of the folder `web`, and nothing else."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from functions.web import Answer, Asked
from shared.errors import Refused

WEB = Path(__file__).parents[1] / "web"
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FIRST = "review"


def run(asked: Asked) -> Answer:
    """The file of a name, or the page of that name; raises Refused for another."""
    found = files().get(asked.path or FIRST)
    if found is None:
        raise Refused("there is no such page", 404)
    kind, content, etag = found
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    if asked.unless == etag:
        return Answer(status=304, kind=kind, headers=headers)
    return Answer(content, kind, headers=headers)


@cache
def files() -> dict[str, tuple[str, bytes, str]]:
    """What is served, by name, pages without their ending: a request names none but these."""
    found = (path for path in WEB.iterdir() if path.suffix in KINDS)
    return {path.name.removesuffix(".html"): _file(path) for path in found}


def _file(path: Path) -> tuple[str, bytes, str]:
    content = path.read_bytes()
    return KINDS[path.suffix], content, f'"{hashlib.sha256(content).hexdigest()[:16]}"'
