"""`uncia deployments clock`: which deployment's clock is meant, and what correcting it changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from shared.deployment import Deployment, Deployments, corrected, moment, uncorrected
from shared.errors import UnciaError
from shared.placed import Span, within

if TYPE_CHECKING:
    from shared.store import Store


@dataclass(frozen=True, slots=True)
class Turned:
    """A deployment before and after, and the images that are in it after (where it is corrected) or were before."""

    before: Deployment
    after: Deployment
    images: Span

    def times(self) -> list[tuple[str, datetime, datetime]]:
        """The first and the last image: what they are, their moment before and after."""
        shown = {"first image": self.images.first, "last image": self.images.last} if self.images.count else {}
        return [(what, moment(self.before, at, UTC), moment(self.after, at, UTC)) for what, at in shown.items()]


def correct(tables: Store, camera: str, shown: datetime, true: datetime, wanted: str) -> Turned:
    """Corrects the clock of the deployment that holds the true time; both are local wall times at its offset.

    Raises UnciaError where none holds it, or several do and none of them is the one that is wanted by its identifier.
    """
    known = tables.read_deployments(camera)
    before = holding(known, camera, true, wanted)
    after = corrected(before, shown, true)
    return _write(tables, known, before, after, seen=after)


def undo(tables: Store, camera: str, wanted: str) -> Turned:
    """Takes the correction of a deployment back; raises UnciaError where it is not clear which, or there is none."""
    known = tables.read_deployments(camera)
    turned = [one for one in _of(known, camera, wanted) if one.correction or one.clock_note]
    if not turned:
        raise UnciaError(f"no clock of camera {camera!r} is corrected")
    before = _only(turned)
    return _write(tables, known, before, uncorrected(before), seen=before)


def holding(known: Deployments, camera: str, true: datetime, wanted: str = "") -> Deployment:
    """The camera's deployment that holds a true time (local wall time, no zone); raises UnciaError."""
    there = _of(known, camera, wanted)
    held = [one for one in there if one.holds(true)]
    if not held:
        periods = "; ".join(f"{one.deployment_id}: {told(one)}" for one in there)
        raise UnciaError(f"camera {camera!r} was in no deployment at {true.isoformat()} ({periods})")
    return _only(held)


def told(one: Deployment) -> str:
    """From when to when."""
    return f"{one.start.isoformat()} to {one.end.isoformat()}"


def _of(known: Deployments, camera: str, wanted: str) -> list[Deployment]:
    """The camera's deployments, or the one that is wanted."""
    if not known:
        raise UnciaError(f"camera {camera!r} has no deployment: `uncia deployments import` takes them from a file")
    found = [one for one in known.of(camera) if wanted in ("", one.deployment_id)]
    if not found:
        ids = ", ".join(one.deployment_id for one in known)
        raise UnciaError(f"camera {camera!r} has no deployment {wanted!r}; it has {ids}")
    return found


def _only(some: list[Deployment]) -> Deployment:
    if len(some) > 1:
        ids = ", ".join(one.deployment_id for one in some)
        raise UnciaError(f"it may be any of {len(some)} deployments: name one by --deployment ({ids})")
    return some[0]


def _write(tables: Store, known: Deployments, before: Deployment, after: Deployment, *, seen: Deployment) -> Turned:
    others = [one for one in known if one != before]
    keys = (key for _, key, _ in tables.frame_paths(before.camera))
    images = within(Deployments([*others, seen]), seen, keys)
    tables.write_deployments([after])
    return Turned(before, after, images)
