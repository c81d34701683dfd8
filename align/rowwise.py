"""What the encoder does between its matrix products, each in one walk over the rows.

Inner loops run over whole views from 0 on: an index that might be negative, for all the compiler knows, is looked at one by one,
and a walk of the processor's vectors becomes six times as long.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from align.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int64]


def dequantised(table: NDArray[np.uint8], scale: Floats, low: Floats, ids: Ints) -> Floats:
    """Rows (U, width) of a table of bytes whose row r was quantised in chunk r modulo their number."""
    out = np.empty((len(ids), table.shape[1]), dtype=np.float32)
    _dequantise(table, scale, low, ids, out)
    return out


def sum_chosen(rows: Floats, chosen: Ints, bounds: Ints) -> Floats:
    """Sums (R, width) of rows picked by index; run r picks chosen[bounds[r]:bounds[r + 1]], which may be nothing."""
    out = np.zeros((len(bounds) - 1, rows.shape[1]), dtype=np.float32)
    _sum_chosen(np.ascontiguousarray(rows), np.ascontiguousarray(chosen, dtype=np.int64), np.ascontiguousarray(bounds), out)
    return out


@compiled("f4[:,:], f4[:,:], f4[:,:], i8, f4[:,:], f4[:,:]")
def next_spans(body, start, end, size, running, out):
    """Sums of all spans of `size` segments, into out; `running` (N + 1, width) has those of bodies, so far of one less."""
    for last in range(len(body), size - 1, -1):
        before, own, to = running[last - 1], body[last - 1], running[last]
        first, behind, total = start[last - size], end[last - 1], out[last - size]
        for k in range(len(to)):
            to[k] = before[k] + own[k]
            total[k] = to[k] + first[k] + behind[k]


@compiled("u1[:,:], f4[:], f4[:], i8[:], f4[:,:]")
def _dequantise(table, scale, low, ids, out):
    for row in range(len(ids)):
        chunk = ids[row] % len(scale)
        stored, to, by, less = table[ids[row]], out[row], scale[chunk], low[chunk]
        for k in range(len(to)):
            to[k] = np.float32(stored[k]) * by + less


@compiled("f4[:,:], f4[:], f4[:], f8", loose=True)
def normalise(rows, gamma, beta, eps):
    """Layer norm of rows, in place."""
    width = rows.shape[1]
    for row in range(rows.shape[0]):
        total = np.float32(0.0)
        for k in range(width):
            total += rows[row, k]
        mean = total / np.float32(width)
        square = np.float32(0.0)
        for k in range(width):
            rows[row, k] -= mean
            square += rows[row, k] * rows[row, k]
        scale = np.float32(1.0 / math.sqrt(square / width + eps))
        for k in range(width):
            rows[row, k] = rows[row, k] * scale * gamma[k] + beta[k]


@compiled("i8[:], i8[:], f4[:,:,:], f4[:,:], f4[:], f4[:,:,:]", loose=True)
def first_layers(tokens, places, layers, branches, bias, out):
    """The first convolution of the three branches at these places, and its residual, into out (3, places, width).

    `layers` (U + 1, 2 + 3 + 5, width) is what each token adds at each place of the windows, which reach 0, 1, 2 tokens to the left,
    the last row that of no token; `branches` (U, 3 width) are the residuals. There is a token at each of the places, and two
    places at least before the first and behind the last.
    """
    width = layers.shape[2]
    zero = np.float32(0.0)
    for at in range(len(places)):
        place = places[at]
        a, b, c, d, e = tokens[place - 2], tokens[place - 1], tokens[place], tokens[place + 1], tokens[place + 2]
        two, three, five = out[0, at], out[1, at], out[2, at]
        own, more = branches[c, :width], bias[:width]
        x, y = layers[c, 0], layers[d, 1]
        for k in range(width):
            two[k] = max(more[k] + x[k] + y[k], zero) + own[k]
        own, more = branches[c, width : 2 * width], bias[width : 2 * width]
        x, y, z = layers[b, 2], layers[c, 3], layers[d, 4]
        for k in range(width):
            three[k] = max(more[k] + x[k] + y[k] + z[k], zero) + own[k]
        own, more = branches[c, 2 * width :], bias[2 * width :]
        v, w, x, y, z = layers[a, 5], layers[b, 6], layers[c, 7], layers[d, 8], layers[e, 9]
        for k in range(width):
            five[k] = max(more[k] + v[k] + w[k] + x[k] + y[k] + z[k], zero) + own[k]


def _row(numbers, place, base, none):
    """The row of a place, from `base` on; that of no token where it has no number."""
    return numbers[place] - base if numbers[place] >= 0 else none


def _add(row, scale, shift, at, first, last, low, high, out):
    """Add row * scale - shift to the runs low .. high - 1 that hold place `at`; returns the first that does not end before it."""
    while low < high and last[low] <= at:
        low += 1
    for run in range(low, high):
        if first[run] > at:
            break
        to = out[run]
        if first[run] == at < last[run]:
            for k in range(len(row)):
                to[k] = row[k] * scale - shift
        elif at < last[run]:
            for k in range(len(row)):
                to[k] += row[k] * scale - shift
    return low


@compiled(
    "f4[:,:], f4[:,:], f4[:,:], f4[:], f4[:,:,:], f4[:,:], i8[:], i8[:], i8[:], i8, i8, i8, f8, "
    "i8[:], i8[:], i8, i8, f4[:], f4[:,:]",
    loose=True,
)
def finish(
    two, three, five, bias, hidden, embedding, tokens, places, numbers, base, begin, end, eps, first, last, low, high, row, out
):
    """Features of places[begin:end] from what their windows add, of mean 0 and variance 1, added up over runs low .. high - 1.

    Row r of `two`, `three`, `five` is what place number base + r adds to the second layer at each place of a window; their last
    row is what no token adds. A run's row of `out` is written at its first place, added to at the others. `row` is space for the
    features of one place.
    """
    width, none, zero = hidden.shape[2], len(two) - 1, np.float32(0.0)
    inner = len(row) - 3 * width
    for at in range(begin, end):
        place = places[at]
        total = square = np.float32(0.0)
        own, to = embedding[tokens[place]], row[:inner]
        for k in range(len(to)):
            to[k] = own[k]
            total += own[k]
            square += own[k] * own[k]
        here = numbers[place] - base
        a, b = _row(numbers, place - 2, base, none), _row(numbers, place - 1, base, none)
        d, e = _row(numbers, place + 1, base, none), _row(numbers, place + 2, base, none)
        x, y = two[here, :width], two[d, width:]
        more, below, to = bias[:width], hidden[0, numbers[place]], row[inner : inner + width]
        for k in range(width):
            z = max(x[k] + y[k] + more[k], zero) + below[k]
            to[k] = z
            total += z
            square += z * z
        v, x, y = three[b, :width], three[here, width : 2 * width], three[d, 2 * width :]
        more, below, to = bias[width : 2 * width], hidden[1, numbers[place]], row[inner + width : inner + 2 * width]
        for k in range(width):
            z = max(v[k] + x[k] + y[k] + more[k], zero) + below[k]
            to[k] = z
            total += z
            square += z * z
        u, v, w = five[a, :width], five[b, width : 2 * width], five[here, 2 * width : 3 * width]
        x, y = five[d, 3 * width : 4 * width], five[e, 4 * width :]
        more, below, to = bias[2 * width :], hidden[2, numbers[place]], row[inner + 2 * width :]
        for k in range(width):
            z = max(u[k] + v[k] + w[k] + x[k] + y[k] + more[k], zero) + below[k]
            to[k] = z
            total += z
            square += z * z
        mean = total / np.float32(len(row))
        scale = np.float32(1.0 / math.sqrt(max(square / len(row) - mean * mean, 0.0) + eps))
        low = _add(row, scale, mean * scale, at, first, last, low, high, out)


@compiled("f4[:,:], i8[:], f4[:], i8[:], i8, i8, f4[:,:]")
def place_rows(entered, counts, bias, rows, first, last, out):
    """Write what `entered` holds of runs first .. last - 1, with the bias of their tokens, into the rows of out they are."""
    for run in range(first, last):
        one, to, count = entered[run - first], out[rows[run]], np.float32(counts[run])
        for k in range(len(bias)):
            to[k] = one[k] + count * bias[k]


@compiled("f4[:,:], i8[:,:], i8[:], i8, i8, i8, f4[:,:]")
def enter(rows, picked, tokens, first, last, inner, out):
    """Write the sums of rows picked[first:last] over the square root of their tokens, max(x, 0) from column `inner` on, into out.

    -1 picks nothing.
    """
    for at in range(first, last):
        to, scale, is_empty = out[at - first], np.float32(1.0 / math.sqrt(max(tokens[at], 1))), True
        for slot in range(picked.shape[1]):
            if picked[at, slot] < 0:
                continue
            row = rows[picked[at, slot]]
            if is_empty:
                for k in range(len(to)):
                    to[k] = row[k] * scale
                is_empty = False
            else:
                for k in range(len(to)):
                    to[k] += row[k] * scale
        if is_empty:
            to[:] = np.float32(0.0)
        behind = to[inner:]
        for k in range(len(behind)):
            behind[k] = max(behind[k], np.float32(0.0))


@compiled("f4[:,:], i8[:], i8[:], f4[:,:]")
def _sum_chosen(rows, chosen, bounds, out):
    for run in range(len(bounds) - 1):
        to = out[run]
        for at in range(bounds[run], bounds[run + 1]):
            row = rows[chosen[at]]
            for k in range(len(to)):
                to[k] += row[k]


@compiled("f4[:,:], i8, f4[:,:]")
def rectify(rows, count, out):
    """Write max(x, 0) of the first `count` rows into the first columns of out."""
    width = rows.shape[1]
    for row in range(count):
        one, to = rows[row], out[row, :width]
        for k in range(len(to)):
            to[k] = max(one[k], np.float32(0.0))


@compiled("f4[:,:], f4[:,:], i8, i8, f4[:,:]")
def merge(rows, others, count, first, out):
    """Write max(rows + others, 0) of the first `count` rows, as wide as others, into out from column `first` on."""
    for row in range(count):
        one, other, to = rows[row], others[row], out[row, first:]
        for k in range(len(to)):
            to[k] = max(other[k] + one[k], np.float32(0.0))


@compiled("f4[:,:], f8, i8, i8, f4[:,:]", loose=True)
def unit_rows(rows, eps, first, last, out):
    """Write rows, each over its length, into out[first:last]."""
    for row in range(last - first):
        square = np.float32(0.0)
        for k in range(rows.shape[1]):
            square += rows[row, k] * rows[row, k]
        scale, one, to = np.float32(1.0 / math.sqrt(max(square, eps))), rows[row], out[first + row]
        for k in range(len(one)):
            to[k] = one[k] * scale


@compiled("f4[:,:], f4[:], f8", loose=True)
def centre_rows(rows, mean, length):
    """Rows without the mean, brought to a length, in place; those that are the mean stay next to nothing."""
    for row in range(rows.shape[0]):
        square = np.float32(0.0)
        for k in range(rows.shape[1]):
            rows[row, k] -= mean[k]
            square += rows[row, k] * rows[row, k]
        scale = np.float32(length / max(math.sqrt(square), 1e-6))
        for k in range(rows.shape[1]):
            rows[row, k] *= scale


@compiled("f4[:,:], f4[:,:], i8[:], i8[:], f8")
def sharpen(cosine, shared, rows, columns, temperature):
    """Make of cosines, to which what the rows and columns share adds, (cosine - 1) / temperature, in place."""
    scale, less = np.float32(1 / temperature), np.float32(1.0)
    for row in range(len(rows)):
        one, to = shared[rows[row]], cosine[row]
        for column in range(len(columns)):
            to[column] = (to[column] + one[columns[column]] - less) * scale
