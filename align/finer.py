"""What a finer alignment says of the ends of beads.

A segment of several sentences hides where its sentences belong: a sentence without partner in its neighbour's bead costs little
similarity, and half of a segment that belongs to the next bead hardly more. So the segments are cut into sentences, and the pieces
are aligned like any segments. Every bead ends where two borders of segments meet; the probability that the
path through the pieces passes there, beside the probability that the path through the whole segments does, is evidence for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain, pairwise
from typing import TYPE_CHECKING

import numpy as np

from align.features import second_features
from align.habits import Habits
from align.likely import likely_beads
from align.pieces import sentences
from align.side import Finer, Pair, read_side, read_sides

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from align.lattice import Lattice
    from align.likely import Alone
    from align.network import Floats, Ints

    Progress = Callable[[int, int], None]

_SOFT = 0.02  # added to both probabilities, so that what neither path passes says nothing
_MOST = 5000  # pieces of a side; segments that give more are not cut


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
    cuts = [[sentences(text) for text in side] for side in (source, target)]
    pieces = [[*chain.from_iterable(cut)] for cut in cuts]
    ways = [[source], [target]]
    if (len(pieces[0]), len(pieces[1])) != (len(source), len(target)) and max(map(len, pieces)) <= _MOST:
        ways = [[source, pieces[0]], [target, pieces[1]]]
    read = []
    for at, side in enumerate(ways):
        sides = read_sides(side, terms=terms[at], progress=progress[at])
        length = lengths[at] if lengths else sides[0].length
        read.append([replace(one, length=length) for one in sides])
    whole, *finer = (Pair(*sides) for sides in zip(*read, strict=True))
    return replace(
        whole,
        translated=read_side(translation) if translation else None,
        finer=Finer(finer[0], _borders(cuts[0]), _borders(cuts[1])) if finer else None,
    )


def _borders(cut: Sequence[Sequence[str]]) -> Ints:
    """Number of pieces (N + 1,) before each border of the segments."""
    return np.concatenate([[0], np.cumsum([len(pieces) for pieces in cut])]).astype(np.int64)


def finer_looks(pairs: Sequence[Pair], alone: Sequence[Alone | None], first: Floats) -> list[Look | None]:
    """The likely beads of the pieces of each part of a document, which is cut finer as a whole or not at all."""
    cut = [pair.finer for pair in pairs if pair.finer]
    if not cut:
        return [None] * len(pairs)
    likely = [likely_beads(finer.pieces, first, _spread(finer, mark)) for finer, mark in zip(cut, alone, strict=True)]
    habits = Habits.of([finer.pieces for finer in cut], likely)
    return [
        Look(finer, lattice, second_features(finer.pieces.source, finer.pieces.target, lattice, habits))
        for finer, (lattice, _) in zip(cut, likely, strict=True)
    ]


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


def met_ends(pair: Pair, lattice: Lattice, score: Floats, look: Look | None, second: Floats) -> Floats:
    """How much likelier the path through the pieces passes the end of each edge than that through the segments.

    Args:
        pair: the segments.
        lattice: over them.
        score: (E,) of its edges by the two texts alone.
        look: at their pieces, where there are some.
        second: weights of the second pass.

    Returns:
        The logarithm (E,) of that; 0 where there are no pieces, and between two equal segments, whose pieces may be taken for
        each other's.
    """
    if look is None:
        return np.zeros(len(lattice.to), dtype=np.float32)
    met = np.log((look.passes(second, lattice) + _SOFT) / (_passed(lattice, score) + _SOFT))
    met[_repeated(pair.source.texts)[lattice.rows] | _repeated(pair.target.texts)[lattice.columns]] = 0
    return met[lattice.to].astype(np.float32)


def _repeated(texts: Sequence[str]) -> NDArray[np.bool_]:
    """Which of the borders (N + 1,) stand between two equal texts."""
    return np.array([False, *(a == b for a, b in pairwise(texts)), False])


def _passed(lattice: Lattice, score: Floats) -> NDArray[np.float64]:
    """Probability (K,) that a path passes each node."""
    out = np.zeros(len(lattice.rows))
    np.add.at(out, lattice.to, lattice.posterior(score))
    out[0] = 1.0
    return out
