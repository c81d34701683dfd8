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


def first_layer(
    tokens: Ints, bounds: Ints, layer: Floats, branches: Floats, bias: Floats, *, at: int, left: int, gap: int
) -> Floats:
    """The first convolution of a branch and its residual, from what each token adds at each place of the window.

    Args:
        tokens: (T,) rows of the tables.
        bounds: (S + 1,) where each sequence begins.
        layer: (U, window, width) each token's part at each place of the window.
        branches: (U, several widths) the residuals of all branches.
        bias: (width,).
        at: column at which the branch's residual begins.
        left: tokens of the window to the left of its own.
        gap: rows of zeros before, between and behind the sequences.

    Returns:
        (T + gap * (S + 1), width): sequence s begins at row bounds[s] + gap * (s + 1).
    """
    out = np.zeros((len(tokens) + gap * len(bounds), layer.shape[2]), dtype=np.float32)
    _first_layer(tokens, bounds, layer, branches, bias, at, left, gap, out)
    return out


def sum_runs(rows: Floats, bounds: Ints) -> Floats:
    """Sums (R, width) of consecutive runs of rows; bounds (R + 1,), a run may be empty."""
    return sum_chosen(rows, np.arange(len(rows)), bounds)


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


@compiled("i8[:], i8[:], f4[:,:,:], f4[:,:], f4[:], i8, i8, i8, f4[:,:]")
def _first_layer(tokens, bounds, layer, branches, bias, at, left, gap, out):
    window, width = layer.shape[1], layer.shape[2]
    for sequence in range(len(bounds) - 1):
        low, high = bounds[sequence], bounds[sequence + 1]
        for place in range(low, high):
            row = place + gap * (sequence + 1)
            for k in range(width):
                out[row, k] = bias[k]
            for slot in range(max(0, low - place + left), min(window, high - place + left)):
                token = tokens[place + slot - left]
                for k in range(width):
                    out[row, k] += layer[token, slot, k]
            token = tokens[place]
            for k in range(width):
                out[row, k] = max(out[row, k], np.float32(0.0)) + branches[token, at + k]


@compiled("f4[:,:], i8[:], i8, i8, i8, i8, f4[:,:]")
def unfold(rows, places, first, last, window, left, out):
    """Write the windows around rows places[first:last], each window's rows joined, into out (.., window * width)."""
    width = rows.shape[1]
    for at in range(first, last):
        begin = places[at] - left
        for slot in range(window):
            for k in range(width):
                out[at - first, slot * width + k] = rows[begin + slot, k]


@compiled("f4[:,:], f4[:], f4[:,:], i8[:], i8, i8, f4[:,:]")
def rectified_residual(layer, bias, rows, places, first, at, out):
    """Write max(layer + bias, 0) + rows[places[first:]] into the rows of out from `first` on, beginning at column `at`."""
    for row in range(layer.shape[0]):
        place = places[first + row]
        for k in range(layer.shape[1]):
            out[first + row, at + k] = max(layer[row, k] + bias[k], np.float32(0.0)) + rows[place, k]


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


@compiled("f4[:,:], i8[:], i8, i8, f4[:,:]")
def by_root(rows, tokens, first, last, out):
    """Write rows[first:last] over the square root of their tokens into out."""
    for at in range(first, last):
        scale = np.float32(1.0 / math.sqrt(max(tokens[at], 1)))
        for k in range(rows.shape[1]):
            out[at - first, k] = rows[at, k] * scale


@compiled("f4[:,:], f8, f4[:,:]", loose=True)
def unit_rows(rows, eps, out):
    """Write rows, each over its length, into out."""
    for row in range(rows.shape[0]):
        square = np.float32(0.0)
        for k in range(rows.shape[1]):
            square += rows[row, k] * rows[row, k]
        scale = np.float32(1.0 / math.sqrt(max(square, eps)))
        for k in range(rows.shape[1]):
            out[row, k] = rows[row, k] * scale
