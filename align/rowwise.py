"""What the encoder does between its matrix products, each in one walk over the rows."""

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


def first_layers(tokens: Ints, layers: Floats, branches: Floats, bias: Floats, out: Floats) -> None:
    """The first convolution of the three branches and its residual, from what each token adds at each place of the windows.

    Args:
        tokens: (T,) rows of the tables; the last row of `layers` is that of no token, two of which stand at either end.
        layers: (U + 1, 2 + 3 + 5, width) each token's part at each place of the windows, which reach 0, 1, 2 tokens to the left.
        branches: (U, 3 width) the residuals.
        bias: (3 width,).
        out: (3, T, width) they are written to, zero where there is no token.
    """
    out[:, :2] = out[:, -2:] = 0
    _first_layers(tokens, layers, branches, bias, out)


def sum_chosen(rows: Floats, chosen: Ints, bounds: Ints) -> Floats:
    """Sums (R, width) of rows picked by index; run r picks chosen[bounds[r]:bounds[r + 1]], which may be nothing."""
    out = np.zeros((len(bounds) - 1, rows.shape[1]), dtype=np.float32)
    _sum_chosen(np.ascontiguousarray(rows), np.ascontiguousarray(chosen, dtype=np.int64), np.ascontiguousarray(bounds), out)
    return out


@compiled("u1[:,:], f4[:], f4[:], i8[:], f4[:,:]")
def _dequantise(table, scale, low, ids, out):
    for row in range(len(ids)):
        chunk = ids[row] % len(scale)
        for k in range(table.shape[1]):
            out[row, k] = np.float32(table[ids[row], k]) * scale[chunk] + low[chunk]


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


@compiled("i8[:], f4[:,:,:], f4[:,:], f4[:], f4[:,:,:]", loose=True)
def _first_layers(tokens, layers, branches, bias, out):
    none, width = layers.shape[0] - 1, layers.shape[2]
    zero = np.float32(0.0)
    for place in range(2, len(tokens) - 2):
        a, b, c, d, e = tokens[place - 2], tokens[place - 1], tokens[place], tokens[place + 1], tokens[place + 2]
        if c == none:
            for branch in range(3):
                for k in range(width):
                    out[branch, place, k] = zero
            continue
        for k in range(width):
            two = bias[k] + layers[c, 0, k] + layers[d, 1, k]
            out[0, place, k] = max(two, zero) + branches[c, k]
        for k in range(width):
            three = bias[width + k] + layers[b, 2, k] + layers[c, 3, k] + layers[d, 4, k]
            out[1, place, k] = max(three, zero) + branches[c, width + k]
        for k in range(width):
            five = bias[2 * width + k] + layers[a, 5, k] + layers[b, 6, k] + layers[c, 7, k] + layers[d, 8, k] + layers[e, 9, k]
            out[2, place, k] = max(five, zero) + branches[c, 2 * width + k]


