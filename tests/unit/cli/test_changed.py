"""What a new head changed is listed with what its label was."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from shared.label import Changes, Label, label
from tests.unit.shared.making import FakeHead, head, seen

from .conftest import Answer
from .stored import NOW, Site

type Uncia = Callable[..., Answer]
ONE = head(name="one")


@pytest.fixture
def old(site: Site) -> str:
    """The version of a head that called two of four sequences something else."""
    version = site.heads.publish(ONE).version
    before = [{version: ("blank", 0.8)}, {version: ("leopard", 0.6)}, {"00ff": ("blank", 0.8)}]
    made: list[Label] = [
        replace(label([seen(100 * place)], FakeHead()), earlier=said) for place, said in enumerate(before)
    ]
    by_it = replace(label([seen(300)], FakeHead()), head=version)
    site.tables.apply(Changes((*made, by_it), (), ()), NOW)
    return version


@pytest.mark.parametrize("named", [lambda version: version, lambda version: version[:3], lambda version: "one.onnx"])
def test_only_sequences_whose_label_differs_are_shown(
    old: str, uncia: Uncia, desk: Path, named: Callable[[str], str]
) -> None:
    (desk / "one.onnx").write_bytes(ONE)
    done = uncia("labels", "--changed-since", named(old))
    assert [line.split()[-1] for line in done.out.splitlines()] == ["was", "blank"]
    assert f"1 sequence of 4 changed since head {old}" in done.err
    assert "1 sequence left out: that head never labelled them" in done.err


def test_the_list_as_json_has_what_was_said(old: str, uncia: Uncia) -> None:
    (one,) = json.loads(uncia("labels", "--changed-since", old, "--json").out)
    assert (one["label"], one["was"]) == ("leopard", {"label": "blank", "probability": 0.8})


def test_a_head_that_only_labels_know_is_heard_of(old: str, uncia: Uncia) -> None:
    assert "1 sequence of 4 changed since head 00ff" in uncia("labels", "--changed-since", "00").err


def test_a_head_that_nobody_heard_of_is_told_so(old: str, uncia: Uncia) -> None:
    assert uncia("labels", "--changed-since", "0000").err == (
        "uncia: there is no head here whose version begins with '0000'\n"
    )
    assert uncia("labels", "--changed-since", "gone.onnx").err.startswith("uncia: the head gone.onnx cannot be read")
