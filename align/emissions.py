"""How well words go with words: what the word HMM walks on, in both ways.

The numbers of a segment's words with the words of its window lie row after row in one flat array, those of the next segment
behind them, so that no room is lost where windows differ in width and the HMM reads them as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from align.compiled import compiled
from align.rowwise import sharpen

if TYPE_CHECKING:
    from align.network import Floats, Ints
    from align.words import Words

TEMPERATURE = 0.12
CHUNK, CONTEXT = 64, 2
"""Segments an HMM runs over, segments of context at its ends."""
_CELLS = 1 << 24  # words times words of a chunk
_TOGETHER = 8  # segments whose emissions are computed together


class Emissions:
    """How well the words of a segment go with those of its window: exp((cosine - 1) / temperature).

    Attributes:
        one, other: words of N segments and of those that they are linked to.
        low, high: (N,) window of other segments of each segment.
        widths: (N,) words of each window.
        mirror: those of the other way where they are kept, which are the same numbers.
        weights: (W,) of the other side's words, less for those that go with everything.
    """

    def __init__(self, one: Words, other: Words, low: Ints, high: Ints) -> None:
        self.one, self.other = one, other
        self.low, self.high = (np.ascontiguousarray(side, dtype=np.int64) for side in (low, high))
        self.widths: Ints = other.first[high] - other.first[low]
        self.mirror: Emissions | None = None
        self.weights = np.ones(int(other.first[-1]), dtype=np.float32)
        self._begins = np.concatenate([[0], np.cumsum(np.diff(one.first) * self.widths)])  # each segment's cells, in a row
        self._kept: Floats | None = None

    def weigh(self, back: Emissions) -> None:
        """Compute all of them once: the weights of both ways, and, where they are not too many, what both ways use then."""
        given, taken = np.zeros(len(back.weights)), np.zeros(len(self.weights))
        if self._begins[-1] <= _CELLS:
            self._kept, back.mirror = np.empty(int(self._begins[-1]), dtype=np.float32), self
        begin = 0
        while begin < len(self.low):
            end = min(begin + self.chunk(begin), len(self.low))
            cells, first = self._room(begin, end)
            self._compute(begin, end, cells, first)
            _add_up(cells, first, self.one.first[begin : end + 1], self.other.first[self.low[begin:end]], given, taken)
            begin = end
        for way, sums in ((self, taken), (back, given)):
            way.weights[sums > 0] = 1 / np.sqrt(sums[sums > 0])

    def chunk(self, first: int) -> int:
        """Segments to take at once: 64, fewer where they are so long that their links would fill the memory."""
        size = CHUNK
        while size > 1:
            begin, last = max(0, first - CONTEXT), min(len(self.low), first + size + CONTEXT)
            if (self.one.first[last] - self.one.first[begin]) * self.widths[begin:last].max() <= _CELLS:
                break
            size //= 2
        return size

    def between(self, begin: int, end: int) -> tuple[Floats, Ints]:
        """Those of segments begin .. end - 1, one row of its window for each word, and where each segment's begin."""
        cells, first = self._room(begin, end)
        if self.mirror is not None:
            self._turn(begin, end, self.mirror, cells, first)
        elif self._kept is None:
            self._compute(begin, end, cells, first)
        return cells, first

    def _room(self, begin: int, end: int) -> tuple[Floats, Ints]:
        """Where those of segments begin .. end - 1 are written, which is where they are kept if they are, and begin."""
        if self._kept is not None:
            return self._kept, self._begins[begin : end + 1]
        first = self._begins[begin : end + 1] - self._begins[begin]
        return np.empty(int(first[-1]), dtype=np.float32), first

    def _compute(self, begin: int, end: int, cells: Floats, first: Ints) -> None:
        """Write those of segments begin .. end - 1 into cells, each segment's from `first` on."""
        for q in range(begin, end, _TOGETHER):
            last = min(q + _TOGETHER, end)
            ours = self.one.first[q : last + 1]
            left, right = self.other.first[self.low[q:last]], self.other.first[self.high[q:last]]
            own, other = self.one.vectors(ours[0], ours[-1]), self.other.vectors(left[0], right[-1])
            around, of_ours = self.one.surroundings(ours[0], ours[-1])
            other_around, of_theirs = self.other.surroundings(left[0], right[-1])
            emission: Floats = own @ other.T
            shared: Floats = around @ other_around.T
            sharpen(emission, shared, of_ours, of_theirs, TEMPERATURE)
            np.exp(emission, out=emission)
            _lay(emission, ours - ours[0], left - left[0], right - left[0], first[q - begin : last - begin], cells)

    def _turn(self, begin: int, end: int, mirror: Emissions, cells: Floats, first: Ints) -> None:
        """The same from those of the other way, which are kept."""
        kept, kept_first = mirror.between(0, len(mirror.low))
        bounds, others = self.one.first, self.other.first
        own = np.arange(begin, end)
        ends = (self.low[begin:end], self.high[begin:end] - 1)
        is_seen = np.all([(mirror.low[k] <= own) & (own < mirror.high[k]) for k in ends], axis=0)
        left = bounds[mirror.low]
        _turned(
            kept, kept_first, left, mirror.widths, others, bounds, self.low, self.high, begin, is_seen.view(np.int8), first, cells
        )
        for k in np.flatnonzero(~is_seen).tolist():  # a segment that is in nobody's window has one of its own
            self._compute(begin + k, begin + k + 1, cells, first[k : k + 2])


@compiled("f4[:,:], i8[:], i8[:], i8[:], i8[:], f4[:]")
def _lay(emission, rows, left, right, first, cells):
    """Write what emission holds of each segment's rows, within its columns, into cells."""
    for segment in range(len(left)):
        width, to = right[segment] - left[segment], first[segment]
        for row in range(rows[segment], rows[segment + 1]):
            one, there = emission[row, left[segment] : right[segment]], cells[to : to + width]
            for k in range(len(there)):
                there[k] = one[k]
            to += width


@compiled("f4[:], i8[:], i8[:], i8[:], f8[:], f8[:]")
def _add_up(cells, first, rows, left, given, taken):
    """Add what each word gives in all, and what each word of the other side takes."""
    for segment in range(len(left)):
        count = rows[segment + 1] - rows[segment]
        if count == 0:
            continue
        width = (first[segment + 1] - first[segment]) // count
        at, theirs = first[segment], taken[left[segment] : left[segment] + width]
        for row in range(rows[segment], rows[segment + 1]):
            one, total = cells[at : at + width], 0.0
            for k in range(len(one)):
                total += one[k]
                theirs[k] += one[k]
            given[row] = total
            at += width


@compiled("f4[:], i8[:], i8[:], i8[:], i8[:], i8[:], i8[:], i8[:], i8, i1[:], i8[:], f4[:]")
def _turned(kept, kept_first, left, widths, others, bounds, low, high, begin, is_seen, first, cells):
    """Write the columns of kept cells as rows: of segments from `begin` on, as far as they are seen."""
    for at in range(len(is_seen)):
        if not is_seen[at]:
            continue
        segment = begin + at
        start, count = bounds[segment], bounds[segment + 1] - bounds[segment]
        width = others[high[segment]] - others[low[segment]]
        for other in range(low[segment], high[segment]):
            column = others[other] - others[low[segment]]
            source = kept_first[other] + start - left[other]
            for k in range(others[other + 1] - others[other]):
                one, to = kept[source : source + count], first[at] + column + k
                for row in range(len(one)):
                    cells[to + row * width] = one[row]
                source += widths[other]
