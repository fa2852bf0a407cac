"""What a page asks for, call by call, and what it is answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import Any

from shared.brief import Brief
from shared.deployment import Deployments
from shared.errors import UnciaError
from shared.export import forms, project
from shared.export.bookmark import Bookmark
from shared.export.form import Form
from shared.export.project import Project
from shared.export.stretch import Stretch
from shared.export.survey import Survey
from shared.export.tally import Tally
from shared.export.wanted import Wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One call."""

    form: Form
    wanted: Wanted
    project: Project
    machine: bool
    mark: Bookmark | None  #: None for the first call of an export

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Asked:
        """The call that a query makes; raises UnciaError for what no page asks."""
        return cls(
            form=forms.named(query.get("format", "")),
            wanted=Wanted(
                cameras=frozenset({query.get("camera", "")} - {""}),
                first=_day(query.get("first", "")),
                last=_day(query.get("last", "")),
                labels=frozenset({query.get("label", "")} - {""}),
                reviewed=bool(query.get("reviewed")),
            ),
            project=project.read(query.get("project", "")),
            machine=bool(query.get("machine")),
            mark=Bookmark.decode(query["after"]) if query.get("after") else None,
        )

    @property
    def camera(self) -> str:
        """The camera that is asked for; nothing for all."""
        return next(iter(self.wanted.cameras), "")

    def begin(self, briefs: Iterable[Brief], now: datetime) -> Bookmark:
        """Where an export begins; what there is, in brief, is looked through where classes have to be known."""
        classes = self.wanted.outlook(briefs).classes if self.form.scored else ()
        return Bookmark(camera=self.camera, sequence_id="", created=now, classes=classes, tally=Tally.begin(classes))

    def survey(self, mark: Bookmark, deployments: Deployments, offset: timezone) -> Survey:
        """What the export knows besides the labels."""
        return Survey(
            created=mark.created,
            deployments=self.wanted.deployments(deployments),
            offset=offset,
            project=self.project,
            classes=mark.classes,
            machine=self.machine,
        )

    def answer(self, mark: Bookmark, survey: Survey, found: Stretch) -> dict[str, Any]:
        """The texts of some labels; those before all in the first answer, those after all in the last."""
        said: dict[str, Any] = {"files": self.form.files, "parts": found.texts, "after": ""}
        if self.mark is None:
            said["before"] = self.form.begin(survey)
        if found.last:
            return said | {"after": mark.after(found.last).encode()}
        warnings = mark.tally.warnings(survey, named=self.form.named)
        return said | {"end": self.form.end(survey, mark.tally), "warnings": warnings}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UnciaError(f"{text!r} is no day: days are written like 2026-01-31") from error
