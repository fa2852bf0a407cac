"""The project that an export describes: `project.toml`, which a person writes once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.errors import UnciaError
from shared.export.names import Names

SAMPLING = (
    "simpleRandom", "systematicRandom", "clusteredRandom", "experimental", "targeted", "opportunistic",
)  # fmt: skip
CAPTURE = ("activityDetection", "timeLapse")
ROLES = ("contact", "principalInvestigator", "rightsHolder", "publisher", "contributor")
SCOPES = ("data", "media")

TEMPLATE = f"""\
# What exports say of your project. Everything here goes into datapackage.json of a Camtrap DP package
# (https://camtrap-dp.tdwg.org/metadata/); other formats take the names only.
title = "Snow leopards of the northern ridge"
description = "Camera traps on marking sites along one ridge."
samplingDesign = "targeted"  # {" | ".join(SAMPLING)}
captureMethod = ["activityDetection"]  # {", ".join(CAPTURE)}, or both
individualAnimals = false  # whether individuals are told apart

# One block for each person or organisation; role: {", ".join(ROLES)}
[[contributors]]
title = "Your Name"
email = "you@example.org"
role = "contact"

# One for the tables (data) and one for the pictures (media); names as https://spdx.org/licenses/ has them.
[[licences]]
name = "CC0-1.0"
scope = "data"

[[licences]]
name = "CC-BY-NC-4.0"
scope = "media"

# What your classes and words mean: a scientific name, or human, vehicle, blank, animal, unknown.
[names]
snow_leopard = "Panthera uncia"
ibex = "Capra sibirica"
other = "animal"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """What is said of a project; where nobody wrote a file, as little as the standard lets one say."""

    title: str = "Camera traps labelled by Uncia"
    description: str = ""
    sampling_design: str = "opportunistic"
    capture_method: tuple[str, ...] = CAPTURE[:1]
    individual_animals: bool = False
    contributors: tuple[Mapping[str, str], ...] = ({"title": "not named", "role": "contributor"},)
    licences: tuple[Mapping[str, str], ...] = ()
    names: Names = field(default_factory=Names)


# Anyone who may sign in sends one, and tomllib takes time with the square of the dots in a key.
LONGEST, _DOTS = 65_536, 200


def read(text: str) -> Project:
    """The project in the text of a `project.toml`; raises UnciaError in one sentence."""
    if len(text) > LONGEST or any(line.count(".") > _DOTS for line in text.splitlines()):
        raise UnciaError(
            f"the project file is longer than {LONGEST:,} letters, or has more than {_DOTS} dots in a line"
        )
    try:
        said = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UnciaError(f"the project file is no TOML: {error}") from error
    known = {"title", "description", "samplingDesign", "captureMethod", "individualAnimals"}
    if strange := sorted(said.keys() - known - {"contributors", "licences", "names"}):
        raise UnciaError(f"the project file names {strange[0]!r}; `uncia export template` prints what it may name")
    plain = Project()
    return Project(
        title=_text(said, "title", plain.title),
        description=_text(said, "description", ""),
        sampling_design=_one_of(SAMPLING, _text(said, "samplingDesign", plain.sampling_design), "samplingDesign"),
        capture_method=_methods(said.get("captureMethod", list(plain.capture_method))),
        individual_animals=said.get("individualAnimals") is True,
        contributors=_blocks(said, "contributors", ("role", ROLES)) or plain.contributors,
        licences=_licences(_blocks(said, "licences", ("scope", SCOPES))),
        names=Names({word.casefold(): name for word, name in _table("names", said.get("names", {})).items()}),
    )


def _text(said: Mapping[str, Any], key: str, otherwise: str) -> str:
    value = said.get(key, otherwise)
    if not isinstance(value, str):
        raise UnciaError(f"{key} in the project file is {value!r}, not a text")
    return value.strip() or otherwise


def _one_of(allowed: tuple[str, ...], value: str, what: str) -> str:
    if value not in allowed:
        raise UnciaError(f"{what} in the project file is {value!r}: it is {', '.join(allowed[:-1])} or {allowed[-1]}")
    return value


def _methods(said: Any) -> tuple[str, ...]:
    if not isinstance(said, list) or not said or len({*map(str, said)}) < len(said):
        raise UnciaError(f"captureMethod in the project file is a list with {' or '.join(CAPTURE)}, or both")
    return tuple(_one_of(CAPTURE, str(one), "captureMethod") for one in said)


def _blocks(said: Mapping[str, Any], key: str, choice: tuple[str, tuple[str, ...]]) -> tuple[Mapping[str, str], ...]:
    """Blocks of texts, in each of which a key is one of some words."""
    blocks = said.get(key, [])
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise UnciaError(f"{key} in the project file are blocks that each begin with [[{key}]]")
    found = [_table(key, block) for block in blocks]
    for block in found:
        name, allowed = choice
        _one_of(allowed, block.get(name, ""), f"{name} in {key}")
        if key == "contributors" and not block.get("title"):
            raise UnciaError("each of the contributors in the project file needs a title: the name")
    return tuple(found)


def _table(key: str, said: Any) -> dict[str, str]:
    if not isinstance(said, dict) or not all(isinstance(value, str) and value.strip() for value in said.values()):
        raise UnciaError(f'{key} in the project file names texts, as in name = "text"')
    return {name: value.strip() for name, value in said.items()}


def _licences(found: tuple[Mapping[str, str], ...]) -> tuple[Mapping[str, str], ...]:
    if found and {one["scope"] for one in found} != {*SCOPES}:
        raise UnciaError("licences in the project file are at least two: one of scope data, one of scope media")
    if any(not (one.get("name") or one.get("path")) for one in found):
        raise UnciaError("each of the licences in the project file needs a name or a path")
    return found
