"""Where sentences end: what the punctuation at a border between two segments says about beads that end there or reach across.

A full stop mostly stands where the other side has one, a segment cut within its sentence mostly ends where nothing ends on the
other side; but some documents put a comma where their translation puts a full stop. How much punctuation says is therefore read
off the document itself: the first pass shows which kinds of border its beads end at together, more often than by chance.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from align.lattice import Lattice
    from align.network import Floats, Ints

    Counts = NDArray[np.float64]

_STRONG = frozenset(".!?\N{HORIZONTAL ELLIPSIS}\u061f\u3002\uff01\uff1f")
_WEAK = frozenset(",;:-\u060c\u061b\u3001\uff0c\uff1a\uff1b\N{EN DASH}\N{EM DASH}")
_QUOTES = frozenset("\"'\N{LEFT DOUBLE QUOTATION MARK}\N{DOUBLE LOW-9 QUOTATION MARK}")
_CLOSING = ("Pe", "Pf", "Pi")  # categories of brackets and quotation marks that may follow a full stop
_KINDS = 6
_CHANCE = 5.0  # so many borders by chance stand beside those seen, so that a short document is not judged by a few


def border_kinds(texts: Sequence[str]) -> Ints:
    """The kind (N + 1,) of the border before each segment and behind the last; 0 at both ends of the document.

    Kinds 0, 1, 2: the segment before ends without punctuation, with that of a sentence, with that of a clause; 3, 4, 5: the same,
    and the segment behind begins with a small letter.
    """
    kinds = np.zeros(len(texts) + 1, dtype=np.int64)
    for k in range(1, len(texts)):
        kinds[k] = _end_of(texts[k - 1]) + 3 * _begins_small(texts[k])
    return kinds


def _end_of(text: str) -> int:
    last = next((c for c in reversed(text) if not (c.isspace() or c in _QUOTES or unicodedata.category(c) in _CLOSING)), "")
    return 1 if last in _STRONG else 2 if last in _WEAK else 0


def _begins_small(text: str) -> bool:
    return next((c for c in text if c.isalpha()), "").islower()


@dataclass(frozen=True, slots=True)
class Borders:
    """Logarithms of how much oftener than by chance borders of each kind are what they are in a document.

    Attributes:
        meet: (6, 6) a bead ends at a source border of the one kind and a target border of the other.
        inside: of either side (6,), a border stands within a bead.
        ends: of either side (6,), a bead ends there, be it a null.
    """

    meet: Counts
    inside: tuple[Counts, Counts]
    ends: tuple[Counts, Counts]

    @classmethod
    def learnt(cls, seen: Sequence[tuple[Ints, Ints, Lattice, Floats]]) -> Borders:
        """From the parts of a document: kinds of both sides' borders, lattice and posterior (edges,) of its first pass."""
        meet = np.zeros((_KINDS, _KINDS))
        all_, ends = ([np.zeros(_KINDS), np.zeros(_KINDS)] for _ in range(2))
        for *kinds, lattice, posterior in seen:
            i, j = lattice.ends
            within = [end < len(kind) - 1 for end, kind in zip((i, j), kinds, strict=True)]
            a, b = lattice.sizes
            both = (a > 0) & (b > 0) & within[0] & within[1]
            np.add.at(meet, (kinds[0][i[both]], kinds[1][j[both]]), posterior[both])
            for side, (end, size) in enumerate(((i, a), (j, b))):
                all_[side] += np.bincount(kinds[side][1:-1], minlength=_KINDS)
                used = within[side] & (size > 0)
                ends[side] += np.bincount(kinds[side][end[used]], weights=posterior[used], minlength=_KINDS)
        chance = [(counts + 0.5) / (counts + 0.5).sum() for counts in all_]
        unused = [np.maximum(counts - used, 0) for counts, used in zip(all_, ends, strict=True)]
        return cls(
            meet=_gain(meet, np.outer(*chance)),
            inside=(_gain(unused[0], chance[0]), _gain(unused[1], chance[1])),
            ends=(_gain(ends[0], chance[0]), _gain(ends[1], chance[1])),
        )

    def judge(self, source: Ints, target: Ints, lattice: Lattice) -> tuple[Counts, Counts, Counts]:
        """What the kinds of a part's borders say for each bead (edges,): where both sides end, within it, where a null ends."""
        i, j = lattice.ends
        a, b = lattice.sizes
        open_i, open_j = i < len(source) - 1, j < len(target) - 1
        met = np.where((a > 0) & (b > 0) & open_i & open_j, self.meet[source[i], target[j]], 0)
        inside = np.zeros(len(i))
        dropped = np.zeros(len(i))
        for side, (kinds, end, size, other, is_open) in enumerate(((source, i, a, b, open_i), (target, j, b, a, open_j))):
            sums = np.concatenate([[0.0], np.cumsum(self.inside[side][kinds])])
            inside += np.where((size > 1) & (other > 0), sums[end] - sums[np.minimum(end - size + 1, end)], 0)
            dropped += np.where((size > 0) & (other == 0) & is_open, self.ends[side][kinds[end]], 0)
        return met, inside, dropped


def _gain(seen: Counts, chance: Counts) -> Counts:
    """Logarithm of how much oftener something was seen than by chance."""
    return np.log((seen + _CHANCE * chance) / (seen.sum() + _CHANCE) / chance)  # type: ignore[no-any-return]
