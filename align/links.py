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

from align.hmm import expected_links
from align.rowwise import sharpen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from align.lattice import Lattice
    from align.network import Floats, Ints
    from align.words import Words

_TEMPERATURE = 0.12
_JUMPS = float(np.exp(-1 / 2)), float(np.exp(-1))  # decay of a jump ahead and of a jump back, a word
_ANYWHERE, _ANEW = 1e-4, 1e-2  # weight of a jump anywhere, within a segment and at its first word
_CHUNK, _CONTEXT = 64, 2  # segments an HMM runs over, segments of context at its ends
_CELLS = 1 << 24  # words times words of a chunk
_TOGETHER = 4  # segments whose emissions are computed together


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
    there, back = _Emissions(ours, theirs, low, high), _Emissions(theirs, ours, back_low, back_high)
    there.weigh(back)
    return _one_way(there), _one_way(back)


def word_links(ours: Words, theirs: Words, within: tuple[Ints, Ints, Ints, Ints]) -> tuple[Floats, Floats]:
    """The same word by word of ours, for texts of few segments.

    Returns:
        (W, M) expected links of each word of ours into each segment of theirs; (W, M) those of the words of each such segment into
        each word of ours.
    """
    low, high, back_low, back_high = within
    there, back = _Emissions(ours, theirs, low, high), _Emissions(theirs, ours, back_low, back_high)
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


def _rows_of(emissions: _Emissions, *, by_word: bool = False, by_other_word: bool = False) -> Iterator[NDArray[np.float64]]:
    """Expected links of each segment, or word, chunk by chunk as in `_one_way`."""
    one, count, q = emissions.one, len(emissions.low), 0
    while q < count:
        last = min(count, q + _chunk(one, emissions.other, emissions.low, emissions.high, q))
        begin, end = max(0, q - _CONTEXT), min(count, last + _CONTEXT)
        found = _chunk_links(emissions, begin, end, by_word=by_word, by_other_word=by_other_word)
        rows = one.first[[q, last]] - one.first[begin] if by_word else (q - begin, last - begin)
        yield from found[slice(*rows)]
        q = last


class _Emissions:
    """How well the words of a segment go with those of its window: exp((cosine - 1) / temperature).

    Attributes:
        mirror: those of the other way where they are kept, which are the same numbers.
        weights: (W,) of the other side's words, less for those that go with everything.
    """

    def __init__(self, one: Words, other: Words, low: Ints, high: Ints) -> None:
        self.one, self.other, self.low, self.high = one, other, low, high
        self.mirror: _Emissions | None = None
        self.weights = np.ones(int(other.first[-1]), dtype=np.float32)
        self._kept: list[Floats] | None = None

    @property
    def cells(self) -> int:
        """Words times words of all windows."""
        return int(np.diff(self.one.first) @ (self.other.first[self.high] - self.other.first[self.low]))

    def weigh(self, back: _Emissions) -> None:
        """Compute all of them once: the weights of both ways, and, where they are not too many, what both ways use then."""
        given, taken = np.zeros(len(back.weights)), np.zeros(len(self.weights))
        kept: list[Floats] = []
        begin, is_kept = 0, self.cells <= _CELLS
        while begin < len(self.low):
            end = min(begin + _chunk(self.one, self.other, self.low, self.high, begin), len(self.low))
            for i, found in enumerate(self._computed(begin, end), begin):
                given[self.one.first[i] : self.one.first[i + 1]] = found.sum(axis=1)
                taken[self.other.first[self.low[i]] : self.other.first[self.high[i]]] += found.sum(axis=0)
                if is_kept:
                    kept.append(found)
            begin = end
        for way, sums in ((self, taken), (back, given)):
            way.weights[sums > 0] = 1 / np.sqrt(sums[sums > 0])
        if is_kept:
            self._kept, back.mirror = kept, self

    def between(self, begin: int, end: int) -> list[Floats]:
        """Those of segments begin .. end - 1, each (its words, the words of its window)."""
        if self._kept is not None:
            return self._kept[begin:end]
        if self.mirror is None:
            return self._computed(begin, end)
        return [self._mirrored(i, self.mirror) for i in range(begin, end)]

    def _computed(self, begin: int, end: int) -> list[Floats]:
        out: list[Floats] = []
        for q in range(begin, end, _TOGETHER):
            last = min(q + _TOGETHER, end)
            ours = self.one.first[q], self.one.first[last]
            theirs = self.other.first[self.low[q]], self.other.first[self.high[last - 1]]
            own, other = self.one.vectors(*ours), self.other.vectors(*theirs)
            around, of_ours = self.one.surroundings(*ours)
            other_around, of_theirs = self.other.surroundings(*theirs)
            emission: Floats = own @ other.T
            shared: Floats = around @ other_around.T
            sharpen(emission, shared, of_ours, of_theirs, _TEMPERATURE)
            np.exp(emission, out=emission)
            for i in range(q, last):
                rows = slice(self.one.first[i] - ours[0], self.one.first[i + 1] - ours[0])
                window = slice(self.other.first[self.low[i]] - theirs[0], self.other.first[self.high[i]] - theirs[0])
                out.append(emission[rows, window])
        return out

    def _mirrored(self, i: int, mirror: _Emissions) -> Floats:
        others = range(self.low[i], self.high[i])
        if any(not mirror.low[k] <= i < mirror.high[k] for k in (others[0], others[-1])):
            return self._computed(i, i + 1)[0]  # a segment that is in nobody's window has one of its own
        first = self.one.first
        begin = first[i] - first[mirror.low[others.start : others.stop]]
        size = first[i + 1] - first[i]
        theirs = mirror.between(others.start, others.stop)
        parts = [found[:, at : at + size] for found, at in zip(theirs, begin.tolist(), strict=True)]
        return np.concatenate(parts).T


