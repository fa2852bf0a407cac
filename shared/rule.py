"""Who is to hear of what: rules in a small file, and the labels that they match."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from fnmatch import fnmatchcase
from typing import Any

from shared.deployment import Clocks
from shared.errors import BadRules, UnciaError
from shared.label import CORRUPT, UNKNOWN, Label
from shared.verdict import check

EVERY = "*"
# What `*` leaves out: nobody wants to be woken for these, and whoever does can name them.
UNINTERESTING = {"blank", UNKNOWN, CORRUPT}
MOST_RULES, LARGEST = 100, 65_536
NEWER_THAN = timedelta(hours=48)
_LONGEST_HOURS = 10 * 366 * 24
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d) ?[-–] ?([01]\d|2[0-3]):([0-5]\d)", re.ASCII)

TEMPLATE = """\
# Who hears of which animal. `uncia alerts set FILE` puts it in force, within a minute.
# A line that begins with # is not read. Every line but `name` may be left out.

[[rule]]
name = "Snow leopard"
classes = ["snow leopard"]   # as the head calls them; "*" for every one but blank, unknown and corrupt
at_least = 0.8               # probability, from 0 to 1
cameras = ["Ridge *"]        # names; * stands for anything
hours = "18:00-06:00"        # local time, when the sequence starts
newer_than_hours = 48        # an older image comes from an archive; 0 for no limit
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One reason to tell somebody of a label."""

    name: str
    classes: tuple[str, ...] = (EVERY,)
    at_least: float = 0.0  #: probability
    cameras: tuple[str, ...] = (EVERY,)  #: names, with * and ? for what may stand there
    hours: tuple[time, time] | None = None  #: local, corrected; from, and until before; None: all day
    newer_than: timedelta = NEWER_THAN  #: zero: no limit

    def matches(self, label: Label, now: datetime, clocks: Clocks) -> bool:
        """Whether this rule asks for a label at a moment (UTC)."""
        return (
            (label.label in self.classes or (EVERY in self.classes and label.label not in UNINTERESTING))
            and (label.probability or 0.0) >= self.at_least
            and any(fnmatchcase(label.camera, pattern.replace("[", "[[]")) for pattern in self.cameras)
            and self._in_hours(clocks.true(label.camera, label.start))
            and self._is_new(clocks.true(label.camera, label.end), now)
        )

    def _in_hours(self, at: datetime | None) -> bool:
        if self.hours is None or at is None:
            return self.hours is None
        begin, end = self.hours
        moment = at.time()
        return begin <= moment < end if begin < end else moment >= begin or moment < end

    def _is_new(self, at: datetime | None, now: datetime) -> bool:
        return not self.newer_than or (at is not None and now - at <= self.newer_than)


def matching(rules: Iterable[Rule], label: Label, now: datetime, clocks: Clocks) -> list[Rule]:
    """The rules that ask for a label. `now` is UTC."""
    return [rule for rule in rules if rule.matches(label, now, clocks)]


def parsed(text: str) -> tuple[Rule, ...]:
    """The rules in a file (TOML); raises BadRules with one sentence that says which rule, and what is wrong with it."""
    try:
        said = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadRules(f"the rules are not TOML: {error}") from error
    if odd := sorted(set(said) - {"rule"}):
        raise BadRules(f"{odd[0]!r} is no part of the rules: each begins with a line [[rule]]")
    tables = said.get("rule", [])
    if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
        raise BadRules("each rule begins with a line [[rule]], in two brackets")
    if len(tables) > MOST_RULES:
        raise BadRules(f"there are {len(tables)} rules: at most {MOST_RULES} are read")
    rules = tuple(_rule(table, number) for number, table in enumerate(tables, 1))
    names = [rule.name for rule in rules]
    if twice := [name for name in names if names.count(name) > 1]:
        raise BadRules(f"two rules are called {twice[0]!r}")
    return rules


def _rule(table: dict[str, Any], number: int) -> Rule:
    try:
        if odd := sorted(set(table) - set(_READ)):
            raise UnciaError(f"{odd[0]!r} is nothing that a rule has: there are {', '.join(_READ)}")
        if "name" not in table:
            raise UnciaError("it has no name")
        return Rule(**{_CALLED.get(key, key): _READ[key](key, value) for key, value in table.items()})
    except UnciaError as error:
        raise BadRules(f"rule {number}: {error}") from error


def _name(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise UnciaError(f"{key} is {value!r}: it must be a text")
    check(key, value)
    return value


def _names(key: str, value: object) -> tuple[str, ...]:
    said = [value] if isinstance(value, str) else value
    if not isinstance(said, list) or not said:
        raise UnciaError(f'{key} is {value!r}: it must be a list of names, as ["one", "two"], or "*"')
    return tuple(_name(key, one) for one in said)


def _number(key: str, value: object, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise UnciaError(f"{key} is {value!r}: it must be a number from 0 to {most:g}")
    return float(value)


def _hours(key: str, value: object) -> tuple[time, time]:
    found = _HOURS.fullmatch(value) if isinstance(value, str) else None
    if not found or found[1] + found[2] == found[3] + found[4]:
        raise UnciaError(f'{key} is {value!r}: it must be two times of the day, as "18:00-06:00"')
    return time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))


_READ: dict[str, Callable[[str, object], Any]] = {
    "name": _name,
    "classes": _names,
    "at_least": lambda key, value: _number(key, value, 1),
    "cameras": _names,
    "hours": _hours,
    "newer_than_hours": lambda key, value: timedelta(hours=_number(key, value, _LONGEST_HOURS)),
}
_CALLED = {"newer_than_hours": "newer_than"}
