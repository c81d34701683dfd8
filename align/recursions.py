"""The recursions that run element by element: lattice sums and paths, link smoothing, what two sides share."""

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

_NOWHERE = -1e30
_NOTHING = -40.0  # logarithm of a share that changes no sum


def forward_backward(to: NDArray[np.int32], source: NDArray[np.int32], score: Doubles, nodes: int) -> tuple[float, Floats]:
    """Edge probabilities of a lattice. Edges are sorted by `to`; node 0 begins, the last node ends.

    Returns:
        log partition sum, (edges,) posterior of each edge.
    """
    alpha, beta = np.full(nodes, _NOWHERE), np.full(nodes, _NOWHERE)
    posterior = np.zeros(len(to), dtype=np.float32)
    _forward_backward(_flat(to, "i4"), _flat(source, "i4"), _flat(score, "f8"), alpha, beta, posterior)
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


def hmm_posteriors(emission: Floats, low: Ints, high: Ints, forward: float, backward: float, uniform: Doubles) -> Doubles:
    """Link probabilities of a word HMM; each row has its own window of target words.

    Args:
        emission: (rows, widest window), how well each word fits each target word of its window.
        low: (rows,) where each window begins, in target words.
        high: (rows,) where it ends.
        forward: decay of a jump ahead, a word.
        backward: decay of a jump back, a word.
        uniform: (rows,) weight of a jump from the word before to anywhere.

    Returns:
        (rows, widest window) posteriors; a row sums to 1, or to 0 where its window is empty.
    """
    alpha, beta, values = np.zeros(emission.shape), np.zeros(emission.shape), np.zeros(emission.shape[1])
    _hmm(_flat(emission, "f4"), _flat(low, "i8"), _flat(high, "i8"), forward, backward, _flat(uniform, "f8"), alpha, beta, values)
    return alpha


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


@compiled("i4[:], i4[:], f8[:], f8[:], f8[:], f4[:]")
def _forward_backward(to, source, score, alpha, beta, posterior):
    alpha[0] = 0.0
    beta[len(beta) - 1] = 0.0
    edges = len(to)
    first = 0
    while first < edges:
        node = to[first]
        last = first
        most = _NOWHERE
        while last < edges and to[last] == node:
            most = max(most, alpha[source[last]] + score[last])
            last += 1
        if most > _NOWHERE / 2:
            total = 0.0
            for edge in range(first, last):
                x = alpha[source[edge]] + score[edge] - most
                if x > _NOTHING:
                    total += math.exp(x)
            alpha[node] = most + math.log(total)
        first = last
    for edge in range(edges - 1, -1, -1):
        if beta[to[edge]] > _NOWHERE / 2:
            x = beta[to[edge]] + score[edge]
            y = beta[source[edge]]
            high, apart = max(x, y), -abs(x - y)
            beta[source[edge]] = high + math.log1p(math.exp(apart)) if apart > _NOTHING else high
    whole = alpha[len(alpha) - 1]
    for edge in range(edges):
        x = alpha[source[edge]] + score[edge] + beta[to[edge]] - whole
        if x > _NOTHING:
            posterior[edge] = math.exp(x)


@compiled("i4[:], i4[:], f8[:], f8[:], i8[:]")
def _best_path(to, source, score, best, behind):
    best[0] = 0.0
    for edge in range(len(to)):
        x = best[source[edge]] + score[edge]
        if x > best[to[edge]]:
            best[to[edge]] = x
            behind[to[edge]] = edge


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


def _smooth(values, low, high, out, out_low, out_high, right, left, uniform):
    """out[v] += sum of values[p] * right**(v-p) for p <= v, * left**(p-v) for p > v, and uniform * their sum.

    Values begin at `low` and end before `high`, out at `out_low` and `out_high`. Both sums run at once, from either end.
    """
    total = 0.0
    for k in range(high - low):
        total += values[k]
    total *= uniform
    near = far = 0.0
    if low == out_low and high == out_high:
        last = high - low - 1
        for v in range(last + 1):
            near = near * right + values[v]
            out[v] += near + total
            out[last - v] += far
            far = (far + values[last - v]) * left
        return
    begin, end = min(low, out_low), max(high, out_high)
    for step in range(end - begin):
        v = begin + step
        near *= right
        if low <= v < high:
            near += values[v - low]
        if out_low <= v < out_high:
            out[v - out_low] += near + total
        v = end - 1 - step
        if out_low <= v < out_high:
            out[v - out_low] += far
        if low <= v < high:
            far += values[v - low]
        far *= left


@compiled("f4[:,:], i8[:], i8[:], f8, f8, f8[:], f8[:,:], f8[:,:], f8[:]", loose=True)
def _hmm(emission, low, high, forward, backward, uniform, alpha, beta, values):
    rows = emission.shape[0]
    for row in range(rows):
        size = high[row] - low[row]
        if row == 0:
            alpha[row, :size] = 1.0
        else:
            _smooth(alpha[row - 1], low[row - 1], high[row - 1], alpha[row], low[row], high[row], forward, backward, uniform[row])
        total = 0.0
        for k in range(size):
            alpha[row, k] *= emission[row, k]
            total += alpha[row, k]
        for k in range(size):
            alpha[row, k] = alpha[row, k] / total if total > 0 else 1.0 / size
    for row in range(rows - 1, -1, -1):
        size = high[row] - low[row]
        if row == rows - 1:
            beta[row, :size] = 1.0
        else:
            for k in range(high[row + 1] - low[row + 1]):
                values[k] = beta[row + 1, k] * emission[row + 1, k]
            _smooth(values, low[row + 1], high[row + 1], beta[row], low[row], high[row], backward, forward, uniform[row + 1])
        total = 0.0
        for k in range(size):
            total += beta[row, k]
        for k in range(size):
            beta[row, k] = beta[row, k] / total if total > 0 else 1.0
    for row in range(rows):
        total = 0.0
        for k in range(high[row] - low[row]):
            alpha[row, k] *= beta[row, k]
            total += alpha[row, k]
        if total > 0:
            for k in range(high[row] - low[row]):
                alpha[row, k] /= total
