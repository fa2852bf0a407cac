"""Judged frames as a training set: stored features and verdicts, no image."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.errors import UnciaError
from shared.recipe import Recipe
from shared.teaching import sequence_of
from shared.verdict import Lesson, is_blank
from training.aim import Aim
from training.manifest import Classes
from training.part import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Lessons:
    """What people said of frames of one recipe, as heads learn it: every column has one entry a frame."""

    recipe: Recipe
    backbone_name: str
    features: NDArray[np.float16]  #: N × n_features
    classes: tuple[str, ...]
    sequences: tuple[str, ...]  #: unique among all cameras
    cameras: tuple[str, ...]
    blank: NDArray[np.bool_]  #: N, of the verdicts that say there is nothing
    other_recipe: int = 0  #: frames left out: their features were made another way, or cannot be used
    corrupt: int = 0  #: frames left out: they have no features
    no_class: int = 0  #: frames left out: no rule has their species

    @property
    def part(self) -> Part:
        """What people know of these frames."""
        return Part(self.classes, self.sequences, self.cameras, self.blank)

    def some(self, chosen: Sequence[bool]) -> Lessons:
        """Those of the frames for which `chosen`, of length N, is true."""
        places = np.flatnonzero(chosen)
        return replace(
            self,
            features=self.features[places],
            classes=tuple(self.classes[place] for place in places),
            sequences=tuple(self.sequences[place] for place in places),
            cameras=tuple(self.cameras[place] for place in places),
            blank=self.blank[places],
        )


def gathered(found: Iterable[Lesson], recipe: Recipe, rules: Classes, ids: Callable[[str], Sequence[str]]) -> Lessons:
    """What can be learnt for a recipe; `ids` gives the ids of a camera's sequences, in order.

    Raises UnciaError where there are fewer than two classes.
    """
    everything = sorted(found, key=lambda one: (one.verdict.camera, one.verdict.row_key))
    seen = [one for one in everything if one.features]
    own = _usable([one for one in seen if one.recipe == str(recipe)])
    kept = [(one, name) for one in own if (name := rules.of(one.verdict.said)) is not None]
    classes = tuple(name for _, name in kept)
    counts = {"other_recipe": len(seen) - len(own), "corrupt": len(everything) - len(seen)}
    _check(classes, len(everything), counts["other_recipe"])
    by_camera = {camera: ids(camera) for camera in {one.verdict.camera for one, _ in kept}}
    return Lessons(
        recipe=recipe,
        backbone_name=kept[0][0].backbone.rpartition("-")[0],
        features=np.stack([_numbers(one) for one, _ in kept]),
        classes=classes,
        sequences=tuple(_sequence(one, by_camera) for one, _ in kept),
        cameras=tuple(one.verdict.camera for one, _ in kept),
        blank=np.array([is_blank(one.verdict.said) for one, _ in kept]),
        no_class=len(own) - len(kept),
        **counts,
    )


def taught(lessons: Lessons, *, rules: str, aim: str) -> tuple[bytes, dict[str, Any]]:
    """A head's file and its metadata, trained on these; the same lessons give the same bytes.

    Raises UnciaError for one class, or for an aim that is none.
    """
    from training import head

    purpose = head.Purpose(lessons.recipe, lessons.backbone_name, rules, Aim.parse(aim) if aim else None)
    return head.train(lessons.features, lessons.part, purpose, corrupt=lessons.corrupt)


def _check(classes: Sequence[str], verdicts: int, other_recipe: int) -> None:
    if len(set(classes)) < 2:
        raise UnciaError(
            f"a head needs at least two classes, the verdicts have {', '.join(sorted(set(classes))) or 'none'} "
            f"({verdicts:,} in all, {other_recipe:,} of them on features of another recipe)"
        )


def _usable(lessons: list[Lesson]) -> list[Lesson]:
    """Those of the commonest length with finite numbers: a message may bring others."""
    lengths = Counter(len(one.features) for one in lessons)
    length = max(lengths, key=lambda length: (lengths[length], length), default=0)
    return [one for one in lessons if len(one.features) == length and bool(np.isfinite(_numbers(one)).all())]


def _numbers(lesson: Lesson) -> NDArray[np.float16]:
    return np.frombuffer(lesson.features, "<f2").astype(np.float16)


def _sequence(lesson: Lesson, ids: dict[str, Sequence[str]]) -> str:
    camera = lesson.verdict.camera
    return f"{camera}~{sequence_of(lesson.verdict.row_key, ids[camera])}"
