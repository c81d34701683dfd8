"""Locked beads: what a person has fixed stays, and the rest is aligned between."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from align.recursions import heaviest_chain
from corpora import MuqabalaError
from corpora.characters import seen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpora import Bead

    Section = tuple[range, range]

LOCKED = "locked"
"""The status of these beads."""


def check_locks(locked: Sequence[Bead], count: int, width: int) -> None:
    """Raise MuqabalaError where locked beads cannot all be part of one alignment of so many segments."""
    for name, most in (("source", count), ("target", width)):
        used = [k for bead in locked for k in getattr(bead, name)]
        if used and not 0 <= min(used) <= max(used) < most:
            raise MuqabalaError(f"a locked bead has a {name} segment that does not exist", hint=f"they are 0 to {most - 1}")
        if len(set(used)) < len(used):
            raise MuqabalaError(f"a {name} segment is locked twice")


def anchors(locked: Sequence[Bead], source: Sequence[str], target: Sequence[str]) -> list[Bead]:
    """The locked beads that the rest is aligned between, in order.

    They have text on both sides, no gap, and do not cross: of those that do, the ones with the most segments together stand.
    """
    firm = sorted((bead for bead in locked if _holds(bead, source, target)), key=lambda bead: bead.source)
    rows, columns = (np.array([getattr(bead, name)[0] for bead in firm], dtype=np.int64) for name in ("source", "target"))
    sizes = np.array([len(bead.source) + len(bead.target) for bead in firm], dtype=float)
    return [firm[k] for k in heaviest_chain(rows, columns, sizes, len(target))]


def _holds(bead: Bead, source: Sequence[str], target: Sequence[str]) -> bool:
    return all(
        any(seen(side[k]).strip() for k in run) and all(later == k + 1 for k, later in pairwise(run))
        for side, run in ((source, bead.source), (target, bead.target))
    )


def set_aside(locked: Sequence[Bead], anchored: Sequence[Bead]) -> tuple[set[int], set[int]]:
    """The source and target segments of those locked beads that are not among these."""
    ours, theirs = ({k for bead in locked for k in getattr(bead, name)} for name in ("source", "target"))
    return ours.difference(*(bead.source for bead in anchored)), theirs.difference(*(bead.target for bead in anchored))


def sections(anchored: Sequence[Bead], count: int, width: int) -> list[Section]:
    """The ranges of segments before, between and behind beads in order; one more than there are such beads."""
    starts = [(0, 0), *((bead.source[-1] + 1, bead.target[-1] + 1) for bead in anchored)]
    ends = [*((bead.source[0], bead.target[0]) for bead in anchored), (count, width)]
    return [(range(i, k), range(j, m)) for (i, j), (k, m) in zip(starts, ends, strict=True)]


def as_locked(bead: Bead) -> Bead:
    """The bead as it comes back: sure, and without a score where one side is empty."""
    score = bead.score if bead.source and bead.target else 0.0
    return replace(bead, score=score, confidence=1.0, status=LOCKED, doubts=())
