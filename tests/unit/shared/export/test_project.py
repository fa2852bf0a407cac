"""The project file, which a person writes."""

from __future__ import annotations

import pytest

from shared.errors import UnciaError
from shared.export import project
from shared.export.names import Meaning, Names
from shared.export.project import TEMPLATE, Project, read


def test_the_template_is_a_project() -> None:
    project = read(TEMPLATE)
    assert project.names.of("Snow_Leopard") == Meaning("animal", "Panthera uncia")
    assert [one["scope"] for one in project.licences] == ["data", "media"]
    assert project.capture_method == ("activityDetection",)


def test_an_empty_file_says_as_little_as_none() -> None:
    assert read("") == Project()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("title = ", "is no TOML"),
        ("title = 3", "title in the project file is 3, not a text"),
        ("titel = 'x'", "names 'titel'"),
        ("samplingDesign = 'by chance'", "samplingDesign in the project file is 'by chance': it is simpleRandom"),
        ("captureMethod = 'timeLapse'", "captureMethod in the project file is a list"),
        ("captureMethod = ['timeLapse', 'timeLapse']", "captureMethod in the project file is a list"),
        ("captureMethod = ['film']", "captureMethod in the project file is 'film'"),
        ("contributors = 'Ana'", "blocks that each begin with [[contributors]]"),
        ("[[contributors]]\nrole = 'contact'", "needs a title"),
        ("[[contributors]]\ntitle = 'Ana'\nrole = 'boss'", "role in contributors in the project file is 'boss'"),
        ("[[licences]]\nname = 'CC0-1.0'\nscope = 'data'", "at least two"),
        ("[[licences]]\nscope = 'data'\n[[licences]]\nscope = 'media'", "needs a name or a path"),
        ("[names]\nibex = 3", "names in the project file names texts"),
        ("names = ['ibex']", "names in the project file names texts"),
    ],
)
def test_a_mistake_is_told_in_one_sentence(text: str, why: str) -> None:
    with pytest.raises(UnciaError) as told:
        read(text)
    assert why in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("blank", Meaning("blank")), ("Empty", Meaning("blank")), ("person", Meaning("human", "Homo sapiens")),
        ("Homo sapiens", Meaning("human", "Homo sapiens")), ("vehicle", Meaning("vehicle")),
        ("animal", Meaning("animal")),
        ("unknown", Meaning("unknown")), ("corrupt", Meaning("unclassified")), ("lynx", Meaning("animal", "lynx")),
        ("goat", Meaning("animal", "Capra hircus")), ("ranger", Meaning("human", "Homo sapiens")),
        ("other", Meaning("animal")),
    ],
)  # fmt: skip
def test_a_word_means_what_the_project_or_everybody_says(word: str, meaning: Meaning) -> None:
    assert Names({"goat": "Capra hircus", "ranger": "human", "other": "animal"}).of(word) == meaning


def test_a_project_file_that_would_take_minutes_to_read_is_refused() -> None:
    for text in ("a" * (project.LONGEST + 1), ".".join(["a"] * 300) + " = 1", "a = " + "[" * 20_000):
        with pytest.raises(UnciaError, match="the project file"):
            project.read(text)
