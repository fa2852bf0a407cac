"""An imagined survey, as plausible as chance makes it: twelve cameras in a mountain range of the Gobi, for 120 days."""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, timezone

from shared.brief import Brief
from shared.deployment import Deployment, Deployments

DAYS = 120
BEGIN = datetime(2026, 1, 10)  # noqa: DTZ001 - local wall time
OFFSET = timezone(timedelta(hours=8))
TODAY = date(2026, 5, 20)
THRESHOLD = 0.6
# How often each is seen, and how active it is at each hour: hunters by night, ibex by day.
NIGHT = (6, 5, 5, 5, 6, 8, 7, 3, 1, 1, 0.5, 0.5, 0.4, 0.4, 0.5, 0.7, 1, 3, 7, 9, 8, 7, 6, 6)
DUSK = (2, 2, 2, 3, 5, 8, 9, 6, 3, 2, 1, 1, 1, 1, 1, 2, 4, 7, 9, 8, 5, 3, 2, 2)
DAY = (0.2, 0.2, 0.2, 0.2, 0.3, 1, 3, 6, 8, 8, 7, 6, 5, 5, 6, 7, 8, 7, 4, 1, 0.4, 0.3, 0.2, 0.2)
ANY = (1,) * 24
KINDS: dict[str, tuple[float, Sequence[float]]] = {
    "blank": (40, DAY),
    "ibex": (22, DAY),
    "red fox": (12, NIGHT),
    "tolai hare": (9, NIGHT),
    "snow leopard": (6, DUSK),
    "argali": (4, DAY),
    "Pallas's cat": (0.7, DUSK),
    "grey wolf": (0.35, NIGHT),
}
CAMERAS = tuple(f"Tost {number:02}" for number in range(1, 13))
LINGERS = {"ibex": 0.5, "argali": 0.4}
# How unlike cameras are in what they see.
_SPREAD = 0.9
# How often people looked: at most of what the machine left to them, and at some of the rest.
REVIEWED = {"unknown": 0.9}


def briefs(sequences: int = 3_000, cameras: Sequence[str] = CAMERAS, seed: int = 7) -> list[Brief]:
    """The survey's sequences in brief: by camera, then time, as the store gives them; the same for the same seed."""
    chance = random.Random(seed)
    favour = {(camera, kind): chance.lognormvariate(0, _SPREAD) for camera in cameras for kind in KINDS}
    made: list[Brief] = []
    while len(made) < sequences:
        kind, camera, at = _visit(chance, cameras, favour)
        made += [_brief(chance, kind, camera, one) for one in _lingering(chance, kind, at)]
    made = made[:sequences]
    return sorted(made, key=lambda brief: (cameras.index(brief.camera), brief.sequence_id))


def deployments(cameras: Sequence[str] = CAMERAS, seed: int = 7) -> Deployments:
    """Where the cameras stood: along a ridge from west to east."""
    return Deployments(_deployments(cameras, random.Random(seed)))


def _deployments(cameras: Sequence[str], chance: random.Random) -> Iterator[Deployment]:
    for number, camera in enumerate(cameras):
        begin, end = _stood(number)
        yield Deployment(
            camera=camera,
            start=(BEGIN + timedelta(days=begin, hours=-3)).replace(tzinfo=OFFSET),
            end=(BEGIN + timedelta(days=end, hours=3)).replace(tzinfo=OFFSET),
            columns={
                "deploymentID": f"D{number + 1:02}",
                "locationName": f"ridge {number + 1}",
                "latitude": f"{43.12 + 0.14 * math.sin(number / 2.2) + chance.uniform(-0.02, 0.02):.5f}",
                "longitude": f"{100.28 + 0.055 * number + chance.uniform(-0.015, 0.015):.5f}",
            },
        )


def _stood(number: int) -> tuple[int, int]:
    """From which day of the survey to which a camera stood: set up one after another, two failed early."""
    return number % 4, {4: 71, 9: 38}.get(number, DAYS - 1 - number % 3)


def _visit(
    chance: random.Random, cameras: Sequence[str], favour: dict[tuple[str, str], float]
) -> tuple[str, str, datetime]:
    """What came to which camera, and when."""
    kind = chance.choices([*KINDS], [often for often, _ in KINDS.values()])[0]
    camera = chance.choices(cameras, [favour[one, kind] for one in cameras])[0]
    begin, end = _stood(cameras.index(camera))
    hour = chance.choices(range(24), KINDS[kind][1])[0]
    return (
        kind,
        camera,
        BEGIN + timedelta(days=chance.randrange(begin, end), hours=hour, seconds=chance.uniform(0, 3_599)),
    )


def _lingering(chance: random.Random, kind: str, at: datetime) -> Iterator[datetime]:
    """When the sequences of one visit begin: herds stay longer than hunters."""
    yield at
    while chance.random() < LINGERS.get(kind, 0.12):
        at += timedelta(minutes=2 + chance.expovariate(1 / 7))
        yield at


def _brief(chance: random.Random, kind: str, camera: str, at: datetime) -> Brief:
    scores = _scores(chance, kind)
    likeliest = max(scores, key=lambda name: scores[name])
    label = likeliest if scores[likeliest] >= THRESHOLD else "unknown"
    looked = chance.random() < REVIEWED.get(label, 0.4)
    return Brief(
        camera=camera,
        sequence_id=f"{at:%Y%m%dT%H%M%S%f}~{hashlib.sha256(f'{camera}{at}'.encode()).hexdigest()[:16]}",
        label=label,
        scores=scores,
        n_frames=chance.randint(1, 9),
        seconds=round(chance.expovariate(1 / 20), 1),
        said=(kind,) if looked else (),
        complete=looked and chance.random() < 0.95,
    )


def _scores(chance: random.Random, kind: str) -> dict[str, float]:
    """What a middling head would say: mostly right, sure more often than not."""
    weights = {name: chance.gammavariate(0.03 + often / 200, 1) for name, (often, _) in KINDS.items()}
    weights[kind] += chance.gammavariate(1.6, 1.3)
    total = sum(weights.values())
    return {name: round(weight / total, 4) for name, weight in weights.items()}
