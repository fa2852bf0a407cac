"""What happened, as a page reads it: the numbers of its charts and of their CSV files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from shared.story.accumulation import expected, found
from shared.story.counted import is_species
from shared.story.effort import nights_until
from shared.story.happened import Happened
from shared.story.sightings import Number


def told(happened: Happened) -> dict[str, Any]:
    """All of it for JSON. Words and cameras are told once; elsewhere a number says which."""
    words = _words(happened)
    which = {word["name"]: number for number, word in enumerate(words)}
    return {
        "asked": _asked(happened),
        "sequences": happened.briefs,
        "words": words,
        "cameras": _cameras(happened),
        "detections": _detections(happened, which),
        "hours": [[[one.sequences, one.events] for one in happened.sightings.hours.get(word, ())] for word in which],
        "accumulation": _accumulation(happened, which),
        "places": _places(happened, which),
        "nowhere": happened.nowhere,
        "reviewed": happened.agreement.reviewed(),
        "confusion": happened.agreement.confusion(),
        "by_probability": happened.agreement.by_probability(),
        "thresholds": happened.agreement.thresholds(),
    }


def _asked(happened: Happened) -> dict[str, Any]:
    asked = happened.asked
    return {
        "camera": asked.camera,
        "from": asked.first.isoformat() if asked.first else "",
        "to": asked.last.isoformat() if asked.last else "",
        "machine": asked.machine,
        "gap": asked.gap.total_seconds() / 60,
    }


def _words(happened: Happened) -> list[dict[str, Any]]:
    """What sequences counted for, most events first; species before what is none."""
    total = {word: Number() for word in happened.undated}
    for (_, _, word), number in happened.sightings.days.items():
        total.setdefault(word, Number()).more(number)
    in_order = sorted(total.items(), key=lambda one: (not is_species(one[0]), -one[1].events, one[0]))
    return [
        {
            "name": word,
            "species": is_species(word),
            "sequences": number.sequences,
            "events": number.events,
            "undated": happened.undated[word],
        }
        for word, number in in_order
    ]


def _cameras(happened: Happened) -> list[dict[str, Any]]:
    return [
        {
            "name": one.camera,
            "nights": one.nights,
            "with_images": one.with_images,
            "deployed": one.deployed,
            "spans": [[first.isoformat(), last.isoformat()] for first, last in one.spans],
        }
        for one in happened.efforts
    ]


def _detections(happened: Happened, which: Mapping[str, int]) -> list[list[Any]]:
    """Camera, date, word, sequences, events."""
    cameras = {one.camera: number for number, one in enumerate(happened.efforts)}
    return sorted(
        [cameras[camera], day.isoformat(), which[word], number.sequences, number.events]
        for (camera, day, word), number in happened.sightings.days.items()
    )


def _accumulation(happened: Happened, which: Mapping[str, int]) -> dict[str, Any]:
    """Species as they were found, and how many to expect of as many trap nights in any order."""
    first: dict[str, date] = {}
    nights: dict[str, int] = {}
    for _, day, word in happened.sightings.days:
        if is_species(word):
            first[word] = min(day, first.get(word, day))
            nights[word] = nights.get(word, 0) + 1
    total = nights_until(happened.efforts, date.max)
    seen = found(first, lambda day: nights_until(happened.efforts, day))
    return {
        "nights": total,
        "found": [[which[one.species], one.day.isoformat(), one.trap_nights] for one in seen],
        "expected": expected(nights.values(), total),
    }


def _places(happened: Happened, which: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "name": place.name,
            "latitude": place.latitude,
            "longitude": place.longitude,
            "cameras": sorted(place.cameras),
            "nights": place.nights,
            "numbers": [[which[word], one.sequences, one.events] for word, one in sorted(place.numbers.items())],
        }
        for place in happened.places
    ]
