"""What a person can mend, told in one sentence."""

from __future__ import annotations


class UnciaError(Exception):
    """A mistake that a person can mend, told in one sentence."""


class Refused(UnciaError):
    """A request over the web that is not answered, with the HTTP status that says so."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.status = status


class HeadRefused(UnciaError):
    """A head that is not ONNX, has no metadata, or was trained on another recipe."""


class BackboneUnusable(UnciaError):
    """A backbone file that is missing or was not made by `uncia backbone`."""


class BadMessage(UnciaError):
    """A queue message that this version did not write."""


class BadTable(UnciaError):
    """A CSV file without a needed column or with a cell that cannot be read."""


class LimitExceeded(UnciaError):
    """A row that table storage would refuse."""


class BadRules(UnciaError):
    """Rules for alerts that cannot be understood."""


class NotTaken(UnciaError):
    """A webhook that did not answer, or not with 2xx."""


class Overtaken(RuntimeError):
    """Another head became current while one was trained and tried; the host tries again, beside that one."""