@compiled("f4[:,:], i8[:], i8, i8, i8, f4[:,:]")
def unfold(rows, places, first, last, left, out):
    """Write the windows around rows places[first:last], each window's rows joined, into out."""
    width = rows.shape[1]
    for row in range(first, last):
        begin = places[row] - left
        for slot in range(out.shape[1] // width):
            for k in range(width):
                out[row - first, slot * width + k] = rows[begin + slot, k]


def _add(row, scale, shift, at, first, last, low, high, out):
    """Add row * scale - shift to the runs low .. high - 1 that hold place `at`; returns the first that does not end before it."""
    while low < high and last[low] <= at:
        low += 1
    for run in range(low, high):
        if first[run] > at:
            break
        if first[run] == at < last[run]:
            for k in range(len(row)):
                out[run, k] = row[k] * scale - shift
        elif at < last[run]:
            for k in range(len(row)):
                out[run, k] += row[k] * scale - shift
    return low


@compiled("f4[:,:], f4[:], f4[:,:,:], f4[:,:], i8[:], i8[:], i8, i8, f8, i8[:], i8[:], i8, i8, f4[:], f4[:,:]", loose=True)
def finish(layer, bias, hidden, embedding, tokens, places, begin, end, eps, first, last, low, high, row, out):
    """Features of places[begin:end] from their second layers, of mean 0 and variance 1, added up over runs low .. high - 1.

    A run's row of `out` is written at its first place, added to at the others. `row` is space for the features of one place.
    """
    width = len(row)
    outer = width - layer.shape[1]
    for at in range(begin, end):
        place = places[at]
        token = tokens[place]
        total = square = np.float32(0.0)
        for k in range(outer):
            x = embedding[token, k]
            row[k] = x
            total += x
            square += x * x
        for branch in range(hidden.shape[0]):
            left = branch * hidden.shape[2]
            for k in range(hidden.shape[2]):
                x = max(layer[at - begin, left + k] + bias[left + k], np.float32(0.0)) + hidden[branch, place, k]
                row[outer + left + k] = x
                total += x
                square += x * x
        mean = total / np.float32(width)
        scale = np.float32(1.0 / math.sqrt(max(square / width - mean * mean, 0.0) + eps))
        low = _add(row, scale, mean * scale, at, first, last, low, high, out)


@compiled("f4[:,:], i8[:], f4[:], i8[:], i8, i8, f4[:,:]")
def place_rows(entered, counts, bias, rows, first, last, out):
    """Write what `entered` holds of runs first .. last - 1, with the bias of their tokens, into the rows of out they are."""
    for run in range(first, last):
        to, count = rows[run], np.float32(counts[run])
        for k in range(len(bias)):
            out[to, k] = entered[run - first, k] + count * bias[k]


@compiled("f4[:,:], f4[:,:], f4[:,:], f4[:,:], i8, f4[:,:]")
def lengthen(running, body, start, end, size, total):
    """Make sums of spans that end behind each row out of those one row shorter, in place, and write them with their ends to total.

    Row i of `running` (N + 1, width) is a span of `size` rows of `body` behind which i rows lie, where there are as many.
    """
    for i in range(len(body), size - 1, -1):
        for k in range(running.shape[1]):
            running[i, k] = running[i - 1, k] + body[i - 1, k]
            total[i - size, k] = running[i, k] + start[i - size, k] + end[i - 1, k]


@compiled("f4[:,:], i8[:,:], i8[:], i8, i8, i8, f4[:,:]")
def enter(rows, picked, tokens, first, last, inner, out):
    """Write the sums of rows picked[first:last] over the square root of their tokens, max(x, 0) from column `inner` on, into out.

    -1 picks nothing.
    """
    width, zero = rows.shape[1], np.float32(0.0)
    for at in range(first, last):
        to, scale, is_empty = at - first, np.float32(1.0 / math.sqrt(max(tokens[at], 1))), True
        for slot in range(picked.shape[1]):
            row = picked[at, slot]
            if row >= 0 and is_empty:
                for k in range(width):
                    out[to, k] = rows[row, k] * scale
                is_empty = False
            elif row >= 0:
                for k in range(width):
                    out[to, k] += rows[row, k] * scale
        if is_empty:
            for k in range(width):
                out[to, k] = zero
        for k in range(inner, width):
            out[to, k] = max(out[to, k], zero)


@compiled("f4[:,:], i8[:], i8[:], f4[:,:]")
def _sum_chosen(rows, chosen, bounds, out):
    for run in range(len(bounds) - 1):
        for at in range(bounds[run], bounds[run + 1]):
            row = chosen[at]
            for k in range(rows.shape[1]):
                out[run, k] += rows[row, k]


@compiled("f4[:,:], i8")
def rectify(rows, first):
    """max(x, 0) of the columns from `first` on, in place."""
    for row in range(rows.shape[0]):
        for k in range(first, rows.shape[1]):
            rows[row, k] = max(rows[row, k], np.float32(0.0))


@compiled("f4[:,:], i8, f4[:,:]")
def merge(rows, count, out):
    """max(out + rows, 0) into the first `count` rows of out, which is not as wide."""
    for row in range(count):
        for k in range(out.shape[1]):
            out[row, k] = max(out[row, k] + rows[row, k], np.float32(0.0))


@compiled("f4[:,:], f8, i8, i8, f4[:,:]", loose=True)
def unit_rows(rows, eps, first, last, out):
    """Write rows, each over its length, into out[first:last]."""
    for row in range(last - first):
        square = np.float32(0.0)
        for k in range(rows.shape[1]):
            square += rows[row, k] * rows[row, k]
        scale = np.float32(1.0 / math.sqrt(max(square, eps)))
        for k in range(rows.shape[1]):
            out[first + row, k] = rows[row, k] * scale


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
        for column in range(len(columns)):
            cosine[row, column] = (cosine[row, column] + shared[rows[row], columns[column]] - less) * scale
