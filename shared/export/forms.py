"""All formats by name."""

from __future__ import annotations

from shared.errors import UnciaError
from shared.export import camtrap_dp, coco, megadetector, tables
from shared.export.form import Form

FORMS = {form.name: form for form in (camtrap_dp.FORM, megadetector.FORM, coco.FORM, tables.SEQUENCES, tables.FRAMES)}


def named(name: str) -> Form:
    """The format of this name; raises UnciaError where there is none."""
    if name not in FORMS:
        raise UnciaError(f"there is no format {name!r}: it is {', '.join(FORMS)}")
    return FORMS[name]
