"""Small cases, each explored whole: those of every run of the tests, and those that take minutes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.unit.shared.making import seen

from .drawn import FIRST, decision
from .world import Case

# Two of one sequence, one that would join another to them, and that other.
A, B, C, D = (seen(seconds) for seconds in (0, 10, 60, 110))
EVENING, MORNING = (seen(FIRST + timedelta(seconds=seconds)) for seconds in (-10, 10))
TWO_PEOPLE = (decision(A, "Ana"), decision(A, "Ben"))

SMALL = {
    "a frame, a crash, time at any point": Case((A,), crashes=1, stalls=9),
    "two frames, a crash": Case((A, B), crashes=1),
    "two frames, time at any point once": Case((A, B), stalls=1),
    "a frame, a message twice, time at any point once": Case((A,), twice=1, stalls=1),
    "two frames, a message lost, time at any point once": Case((A, B), losses=1, stalls=1),
    "four frames": Case((B, C), before=(A, D)),
    "a late frame that joins two sequences, a crash": Case((C,), before=(A, D), crashes=1),
    "the same image under two names": Case((replace(A, path="z"), replace(A, path="a"))),
    "two frames across midnight": Case((EVENING, MORNING)),
    "a verdict, a crash": Case(before=(A,), decisions=TWO_PEOPLE[:1], crashes=1),
    "two verdicts": Case(before=(A,), decisions=TWO_PEOPLE),
    "a verdict beside a frame": Case((B,), before=(A,), decisions=TWO_PEOPLE[:1]),
    "another head beside a frame": Case((B,), before=(A,), publish=True),
    "another head, a crash, time at any point once": Case(before=(A,), publish=True, crashes=1, stalls=1),
}  # fmt: skip
LARGE = {
    "three frames": Case((A, B, C)),
    "a frame, a message twice, time at any point": Case((A,), twice=1, stalls=9),
    "two frames, a message twice": Case((A, B), twice=1),
    "the same image under two names, a crash": Case((replace(A, path="z"), replace(A, path="a")), crashes=1),
    "two frames, a crash, time at any point once": Case((A, B), crashes=1, stalls=1),
    "two frames, a message twice and one lost, time at any point once": Case((A, B), twice=1, losses=1, stalls=1),
    "a verdict, a crash, time at any point twice": Case(before=(A,), decisions=TWO_PEOPLE[:1], crashes=1, stalls=2),
    "two verdicts, a crash": Case(before=(A,), decisions=TWO_PEOPLE, crashes=1),
    "two frames across midnight, a crash": Case((EVENING, MORNING), crashes=1),
    "another head beside a frame, a crash": Case((B,), before=(A,), publish=True, crashes=1),
    "another head beside two frames, a message lost": Case((B, C), before=(A,), publish=True, losses=1),
    "three frames, a message lost, time at any point once": Case((A, B, C), losses=1, stalls=1),
}  # fmt: skip
