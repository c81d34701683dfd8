"""The lattice: every bead of every type inside a band, as edges between borders.

A node is a pair of borders (i source segments and j target segments are behind it); an edge is a bead that ends there. Edges
are sorted by the node they lead to, so that one walk over them is a topological order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from align.recursions import best_path, forward_backward
from align.side import LONGEST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from align.band import Band
    from align.network import Floats, Ints
    from align.side import Side


def _bead_types() -> list[tuple[int, int]]:
    """1-0, 0-1, 1-1 ... 1-10, 2-2 ... 2-8, 3-3 ... 3-5, both ways."""
    widest = {1: LONGEST, 2: 8, 3: 5}
    spans = range(1, LONGEST + 1)
    both = [(a, b) for a in spans for b in spans if max(a, b) <= widest.get(min(a, b), 0)]
    return [(1, 0), (0, 1), *both]


TYPES = _bead_types()
SOURCE_SIZE = np.array([a for a, _ in TYPES])
TARGET_SIZE = np.array([b for _, b in TYPES])
NARROW = [k for k, (a, b) in enumerate(TYPES) if min(a, b) == 0 or a * b <= 4]
"""The ten types a first look at a wide band is content with."""


@dataclass(frozen=True, slots=True)
class Lattice:
    """E edges between K nodes.

    Attributes:
        rows, columns: (K,) borders of the nodes, ascending.
        to, source: (E,) node each edge ends and begins at.
        kind: (E,) index into TYPES.
        cosine: (E,) cosine of the two sides of the bead; 0 where one is empty.
    """

    rows: Ints
    columns: Ints
    to: NDArray[np.int32]
    source: NDArray[np.int32]
    kind: NDArray[np.int8]
    cosine: Floats

    @property
    def ends(self) -> tuple[Ints, Ints]:
        """Source and target border each edge ends at."""
        return self.rows[self.to], self.columns[self.to]

    @property
    def sizes(self) -> tuple[Ints, Ints]:
        """Source and target segments of each edge."""
        return SOURCE_SIZE[self.kind], TARGET_SIZE[self.kind]

    def keep(self, edges: NDArray[np.bool_]) -> Lattice:
        """The lattice with only these edges."""
        return replace(self, to=self.to[edges], source=self.source[edges], kind=self.kind[edges], cosine=self.cosine[edges])

    def posterior(self, score: NDArray[np.floating]) -> Floats:
        """Probability (E,) of each edge under the edge scores."""
        return forward_backward(self.to, self.source, score.astype(np.float64), len(self.rows))[1]

    def path(self, score: NDArray[np.floating]) -> Ints:
        """Edges of the best path, in order."""
        return best_path(self.to, self.source, score.astype(np.float64), len(self.rows))

    def borders(self, edges: Ints) -> Ints:
        """Borders (points, 2) a path of edges passes, from (0, 0)."""
        i, j = self.ends
        return np.concatenate([[[0, 0]], np.stack([i[edges], j[edges]], axis=1)])


def build_lattice(source: Side, target: Side, band: Band, *, types: Sequence[int] = range(len(TYPES))) -> Lattice:
    """All beads of the given types whose two ends lie in the band."""
    low, high = band
    widths = high - low + 1
    base = np.concatenate([[0], np.cumsum(widths)])
    rows = np.repeat(np.arange(len(low)), widths)
    columns = np.arange(base[-1]) - np.repeat(base[:-1] - low, widths)
    parts = []
    for kind in types:
        a, b = TYPES[kind]
        i, j = rows - a, columns - b
        row = np.maximum(i, 0)
        to = np.flatnonzero((i >= 0) & (j >= low[row]) & (j <= high[row]))
        if len(to):
            begin = base[i[to]] + j[to] - low[i[to]]
            cosine = np.zeros(len(to), dtype=np.float32)
            if a and b:
                cosine = _paired_dots(source.spans[a], target.spans[b], rows[to], columns[to])
            parts.append((to, begin, np.full(len(to), kind, dtype=np.int8), cosine))
    ends, starts = (np.concatenate([part[k] for part in parts]).astype(np.int32) for k in (0, 1))
    order = np.argsort(ends, kind="stable")
    kinds, cosine = np.concatenate([part[2] for part in parts]), np.concatenate([part[3] for part in parts])
    return Lattice(rows, columns, ends[order], starts[order], kinds[order], cosine[order])


def _paired_dots(x: Floats, y: Floats, i: Ints, j: Ints, block: int = 32) -> Floats:
    """Dot products x[i] . y[j] of pairs sorted by i that lie near a diagonal."""
    out = np.empty(len(i), dtype=np.float32)
    first = 0
    while first < len(i):
        last = int(np.searchsorted(i, i[first] + block))
        part = slice(first, last)
        i0, j0 = i[first], j[part].min()
        grid = x[i0 : i[last - 1] + 1] @ y[j0 : j[part].max() + 1].T
        out[part] = grid[i[part] - i0, j[part] - j0]
        first = last
    return out
