"""The model card beside a head: what it was trained and tested on, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from training.evaluation import intervals
from training.wording import counted

# Below this many images of a class its figures are chance as much as knowledge.
FEW = 30
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~&-])")


def card(version: str, said: Mapping[str, Any]) -> str:
    """The card (Markdown) of a head with this version and metadata; names in it are strangers' and are escaped."""
    trained = said["trained_on"]
    classes = "\n".join(
        f"| {escaped(name)} | {trained['images_by_class'].get(name, 0):,} | {said['thresholds'][name]:g} |"
        for name in said["classes"]
    )
    few = [name for name in said["classes"] if trained["images_by_class"].get(name, 0) < FEW]
    return f"""# Head {version}

Tells {len(said["classes"])} classes apart in camera-trap images: {", ".join(map(escaped, said["classes"]))}.

| class | images learnt from | threshold |
|---|---|---|
{classes}

{_made(said)}

## What it was tested on

{_tested(said)}

## What to be careful with

{_careful(few)}
"""


def escaped(name: str) -> str:
    """A name as Markdown shows it: no markup, no line breaks."""
    return _SPECIAL.sub(r"\\\1", " ".join(name.split()))


def _made(said: Mapping[str, Any]) -> str:
    trained, recipe = said["trained_on"], said["recipe"]
    copies = ", each also mirrored" if trained.get("mirrored") else ""
    return "\n".join((
        f"- **Trained on** {counted(trained['images'], 'image')} in {counted(trained['sequences'], 'sequence')} from "
        f"{counted(trained['cameras'], 'camera')}{copies}; {trained['corrupt']:,} more could not be decoded.",
        f"- **Features** of the backbone {escaped(said['backbone_name'])} (`{recipe['backbone'][:12]}`), "
        f"{said['n_features']:,} numbers; pictures cropped by {recipe['crop_top']:g} above and "
        f"{recipe['crop_bottom']:g} below.",
        f"- **Classifier**: logistic regression, every class given equal weight, C = {said['strength']:g}.",
        f"- **Sequences**: the {said['averaging']} of the frames are averaged, with logits divided by "
        f"{said['calibration']['temperature']:g}.",
        f"- **Thresholds** for {said['aim'] or 'no stated aim, 0.5'}. A sequence whose likeliest class stays below "
        "its threshold is `unknown`, for a person to look at.",
    ))  # fmt: skip


def _tested(said: Mapping[str, Any]) -> str:
    tested = said["tested_on"]
    if not tested:
        return "Nothing: there were too few sequences to hold any out."
    figures = tested["figures"]
    accuracy, auc = intervals(figures, "accuracy", "roc_auc")
    lines = [
        f"{counted(tested['sequences'], 'sequence')} ({counted(tested['images'], 'image')}), each judged by a head "
        f"that never saw it: {said['folds']} folds, no sequence on both sides.",
        "",
        f"- Sequences with the right likeliest class: **{accuracy}**; ROC AUC {auc} (95 % intervals).",
    ]
    for name, one in figures["classes"].items():
        precision, recall, unknown = intervals(one, "precision", "recall", "unknown")
        lines.append(f"- {escaped(name)}: precision {precision}, recall {recall}, left to a person {unknown}.")
    return "\n".join(lines)


def _careful(few: list[str]) -> str:
    told = [
        "- Figures of folds are of the same cameras it learnt from. What it does at a camera it never saw, "
        "`uncia evaluate --split camera` tells; it is usually worse.",
        "- It knows these classes and no others: another animal gets the label it resembles most.",
    ]
    if few:
        names = ", ".join(map(escaped, few))
        told.append(f"- Fewer than {FEW} images of {names}: what it says of these is a guess to be checked.")
    return "\n".join(told)
