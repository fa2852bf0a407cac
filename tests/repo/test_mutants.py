"""No line of either infrastructure can be changed without a check that notices: each is, one after another."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from lark.exceptions import LarkError

from . import test_infrastructure, test_validity, test_wiring
from .infrastructure import Check
from .test_infrastructure import INFRA

FILES = [
    file for suffix in ("bicep", "tf") for file in sorted(INFRA.rglob(f"*.{suffix}")) if ".terraform" not in file.parts
]
# The cheapest first among those that notice most.
CHECKS: list[Check] = [
    test_wiring.something_hangs_on_another_thing,
    *test_infrastructure.CHECKS, *test_validity.CHECKS, *test_wiring.CHECKS,
]  # fmt: skip
# What nothing hangs on: sentences for people, names of deployments and of a workbook, versions of tools, types.
FREE = re.compile(
    r"""\s*(error_message\s|type\s+=\s(string|number|bool)$|required_version|version\s+=|default\s+=\snull
    |name:\s'(uncia|identity|host|data|telemetry|network|events|roles|app|alerts|budget)'$|name:\sguid\(
    |name\s+=\s(uuidv5|"default"))""",
    re.VERBOSE,
)
NOTHING = re.compile(
    r"\s*(//|#|[}\])]|@description|description\b|resource |module |data |variable |output |terraform |$)"
)


class Mutant(NamedTuple):
    """A line of a file, and what is made of it."""

    file: str
    line: int
    before: str
    after: str


def mutants(file: Path) -> Iterator[Mutant]:
    """A line with a truth turned over, a text or number changed, or taken out."""
    for number, line in enumerate(file.read_text("utf-8").splitlines(keepends=True)):
        if not NOTHING.match(line) and not FREE.match(line) and (after := changed_line(line)) != line:
            yield Mutant(str(file.relative_to(INFRA)), number, line, after)


def changed_line(line: str) -> str:
    if re.search(r"\b(true|false)\b", line):
        return re.sub(r"\b(true|false)\b", lambda said: "false" if said[0] == "true" else "true", line)
    if re.search(r"""(['"])[^'"$]+\1""", line):
        return re.sub(r"""(['"])([^'"$]+)\1""", r"\1\2x\1", line, count=1)
    if re.search(r"\d+$", line.rstrip()):
        return re.sub(r"\d+(\s*)$", r"99\1", line)
    return "" if re.match(r"\s*\w+\s*[:=] [^{\[(]+$", line) else line


def noticed(infra: Path) -> bool:
    """Whether a check finds a fault, or cannot even read the files."""
    try:
        return any(check(infra) for check in CHECKS)
    except (LarkError, LookupError, ValueError, OSError):
        return True


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_line_can_be_changed_unnoticed(file: Path, tmp_path: Path) -> None:
    infra = shutil.copytree(INFRA, tmp_path / "infra", ignore=shutil.ignore_patterns(".terraform"))
    lines, survivors, made = file.read_text("utf-8").splitlines(keepends=True), list[Mutant](), [*mutants(file)]
    for mutant in made:
        text = "".join([*lines[: mutant.line], mutant.after, *lines[mutant.line + 1 :]])
        (infra / mutant.file).write_text(text, "utf-8")
        survivors += [] if noticed(infra) else [mutant]
    assert made
    assert survivors == []
