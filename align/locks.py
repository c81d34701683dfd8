"""Locked beads: what a person has fixed stays, and the rest is aligned between."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from corpora import MuqabalaError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from corpora import Bead

    Section = tuple[range, range]


def check_locks(locked: Sequence[Bead], count: int, width: int) -> None:
    """Raise MuqabalaError where locked beads cannot all be part of one alignment of so many segments."""
    for name, most in (("source", count), ("target", width)):
        runs = [getattr(bead, name) for bead in locked]
        for run in runs:
            if any(later != k + 1 for k, later in pairwise(run)):
                raise MuqabalaError(f"a locked bead has {name} segments that do not follow each other: {list(run)}")
        used = [k for run in runs for k in run]
        if used and not 0 <= min(used) <= max(used) < most:
            raise MuqabalaError(f"a locked bead has a {name} segment that does not exist", hint=f"they are 0 to {most - 1}")
        if len(set(used)) < len(used):
            raise MuqabalaError(f"two locked beads have the same {name} segment")
    firm = two_sided(locked)
    for bead, later in pairwise(firm):
        if bead.target[-1] > later.target[0]:
            pair = f"{list(bead.source)}:{list(bead.target)} and {list(later.source)}:{list(later.target)}"
            raise MuqabalaError(f"two locked beads cross: {pair}")


def two_sided(locked: Sequence[Bead]) -> list[Bead]:
    """The locked beads with both sides, in order."""
    return sorted((bead for bead in locked if bead.source and bead.target), key=lambda bead: bead.source)


def sections(locked: Sequence[Bead], count: int, width: int) -> list[Section]:
    """The ranges of segments before, between and behind the two-sided locked beads; one more than there are such beads."""
    firm = two_sided(locked)
    starts = [(0, 0), *((bead.source[-1] + 1, bead.target[-1] + 1) for bead in firm)]
    ends = [*((bead.source[0], bead.target[0]) for bead in firm), (count, width)]
    return [(range(i, k), range(j, m)) for (i, j), (k, m) in zip(starts, ends, strict=True)]


def alone_in(locked: Sequence[Bead], ours: list[int], theirs: list[int]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Of each side's segments with text (given by number), whether a locked bead leaves it without partner."""
    sides = zip((ours, theirs), ("source", "target"), strict=True)
    fixed = [
        (numbers, {k for bead in locked if not (bead.source and bead.target) for k in getattr(bead, name)})
        for numbers, name in sides
    ]
    source, target = (np.array([k in chosen for k in numbers], dtype=bool) for numbers, chosen in fixed)
    return source, target


def joined(parts: Sequence[list[Bead]], locked: Sequence[Bead]) -> list[Bead]:
    """The parts' beads with the locked ones in their places."""
    fixed = [replace(bead, confidence=1.0, status="locked", doubts=()) for bead in two_sided(locked)]
    out = list(parts[0])
    for bead, part in zip(fixed, parts[1:], strict=True):
        out += [bead, *part]
    for bead in locked:
        if bool(bead.source) != bool(bead.target):
            out = _with_one_sided(out, replace(bead, score=0.0, confidence=1.0, status="locked", doubts=()))
    return out


def _with_one_sided(beads: list[Bead], locked: Bead) -> list[Bead]:
    """The locked bead where the first of its segments stands; other beads lose them."""
    out: list[Bead] = []
    placed = False
    for bead in beads:
        rest = replace(
            bead,
            source=tuple(k for k in bead.source if k not in locked.source),
            target=tuple(k for k in bead.target if k not in locked.target),
        )
        if rest != bead and not placed:
            out.append(locked)
            placed = True
        if rest.source or rest.target:
            out.append(rest)
    return out
