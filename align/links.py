"""Word links: which words of one side are rendered by which words of the other.

An HMM walks over the words of one side; its states are the words of the other side inside a window of segments. It is fitted to
nothing: emissions come from the encoder's word vectors, jumps decay exponentially (Vogel, Ney, Tillmann 1996, HMM-based word
alignment, with fixed parameters). A word that goes with everything says little: its emissions are divided by the root of all that
the words of the other side give it, one step towards emissions whose rows and columns both sum to one (Sinkhorn, Knopp 1967).
What the aligner needs of it is only how many words of segment i are linked into segment j.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from align.emissions import CONTEXT, Emissions
from align.hmm import expected_links

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from align.lattice import Lattice
    from align.network import Floats, Ints
    from align.words import Words

_JUMPS = float(np.exp(-1 / 2)), float(np.exp(-1))  # decay of a jump ahead and of a jump back, a word
_ANYWHERE, _ANEW = 1e-4, 1e-2  # weight of a jump anywhere, within a segment and at its first word


@dataclass(frozen=True, slots=True)
class Links:
    """Expected links from words of segment i into segments of the other side.

    Attributes:
        low, high: (N,) window of other segments of each segment.
        prefix: (N, widest window + 1) prefix sums over the window; constant behind its end.
        landed: (M + 1,) prefix sums over the other side's segments of all links that land in them.
    """

    low: Ints
    high: Ints
    prefix: NDArray[np.float64]
    landed: NDArray[np.float64]

    def inside(self, segment: Ints, first: Ints, last: Ints) -> NDArray[np.float64]:
        """Links of each segment into other segments first .. last - 1."""
        low, width = self.low[segment], self.high[segment] - self.low[segment]
        upper = self.prefix[segment, np.clip(last - low, 0, width)]
        return upper - self.prefix[segment, np.clip(first - low, 0, width)]  # type: ignore[no-any-return]


def windows(lattice: Lattice, count: int, width: int) -> tuple[Ints, Ints, Ints, Ints]:
    """Window of target segments for each source segment, and of source segments for each target segment."""
    i, j = lattice.ends
    a, b = lattice.sizes
    low, high = np.full(count + 1, width), np.zeros(count + 1, dtype=np.int64)
    for row, column in ((i, j), (i - a, j - b), (i, j - b), (i - a, j)):
        np.minimum.at(low, row, column)
        np.maximum.at(high, row, column)
    low = np.minimum.accumulate(np.minimum(low[:-1], low[1:])[::-1])[::-1]
    high = np.maximum.accumulate(np.maximum(high[:-1], high[1:]))
    other = np.arange(width)
    back_low = np.minimum(np.searchsorted(high, other, side="right"), count - 1)
    back_high = np.maximum(np.searchsorted(low, other, side="right"), back_low + 1)
    return low, high, back_low, back_high


def link_words(ours: Words, theirs: Words, within: tuple[Ints, Ints, Ints, Ints]) -> tuple[Links, Links]:
    """Run the HMM from ours to theirs and back; `within` are their windows, see `windows`."""
    low, high, back_low, back_high = within
    there, back = Emissions(ours, theirs, low, high), Emissions(theirs, ours, back_low, back_high)
    there.weigh(back)
    return _one_way(there), _one_way(back)


def word_links(ours: Words, theirs: Words, within: tuple[Ints, Ints, Ints, Ints]) -> tuple[Floats, Floats]:
    """The same word by word of ours, for texts of few segments.

    Returns:
        (W, M) expected links of each word of ours into each segment of theirs; (W, M) those of the words of each such segment into
        each word of ours.
    """
    low, high, back_low, back_high = within
    there, back = Emissions(ours, theirs, low, high), Emissions(theirs, ours, back_low, back_high)
    there.weigh(back)
    shape = int(ours.first[-1]), len(theirs.first) - 1
    out = np.zeros(shape, dtype=np.float32), np.zeros(shape, dtype=np.float32)
    owner = np.repeat(np.arange(len(low)), np.diff(ours.first))
    for word, (segment, row) in enumerate(zip(owner.tolist(), _rows_of(there, by_word=True), strict=True)):
        window = slice(low[segment], high[segment])
        out[0][word, window] = row[: window.stop - window.start]
    for segment, row in enumerate(_rows_of(back, by_other_word=True)):
        window = slice(ours.first[back_low[segment]], ours.first[back_high[segment]])
        out[1][window, segment] = row[: window.stop - window.start]
    return out


def _rows_of(emissions: Emissions, *, by_word: bool = False, by_other_word: bool = False) -> Iterator[NDArray[np.float64]]:
    """Expected links of each segment, or word, chunk by chunk as in `_one_way`."""
    one, count, q = emissions.one, len(emissions.low), 0
    while q < count:
        last = min(count, q + emissions.chunk(q))
        begin, end = max(0, q - CONTEXT), min(count, last + CONTEXT)
        found = _chunk_links(emissions, begin, end, by_word=by_word, by_other_word=by_other_word)
        rows = one.first[[q, last]] - one.first[begin] if by_word else (q - begin, last - begin)
        yield from found[slice(*rows)]
        q = last


def _one_way(emissions: Emissions) -> Links:
    """Run the HMM in chunks that overlap."""
    low, high = emissions.low, emissions.high
    count, width = len(low), len(emissions.other.first) - 1
    prefix = np.zeros((count, int((high - low).max()) + 1))
    landed = np.zeros(width + 1)
    q = 0
    while q < count:
        last = min(count, q + emissions.chunk(q))
        begin, end = max(0, q - CONTEXT), min(count, last + CONTEXT)
        found = _chunk_links(emissions, begin, end)[q - begin : last - begin]
        prefix[q:last, 1 : found.shape[1] + 1] = found
        columns = low[q:last, None] + np.arange(1, found.shape[1] + 1)
        landed += np.bincount(np.minimum(columns, width).ravel(), weights=found.ravel(), minlength=width + 1)
        q = last
    return Links(low, high, np.cumsum(prefix, axis=1), np.cumsum(landed))


def _chunk_links(
    emissions: Emissions, begin: int, end: int, *, by_word: bool = False, by_other_word: bool = False
) -> NDArray[np.float64]:
    """Expected links (segments, segments of the widest window) of segments begin .. end - 1, either of them by word where asked."""
    one, other, low, high = emissions.one, emissions.other, emissions.low[begin:end], emissions.high[begin:end]
    counts, start = np.diff(one.first[begin : end + 1]), one.first[begin : end + 1] - one.first[begin]
    cells, first = emissions.between(begin, end)
    row = np.repeat(np.arange(end - begin), counts)
    at = first[row] + (np.arange(len(row)) - start[row]) * emissions.widths[begin:end][row]
    uniform = np.full(len(row), _ANYWHERE, dtype=np.float32)
    uniform[start[:-1][counts > 0]] = _ANEW
    columns = other.first
    if by_word:
        row, low, high = np.arange(len(row)), np.repeat(low, counts), np.repeat(high, counts)
    if by_other_word:
        low, high, columns = columns[low], columns[high], np.arange(columns[-1] + 1)
    return expected_links(cells, at, emissions.weights, row, low, high, columns, _JUMPS, uniform)
