"""Champion and challenger: a new head becomes current only where it is better on cameras that it never saw."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from shared.head import Head
from training.aim import Aim
from training.contest import Contest, contest, shown
from training.lessons import Lessons, taught
from training.outcome import Outcome

# Of the cameras, one in four is held out; docs/decisions/0014-champion-and-challenger.md
ONE_IN = 4
# With fewer sequences, one of them moves a share by more than five points.
FEWEST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenger:
    """A new head, and the lessons of the cameras that were held out of its training."""

    content: bytes
    head: Head
    tried_on: Lessons
    rules: str
    aim: str
    problem: str  #: why no camera could be held out; empty where that was possible


def held_out(cameras: Iterable[str]) -> frozenset[str]:
    """A quarter of the cameras, at least one of two or more: those whose names have the smallest SHA-256."""
    ranked = sorted(set(cameras), key=lambda name: hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest())
    return frozenset(ranked[: max(1, len(ranked) // ONE_IN)] if len(ranked) > 1 else ())


def challenger(lessons: Lessons, rules: str, aim: str) -> Challenger:
    """A head fitted on the cameras that are not held out, or on all where those do not show every class."""
    out = held_out(lessons.cameras)
    rest = lessons.some([camera not in out for camera in lessons.cameras])
    lost = sorted(set(lessons.classes) - set(rest.classes))
    problem = ""
    if not out:
        problem = "all verdicts are from one camera, and none can be held out"
    elif lost:
        problem = f"only the cameras to be held out show {', '.join(lost)}, so none were"
    content, _ = taught(lessons if problem else rest, rules=rules, aim=aim)
    tried_on = lessons.some([camera in out and not problem for camera in lessons.cameras])
    return Challenger(content=content, head=Head(content), tried_on=tried_on, rules=rules, aim=aim, problem=problem)


def decided(new: Challenger, champion: Head | None, earlier: Outcome | None) -> Outcome:
    """Whether the new head becomes current; `earlier` is what was decided about the same head before, if it was."""
    if champion and champion.version == new.head.version:
        return _again(new, champion, earlier)
    if champion is None:
        return _outcome(new, None, None, better=True, why="There was no head to compare with.")
    if why := unfair(new, champion):
        why = f"A fair trial was not possible: {why}."
        return _outcome(new, champion, None, better=False, why=why)
    held = contest(champion, new.head, new.tried_on, Aim.parse(new.aim) if new.aim else None)
    why = "It is better than the champion." if held.lead > 0 else "It is not better than the champion."
    return _outcome(new, champion, held, better=held.lead > 0, why=why)


def _again(new: Challenger, champion: Head, earlier: Outcome | None) -> Outcome:
    """The new head is current already: because this was decided before, or because a person published it."""
    if earlier and earlier.becomes_current:
        return earlier
    why = "These verdicts gave the head that is current already."
    return replace(earlier, reason=why) if earlier else _outcome(new, champion, None, better=False, why=why)


def unfair(new: Challenger, champion: Head) -> str:
    """Why the two cannot be compared, or nothing."""
    sequences = shown(new.tried_on)
    if new.problem:
        return new.problem
    if set(champion.classes) != set(new.head.classes):
        return f"the current head has other classes ({', '.join(champion.classes)})"
    if (champion.recipe, champion.n_features) != (new.head.recipe, new.head.n_features):
        return "the current head takes features of another backbone or crop"
    if len(set(sequences.values())) < 2:
        return f"the cameras held out show nothing but {next(iter(sequences.values()))}"
    if len(sequences) < FEWEST:
        return f"the cameras held out have {len(sequences)} judged sequences, and {FEWEST} are needed"
    return ""


def measured(aim: str) -> str:
    """What the trial compares, in words."""
    if not aim:
        return "balanced accuracy"
    other = "precision" if Aim.parse(aim).kind == "recall" else "recall"
    return f"{other} at {aim.replace('=', ' ')}"


def known_cameras(head: Head) -> frozenset[str]:
    """The cameras that a head says it was trained on; none where it does not say."""
    told = head.metadata.get("trained_on")
    names = told.get("camera_names") if isinstance(told, dict) else None
    return frozenset(map(str, names)) if isinstance(names, list) else frozenset()


def _outcome(new: Challenger, champion: Head | None, held: Contest | None, *, better: bool, why: str) -> Outcome:
    cameras = tuple(sorted(set(new.tried_on.cameras)))
    return Outcome(
        head=new.head.version,
        champion=champion.version if champion else "",
        becomes_current=better,
        reason=why[:1].upper() + why[1:],
        measure=measured(new.aim),
        contest=held,
        held_out=cameras,
        advantage=tuple(camera for camera in cameras if champion and camera in known_cameras(champion)),
        images_by_class=new.head.metadata["trained_on"]["images_by_class"],
        rules=new.rules,
        aim=new.aim,
    )


def answering(outcome: Outcome, *, by: str, request: str) -> Outcome:
    """The outcome as the answer to somebody's request."""
    return replace(outcome, by=by, request=request)
