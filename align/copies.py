"""Segments of the original that stand in the translation too, as where each paragraph is followed by what it was translated to.

A copy is nearer to its original than any translation is. What is there twice on the other side, copied and translated, is paired
with the translation; what was only copied, because nobody translated it or it is quoted, with the copy.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from corpora import Bead
from corpora.characters import seen
from corpora.languages import detect_apart, leaning

if TYPE_CHECKING:
    from collections.abc import Sequence

Copies = tuple[dict[int, tuple[int, ...]], dict[int, tuple[int, ...]]]
"""Segments of the source and of the target that are copies, each with those of the other side that it copies, or some of them."""

_CLEARLY = 10.0  # log odds between two languages; of 6,000 segments three in a hundred at most are on the wrong side of it
_MOST = 20  # originals of one copy that are looked at: a line may stand there again and again
_TOLD = 0.5  # of originals in a row, from which on they were translated
_SURE = 0.5  # confidence of a bead from which on it says that a segment was translated


def copies(
    source: Sequence[str], target: Sequence[str], locked: Sequence[Bead] = (), languages: tuple[str, str] | None = None
) -> Copies:
    """The segments of each side that are in the other's language and stand there too.

    Those of locked beads are not looked at. Languages are detected where they are not given, or given as one.
    """
    fixed = {k for bead in locked for k in bead.source}, {k for bead in locked for k in bead.target}
    sides = [
        {k: " ".join(seen(text).split()) for k, text in enumerate(side) if k not in done}
        for side, done in zip((source, target), fixed, strict=True)
    ]
    theirs = set(sides[1].values())
    common = dict.fromkeys(text for text in sides[0].values() if text in theirs and any(map(str.isalpha, text)))
    if not common:
        return {}, {}
    if not languages or languages[0] == languages[1]:
        languages = detect_apart(*(list(side.values()) for side in sides))
    if not languages or languages[0] == languages[1]:
        return {}, {}
    sides_of = {text: _side(leaning(text, *languages)) for text in common}
    places: list[dict[str, list[int]]] = [defaultdict(list), defaultdict(list)]
    for side, known in zip(sides, places, strict=True):
        for k, text in side.items():
            if text in common:
                known[text].append(k)
    out: Copies = {}, {}
    for text, at in sides_of.items():
        if at is not None:
            out[at].update(dict.fromkeys(places[at][text], tuple(places[1 - at][text][:_MOST])))
    return out


def _side(odds: float) -> int | None:
    """Which side has the copy of a text that so much more looks like the source's language; None where that is not clear."""
    return None if abs(odds) < _CLEARLY else int(odds > 0)


def translated(copied: Copies, beads: Sequence[Bead]) -> Copies:
    """Those whose originals have a partner when the copies are not there: decided for originals in a row together.

    One that nobody translated is taken into its neighbour's bead: only beads count that have no other segments on that side.
    """
    out: Copies = {}, {}
    for at, side in enumerate(copied):
        sure = [bead for bead in beads if bead.source and bead.target and bead.confidence >= _SURE]
        runs = [bead.source if at else bead.target for bead in sure]
        copied_from = {k for known in side.values() for k in known}
        told = {k for run in runs if copied_from.issuperset(run) for k in run}
        originals = sorted(copied_from)
        begins = [k for k, (before, original) in enumerate(pairwise([-2, *originals])) if original != before + 1]
        rows = [originals[begin:end] for begin, end in pairwise([*begins, len(originals)])]
        held = {k for row in rows if len(told.intersection(row)) >= _TOLD * len(row) for k in row}
        out[at].update((k, known) for k, known in side.items() if held.issuperset(known))
    return out


def copies_alone(copied: Copies, beads: Sequence[Bead]) -> list[Bead]:
    """The beads of copies that were set aside: as sure as it is that their originals have another partner."""
    surest = _partnered(beads)
    out = []
    for at, side in enumerate(copied):
        for k, originals in side.items():
            confidence = min(surest[1 - at].get(original, 0.0) for original in originals)
            out.append(Bead((), (k,), 0.0, confidence) if at else Bead((k,), (), 0.0, confidence))
    return out


def _partnered(beads: Sequence[Bead]) -> tuple[dict[int, float], dict[int, float]]:
    """The source and target segments with a partner, and how sure that is."""
    both = [bead for bead in beads if bead.source and bead.target]
    return {k: bead.confidence for bead in both for k in bead.source}, {k: bead.confidence for bead in both for k in bead.target}
