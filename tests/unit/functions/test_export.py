"""An export in many calls is the same as in one."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import pytest

from functions import export
from shared.errors import UnciaError
from shared.export import stretch
from shared.export.forms import FORMS
from shared.export.project import read
from tests.memory import MemoryStore
from tests.unit.shared.export.surveyed import LOST, MADE, ODD, exported, stored

NAMES = '[names]\nleopard = "Panthera uncia"'


def ask(store: MemoryStore, **query: str) -> dict[str, Any]:
    tables: Any = store
    return export.run(query, store=tables, offset=UTC, now=MADE)


def whole(store: MemoryStore, **query: str) -> tuple[dict[str, str], int]:
    """The files of an export, and how many calls they took."""
    said, calls = ask(store, **query), 1
    texts: dict[str, str] = said["before"] | {
        part: said["before"].get(part, "") + text for part, text in said["parts"].items()
    }
    while said["after"]:
        said, calls = ask(store, **query | {"after": said["after"]}), calls + 1
        texts |= {part: texts.get(part, "") + text for part, text in said["parts"].items()}
    texts |= {part: texts.get(part, "") + text for part, text in said["end"].items()}
    return {name: "".join(texts[part] for part in parts) for name, parts in said["files"].items()}, calls


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("most", [1, 2, 500])
def test_many_calls_give_what_one_gives(monkeypatch: pytest.MonkeyPatch, form: str, most: int) -> None:
    monkeypatch.setattr(stretch, "LABELS", most)
    store = stored()
    found, calls = whole(store, format=form, project=NAMES)
    # No day is told in brief here, so that no class is known beforehand.
    assert found == exported(FORMS[form], store, project=read(NAMES), classes=())
    assert calls == 18 // most + 1


def test_what_takes_long_to_pass_by_is_passed_by_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretch, "LOOKED_AT", 5)
    assert whole(stored(), format="csv", label="nothing")[1] == 18 // 5 + 1


def test_long_texts_come_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretch, "LETTERS", 3000)
    store = stored()
    found, calls = whole(store, format="camtrap-dp")
    assert calls == 6
    assert len(found["observations.csv"]) > 3000 * 3


def test_one_camera_is_read_alone_and_warned_of_alone() -> None:
    said = ask(stored(), format="frames-csv", camera=LOST)
    assert said["parts"]["table"].count("\n") == 12
    assert [warning for warning in said["warnings"] if "no deployment" in warning] == [
        "11 frames in no deployment, of cameras -lost: no places, and clocks are taken to be at UTC; "
        "`uncia deployments import` tells both"
    ]
    assert "no deployment" not in str(ask(stored(), format="frames-csv", camera=ODD)["warnings"])


@pytest.mark.parametrize(
    "query", [{}, {"format": "xls"}, {"format": "csv", "after": "x"}, {"format": "csv", "first": "yesterday"},
              {"format": "csv", "project": "title = 3"}],
)  # fmt: skip
def test_what_no_page_asks_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(UnciaError):
        ask(stored(), **query)
