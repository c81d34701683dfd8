"""The recursions that run element by element: lattice sums and paths, paths through grids, what two sides share."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from align.compiled import compiled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from align.lattice import Lattice

    Floats = NDArray[np.float32]
    Doubles = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Edges = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int8], Floats]

_NOWHERE = -1e30
_NOTHING = -40.0  # logarithm of a share that changes no sum


def forward_backward(to: NDArray[np.int32], source: NDArray[np.int32], score: Doubles, nodes: int) -> tuple[float, Floats]:
    """Edge probabilities of a lattice. Edges are sorted by `to`; node 0 begins, the last node ends.

    Returns:
        log partition sum, (edges,) posterior of each edge.
    """
    alpha, passed = np.full(nodes, _NOWHERE), np.zeros(nodes)
    share, posterior = np.empty(len(to)), np.empty(len(to), dtype=np.float32)
    _forward_backward(_flat(to, "i4"), _flat(source, "i4"), _flat(score, "f8"), alpha, share, passed, posterior)
    return float(alpha[-1]), posterior


def best_path(to: NDArray[np.int32], source: NDArray[np.int32], score: Doubles, nodes: int) -> Ints:
    """Edges of the heaviest path from node 0 to the last node, in order. Empty when there is none."""
    best, behind = np.full(nodes, _NOWHERE), np.full(nodes, -1, dtype=np.int64)
    _best_path(_flat(to, "i4"), _flat(source, "i4"), _flat(score, "f8"), best, behind)
    path: list[int] = []
    node = nodes - 1
    while node:
        edge = int(behind[node])
        if edge < 0:
            return np.empty(0, dtype=np.int64)
        path.append(edge)
        node = int(source[edge])
    return np.array(path[::-1], dtype=np.int64)


def count_edges(low: Ints, high: Ints, kinds: Ints) -> int:
    """How many beads of the kinds (K, 3), each with its number and sizes, begin and end inside a band."""
    out = np.zeros(1, dtype=np.int64)
    _count_edges(low, high, kinds, out)
    return int(out[0])


def lay_edges(
    low: Ints, high: Ints, base: Ints, kinds: Ints, first: int, last: int, dots: NDArray[np.float32], done: int, edges: Edges
) -> int:
    """Write all edges that end at source borders first .. last - 1, by node and kind.

    Args:
        low: (N + 1,) where the band begins at each source border.
        high: (N + 1,) the last target border in it.
        base: (N + 1,) first node of each source border.
        kinds: (K, 3) number and sizes of each kind.
        first: the first border.
        last: the one behind the last.
        dots: (source size - 1, border - first, target size - 1, target border - low[first]) cosine of two spans by size and end.
        done: edges that are written already.
        edges: node an edge leads to, node it begins at, kind, cosine, to be written.

    Returns:
        edges that are written now.
    """
    out = np.array([done])
    _lay_edges(low, high, base, kinds, first, last, dots, *edges, out)
    return int(out[0])


def first_rows(lattice: Lattice, types: Ints, spans: Sequence[Floats], means: float, begin: int, out: Floats) -> None:
    """Write the first pass's features of a lattice's edges from `begin` on into zeros (edges, features).

    Args:
        lattice: the beads.
        types: (kinds, 4) of each kind its sizes, the column of its indicator, and the value of the column behind the indicators.
        spans: of either side (sizes, N + 1, 4): pieces / 60, logarithm of the length, product with the other side's mean, norm.
        means: product of both means.
        begin: the first edge.
        out: indicators, then the features of `align.features.FIRST` behind them, in their order.
    """
    source, target = (_flat(side, "f4") for side in spans)
    column = int(types[:, 2].max()) + 1
    _first_rows(
        _flat(lattice.to, "i4"), _flat(lattice.kind, "i1"), _flat(lattice.cosine, "f4"), _flat(lattice.rows, "i8"),
        _flat(lattice.columns, "i8"), types, source, target, means, begin, column, out,
    )  # fmt: skip


def shared_weight(keys: Ints, first: Ints, others: Ints, other_first: Ints, weight: Doubles, spans: Ints) -> Doubles:
    """Weight of the keys that each bead has on both sides; a key counts as often as both have it.

    Args:
        keys: keys of one side's segments, joined; each below len(weight).
        first: (N + 1,) where each segment's keys begin.
        others: keys of the other side.
        other_first: where they begin.
        weight: of each key.
        spans: (4, edges) first and last segment border of each bead's source, then of its target.

    Returns:
        (edges,).
    """
    out, seen = np.zeros(spans.shape[1]), np.zeros(len(weight), dtype=np.int64)
    integers = [_flat(side, "i8") for side in (keys, first, others, other_first)]
    _shared_weight(*integers, _flat(weight, "f8"), _flat(spans, "i8"), seen, out)
    return out


def heaviest_chain(rows: Ints, columns: Ints, weights: Doubles, width: int) -> Ints:
    """Indices of the heaviest chain of points that increases in both coordinates (Fenwick tree of maxima).

    Rows ascend strictly; columns are below width.
    """
    value, before = np.zeros(len(rows)), np.full(len(rows), -1, dtype=np.int64)
    tree, holder = np.zeros(width + 2), np.full(width + 2, -1, dtype=np.int64)
    _heaviest_chain(_flat(columns, "i8"), _flat(weights, "f8"), tree, holder, before, value)
    chain: list[int] = []
    point = int(value.argmax()) if len(rows) else -1
    while point >= 0:
        chain.append(point)
        point = int(before[point])
    return np.array(chain[::-1], dtype=np.int64)


def grid_path(similarity: Floats, gap: float) -> Ints:
    """Corners (points, 2) of the best monotone path through a similarity grid with a gain for each step aside."""
    n, m = similarity.shape
    best, step = np.zeros((n + 1, m + 1), dtype=np.float32), np.zeros((n + 1, m + 1), dtype=np.int8)
    _grid_steps(_flat(similarity, "f4"), gap, best, step)
    return _traced(step, np.zeros(n + 1, dtype=np.int64), n, m)


def banded_grid_path(similarity: Floats, low: Ints, high: Ints, gap: float) -> Ints:
    """The same through a band of the grid: row i of `similarity` begins at column low[i] and ends before high[i].

    The bounds ascend, rows overlap or touch, the first begins at 0 and the last ends at the grid's width.
    """
    n = len(low)
    begin, end = np.concatenate([low[:1], low]), np.concatenate([high, high[-1:]])
    best = np.full((n + 1, int((end - begin).max()) + 1), np.float32(-1e9))
    step = np.zeros(best.shape, dtype=np.int8)
    _banded_steps(_flat(similarity, "f4"), *(_flat(side, "i8") for side in (low, high, begin, end)), gap, best, step)
    return _traced(step, begin, n, int(high[-1]))


def _flat(values: NDArray[Any], kind: str) -> NDArray[Any]:
    return np.ascontiguousarray(values, dtype=kind)


def _traced(step: NDArray[np.int8], begin: Ints, n: int, m: int) -> Ints:
    """The corners of the path that ends at (n, m); row i of `step` begins at column begin[i]."""
    corners = [(n, m)]
    i, j = n, m
    while i or j:
        kind = step[i, j - begin[i]]
        i, j = i - (kind != 2), j - (kind != 1)
        corners.append((i, j))
    return np.array(corners[::-1], dtype=np.int64)


@compiled("i4[:], i4[:], f8[:], f8[:], f8[:], f8[:], f4[:]")
def _forward_backward(to, source, score, alpha, share, passed, posterior):
    # the share that each edge has of all paths into its node; the way back only multiplies these, without another exponential
    alpha[0] = 0.0
    passed[len(passed) - 1] = 1.0
    edges = len(to)
    first = 0
    while first < edges:
        node = to[first]
        last = first
        most = _NOWHERE
        while last < edges and to[last] == node:
            share[last] = alpha[source[last]] + score[last]
            most = max(most, share[last])
            last += 1
        if most > _NOWHERE / 2:
            total = 0.0
            for edge in range(first, last):
                x = share[edge] - most
                share[edge] = math.exp(x) if x > _NOTHING else 0.0
                total += share[edge]
            alpha[node] = most + math.log(total)
            scale = 1.0 / total
            for edge in range(first, last):
                share[edge] *= scale
        else:
            for edge in range(first, last):
                share[edge] = 0.0
        first = last
    for edge in range(edges - 1, -1, -1):
        p = passed[to[edge]] * share[edge]
        posterior[edge] = p
        passed[source[edge]] += p


@compiled("i4[:], i4[:], f8[:], f8[:], i8[:]")
def _best_path(to, source, score, best, behind):
    best[0] = 0.0
    for edge in range(len(to)):
        x = best[source[edge]] + score[edge]
        if x > best[to[edge]]:
            best[to[edge]] = x
            behind[to[edge]] = edge


@compiled("i8[:], i8[:], i8[:,:], i8[:]")
def _count_edges(low, high, kinds, out):
    for i in range(len(low)):
        for k in range(len(kinds)):
            a, b = kinds[k, 1], kinds[k, 2]
            if a <= i:
                out[0] += max(0, min(high[i], high[i - a] + b) - max(low[i], low[i - a] + b) + 1)


@compiled("i8[:], i8[:], i8[:], i8[:,:], i8, i8, f4[:,:,:,:], i4[:], i4[:], i1[:], f4[:], i8[:]")
def _lay_edges(low, high, base, kinds, first, last, dots, to, source, kind, cosine, done):
    edge, left = done[0], low[first]
    for i in range(first, last):
        for j in range(low[i], high[i] + 1):
            for k in range(len(kinds)):
                a, b = kinds[k, 1], kinds[k, 2]
                if a <= i and low[i - a] <= j - b <= high[i - a]:
                    to[edge] = base[i] + j - low[i]
                    source[edge] = base[i - a] + j - b - low[i - a]
                    kind[edge] = kinds[k, 0]
                    cosine[edge] = dots[a - 1, i - first, b - 1, j - left] if a > 0 and b > 0 else 0
                    edge += 1
    done[0] = edge


@compiled("i4[:], i1[:], f4[:], i8[:], i8[:], i8[:,:], f4[:,:,:], f4[:,:,:], f8, i8, i8, f4[:,:]")
def _first_rows(to, kind, cosine, rows, columns, types, source, target, means, begin, column, out):
    for row in range(len(out)):
        edge = begin + row
        i, j = rows[to[edge]], columns[to[edge]]
        a, b = types[kind[edge], 0], types[kind[edge], 1]
        w = source[a, i, 0] + target[b, j, 0]
        if a == 0 or b == 0:
            out[row, column + 2] = 1
            out[row, column + 3] = 2 * w
            continue
        if types[kind[edge], 2] >= 0:
            out[row, types[kind[edge], 2]] = 1
        c = (cosine[edge] - source[a, i, 2] - target[b, j, 2] + np.float32(means)) / (source[a, i, 3] * target[b, j, 3])
        d = source[a, i, 1] - target[b, j, 1]
        d = min(d * d, np.float32(2.0))
        out[row, column] = types[kind[edge], 3]
        out[row, column + 1] = (a + b - 2) / 2
        out[row, column + 4] = w
        out[row, column + 5] = c
        out[row, column + 6] = c * w
        out[row, column + 7] = d
        out[row, column + 8] = d * w


@compiled("i8[:], i8[:], i8[:], i8[:], f8[:], i8[:,:], i8[:], f8[:]")
def _shared_weight(keys, first, others, other_first, weight, spans, seen, out):
    for edge in range(spans.shape[1]):
        a, b = first[spans[0, edge]], first[spans[1, edge]]
        c, d = other_first[spans[2, edge]], other_first[spans[3, edge]]
        if a == b or c == d:
            continue
        for k in range(a, b):
            seen[keys[k]] += 1
        for k in range(c, d):
            if seen[others[k]] > 0:
                seen[others[k]] -= 1
                out[edge] += weight[others[k]]
        for k in range(a, b):
            seen[keys[k]] = 0


@compiled("i8[:], f8[:], f8[:], i8[:], i8[:], f8[:]")
def _heaviest_chain(columns, weights, tree, holder, before, value):
    width = len(tree) - 2
    for point in range(len(columns)):
        k = columns[point]
        best = 0.0
        while k > 0:
            if tree[k] > best:
                best = tree[k]
                before[point] = holder[k]
            k -= k & -k
        value[point] = best + weights[point]
        k = columns[point] + 1
        while k <= width:
            if tree[k] < value[point]:
                tree[k] = value[point]
                holder[k] = point
            k += k & -k


@compiled("f4[:,:], f4, f4[:,:], i1[:,:]")
def _grid_steps(similarity, gap, best, step):
    for i in range(best.shape[0]):
        for j in range(best.shape[1]):
            most = np.float32(0.0)
            kind = 0
            if i > 0 and j > 0:
                most = best[i - 1, j - 1] + similarity[i - 1, j - 1]
                kind = 0
            if i > 0 and (j == 0 or best[i - 1, j] + gap > most):
                most = best[i - 1, j] + gap
                kind = 1
            if j > 0 and (i == 0 or best[i, j - 1] + gap > most):
                most = best[i, j - 1] + gap
                kind = 2
            best[i, j] = most
            step[i, j] = kind


@compiled("f4[:,:], i8[:], i8[:], i8[:], i8[:], f4, f4[:,:], i1[:,:]")
def _banded_steps(similarity, low, high, begins, ends, gap, best, step):
    for i in range(best.shape[0]):
        begin = begins[i]
        before, before_end = begins[max(i - 1, 0)], ends[max(i - 1, 0)]
        for j in range(begin, ends[i] + 1):
            most = np.float32(-1e9)
            kind = 0
            if i == 0 and j == begin:
                most = np.float32(0.0)
            if i > 0 and before < j <= before_end + 1 and low[i - 1] < j <= high[i - 1]:
                most = best[i - 1, j - 1 - before] + similarity[i - 1, j - 1 - low[i - 1]]
            if i > 0 and before <= j <= before_end and best[i - 1, j - before] + gap > most:
                most = best[i - 1, j - before] + gap
                kind = 1
            if j > begin and best[i, j - 1 - begin] + gap > most:
                most = best[i, j - 1 - begin] + gap
                kind = 2
            best[i, j - begin] = most
            step[i, j - begin] = kind
