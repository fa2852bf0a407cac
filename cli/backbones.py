"""Which backbone is used here, and which head goes with it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from cli import stack
from cli.stack import ROOT
from shared.backbone import LARGEST, Backbone
from shared.described import NotOurs, read, told
from shared.errors import BackboneUnusable, HeadRefused, UnciaError
from shared.head import LARGEST as LARGEST_HEAD
from shared.head import Head
from shared.recipe import Recipe
from shared.settings import Settings

PACKAGED = ROOT / "models" / "backbone.onnx"
UNTRAINED = "resnet50-untrained"
MEANINGLESS = f"The backbone is {UNTRAINED}, a stand-in with random weights: its answers on real images mean nothing."


def path(settings: Settings) -> Path:
    """The backbone's file: the one that is set, else the one that `make setup` made."""
    return settings.backbone or PACKAGED


def warning(settings: Settings) -> str:
    """One line where the backbone in use knows nothing; nothing for a real one. Raises BackboneUnusable."""
    return MEANINGLESS if name(settings) == UNTRAINED else ""


def name(settings: Settings) -> str:
    """The name in the backbone's metadata, read without making a session of it (3 s for some networks)."""
    try:
        return str(told(read(path(settings), LARGEST), "backbone")["name"])
    except OSError as error:
        raise BackboneUnusable(f"the backbone {path(settings)} cannot be read: run `make setup`") from error
    except (NotOurs, KeyError) as error:
        raise BackboneUnusable(
            f"{path(settings)} is no backbone: {error}; make one with `uncia backbone build`"
        ) from error


def load(settings: Settings) -> Backbone:
    """The backbone that is set; raises BackboneUnusable."""
    return Backbone.load(path(settings), settings.backbone_threads)


def read_head(file: Path) -> tuple[bytes, Head]:
    """A head's bytes and the head; raises HeadRefused or UnciaError."""
    try:
        content = read(file, LARGEST_HEAD)
    except NotOurs as error:
        raise HeadRefused(f"{file}: this is no head: {error}") from error
    except OSError as error:
        raise UnciaError(f"the head {file} cannot be read: {(error.strerror or 'error').lower()}") from error
    try:
        return content, Head(content)
    except HeadRefused as error:
        raise HeadRefused(f"{file}: {error}") from error


def digest(settings: Settings) -> str:
    """The SHA-256 of the backbone's file, which recipes name it by."""
    try:
        with path(settings).open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as error:
        raise BackboneUnusable(f"the backbone {path(settings)} cannot be read: run `make setup`") from error


def check(head: Head, recipe: Recipe) -> None:
    """Raises HeadRefused where a head was trained on features of another recipe."""
    if head.recipe.backbone != recipe.backbone:
        raise HeadRefused(
            f"the head was trained on backbone {head.backbone_name} ({head.recipe.backbone[:8]}), "
            f"the one in use is {recipe.backbone[:8]}: train it again, or set UNCIA_BACKBONE to the other file"
        )
    if head.recipe != recipe:
        raise HeadRefused(
            f"the head was trained on pictures cropped by {head.recipe.crop_top:g} above and "
            f"{head.recipe.crop_bottom:g} below, the stack crops {recipe.crop_top:g} and {recipe.crop_bottom:g}: "
            "set UNCIA_CROP_TOP and UNCIA_CROP_BOTTOM, or train it again"
        )


def chosen(settings: Settings, head: Head | None) -> Recipe:
    """The recipe to use here: a head brings the crop it was trained with; raises HeadRefused if it does not fit."""
    found = Recipe(digest(settings), settings.crop_top, settings.crop_bottom)
    if head is None:
        return found
    recipe = replace(found, crop_top=head.recipe.crop_top, crop_bottom=head.recipe.crop_bottom)
    check(head, recipe)
    return recipe


def in_force(settings: Settings, data: Path) -> Recipe:
    """The recipe of the stack over this folder, else the one that is set here."""
    return stack.recipe(data) or chosen(settings, None)


def environment(settings: Settings, recipe: Recipe) -> dict[str, str]:
    """The settings that make the app use a recipe."""
    return {
        "UNCIA_BACKBONE": str(path(settings).resolve()),
        "UNCIA_CROP_TOP": repr(recipe.crop_top),
        "UNCIA_CROP_BOTTOM": repr(recipe.crop_bottom),
    }
