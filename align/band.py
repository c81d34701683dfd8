"""The band: which target borders are within reach of each source border.

A band is two integer arrays `low`, `high` of length N + 1: source border i may meet target borders low[i] .. high[i]. It never
falls, starts at 0 and ends at M, and neighbouring rows overlap, so that a path through it always exists.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from align.recursions import banded_grid_path, grid_path, heaviest_chain

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
_GRID, _GRID_REACH, _GRID_ROWS = 512, 8, 64  # pools a side up to which the whole grid is walked; pools around a coarser path


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


def _around_anchors(source: Side, target: Side) -> Band:
    """Mutual nearest 1-1 neighbours with a lead, their heaviest increasing chain, straight lines between them."""
    n, m = len(source), len(target)
    x, y = source.singles, target.singles
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


def pool_sizes(count: int, width: int) -> tuple[int, int]:
    """How many source and target segments are pooled so that the pools of two documents are as many."""
    ratio = width / count
    if 0.8 < ratio < 1.25:
        return 8, 8
    return (10, max(2, round(10 * ratio))) if ratio < 1 else (max(2, round(10 / ratio)), 10)


def coarse_path(x: Floats, y: Floats) -> Ints:
    """Corners (points, 2) of the best monotone path through the grid of two rows of unit vectors.

    A large grid is walked pair by pair first, and then only near that path: time and memory are linear in its sides.
    """
    if len(x) * len(y) <= _GRID**2:
        return grid_path(np.ascontiguousarray(x @ y.T), _GAP)
    low, high = np.full(len(x), len(y)), np.zeros(len(x), dtype=np.int64)
    for (i, j), (i2, j2) in pairwise([*(coarse_path(_in_pairs(x), _in_pairs(y)) * 2).tolist(), [len(x), len(y)]]):
        rows = slice(max(0, i - _GRID_REACH), i2 + _GRID_REACH + 1)
        low[rows] = np.minimum(low[rows], j - _GRID_REACH)
        high[rows] = np.maximum(high[rows], j2 + _GRID_REACH)
    low, high = np.clip(np.minimum.accumulate(low[::-1])[::-1], 0, len(y) - 1), np.clip(np.maximum.accumulate(high), 1, len(y))
    low[0], high[-1] = 0, len(y)
    similarity = np.zeros((len(x), int((high - low).max())), dtype=np.float32)
    for first in range(0, len(x), _GRID_ROWS):
        rows = slice(first, first + _GRID_ROWS)
        begin = low[first]
        grid = x[rows] @ y[begin : high[rows][-1]].T
        for at, (a, b) in enumerate(zip(low[rows] - begin, high[rows] - begin, strict=True)):
            similarity[first + at, : b - a] = grid[at, a:b]
    return banded_grid_path(similarity, low, high, _GAP)


def _in_pairs(vectors: Floats) -> Floats:
    """Unit vectors of each two neighbours together; a last single one stays."""
    pairs = vectors[: len(vectors) // 2 * 2].reshape(-1, 2, vectors.shape[1]).sum(axis=1)
    joined = np.concatenate([pairs, vectors[len(vectors) // 2 * 2 :]])
    return (joined / np.maximum(np.linalg.norm(joined, axis=1), 1e-6)[:, None]).astype(np.float32)  # type: ignore[no-any-return]


def _around_coarse_path(source: Side, target: Side) -> Band:
    """A full search over pooled spans of about eight segments, whose vectors cost nothing; repeated content cannot mislead it."""
    n, m = len(source), len(target)
    a, b = pool_sizes(n, m)
    x = (source.spans[a, a::a] - source.mean) / source.norms[a, a::a, None]
    y = (target.spans[b, b::b] - target.mean) / target.norms[b, b::b, None]
    corners = coarse_path(x, y).tolist()
    corners.append([n / a, m / b])
    low, high = np.full(n + 1, m), np.zeros(n + 1, dtype=np.int64)
    for (i, j), (i2, j2) in pairwise(corners):
        rows = slice(max(0, int((i - 1.5) * a)), min(n, int(np.ceil((i2 + 1.5) * a))) + 1)
        low[rows] = np.minimum(low[rows], int((j - 1.5) * b) - _COARSE_REACH)
        high[rows] = np.maximum(high[rows], int(np.ceil((j2 + 1.5) * b)) + _COARSE_REACH)
    return _closed(low, high, m)
