"""What the first pass shows of a document's ways, by which the second judges it.

How freely it was translated, how torn it is, where beads end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from align.borders import Borders

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.lattice import Lattice
    from align.network import Floats
    from align.side import Pair

USUAL_TORN = 0.05
"""Runs without partner a bead of a usual text."""

USUAL_FREEDOM = 0.2
"""The freedom of a usual text."""

_PRIOR_BEADS = 5  # so many beads of a usual text stand beside those seen, so that a short one is not judged by a few


@dataclass(frozen=True, slots=True)
class Habits:
    """Of a whole document.

    Attributes:
        freedom: the mean of ln((a + b) / 2) over its beads, in expectation. A document that merges and splits sentences does so
            throughout; the types' weights follow it.
        torn: runs of segments without partner, of either side, a bead with both, in expectation. A summary has as many as beads, a
            document that lacks a section one.
        borders: the punctuation its beads end at.
    """

    freedom: float
    torn: float
    borders: Borders

    @classmethod
    def of(cls, pairs: Sequence[Pair], seen: Sequence[tuple[Lattice, Floats]]) -> Habits:
        """From the parts of a document, the lattice of each and the posterior (edges,) of its first pass."""
        kinds = [(pair.source.borders, pair.target.borders) for pair in pairs]
        borders = Borders.learnt([(*both, *one) for both, one in zip(kinds, seen, strict=True)])
        return cls(_freedom(seen), _torn(seen), borders)


def _freedom(seen: Sequence[tuple[Lattice, Floats]]) -> float:
    total, beads = _PRIOR_BEADS * USUAL_FREEDOM, float(_PRIOR_BEADS)
    for lattice, posterior in seen:
        a, b = lattice.sizes
        both = (a > 0) & (b > 0)
        total += float(posterior[both] @ np.log((a + b)[both] / 2))
        beads += float(posterior[both].sum())
    return total / beads


def _torn(seen: Sequence[tuple[Lattice, Floats]]) -> float:
    """A run begins where an edge without partner follows one with both sides.

    Of the edges that meet in a node those before and those behind are independent of each other, so that a product over the node's
    probability tells how likely the two follow each other.
    """
    total, beads = _PRIOR_BEADS * USUAL_TORN, float(_PRIOR_BEADS)
    for lattice, posterior in seen:
        both = np.minimum(*lattice.sizes) > 0
        nodes = len(lattice.rows)
        into = np.bincount(lattice.to, posterior, nodes)
        linked = np.bincount(lattice.to[both], posterior[both], nodes)
        alone = np.bincount(lattice.source[~both], posterior[~both], nodes)
        total += float((linked * alone / np.maximum(into, 1e-9)).sum())
        beads += float(posterior[both].sum())
    return total / beads
