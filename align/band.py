"""The band: which target borders are within reach of each source border.

A band is two integer arrays `low`, `high` of length N + 1: source border i may meet target borders low[i] .. high[i]. It never
falls, starts at 0 and ends at M, and neighbouring rows overlap, so that a path through it always exists.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from align.recursions import grid_path, heaviest_chain

if TYPE_CHECKING:
    from align.network import Floats, Ints
    from align.side import Side

    Band = tuple[Ints, Ints]

_ANCHORED = 600  # up to here nearest neighbours anchor reliably; repeated content misleads them in longer documents
_REACH = 12
_COARSE_REACH = 16
_LEAST, _MARGIN = 0.35, 0.08  # an anchor's least similarity and its lead over the second best
_GAP = 0.05  # the coarse path's gain for a step aside
_ROWS = 1024


def find_band(source: Side, target: Side) -> Band:
    """The band of two sides, both with segments."""
    if min(len(source), len(target)) <= _ANCHORED:
        return _around_anchors(source, target)
    return _around_coarse_path(source, target)


def around_path(borders: Ints, count: int, width: int) -> Band:
    """The band that follows a path of borders (points, 2) at a distance of 12."""
    x = np.arange(count + 1)
    low = np.full(count + 1, width)
    high = np.zeros(count + 1, dtype=np.int64)
    np.minimum.at(low, borders[:, 0], borders[:, 1])
    np.maximum.at(high, borders[:, 0], borders[:, 1])
    skipped = low > high
    rows, first = np.unique(borders[:, 0], return_index=True)
    between = np.interp(x, rows, borders[first, 1]).astype(np.int64)
    low[skipped] = high[skipped] = between[skipped]
    return _closed(low - _REACH, high + _REACH, width)


def _closed(low: Ints, high: Ints, width: int) -> Band:
    low = np.clip(np.minimum.accumulate(low[::-1])[::-1], 0, width)
    high = np.clip(np.maximum.accumulate(high), 0, width)
    low[0], high[-1] = 0, width
    return low, high


def _singles(side: Side) -> Floats:
    return (side.spans[1, 1:] - side.mean) / side.norms[1, 1:, None]


def _around_anchors(source: Side, target: Side) -> Band:
    """Mutual nearest 1-1 neighbours with a lead, their heaviest increasing chain, straight lines between them."""
    n, m = len(source), len(target)
    x, y = _singles(source), _singles(target)
    nearest, similarity, second = np.zeros(n, dtype=np.int64), np.zeros(n), np.zeros(n)
    back, best_back = np.zeros(m, dtype=np.int64), np.full(m, -2.0)
    for q in range(0, n, _ROWS):
        grid = x[q : q + _ROWS] @ y.T
        rows = np.arange(len(grid))
        column = grid.argmax(axis=1)
        nearest[q : q + _ROWS], similarity[q : q + _ROWS] = column, grid[rows, column]
        row = grid.argmax(axis=0)
        value = grid[row, np.arange(m)]
        better = value > best_back
        best_back[better], back[better] = value[better], row[better] + q
        grid[rows, column] = -2
        second[q : q + _ROWS] = grid.max(axis=1) if m > 1 else 0
    lead = similarity - second
    anchors = np.flatnonzero((back[nearest] == np.arange(n)) & (similarity > _LEAST) & (lead > _MARGIN))
    anchors = anchors[heaviest_chain(anchors, nearest[anchors], lead[anchors], m)]
    ax = np.concatenate([[0], anchors + 0.5, [n]])
    ay = np.concatenate([[0], nearest[anchors] + 0.5, [m]])
    border = np.arange(n + 1)
    middle = np.interp(border, ax, ay)
    part = np.clip(np.searchsorted(ax, border) - 1, 0, len(ax) - 2)
    gap = np.maximum(np.diff(ax)[part], np.diff(ay)[part])
    reach = _REACH + np.minimum(gap, 200) * 0.5
    return _closed(np.floor(middle - reach).astype(np.int64), np.ceil(middle + reach).astype(np.int64), m)


def _around_coarse_path(source: Side, target: Side) -> Band:
    """A full search over pooled spans of about eight segments, whose vectors cost nothing; repeated content cannot mislead it."""
    n, m = len(source), len(target)
    ratio = m / n
    if 0.8 < ratio < 1.25:
        a, b = 8, 8
    elif ratio < 1:
        a, b = 10, max(2, round(10 * ratio))
    else:
        a, b = max(2, round(10 / ratio)), 10
    x = (source.spans[a, a::a] - source.mean) / source.norms[a, a::a, None]
    y = (target.spans[b, b::b] - target.mean) / target.norms[b, b::b, None]
    corners = grid_path(np.ascontiguousarray(x @ y.T), np.float32(_GAP)).tolist()
    corners.append([n / a, m / b])
    low, high = np.full(n + 1, m), np.zeros(n + 1, dtype=np.int64)
    for (i, j), (i2, j2) in pairwise(corners):
        rows = slice(max(0, int((i - 1.5) * a)), min(n, int(np.ceil((i2 + 1.5) * a))) + 1)
        low[rows] = np.minimum(low[rows], int((j - 1.5) * b) - _COARSE_REACH)
        high[rows] = np.maximum(high[rows], int(np.ceil((j2 + 1.5) * b)) + _COARSE_REACH)
    return _closed(low, high, m)
