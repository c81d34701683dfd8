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
    cells: Floats, at: Ints, weights: Floats, segment: Ints, low: Ints, high: Ints, others: Ints, jumps: tuple[float, float],
    uniform: Floats,
) -> Doubles:  # fmt: skip
    """Expected links of each segment's words into each segment of its window.

    Args:
        cells: how well each word goes with each of the words of its segment's window, in rows.
        at: (words,) where the row of each word begins.
        weights: of all words of the other side, by which the cells are multiplied.
        segment: (words,) of each word, ascending.
        low: (segments,) first segment of the other side in each segment's window.
        high: (segments,) the one behind its last.
        others: (M + 1,) first word of each segment of the other side.
        jumps: decay of a jump ahead and of a jump back, a word.
        uniform: (words,) weight of a jump from the word before to anywhere.

    Returns:
        (segments, segments of the widest window); a word counts 1 in all, or 0 where its window has no word.
    """
    widest = int((high - low).max(initial=0))  # by word there may be none
    out = np.zeros((len(low), widest))
    if len(segment):
        words = int((others[high] - others[low])[segment].max())
        alpha, beta, values, shares = (
            np.empty(shape, dtype=np.float32) for shape in ((len(segment), words), (2, words), words, widest)
        )
        ints = (np.ascontiguousarray(side, dtype=np.int64) for side in (segment, low, high, others))
        _hmm(cells, np.ascontiguousarray(at), weights, *ints, *jumps, uniform, alpha, beta, values, shares, out)
    return out


def _smooth(values, low, high, out, out_low, out_high, right, left, more):
    """out[v] = sum of values[p] * right**(v-p) for p <= v, * left**(p-v) for p > v, and `more`.

    Values begin at `low` and end before `high`, out at `out_low` and `out_high`.
    """
    if low == out_low and high == out_high:
        _smooth_ahead(values, high - low, out, right, more)
        _smooth_back(values, high - low, out, left)
        return
    for k in range(out_high - out_low):
        out[k] = more
    near = far = np.float32(0.0)
    begin, end = min(low, out_low), max(high, out_high)
    for step in range(end - begin):
        v = begin + step
        near *= right
        if low <= v < high:
            near += values[v - low]
        if out_low <= v < out_high:
            out[v - out_low] += near
        v = end - 1 - step
        if out_low <= v < out_high:
            out[v - out_low] += far
        if low <= v < high:
            far += values[v - low]
        far *= left


def _smooth_ahead(values, size, out, decay, more):
    """out[v] = more and the sum of values[p] * decay**(v-p) for p <= v; four at a time, so that none waits for the one before."""
    two, three, four = decay**2, decay**3, decay**4
    last, quarters = np.float32(0.0), size // 4
    for quarter in range(quarters):
        v = 4 * quarter
        a, b, c, d = values[v], values[v + 1], values[v + 2], values[v + 3]
        out[v] = more + (a + decay * last)
        out[v + 1] = more + (decay * a + b + two * last)
        out[v + 2] = more + (two * a + decay * b + c + three * last)
        last = three * a + two * b + decay * c + d + four * last
        out[v + 3] = more + last
    for v in range(4 * quarters, size):
        last = last * decay + values[v]
        out[v] = more + last


def _smooth_back(values, size, out, decay):
    """out[v] += sum of values[p] * decay**(p-v) for p > v, likewise."""
    two, three, four = decay**2, decay**3, decay**4
    last, quarters = np.float32(0.0), size // 4
    for quarter in range(quarters):
        v = size - 4 - 4 * quarter
        a, b, c, d = values[v], values[v + 1], values[v + 2], values[v + 3]
        out[v + 3] += last
        out[v + 2] += decay * d + decay * last
        out[v + 1] += decay * c + two * d + two * last
        out[v] += decay * b + two * c + three * d + three * last
        last = decay * a + two * b + three * c + four * d + four * last
    for at in range(size - 4 * quarters):
        v = size - 4 * quarters - 1 - at
        out[v] += last
        last = (last + values[v]) * decay


@compiled("f4[:], i8[:], f4[:], i8[:], i8[:], i8[:], i8[:], f4, f4, f4[:], f4[:,:], f4[:,:], f4[:], f4[:], f8[:,:]", loose=True)
def _hmm(cells, at, weights, segment, low, high, others, forward, backward, uniform, alpha, beta, values, shares, out):
    # rows are brought to a sum of 1 only when the next one is made of them: only their proportions matter
    rows, total = len(at), 0.0
    for row in range(rows):
        begin, end = others[low[segment[row]]], others[high[segment[row]]]
        now, gain, weight = alpha[row], cells[at[row] : at[row] + end - begin], weights[begin:end]
        if row == 0 or total == 0:
            now[: end - begin] = np.float32(1.0)
            total = 1.0
        else:
            before = segment[row - 1]
            first, last = others[low[before]], others[high[before]]
            _smooth(alpha[row - 1], first, last, now, begin, end, forward, backward, np.float32(total) * uniform[row])
        scale, total = np.float32(1.0 / total), 0.0
        for k in range(end - begin):
            now[k] *= gain[k] * weight[k] * scale
            total += now[k]
    total, first, last = 0.0, 0, 0
    for row in range(rows - 1, -1, -1):
        own = segment[row]
        begin, end = others[low[own]], others[high[own]]
        now, here = beta[row % 2], alpha[row]
        if total == 0:
            now[: end - begin] = np.float32(1.0)
            total = 1.0
        else:
            _smooth(values, first, last, now, begin, end, backward, forward, np.float32(total) * uniform[row + 1])
        linked, found = np.float32(0.0), out[own]
        for other in range(low[own], high[own]):
            inside, left, right = np.float32(0.0), others[other] - begin, others[other + 1] - begin
            ours, theirs = here[left:right], now[left:right]
            for k in range(len(ours)):
                inside += ours[k] * theirs[k]
            linked += inside
            shares[other - low[own]] = inside
        if linked > 0:
            for k in range(high[own] - low[own]):
                found[k] += shares[k] / linked
        gain, weight = cells[at[row] : at[row] + end - begin], weights[begin:end]
        scale, total = np.float32(1.0 / total), 0.0
        for k in range(end - begin):
            values[k] = now[k] * gain[k] * weight[k] * scale
            total += values[k]
        first, last = begin, end
