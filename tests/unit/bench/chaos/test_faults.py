"""What goes wrong is drawn from a seed, and counted."""

from __future__ import annotations

import pytest

from bench.chaos.faults import WEIGHTS, Fault, Faults


def test_the_same_seed_draws_the_same_faults() -> None:
    one, other, another = (Faults(0.5, seed) for seed in (7, 7, 8))
    drawn = [[faults.draw() for _ in range(200)] for faults in (one, other, another)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_every_kind_of_fault_can_come() -> None:
    faults = Faults(1.0, 1)
    assert {faults.draw() for _ in range(2_000)} == set(Fault) == set(WEIGHTS)


@pytest.mark.parametrize("share", [0.0, 0.06, 1.0])
def test_about_the_share_that_was_asked_for_goes_wrong(share: float) -> None:
    faults = Faults(share, 3)
    drawn = [faults.draw() for _ in range(5_000)]
    assert faults.requests == 5_000
    assert faults.injected.total() == sum(one is not None for one in drawn)
    assert faults.share() == pytest.approx(share, abs=0.01)


def test_the_faults_are_told_in_words() -> None:
    faults = Faults(0.0, 1)
    faults.injected.update([Fault.RESET, Fault.LOST, Fault.RESET])
    assert faults.numbers()["faults_by_kind"] == "1 lost answer, 2 reset"
    assert Faults(0.0, 1).share() == 0.0
