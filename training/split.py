"""Which images a head learns from and which it is tried on."""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sklearn.model_selection import StratifiedGroupKFold

from shared.errors import UnciaError
from training.manifest import TEST, TRAIN, Example

SIDES = (TRAIN, TEST)
# A third of the images is tried on, as near as whole cameras allow.
_PARTS = 3


def split(examples: Sequence[Example], classes: Sequence[str], by: str) -> list[str]:
    """`train`, `test` or nothing for each image, by `camera`, `date:YYYY-MM-DD` or the manifest's `column`.

    A sequence is never on both sides. Raises UnciaError where that cannot be, or a side has fewer than two classes.
    """
    if by == "camera":
        sides = by_camera(examples, classes)
    elif by == "column":
        sides = by_column(examples)
    elif by.startswith("date:"):
        sides = by_date(examples, by.removeprefix("date:"))
    else:
        raise UnciaError(f"--split {by!r}: say camera, date:2016-01-10 or column")
    for side in SIDES:
        found = {name for name, own in zip(classes, sides, strict=True) if own == side}
        if len(found) < 2:
            only = " and ".join(sorted(found)) or "nothing"
            raise UnciaError(f"--split {by} leaves {only} to {side} on: both sides need two classes")
    return sides


def by_camera(examples: Sequence[Example], classes: Sequence[str]) -> list[str]:
    """Whole cameras on one side, about a third of the images to test on, classes spread as evenly as can be."""
    cameras = [example.camera for example in examples]
    if len(set(cameras)) < 2:
        raise UnciaError(
            f"all images are of one camera, {cameras[0]}: split by date, as in --split date:2016-01-10, or by column"
        )
    folds = StratifiedGroupKFold(min(_PARTS, len(set(cameras))), shuffle=True, random_state=0)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The least populated class")
        tests = [test for _, test in folds.split(cameras, classes, cameras)]
    # Of the thirds the one with the most classes on both sides, then the one nearest to a third.
    best = max(tests, key=lambda test: (_shared(classes, test), -abs(len(test) - len(cameras) / _PARTS)))
    tested = set(best.tolist())
    return [TEST if place in tested else TRAIN for place in range(len(examples))]


def by_date(examples: Sequence[Example], text: str) -> list[str]:
    """Sequences that start before the date to train on, the others to test on; undated images on neither side."""
    date = date_in(text)
    starts: dict[str, datetime] = {}
    for example in examples:
        if example.captured_at:
            starts[example.sequence] = min(example.captured_at, starts.get(example.sequence, example.captured_at))
    if not starts:
        raise UnciaError(f"--split date:{text}: no image has a captured_at")
    sides = {sequence: TRAIN if start < date else TEST for sequence, start in starts.items()}
    return [sides.get(example.sequence, "") for example in examples]


def date_in(text: str) -> datetime:
    """The date, at midnight unless it says a time; raises UnciaError."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise UnciaError(f"--split date:{text}: {text!r} is no date, as 2016-01-10 is one") from None


def by_column(examples: Sequence[Example]) -> list[str]:
    """What the column `split` says; raises UnciaError where a camera or a sequence is on both sides."""
    if not any(example.split for example in examples):
        raise UnciaError("--split column: the manifest has no column split with train and test in it")
    for noun, name in (("camera", _camera), ("sequence", _sequence)):
        sides = defaultdict(set)
        for example in examples:
            if example.split and name(example):
                sides[name(example)].add(example.split)
        if both := sorted(one for one, found in sides.items() if len(found) > 1):
            more = f" and {len(both) - 1} more" if len(both) > 1 else ""
            raise UnciaError(
                f"--split column: {noun} {both[0]}{more} is on both sides, so the test would prove nothing"
            )
    return [example.split for example in examples]


def check_sequences(examples: Sequence[Example], named: bool) -> None:
    """Raises UnciaError where nothing says which images belong together; `named`: the manifest has sequences."""
    if not named and not any(example.captured_at for example in examples):
        raise UnciaError(
            "no image has a time or a sequence, and RN2+A+E averages over sequences: "
            "give the manifest a column captured_at or sequence"
        )


def _shared(classes: Sequence[str], test: Sequence[int]) -> int:
    tested = set(test)
    tests = {classes[place] for place in tested}
    return len(tests & {name for place, name in enumerate(classes) if place not in tested})


def _camera(example: Example) -> str:
    return example.camera


def _sequence(example: Example) -> str:
    return example.sequence
