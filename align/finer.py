"""What a finer alignment says of the ends of beads.

A segment of several sentences hides where its sentences belong: a sentence without partner in its neighbour's bead costs little
similarity, and half of a segment that belongs to the next bead hardly more. So the segments are cut into sentences, and into
clauses, and the pieces are aligned like any segments. Every bead ends where two borders of segments meet; the probability that the
path through the pieces passes there, beside the probability that the path through the whole segments does, is evidence for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from align.features import second_features
from align.habits import Habits
from align.likely import likely_beads
from align.pieces import clauses, sentences
from align.side import Finer, Pair, read_side, read_sides

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from align.lattice import Lattice
    from align.likely import Alone
    from align.network import Floats, Ints

    Progress = Callable[[int, int], None]

_WAYS = ((sentences, 0.75), (clauses, 0.25))
_SOFT = 0.2  # added to both probabilities, so that what neither path passes says little


def read_pair(
    source: Sequence[str],
    target: Sequence[str],
    *,
    terms: tuple[Sequence[tuple[str, ...]], Sequence[tuple[str, ...]]] = ((), ()),
    translation: Sequence[str] = (),
    lengths: tuple[int, int] | None = None,
    progress: tuple[Progress | None, Progress | None] = (None, None),
) -> Pair:
    """Encode two sides, their segments whole and cut finer.

    Args:
        source: segments of one side.
        target: those of the other.
        terms: of each side the concepts of its segments, where a glossary was consulted.
        translation: a machine translation of the source, or nothing.
        lengths: characters of either side of the document that these are a part of.
        progress: of each side what is called with (segments read, segments in all).
    """
    texts = source, target
    whole = [[[text] for text in side] for side in texts]
    ways: dict[int, float] = {}  # by place in `cuts`
    cuts = [whole]
    for way, share in _WAYS:
        cut = [[way(text) for text in side] for side in texts]
        if cut not in cuts:
            cuts.append(cut)
        ways[cuts.index(cut)] = ways.get(cuts.index(cut), 0.0) + share
    read = []
    for at in (0, 1):
        sides = read_sides([[*chain.from_iterable(cut[at])] for cut in cuts], terms=terms[at], progress=progress[at])
        length = lengths[at] if lengths else sides[0].length
        read.append([replace(one, length=length) for one in sides])
    finer = (
        Finer(Pair(read[0][k], read[1][k]), _borders(cuts[k][0]), _borders(cuts[k][1]), share) for k, share in ways.items() if k
    )
    return Pair(read[0][0], read[1][0], read_side(translation) if translation else None, tuple(finer))


def _borders(cut: Sequence[Sequence[str]]) -> Ints:
    """Number of pieces (N + 1,) before each border of the segments."""
    return np.concatenate([[0], np.cumsum([len(pieces) for pieces in cut])]).astype(np.int64)


def finer_looks(pairs: Sequence[Pair], alone: Sequence[Alone | None], first: Floats) -> list[list[Look]]:
    """The likely beads of the pieces of each part of a document, one look for each way of being cut."""
    looks: list[list[Look]] = [[] for _ in pairs]
    for cut in zip(*(pair.finer for pair in pairs), strict=True):
        likely = [likely_beads(finer.pieces, first, _spread(finer, mark)) for finer, mark in zip(cut, alone, strict=True)]
        habits = Habits.of([finer.pieces for finer in cut], likely)
        for look, finer, (lattice, _) in zip(looks, cut, likely, strict=True):
            look.append(Look(finer, lattice, second_features(finer.pieces.source, finer.pieces.target, lattice, habits)))
    return looks


def _spread(finer: Finer, alone: Alone | None) -> Alone | None:
    """Marks of segments as marks of their pieces."""
    if alone is None:
        return None
    return np.repeat(alone[0], np.diff(finer.rows)), np.repeat(alone[1], np.diff(finer.columns))


@dataclass(frozen=True, slots=True)
class Look:
    """The likely beads of the pieces of a pair.

    Attributes:
        finer: the pieces.
        lattice: of E edges over them.
        features: (E, len(SECOND)) of these.
    """

    finer: Finer
    lattice: Lattice
    features: Floats

    def passes(self, weights: Floats, whole: Lattice) -> Floats:
        """Probability (K,) that the path through the pieces passes each node of the lattice over whole segments."""
        seen = _passed(self.lattice, self.features @ weights)
        width = int(self.finer.columns[-1]) + 1
        keys = self.lattice.rows * width + self.lattice.columns  # ascending
        wanted = self.finer.rows[whole.rows] * width + self.finer.columns[whole.columns]
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where(keys[at] == wanted, seen[at], 0.0)


def met_ends(lattice: Lattice, features: Floats, looks: Sequence[Look], weights: Floats) -> Floats:
    """Of each edge (E,) the logarithm of how much likelier the path through the pieces passes its end than that through segments.

    Args:
        lattice: over the segments.
        features: (E, len(SECOND)) of its edges, of the two texts alone.
        looks: at their pieces.
        weights: of the second pass.
    """
    if not looks:
        return np.zeros(len(lattice.to), dtype=np.float32)
    own = _passed(lattice, features @ weights)
    met = (1 - sum(look.finer.share for look in looks)) * own
    for look in looks:
        met = met + look.finer.share * look.passes(weights, lattice)
    return np.log((met + _SOFT) / (own + _SOFT))[lattice.to].astype(np.float32)


def _passed(lattice: Lattice, score: Floats) -> NDArray[np.float64]:
    """Probability (K,) that a path passes each node."""
    out = np.zeros(len(lattice.rows))
    np.add.at(out, lattice.to, lattice.posterior(score))
    out[0] = 1.0
    return out
