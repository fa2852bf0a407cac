"""A made-up survey: labels of cameras over months, as they stand after finalizing, without any image."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from shared.brief import Brief
from shared.day import Day, Settled
from shared.frame import Status, time_key
from shared.label import Changes, Label, Shot
from shared.store import Store
from shared.verdict import Verdict

CLASSES = {"blank": 0.62, "ibex": 0.2, "fox": 0.1, "marmot": 0.05, "snow_leopard": 0.03}
CAMERAS, A_DAY, FRAMES = 20, 10, 3
BEGIN = datetime(2024, 4, 1)  # noqa: DTZ001 - local wall time
NOW = datetime(2025, 6, 1, tzinfo=UTC)


def days(labels: int, seed: int = 1) -> Iterator[list[Label]]:
    """The labels of one camera's day after another's, until there are so many; the same seed makes the same."""
    chance = random.Random(seed)
    made = 0
    for place in range(-(-labels // A_DAY)):
        camera, day = f"Ridge {place % CAMERAS + 1}", BEGIN + timedelta(days=place // CAMERAS)
        number = min(A_DAY, labels - made)
        hours = sorted(chance.sample(range(24 * 12), number))
        yield [label(camera, day + timedelta(minutes=5 * hour), chance) for hour in hours]
        made += number


def label(camera: str, start: datetime, chance: random.Random) -> Label:
    """A sequence of three frames, four seconds apart; every other one was reviewed."""
    (shown,) = chance.choices([*CLASSES], [*CLASSES.values()])
    shots = [
        shot(camera, start + timedelta(seconds=4 * n), scores(shown, chance), shown, chance) for n in range(FRAMES)
    ]
    means = {name: round(sum(one.scores[name] for one in shots if one.scores) / FRAMES, 6) for name in CLASSES}
    likeliest = max(means, key=lambda name: means[name])
    return Label(
        camera=camera,
        sequence_id=shots[0].row_key,
        start=shots[0].captured_at,
        end=shots[-1].captured_at,
        frames=tuple(shots),
        n_frames=FRAMES,
        n_scored=FRAMES,
        scores=means,
        label=likeliest if means[likeliest] >= 0.6 else "unknown",
        probability=means[likeliest],
        backbone="resnet50-12345678",
        head="bench",
    )


def shot(camera: str, at: datetime, given: dict[str, float], shown: str, chance: random.Random) -> Shot:
    """One frame, whose name is made of its camera and time; of every other sequence a person said what is shown."""
    digest = hashlib.sha256(f"{camera}{at}".encode()).hexdigest()
    key = f"{time_key(at)}~{digest[:16]}"
    judged = at.minute % 2 == 0
    verdict = Verdict(camera=camera, row_key=key, said=shown, by="Ana", at=NOW, of_sequence=True) if judged else None
    return Shot(f"{camera}/IMG_{chance.randrange(10_000):04}.JPG", at, Status.OK, given, key, verdict)


def scores(shown: str, chance: random.Random) -> dict[str, float]:
    """Scores of one frame that mostly are right."""
    weights = {name: chance.random() ** 4 for name in CLASSES}
    weights[shown] += chance.choice([0.2, 1, 3, 6])
    total = sum(weights.values())
    return {name: round(weight / total, 6) for name, weight in weights.items()}


def keep(store: Store, labels: list[Label]) -> None:
    """Stores a day's labels as `finalize` leaves them."""
    first = labels[0]
    day = Day(camera=first.camera, day=first.sequence_id[:8], due=NOW)
    store.apply(Changes(tuple(labels), (), ()), NOW)
    store.open_day(day)
    stored = store.read_day(day.camera, day.day)
    if stored:
        frames = FRAMES * len(labels)
        store.tell(stored, [Brief.of(label) for label in labels], frames, Settled("bench", frames, 0, NOW))
