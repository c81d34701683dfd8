"""The lattice: every bead of every type inside a band, as edges between borders.

A node is a pair of borders (i source segments and j target segments are behind it); an edge is a bead that ends there. Edges
are sorted by the node they lead to, so that one walk over them is a topological order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from align.recursions import best_path, count_edges, forward_backward, lay_edges
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
_TOGETHER = 32  # source borders whose products with target spans are worked out together


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
    low, high = (np.ascontiguousarray(side, dtype=np.int64) for side in band)
    widths = high - low + 1
    base = np.concatenate([[0], np.cumsum(widths)])
    kinds = np.array([(k, *TYPES[k]) for k in types], dtype=np.int64)
    edges = count_edges(low, high, kinds)
    to, begin = np.empty(edges, dtype=np.int32), np.empty(edges, dtype=np.int32)
    laid = to, begin, np.empty(edges, dtype=np.int8), np.empty(edges, dtype=np.float32)
    widest = np.zeros(LONGEST + 1, dtype=np.int64)  # of the target spans that go with source spans of each size
    np.maximum.at(widest, kinds[:, 1], kinds[:, 2])
    widest[0] = 0
    done = 0
    for first in range(0, len(low), _TOGETHER):
        last = min(first + _TOGETHER, len(low))
        dots = _dots(source, target, widest, first, last, slice(low[first], high[last - 1] + 1))
        done = lay_edges(low, high, base, kinds, first, last, dots, done, laid)
    rows = np.repeat(np.arange(len(low)), widths)
    return Lattice(rows, np.arange(base[-1]) - np.repeat(base[:-1] - low, widths), *laid)


def _dots(source: Side, target: Side, widest: Ints, first: int, last: int, columns: slice) -> Floats:
    """Products (source sizes, rows, target sizes, columns) of source spans that end at borders first .. last - 1 with target spans.

    Only those are worked out whose sizes go together.
    """
    theirs = target.spans[1 : widest.max() + 1, columns]
    count = theirs.shape[1]
    theirs = theirs.reshape(-1, theirs.shape[2])
    out = np.empty((LONGEST, last - first, int(widest.max()) * count), dtype=np.float32)
    for a in np.flatnonzero(widest).tolist():
        size = int(widest[a]) * count
        np.matmul(source.spans[a, first:last], theirs[:size].T, out=out[a - 1, :, :size])
    return out.reshape(LONGEST, last - first, -1, count)
