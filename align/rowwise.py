"""What the encoder does between its matrix products, each in one walk over the rows."""

from __future__ import annotations

import math

import numpy as np

from align.compiled import compiled, compiled_loosely


@compiled
def dequantised(table, scale, low, ids):  # type: ignore[no-untyped-def]
    """Rows (U, width) float32 of a table of bytes whose row r was quantised in chunk r modulo their number."""
    out = np.empty((len(ids), table.shape[1]), dtype=np.float32)
    for row in range(len(ids)):
        chunk = ids[row] % len(scale)
        for k in range(table.shape[1]):
            out[row, k] = np.float32(table[ids[row], k]) * scale[chunk] + low[chunk]
    return out


@compiled_loosely
def normalise(rows, gamma, beta, eps):  # type: ignore[no-untyped-def]
    """Layer norm of float32 rows, in place."""
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


@compiled
def first_layer(tokens, bounds, layer, branch, bias, left, gap):  # type: ignore[no-untyped-def]
    """The first convolution of a branch and its residual, from what each token adds at each place of the window.

    Args:
        tokens: (T,) rows of the tables.
        bounds: (S + 1,) where each sequence begins.
        layer: (U, window, width) each token's part at each place of the window.
        branch: (U, width) the residual, a view with rows of any stride.
        bias: (width,).
        left: tokens of the window to the left of its own.
        gap: rows of zeros before, between and behind the sequences.

    Returns:
        (T + gap * (S + 1), width) float32: sequence s begins at row bounds[s] + gap * (s + 1).
    """
    window, width = layer.shape[1], layer.shape[2]
    count = len(bounds) - 1
    out = np.zeros((len(tokens) + gap * (count + 1), width), dtype=np.float32)
    for sequence in range(count):
        low, high = bounds[sequence], bounds[sequence + 1]
        for place in range(low, high):
            row = out[place + gap * (sequence + 1)]
            row[:] = bias
            for slot in range(max(0, low - place + left), min(window, high - place + left)):
                part = layer[tokens[place + slot - left], slot]
                for k in range(width):
                    row[k] += part[k]
            residual = branch[tokens[place]]
            for k in range(width):
                row[k] = max(row[k], np.float32(0.0)) + residual[k]
    return out


@compiled
def unfolded(rows, places, first, last, window, left, out):  # type: ignore[no-untyped-def]
    """Write the windows around rows places[first:last], each window's rows joined, into out (last - first, window * width)."""
    width = rows.shape[1]
    for at in range(first, last):
        begin = places[at] - left
        for slot in range(window):
            for k in range(width):
                out[at - first, slot * width + k] = rows[begin + slot, k]


@compiled
def rectified_residual(layer, bias, rows, places, first, out):  # type: ignore[no-untyped-def]
    """Write max(layer + bias, 0) + rows[places] of places[first:] into out, a view with rows of any stride."""
    for at in range(layer.shape[0]):
        residual = rows[places[first + at]]
        for k in range(layer.shape[1]):
            out[at, k] = max(layer[at, k] + bias[k], np.float32(0.0)) + residual[k]


@compiled
def sum_runs(rows, bounds):  # type: ignore[no-untyped-def]
    """Sums (R, width) of consecutive runs of float32 rows; bounds (R + 1,), a run may be empty."""
    out = np.zeros((len(bounds) - 1, rows.shape[1]), dtype=np.float32)
    for run in range(len(bounds) - 1):
        for row in range(bounds[run], bounds[run + 1]):
            for k in range(rows.shape[1]):
                out[run, k] += rows[row, k]
    return out


@compiled
def sum_chosen(rows, chosen, bounds):  # type: ignore[no-untyped-def]
    """Sums (R, width) of float32 rows picked by index; run r picks chosen[bounds[r]:bounds[r + 1]], which may be nothing."""
    out = np.zeros((len(bounds) - 1, rows.shape[1]), dtype=np.float32)
    for run in range(len(bounds) - 1):
        for at in range(bounds[run], bounds[run + 1]):
            row = rows[chosen[at]]
            for k in range(rows.shape[1]):
                out[run, k] += row[k]
    return out


@compiled
def rectify(rows):  # type: ignore[no-untyped-def]
    """max(x, 0), in place."""
    for row in range(rows.shape[0]):
        for k in range(rows.shape[1]):
            rows[row, k] = max(rows[row, k], np.float32(0.0))


@compiled
def by_root(rows, tokens, first, last, out):  # type: ignore[no-untyped-def]
    """Write rows[first:last] over the square root of their tokens into out."""
    for at in range(first, last):
        scale = np.float32(1.0 / math.sqrt(max(tokens[at], 1)))
        for k in range(rows.shape[1]):
            out[at - first, k] = rows[at, k] * scale


@compiled_loosely
def unit_rows(rows, eps, out):  # type: ignore[no-untyped-def]
    """Write rows, each over its length, into out."""
    for row in range(rows.shape[0]):
        square = np.float32(0.0)
        for k in range(rows.shape[1]):
            square += rows[row, k] * rows[row, k]
        scale = np.float32(1.0 / math.sqrt(max(square, eps)))
        for k in range(rows.shape[1]):
            out[row, k] = rows[row, k] * scale
