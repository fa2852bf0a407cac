"""Whether a run lost nothing: what storage holds, against a computation over all of its frames at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.figures import Figures
from shared.label import labels

if TYPE_CHECKING:
    from shared.frame import Frame
    from shared.head import Head
    from shared.sequence import Limits
    from shared.store import Store


def checked(tables: Store, judge: Head, limits: Limits, images: int, failures: int) -> Figures:
    """How much is missing or wrong after so many images; nothing of it but `labels` is to be more than 0."""
    days = [*tables.read_days()]
    cameras = sorted({day.camera for day in days})
    frames = {
        camera: frames_of(tables, camera, [day.day for day in days if day.camera == camera]) for camera in cameras
    }
    stored = {camera: [*tables.all_labels(camera)] for camera in cameras}
    wanted = {camera: labels(own, limits, judge) for camera, own in frames.items()}
    return {
        "labels": sum(map(len, stored.values())),
        "frames_lost": images - sum(map(len, frames.values())),
        "scores_wrong": sum(scores_wrong(tables, own, judge) for own in frames.values()),
        "labels_wrong": sum(different(stored[camera], wanted[camera]) for camera in cameras),
        "days_unsettled": sum(not day.settled for day in days),
        "failures": failures,
    }


def frames_of(tables: Store, camera: str, days: list[str]) -> list[Frame]:
    """A camera's frames on these days."""
    return [frame for day in days for frame in tables.read_frames(camera, day)]


def different[T](one: list[T], other: list[T]) -> int:
    """How many of two lists are not in the other."""
    return sum(entry not in one for entry in other) + sum(entry not in other for entry in one)


def scores_wrong(tables: Store, frames: list[Frame], judge: Head) -> int:
    """How many frames have not the scores that the head gives for their stored features, all at once."""
    if not frames:
        return 0
    keys = [frame.row_key for frame in frames]
    again = judge.scores_by_key(tables.read_features(frames[0].camera, min(keys), max(keys)))
    return sum(frame.scores != again.get(frame.row_key) for frame in frames)


def wrong(found: Figures) -> str:
    """One sentence where something was lost, is wrong or grows; nothing where all is well."""
    names = ("frames_lost", "scores_wrong", "labels_wrong", "days_unsettled", "failures")
    said = [f"{found[name]} {name.replace('_', ' ')}" for name in names if found[name]]
    said += ["the host's memory grows"] if found["steady"] == "no" else []
    return ", ".join(said)
