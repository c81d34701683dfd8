"""Which cuts inside segments the other side asks for: one side is aligned clause by clause with whole segments of the other."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpora import Bead

LONG = 60
"""Words from which on a segment may be split whatever bead it is in."""
_SURE = 0.8  # confidence of both beads at a cut


def may_be_cut(beads: Sequence[Bead], texts: Sequence[str], side: str) -> list[bool]:
    """Of each segment of a side ("source" or "target"), whether it has several partners or is very long."""
    other = "target" if side == "source" else "source"
    shared = {k for bead in beads if len(getattr(bead, other)) > 1 for k in getattr(bead, side)}
    return [k in shared or text.count(" ") >= LONG for k, text in enumerate(texts)]


def firm_cuts(beads: Sequence[Bead], owner: Sequence[int], side: str) -> list[int]:
    """Clauses that begin a segment of their own: those at the border of two sure beads, within one segment.

    Args:
        beads: alignment of the clauses of one side with the segments of the other.
        owner: the segment of each clause.
        side: "source" or "target", the side of the clauses.
    """
    anchored = sorted((bead for bead in beads if getattr(bead, side)), key=lambda bead: getattr(bead, side))
    cuts = []
    for bead, later in pairwise(anchored):
        first = getattr(later, side)[0]
        within = owner[getattr(bead, side)[-1]] == owner[first]
        if within and all(b.source and b.target and b.confidence >= _SURE for b in (bead, later)):
            cuts.append(first)
    return cuts