def _one_way(emissions: _Emissions) -> Links:
    """Run the HMM in chunks that overlap."""
    one, other, low, high = emissions.one, emissions.other, emissions.low, emissions.high
    count, width = len(one.first) - 1, len(other.first) - 1
    prefix = np.zeros((count, int((high - low).max()) + 1))
    landed = np.zeros(width + 1)
    q = 0
    while q < count:
        last = min(count, q + _chunk(one, other, low, high, q))
        begin, end = max(0, q - _CONTEXT), min(count, last + _CONTEXT)
        found = _chunk_links(emissions, begin, end)[q - begin : last - begin]
        prefix[q:last, 1 : found.shape[1] + 1] = found
        columns = low[q:last, None] + np.arange(1, found.shape[1] + 1)
        landed += np.bincount(np.minimum(columns, width).ravel(), weights=found.ravel(), minlength=width + 1)
        q = last
    return Links(low, high, np.cumsum(prefix, axis=1), np.cumsum(landed))


def _chunk(one: Words, other: Words, low: Ints, high: Ints, first: int) -> int:
    """Segments to take at once: 64, fewer where they are so long that their links would fill the memory."""
    size = _CHUNK
    while size > 1:
        last = min(len(low), first + size + _CONTEXT)
        begin = max(0, first - _CONTEXT)
        widest = (other.first[high[begin:last]] - other.first[low[begin:last]]).max()
        if (one.first[last] - one.first[begin]) * widest <= _CELLS:
            break
        size //= 2
    return size


def _chunk_links(
    emissions: _Emissions, begin: int, end: int, *, by_word: bool = False, by_other_word: bool = False
) -> NDArray[np.float64]:
    """Expected links (segments, segments of the widest window) of segments begin .. end - 1, either of them by word where asked."""
    one, other, low, high = emissions.one, emissions.other, emissions.low[begin:end], emissions.high[begin:end]
    counts, start = np.diff(one.first[begin : end + 1]), one.first[begin]
    widest = (other.first[high] - other.first[low]).max()  # also of segments without a word
    emission = np.zeros((int(counts.sum()), int(widest) + 1), dtype=np.float32)
    for i, found in enumerate(emissions.between(begin, end), begin):
        rows = slice(one.first[i] - start, one.first[i + 1] - start)
        window = slice(other.first[emissions.low[i]], other.first[emissions.high[i]])
        np.multiply(found, emissions.weights[window], out=emission[rows, : found.shape[1]])
    uniform = np.full(len(emission), _ANYWHERE)
    uniform[one.first[begin:end][counts > 0] - start] = _ANEW
    row, columns = np.repeat(np.arange(end - begin), counts), other.first
    if by_word:
        row, low, high = np.arange(len(emission)), np.repeat(low, counts), np.repeat(high, counts)
    if by_other_word:
        low, high, columns = columns[low], columns[high], np.arange(columns[-1] + 1)
    return expected_links(emission, row, low, high, columns, _JUMPS, uniform)
