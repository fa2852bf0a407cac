"""What the heads before said of a sequence: kept beside its label, which does not depend on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from shared.errors import UnciaError

# A year of monthly heads would be 12; eight take 0.5 KB of a label's row and tell what anyone has asked for.
KEPT = 8

type Said = tuple[str, float | None]  # a label and its probability
type Earlier = Mapping[str, Said]  # by head version, the latest last


def remembered(earlier: Earlier, head: str, said: Said, by: str) -> Earlier:
    """What to remember when a head's word (`said`) gives way to that of the head `by`; a head's own word counts once.

    Where the head stays the same only frames have come: its word of the shorter sequence is no history.
    """
    known = {version: word for version, word in earlier.items() if version not in (head, by)}
    known |= {head: said} if head and head != by else {}
    return dict([*known.items()][-KEPT:])


def version_named(name: str, versions: Iterable[str]) -> str:
    """The head whose version begins with a name; raises UnciaError where none does, or several do."""
    found = sorted({version for version in versions if version.startswith(name)}) if name else []
    if len(found) == 1:
        return found[0]
    if found:
        raise UnciaError(f"{name} is the beginning of several heads' versions: {', '.join(found)}")
    raise UnciaError(f"there is no head here whose version begins with {name!r}")
