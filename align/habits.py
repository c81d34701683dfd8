"""What the first pass shows of a document's ways, by which the second judges it.

How freely it was translated, how much longer one language is than the other, where beads end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from align.borders import Borders
from align.side import length_ratio

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.lattice import Lattice
    from align.network import Floats
    from align.side import Pair

USUAL_FREEDOM = 0.2
"""The freedom of a usual text."""

_PRIOR_BEADS = 5  # so many beads of a usual text stand beside those seen, so that a short one is not judged by a few
_PRIOR_CHARACTERS = 100  # so many characters of the usual ratio stand beside those of likely beads
MOST_RATIO = 6.0
"""Of lengths in two languages: Russian is four times as long as Chinese."""


@dataclass(frozen=True, slots=True)
class Habits:
    """Of a whole document.

    Attributes:
        freedom: the mean of ln((a + b) / 2) over its beads, in expectation. A document that merges and splits sentences does so
            throughout; the types' weights follow it.
        ratio: characters of the source a character of the target in the same beads. What one side has alone, however long, does not
            count.
        borders: the punctuation its beads end at.
    """

    freedom: float
    ratio: float
    borders: Borders

    @classmethod
    def of(cls, pairs: Sequence[Pair], seen: Sequence[tuple[Lattice, Floats]]) -> Habits:
        """From the parts of a document, the lattice of each and the posterior (edges,) of its first pass."""
        kinds = [(pair.source.borders, pair.target.borders) for pair in pairs]
        borders = Borders.learnt([(*both, *one) for both, one in zip(kinds, seen, strict=True)])
        return cls(_freedom(seen), ratio_of_beads(pairs, seen), borders)


def _freedom(seen: Sequence[tuple[Lattice, Floats]]) -> float:
    total, beads = _PRIOR_BEADS * USUAL_FREEDOM, float(_PRIOR_BEADS)
    for lattice, posterior in seen:
        a, b = lattice.sizes
        both = (a > 0) & (b > 0)
        total += float(posterior[both] @ np.log((a + b)[both] / 2))
        beads += float(posterior[both].sum())
    return total / beads


def ratio_of_beads(pairs: Sequence[Pair], seen: Sequence[tuple[Lattice, Floats]]) -> float:
    """Characters of the source a character of the target, in the beads that are expected, as far as languages can differ."""
    lengths = [_PRIOR_CHARACTERS * length_ratio(pairs[0].source, pairs[0].target), float(_PRIOR_CHARACTERS)]
    for pair, (lattice, posterior) in zip(pairs, seen, strict=True):
        both = np.minimum(*lattice.sizes) > 0
        for at, side in enumerate((pair.source, pair.target)):
            ends, sizes = lattice.ends[at][both], lattice.sizes[at][both]
            lengths[at] += float(posterior[both] @ (side.characters[ends] - side.characters[ends - sizes]))
    return min(max(lengths[0] / lengths[1], 1 / MOST_RATIO), MOST_RATIO)
