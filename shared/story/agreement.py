"""How far people went along with the machine, and what another threshold would do."""

from __future__ import annotations

from collections import Counter
from itertools import accumulate
from typing import Any

from shared.brief import Brief
from shared.interval import wilson
from shared.label import UNKNOWN
from shared.story.counted import plain

BINS = 10  # of probability, as in an evaluation's report
STEPS = 100  # thresholds are tried in hundredths
SEVERAL = "several species"


class Agreement:
    """Counts sequences one by one, in memory that does not grow with them.

    Only those are compared that people looked at wholly: a frame not looked at may show what nobody said.
    """

    def __init__(self) -> None:
        self._reviewed: Counter[tuple[str, str]] = Counter()  # by label, and how far people looked
        self._confusion: Counter[tuple[str, str]] = Counter()  # by label and word of people
        self._bins: Counter[tuple[int, bool]] = Counter()  # by step of probability, and whether it was right
        self._steps: Counter[tuple[str, str, int]] = Counter()  # by likeliest class, outcome and hundredth
        self._elsewhere: Counter[tuple[str, str]] = Counter()  # by what people said, where another was likelier

    def add(self, brief: Brief) -> None:
        """Counts a sequence."""
        label = plain(brief.label)
        self._reviewed[label, "whole" if brief.complete else "part" if brief.said else "none"] += 1
        likeliest = plain(_likeliest(brief))
        step = _step(brief.probability or 0.0, STEPS)
        if likeliest:
            self._steps[likeliest, "all", step] += 1
        if brief.complete:
            self._compare(brief, label, likeliest, step)

    def _compare(self, brief: Brief, label: str, likeliest: str, step: int) -> None:
        said = {plain(word) for word in brief.said}
        self._confusion[label, _one(said, label)] += 1
        if likeliest:
            right = likeliest in said
            self._bins[min(step * BINS // STEPS, BINS - 1), right] += 1
            self._steps[likeliest, "right" if right else "wrong", step] += 1
        for word in said - {likeliest}:
            self._elsewhere[word, "left" if label == UNKNOWN or not likeliest else "missed"] += 1

    def reviewed(self) -> list[dict[str, Any]]:
        """Of each label, most frequent first: sequences, those looked at in part, and wholly."""
        kinds = ("none", "part", "whole")
        found = {label: [self._reviewed[label, kind] for kind in kinds] for label, _ in self._reviewed}
        rows = sorted(found.items(), key=lambda row: (-sum(row[1]), row[0]))
        return [{"label": label, "sequences": sum(n), "part": n[1], "whole": n[2]} for label, n in rows]

    def confusion(self) -> dict[str, Any]:
        """How often people said what where the label was what: rows are labels, columns the words of people."""
        rows, said = (_by_number(self._confusion, which) for which in (0, 1))
        # The same order both ways, so that what agrees lies on the diagonal.
        columns = [*(word for word in rows if word in said), *(word for word in said if word not in rows)]
        counts = [[self._confusion[label, word] for word in columns] for label in rows]
        return {"labels": rows, "people": columns, "counts": counts}

    def by_probability(self) -> list[dict[str, Any]]:
        """How often the likeliest class was right, by its probability, with 95 % intervals; empty steps left out."""
        bins = [(which, self._bins[which, True], self._bins[which, False]) for which in range(BINS)]
        return [
            {
                "low": which / BINS,
                "high": (which + 1) / BINS,
                "n": right + wrong,
                "right": right,
                "interval": wilson(right, right + wrong),
            }
            for which, right, wrong in bins
            if right + wrong
        ]

    def thresholds(self) -> dict[str, dict[str, Any]]:
        """Of each class, for thresholds of 0.00, 0.01 … 1.00: sequences given it, and what people said of those.

        `all` are those for which it is likeliest and likely enough; `right` and `wrong` those of them that people
        looked at. `missed` and `left` are those of it, by people's word, for which another class is likelier: given
        that class as label, or left to a person.
        """
        classes = sorted({likeliest for likeliest, _, _ in self._steps})
        return {
            name: {outcome: self._from(name, outcome) for outcome in ("all", "right", "wrong")}
            | {outcome: self._elsewhere[name, outcome] for outcome in ("missed", "left")}
            for name in classes
        }

    def _from(self, name: str, outcome: str) -> list[int]:
        """How many reach each threshold."""
        counts = [self._steps[name, outcome, step] for step in range(STEPS + 1)]
        return [*accumulate(reversed(counts))][::-1]


def _likeliest(brief: Brief) -> str:
    """The likeliest class; the label where it is one, since of rounded scores two can be equal; else nothing."""
    scores = brief.scores
    return brief.label if brief.label in scores else max(scores, key=lambda name: scores[name], default="")


def _step(probability: float, steps: int) -> int:
    # Rounded first: 0.57 × 100 is a little less than 57.
    return int(round(probability * steps, 6))


def _one(said: set[str], label: str) -> str:
    """One word for what people said: the label's where it is among them."""
    return label if label in said else next(iter(said)) if len(said) == 1 else SEVERAL


def _by_number(counts: Counter[tuple[str, str]], which: int) -> list[str]:
    total: Counter[str] = Counter()
    for words, n in counts.items():
        total[words[which]] += n
    return sorted(total, key=lambda word: (-total[word], word))
