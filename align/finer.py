"""What a finer alignment says of the ends of beads.

A segment of several sentences hides where its sentences belong: a sentence without partner in its neighbour's bead costs little
similarity, and half of a segment that belongs to the next bead hardly more. So the segments are cut into sentences, and the pieces
are aligned like any segments, in windows around those that are cut. Every bead ends where two borders of segments meet; the
probability that the path through the pieces passes there, beside the probability that the path through the whole segments does, is
evidence for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from align.features import second_features
from align.habits import Habits
from align.likely import likely_beads
from align.pieces import sentences
from align.side import Pair, read_cut_side, read_side

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from align.lattice import Lattice
    from align.network import Floats, Ints
    from align.side import Pieces

    Progress = Callable[[int, int], None]
    Extent = tuple[int, int]  # first and last border
    _Probabilities = NDArray[np.float64]

_SOFT = 0.02  # added to both probabilities, so that what neither path passes says nothing
_SURE = 0.99  # probability of a border that a window may begin or end at
_AROUND = 6  # parts between such borders that are looked at to either side of one with a segment that is cut
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
    cuts = [[sentences(text) for text in side] for side in texts]
    counts = [sum(map(len, cut)) for cut in cuts]
    if max(counts) > _MOST:
        cuts = [[[text] for text in side] for side in texts]
    read = [read_cut_side(texts[at], cuts[at], terms=terms[at], progress=progress[at]) for at in (0, 1)]
    if lengths:
        read = [(replace(side, length=n), replace(pieces, length=n)) for (side, pieces), n in zip(read, lengths, strict=True)]
    (ours, our_pieces), (theirs, their_pieces) = read
    is_cut = counts != [len(source), len(target)] and max(counts) <= _MOST
    translated = read_side(translation) if translation else None
    return Pair(ours, theirs, translated, (our_pieces, their_pieces) if is_cut else None)


def finer_looks(pairs: Sequence[Pair], likely: Sequence[tuple[Lattice, Floats]], first: Floats) -> list[Look]:
    """A look at the pieces of each part of a document.

    Args:
        pairs: the parts.
        likely: the likely beads of each, and the first pass's probability of them.
        first: weights of the first pass.
    """
    glimpses = [
        [_glimpse(pair.pieces, *place, first) for place in _places(pair.pieces, *seen)] if pair.pieces else []
        for pair, seen in zip(pairs, likely, strict=True)
    ]
    every = [glimpse for of_part in glimpses for glimpse in of_part]
    if not every:
        return [Look()] * len(pairs)
    habits = Habits.of([glimpse.pair for glimpse in every], [(glimpse.lattice, glimpse.probability) for glimpse in every])
    return [Look(tuple(glimpse.judged(habits) for glimpse in of_part)) for of_part in glimpses]


def _places(pieces: tuple[Pieces, Pieces], lattice: Lattice, probability: Floats) -> Iterator[tuple[Extent, Extent]]:
    """First and last border, on each side, of windows around the segments that are cut: borders the first pass is sure of."""
    sure = _passed(lattice, probability) >= _SURE
    borders = np.stack([lattice.rows[sure], lattice.columns[sure]], axis=1)
    further = [side.before[borders[:, at]] - borders[:, at] for at, side in enumerate(pieces)]  # pieces of cut segments
    near = np.flatnonzero(np.diff(further[0]) + np.diff(further[1]))
    begins, ends = np.maximum(near - _AROUND, 0), np.minimum(near + _AROUND + 1, len(borders) - 1)
    if len(near):
        apart = begins[1:] > ends[:-1]
        for (i, j), (i_end, j_end) in zip(borders[begins[[True, *apart]]], borders[ends[[*apart, True]]], strict=True):
            if i < i_end and j < j_end:
                yield (int(i), int(i_end)), (int(j), int(j_end))


def _glimpse(pieces: tuple[Pieces, Pieces], rows: Extent, columns: Extent, first: Floats) -> _Glimpse:
    """The first pass over the pieces of a window."""
    ours, theirs = pieces[0].cut(*rows), pieces[1].cut(*columns)
    pair = Pair(ours.side(), theirs.side())
    return _Glimpse(rows, columns, ours.before, theirs.before, pair, *likely_beads(pair, first))


@dataclass(frozen=True, slots=True)
class _Glimpse:
    """A window as the first pass sees it, see `Window`."""

    rows: Extent
    columns: Extent
    ours: Ints
    theirs: Ints
    pair: Pair
    lattice: Lattice
    probability: Floats

    def judged(self, habits: Habits) -> Window:
        """As the second pass sees it, by the habits of all windows."""
        features = second_features(self.pair.source, self.pair.target, self.lattice, habits)
        return Window(self.rows, self.columns, self.ours, self.theirs, self.lattice, features)


@dataclass(frozen=True, slots=True)
class Window:
    """The likely beads of the pieces of neighbouring segments.

    Attributes:
        rows, columns: first and last border of the segments.
        ours, theirs: number of pieces before each of these borders.
        lattice: of E edges over the pieces.
        features: (E, len(SECOND)) of these.
    """

    rows: Extent
    columns: Extent
    ours: Ints
    theirs: Ints
    lattice: Lattice
    features: Floats

    def fill(self, passed: _Probabilities, weights: Floats, whole: Lattice) -> None:
        """Write the probability that the path through the pieces passes into `passed` (K,), for nodes of the window."""
        seen = _passed(self.lattice, self.lattice.posterior(self.features @ weights))
        low, high = np.searchsorted(whole.rows, (self.rows[0], self.rows[1] + 1))
        columns = whole.columns[low:high]
        inside = low + np.flatnonzero((columns >= self.columns[0]) & (columns <= self.columns[1]))
        width = int(self.theirs[-1]) + 1
        keys = self.lattice.rows * width + self.lattice.columns  # ascending
        wanted = self.ours[whole.rows[inside] - self.rows[0]] * width + self.theirs[whole.columns[inside] - self.columns[0]]
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        passed[inside] = np.where(keys[at] == wanted, seen[at], 0.0)


@dataclass(frozen=True, slots=True)
class Look:
    """What is seen of a pair's pieces."""

    windows: tuple[Window, ...] = ()


def met_ends(pair: Pair, lattice: Lattice, score: Floats, look: Look, second: Floats) -> Floats:
    """How much likelier the path through the pieces passes the end of each edge than that through the segments.

    Args:
        pair: the segments.
        lattice: over them.
        score: (E,) of its edges by the two texts alone.
        look: at their pieces.
        second: weights of the second pass.

    Returns:
        The logarithm (E,) of that; 0 where nothing is cut, and between two equal segments, whose pieces may be taken for
        each other's.
    """
    if not look.windows:
        return np.zeros(len(lattice.to), dtype=np.float32)
    own = _passed(lattice, lattice.posterior(score))
    passed = own.copy()
    for window in look.windows:
        window.fill(passed, second, lattice)
    met = np.log((passed + _SOFT) / (own + _SOFT))
    met[_repeated(pair.source.texts)[lattice.rows] | _repeated(pair.target.texts)[lattice.columns]] = 0
    return met[lattice.to].astype(np.float32)


def _repeated(texts: Sequence[str]) -> NDArray[np.bool_]:
    """Which of the borders (N + 1,) stand between two equal texts."""
    return np.array([False, *(a == b for a, b in pairwise(texts)), False])


def _passed(lattice: Lattice, probability: Floats) -> _Probabilities:
    """Probability (K,) that a path passes each node, from that (E,) of its edges."""
    out = np.zeros(len(lattice.rows))
    np.add.at(out, lattice.to, probability)
    out[0] = 1.0
    return out
