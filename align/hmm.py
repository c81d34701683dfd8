"""The word HMM: how many words of a segment are linked into each segment of the other side, by forward-backward."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from align.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Doubles = NDArray[np.float64]
    Ints = NDArray[np.int64]


def expected_links(
    emission: Floats, segment: Ints, low: Ints, high: Ints, others: Ints, jumps: tuple[float, float], uniform: Doubles
) -> Doubles:
    """Expected links of each segment's words into each segment of its window.

    Args:
        emission: (words, widest window) how well each word goes with each of the words of its segment's window.
        segment: (words,) of each word, ascending.
        low: (segments,) first segment of the other side in each segment's window.
        high: (segments,) the one behind its last.
        others: (M + 1,) first word of each segment of the other side.
        jumps: decay of a jump ahead and of a jump back, a word.
        uniform: (words,) weight of a jump from the word before to anywhere.

    Returns:
        (segments, segments of the widest window); a word counts 1 in all, or 0 where its window has no word.
    """
    widest = int((high - low).max())
    out = np.zeros((len(low), widest))
    if len(segment):
        alpha, beta, values = np.zeros(emission.shape), np.zeros((2, emission.shape[1])), np.zeros(emission.shape[1])
        ints = (np.ascontiguousarray(side, dtype=np.int64) for side in (segment, low, high, others))
        _hmm(np.ascontiguousarray(emission, dtype=np.float32), *ints, *jumps, uniform, alpha, beta, values, out)
    return out


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


@compiled("f4[:,:], i8[:], i8[:], i8[:], i8[:], f8, f8, f8[:], f8[:,:], f8[:,:], f8[:], f8[:,:]", loose=True)
def _hmm(emission, segment, low, high, others, forward, backward, uniform, alpha, beta, values, out):
    rows = emission.shape[0]
    for row in range(rows):
        begin, end = others[low[segment[row]]], others[high[segment[row]]]
        if row == 0:
            alpha[row, : end - begin] = 1.0
        else:
            before = segment[row - 1]
            _smooth(
                alpha[row - 1], others[low[before]], others[high[before]], alpha[row], begin, end, forward, backward, uniform[row]
            )
        total = 0.0
        for k in range(end - begin):
            alpha[row, k] *= emission[row, k]
            total += alpha[row, k]
        for k in range(end - begin):
            alpha[row, k] = alpha[row, k] / total if total > 0 else 1.0 / (end - begin)
    for row in range(rows - 1, -1, -1):
        own, now, then = segment[row], row % 2, (row + 1) % 2
        begin, end = others[low[own]], others[high[own]]
        if row == rows - 1:
            beta[now, : end - begin] = 1.0
        else:
            behind = segment[row + 1]
            first, last = others[low[behind]], others[high[behind]]
            for k in range(last - first):
                values[k] = beta[then, k] * emission[row + 1, k]
            beta[now, : end - begin] = 0.0
            _smooth(values, first, last, beta[now], begin, end, backward, forward, uniform[row + 1])
        total = 0.0
        for k in range(end - begin):
            total += beta[now, k]
        for k in range(end - begin):
            beta[now, k] = beta[now, k] / total if total > 0 else 1.0
        total = 0.0
        for k in range(end - begin):
            alpha[row, k] *= beta[now, k]
            total += alpha[row, k]
        if total > 0:
            for other in range(low[own], high[own]):
                inside = 0.0
                for k in range(others[other] - begin, others[other + 1] - begin):
                    inside += alpha[row, k]
                out[own, other - low[own]] += inside / total
