"""The message on queue `retrain`: learn again from what people said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from shared.errors import BadMessage, UnciaError
from shared.verdict import check


@dataclass(frozen=True, slots=True, kw_only=True)
class Retraining:
    """What a new head is to tell apart and to reach; what is empty is as in the current head."""

    classes: str = ""  #: rules, as --classes says them
    aim: str = ""  #: as `recall=0.95`
    by: str = ""  #: who asks
    request: str = ""  #: by which who asked knows the outcome

    def encode(self) -> str:
        """The message's text."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def decode(cls, body: bytes) -> Retraining:
        """The request in a message; raises BadMessage for anything else."""
        try:
            said = json.loads(body)
            asked = cls(**said)
            for name, text in asdict(asked).items():
                if not isinstance(text, str):
                    raise TypeError(f"{name} is not a text")
                text.encode()  # JSON can bring half a character, which no head could keep
            for name in ("by", "request"):
                if text := getattr(asked, name):
                    check(name, text)
        except (ValueError, TypeError, RecursionError, UnciaError) as error:
            raise BadMessage(f"the message is no request to retrain: {error}") from error
        return asked

    def filled(self, metadata: Mapping[str, Any]) -> Retraining:
        """The same with the rules and the aim of a head, from its metadata, where the request names none."""
        rules, aim = (metadata.get(name) for name in ("rules", "aim"))
        return replace(
            self,
            classes=self.classes or (rules if isinstance(rules, str) else ""),
            aim=self.aim or (aim if isinstance(aim, str) else ""),
        )
