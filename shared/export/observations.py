"""Camtrap DP observations: what the machine and what people said of a sequence, beside each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shared.export import cells
from shared.export.names import ANIMAL, UNCLASSIFIED, Names
from shared.export.survey import likeliest
from shared.frame import Status
from shared.label import CORRUPT, UNKNOWN, Label, Shot
from shared.verdict import Verdict

COLUMNS = (
    "observationID", "deploymentID", "mediaID", "eventID", "eventStart", "eventEnd", "observationLevel",
    "observationType", "cameraSetupType", "scientificName", "count", "lifeStage", "sex", "behavior", "individualID",
    "individualPositionRadius", "individualPositionAngle", "individualSpeed", "bboxX", "bboxY", "bboxWidth",
    "bboxHeight", "classificationMethod", "classifiedBy", "classificationTimestamp", "classificationProbability",
    "observationTags", "observationComments",
)  # fmt: skip

# Tags of our own: a word that the other columns do not tell as it was, and what a verdict was about.
SAID, OF = "said", "of"
OF_SEQUENCE, OF_FRAMES = f"{OF}:sequence", f"{OF}:frames"

type Cells = dict[str, str]


@dataclass(frozen=True, slots=True)
class Event:
    """What all observations of one sequence share."""

    label: Label
    names: Names
    event_id: str
    deployment_id: str
    start: str
    end: str

    def of_sequence(self) -> Iterator[Cells]:
        """The machine's observation of the sequence, and people's: one for each species."""
        label = self.label
        word = label.label if label.scores or label.label == CORRUPT else UNCLASSIFIED
        machine = (
            self._row("sequence~machine", "event") | _meant(word, self.names) | {"observationComments": _comment(label)}
        )
        yield machine | (_by_machine(label, label.probability) if label.scores else {})
        about = [] if uniform(label) else [OF_FRAMES]
        for number, said in enumerate(label.judgement.said if label.judgement else (), 1):
            given = [shot.verdict for shot in label.frames if shot.verdict and shot.verdict.said == said]
            last = max(given, key=lambda one: (one.at, one.by))
            yield self._row(f"sequence~human~{number}", "event") | _by_person(last, self.names, about)

    def of_frame(self, shot: Shot, media_id: str, at: str) -> Iterator[Cells]:
        """The machine's observation of a frame, and a person's where the one of the sequence does not tell it."""
        media = {"mediaID": media_id, "observationID": f"{media_id}~frame~machine", "eventStart": at, "eventEnd": at}
        row = self._row("", "media") | media
        if shot.status is Status.CORRUPT or not shot.scores:
            yield row | _meant(UNCLASSIFIED, self.names)
        else:
            word = likeliest(shot.scores)
            yield row | _meant(word, self.names) | _by_machine(self.label, shot.scores[word])
        if shot.verdict and not uniform(self.label):
            about = [OF_SEQUENCE] if shot.verdict.of_sequence else []
            human = {"observationID": f"{media_id}~frame~human"}
            yield row | human | _by_person(shot.verdict, self.names, about)

    def _row(self, name: str, level: str) -> Cells:
        return {
            "observationID": f"{self.event_id}~{name}",
            "deploymentID": self.deployment_id,
            "eventID": self.event_id,
            "eventStart": self.start,
            "eventEnd": self.end,
            "observationLevel": level,
        }


def uniform(label: Label) -> bool:
    """Whether all that people said is one word about the whole sequence, so that its observation tells everything."""
    given = [shot.verdict for shot in label.frames]
    return len({(one.said, one.by, one.at, one.of_sequence) if one else None for one in given}) == 1 and all(
        one and one.of_sequence for one in given
    )


def _by_machine(label: Label, probability: float | None) -> Cells:
    on = f" on {label.backbone}" if label.backbone else ""
    return {
        "classificationMethod": "machine",
        "classifiedBy": f"Uncia, head {label.head}{on}",
        "classificationProbability": cells.number(probability),
    }


def _by_person(verdict: Verdict, names: Names, about: list[str]) -> Cells:
    meant = _meant(verdict.said, names)
    # Readers take unknown and unclassified for nothing said at all.
    hidden = meant["observationType"] in (UNKNOWN, UNCLASSIFIED)
    said = _tag(verdict.said) if hidden else meant.get("observationTags", "")
    return meant | {
        "classificationMethod": "human",
        "classifiedBy": verdict.by,
        "classificationTimestamp": cells.moment(verdict.at),
        "observationTags": " | ".join(filter(None, [said, *about])),
    }


def _meant(word: str, names: Names) -> Cells:
    """A word in the standard's columns, with the word itself as a tag where those say something else."""
    meaning = names.of(word)
    told = (meaning.kind == ANIMAL and meaning.scientific_name) or meaning.kind
    row = {"observationType": meaning.kind, "scientificName": meaning.scientific_name}
    return row if told == word else row | {"observationTags": _tag(word)}


def _tag(word: str) -> str:
    return f"{SAID}:" + re.sub(r"[|%]", lambda found: f"%{ord(found[0]):02X}", word)


def _comment(label: Label) -> str:
    if label.label == CORRUPT:
        return "no frame can be decoded"
    if not label.scores:
        return "no head has scored it"
    return f"likeliest: {likeliest(label.scores)}" if label.label == UNKNOWN else ""
