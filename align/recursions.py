"""The recursions that run element by element: lattice sums and paths, link smoothing, what two sides share."""

from __future__ import annotations

import math

import numpy as np

from align.compiled import compiled

_NOWHERE = -1e30


@compiled
def forward_backward(to, source, score, nodes):  # type: ignore[no-untyped-def]
    """Edge probabilities of a lattice. Edges are sorted by `to`; node 0 begins, the last node ends.

    Returns:
        log partition sum, (edges,) float32 posterior of each edge.
    """
    alpha = np.full(nodes, _NOWHERE)
    beta = np.full(nodes, _NOWHERE)
    alpha[0] = 0.0
    beta[nodes - 1] = 0.0
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
                total += math.exp(alpha[source[edge]] + score[edge] - most)
            alpha[node] = most + math.log(total)
        first = last
    for edge in range(edges - 1, -1, -1):
        if beta[to[edge]] > _NOWHERE / 2:
            x = beta[to[edge]] + score[edge]
            y = beta[source[edge]]
            high = max(x, y)
            beta[source[edge]] = high + math.log1p(math.exp(min(x, y) - high))
    whole = alpha[nodes - 1]
    posterior = np.zeros(edges, dtype=np.float32)
    for edge in range(edges):
        x = alpha[source[edge]] + score[edge] + beta[to[edge]] - whole
        if x > -40:
            posterior[edge] = math.exp(x)
    return whole, posterior


@compiled
def best_path(to, source, score, nodes):  # type: ignore[no-untyped-def]
    """Edges of the heaviest path from node 0 to the last node, in order. Empty when there is none."""
    best = np.full(nodes, _NOWHERE)
    behind = np.full(nodes, -1, dtype=np.int64)
    best[0] = 0.0
    for edge in range(len(to)):
        x = best[source[edge]] + score[edge]
        if x > best[to[edge]]:
            best[to[edge]] = x
            behind[to[edge]] = edge
    out = np.empty(nodes, dtype=np.int64)
    count = 0
    node = nodes - 1
    while node != 0:
        edge = behind[node]
        if edge < 0:
            return out[:0]
        out[count] = edge
        count += 1
        node = source[edge]
    return out[:count][::-1].copy()


@compiled
def shared_weight(keys, first, others, other_first, weight, spans):  # type: ignore[no-untyped-def]
    """Weight of the keys that each bead has on both sides; a key counts as often as both have it.

    Args:
        keys: keys of one side's segments, joined; each below len(weight).
        first: (N + 1,) where each segment's keys begin.
        others: keys of the other side.
        other_first: where they begin.
        weight: of each key.
        spans: (4, edges) first and last segment border of each bead's source, then of its target.

    Returns:
        (edges,) float64.
    """
    out = np.zeros(spans.shape[1])
    seen = np.zeros(len(weight), dtype=np.int64)
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
    return out


@compiled
def heaviest_chain(rows, columns, weights, width):  # type: ignore[no-untyped-def]
    """Indices of the heaviest chain of points that increases in both coordinates (Fenwick tree of maxima).

    Rows ascend strictly; columns are below width.
    """
    tree = np.zeros(width + 2)
    holder = np.full(width + 2, -1, dtype=np.int64)
    before = np.full(len(rows), -1, dtype=np.int64)
    value = np.zeros(len(rows))
    for point in range(len(rows)):
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
    out = np.empty(len(rows), dtype=np.int64)
    count = 0
    point = int(np.argmax(value)) if len(rows) else -1
    while point >= 0:
        out[count] = point
        count += 1
        point = before[point]
    return out[:count][::-1].copy()


@compiled
def grid_path(similarity, gap):  # type: ignore[no-untyped-def]
    """Corners (points, 2) of the best monotone path through a similarity grid with a gain for each step aside."""
    n, m = similarity.shape
    best = np.zeros((n + 1, m + 1), dtype=np.float32)
    step = np.zeros((n + 1, m + 1), dtype=np.int8)
    for i in range(n + 1):
        for j in range(m + 1):
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
    out = np.empty((n + m + 1, 2), dtype=np.int64)
    i, j, count = n, m, 0
    while True:
        out[count, 0] = i
        out[count, 1] = j
        count += 1
        if i == 0 and j == 0:
            break
        kind = step[i, j]
        if kind != 2:
            i -= 1
        if kind != 1:
            j -= 1
    return out[:count][::-1].copy()


@compiled
def banded_grid_path(similarity, low, high, gap):  # type: ignore[no-untyped-def]
    """The same through a band of the grid: row i of `similarity` begins at column low[i] and ends before high[i].

    The bounds ascend, rows overlap or touch, the first begins at 0 and the last ends at the grid's width.
    """
    n = len(low)
    widest = 0
    for i in range(n + 1):
        widest = max(widest, high[min(i, n - 1)] - low[max(i - 1, 0)] + 1)
    best = np.full((n + 1, widest), np.float32(-1e9))
    step = np.zeros((n + 1, widest), dtype=np.int8)
    for i in range(n + 1):
        begin = low[max(i - 1, 0)]
        before = low[max(i - 2, 0)]
        before_end = high[min(max(i - 1, 0), n - 1)]
        for j in range(begin, high[min(i, n - 1)] + 1):
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
    out = np.empty((n + high[n - 1] + 1, 2), dtype=np.int64)
    i, j, count = n, high[n - 1], 0
    while True:
        out[count, 0] = i
        out[count, 1] = j
        count += 1
        if i == 0 and j == 0:
            break
        kind = step[i, j - low[max(i - 1, 0)]]
        if kind != 2:
            i -= 1
        if kind != 1:
            j -= 1
    return out[:count][::-1].copy()


@compiled
def _smooth(values, low, high, out, out_low, out_high, right, left, uniform):  # type: ignore[no-untyped-def]
    """out[v] = sum of values[p] * right**(v-p) for p <= v, * left**(p-v) for p > v, and uniform * their sum."""
    total = 0.0
    for k in range(high - low):
        total += values[k]
    near = 0.0
    for v in range(min(low, out_low), out_high):
        near *= right
        if low <= v < high:
            near += values[v - low]
        if v >= out_low:
            out[v - out_low] = near + uniform * total
    near = 0.0
    for v in range(max(high, out_high) - 1, out_low - 1, -1):
        if v < out_high:
            out[v - out_low] += near
        if low <= v < high:
            near += values[v - low]
        near *= left


@compiled
def hmm_posteriors(emission, low, high, forward, backward, uniform):  # type: ignore[no-untyped-def]
    """Link probabilities of a word HMM; each row has its own window of target words.

    Args:
        emission: (rows, widest window), how well each word fits each target word of its window.
        low: (rows,) where each window begins, in target words.
        high: (rows,) where it ends.
        forward: decay of a jump ahead, a word.
        backward: decay of a jump back, a word.
        uniform: weight of a jump anywhere.

    Returns:
        (rows, widest window) posteriors; a row sums to 1, or to 0 where its window is empty.
    """
    rows, width = emission.shape
    alpha = np.zeros((rows, width))
    beta = np.zeros((rows, width))
    values = np.zeros(width)
    for row in range(rows):
        size = high[row] - low[row]
        if row == 0:
            alpha[row, :size] = 1.0
        else:
            _smooth(alpha[row - 1], low[row - 1], high[row - 1], alpha[row], low[row], high[row], forward, backward, uniform)
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
            _smooth(values, low[row + 1], high[row + 1], beta[row], low[row], high[row], backward, forward, uniform)
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
    return alpha
