"""What a finer alignment says of the ends of beads.

A segment of several sentences hides where its sentences belong: a sentence without partner in its neighbour's bead costs little
similarity, and half of a segment that belongs to the next bead hardly more. So the segments are cut into sentences, and into
clauses, and the pieces are aligned like any segments. Every bead ends where two borders of segments meet; the probability that the
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
from align.pieces import GIST, WAYS
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
    texts = source, target
    whole = [[[text] for text in side] for side in texts]
    cuts = [whole]
    ways: list[tuple[int, ...]] = [()]
    for k, way in enumerate(WAYS.values()):
        cut = [[way(text) for text in side] for side in texts]
        if max(sum(map(len, side)) for side in cut) > _MOST:
            continue
        if cut not in cuts:
            cuts.append(cut)
            ways.append(())
        ways[cuts.index(cut)] += (k,)
    full = sum(_is_full(way) for way in ways)  # those that are not come last
    read = []
    for at in (0, 1):
        lists = [[*chain.from_iterable(cut[at])] for cut in cuts]
        sides = read_sides(lists[:full], gist=lists[full:], terms=terms[at], progress=progress[at])
        length = lengths[at] if lengths else sides[0].length
        read.append([replace(one, length=length) for one in sides])
    finer = (
        Finer(Pair(*pieces), _borders(cut[0]), _borders(cut[1]), way)
        for *pieces, cut, way in zip(*read, cuts, ways, strict=True)
        if cut is not whole
    )
    return Pair(read[0][0], read[1][0], read_side(translation) if translation else None, tuple(finer))


def _is_full(ways: Sequence[int]) -> bool:
    """Whether the second pass looks at what these ways give; none of them is the whole segments."""
    return not ways or any(list(WAYS)[k] not in GIST for k in ways)


def _borders(cut: Sequence[Sequence[str]]) -> Ints:
    """Number of pieces (N + 1,) before each border of the segments."""
    return np.concatenate([[0], np.cumsum([len(pieces) for pieces in cut])]).astype(np.int64)


def finer_looks(pairs: Sequence[Pair], alone: Sequence[Alone | None], first: Floats) -> list[list[Look]]:
    """The likely beads of the pieces of each part of a document, one look for each way of being cut."""
    looks: list[list[Look]] = [[] for _ in pairs]
    for cut in zip(*(pair.finer for pair in pairs), strict=True):
        likely = [likely_beads(finer.pieces, first, _spread(finer, mark)) for finer, mark in zip(cut, alone, strict=True)]
        features = [np.zeros((0, 0), dtype=np.float32)] * len(cut)
        if _is_full(cut[0].ways):
            habits = Habits.of([finer.pieces for finer in cut], likely)
            sides = [(finer.pieces.source, finer.pieces.target) for finer in cut]
            features = [second_features(*both, lattice, habits) for both, (lattice, _) in zip(sides, likely, strict=True)]
        for look, finer, (lattice, seen), known in zip(looks, cut, likely, features, strict=True):
            look.append(Look(finer, lattice, seen, known))
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
        seen: (E,) their probability by the first pass.
        features: (E, len(SECOND)) of the second pass; empty where that does not look.
    """

    finer: Finer
    lattice: Lattice
    seen: Floats
    features: Floats

    def passes(self, whole: Lattice, second: Floats | None) -> Floats:
        """Probability (K,) that the path through the pieces passes each node of the lattice over whole segments.

        By the first pass, or by these weights of the second.
        """
        posterior = self.seen if second is None else self.lattice.posterior(self.features @ second)
        passed = _passed(self.lattice, posterior)
        width = int(self.finer.columns[-1]) + 1
        keys = self.lattice.rows * width + self.lattice.columns  # ascending
        wanted = self.finer.rows[whole.rows] * width + self.finer.columns[whole.columns]
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where(keys[at] == wanted, passed[at], 0.0)


def met_ends(pair: Pair, lattice: Lattice, seen: Floats, score: Floats, looks: Sequence[Look], second: Floats) -> Floats:
    """How much likelier the path through the pieces passes the end of each edge than that through the segments.

    Args:
        pair: the segments.
        lattice: over them.
        seen: (E,) probability of its edges by the first pass.
        score: (E,) of its edges by the second, of the two texts alone.
        looks: at their pieces.
        second: weights of the second pass.

    Returns:
        The logarithm (E, len(WAYS)) of that; 0 where there are no pieces, and between two equal segments, whose pieces may be
        taken for each other's.
    """
    out = np.zeros((len(lattice.to), len(WAYS)), dtype=np.float32)
    if looks:
        own = {True: _passed(lattice, seen), False: _passed(lattice, lattice.posterior(score))}
        repeated = _repeated(pair.source.texts)[lattice.rows] | _repeated(pair.target.texts)[lattice.columns]
        for look in looks:
            for k in look.finer.ways:
                gist = list(WAYS)[k] in GIST
                met = np.log((look.passes(lattice, None if gist else second) + _SOFT) / (own[gist] + _SOFT))
                met[repeated] = 0
                out[:, k] = met[lattice.to]
    return out


def _repeated(texts: Sequence[str]) -> NDArray[np.bool_]:
    """Which of the borders (N + 1,) stand between two equal texts."""
    return np.array([False, *(a == b for a, b in pairwise(texts)), False])


def _passed(lattice: Lattice, posterior: Floats) -> NDArray[np.float64]:
    """Probability (K,) that a path passes each node, from that of the edges."""
    out = np.zeros(len(lattice.rows))
    np.add.at(out, lattice.to, posterior)
    out[0] = 1.0
    return out
