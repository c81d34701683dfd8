"""What the first pass would roughly say of segments in another order, without reading them in it.

The vector of a span is taken to be the sum of its segments' vectors, each as long as the segment. Then products of segments are all
that is needed of any order: a span's product with another is a sum over a rectangle of them.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from align.compiled import compiled
from align.features import FIRST, type_scores
from align.lattice import TYPES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from align.network import Floats

    Doubles = NDArray[np.float64]
    Sized = tuple[NDArray[np.floating], Doubles]


_WIDEST = 5  # segments of a bead


class Rough(NamedTuple):
    """What the first pass weighs, for a rough look.

    Attributes:
        types: (A + 1, B + 1) score of each type of bead by itself; minus infinity where there is none.
        weights: (7,) of a deletion, its size; of a size, the cosine, it times size, the difference of lengths, it times size.
    """

    types: Doubles
    weights: Doubles


def rough_weights(first: Floats) -> Rough:
    """From the weights of the first pass."""
    types = np.full((_WIDEST + 1, _WIDEST + 1), -np.inf)
    for (a, b), score in zip(TYPES, type_scores(first).tolist(), strict=True):
        if max(a, b) <= _WIDEST:
            types[a, b] = score
    names = ("deletion", "deletion w", "w", "c", "c w", "d2", "d2 w")
    return Rough(types, np.array([first[FIRST.index(name)] for name in names], dtype=np.float64))


def turn_gains(ours: Sized, theirs: Sized, types: Doubles, weights: Doubles, longest: int) -> Doubles:
    """What the best path gains when two runs of the other side's segments in a row change places.

    Args:
        ours: of one side's N segments vectors (N, width), each as long as its segment; sizes (2, N): pieces / 60 and characters.
        theirs: of the other side's M segments the same, characters as long as those of ours.
        types: score of each type of bead, ours before theirs, see `Rough`.
        weights: see there.
        longest: segments of a run.

    Returns:
        gains (M + 1, longest, longest) by the border between the runs, the size of the first less one, that of the second less one;
        minus infinity where there are no such runs.
    """
    (one, own_sizes), (other, sizes) = ours, theirs
    source, target = one.astype(np.float64), other.astype(np.float64)
    n, m = len(source), len(target)
    out = np.full((m + 1, longest, longest), -np.inf)
    products, rows = np.zeros((n + 1, n + 1)), np.zeros((2, n + 1))
    np.cumsum(np.cumsum(source @ source.T, axis=0), axis=1, out=products[1:, 1:])
    np.cumsum(own_sizes, axis=1, out=rows[:, 1:])
    space = np.zeros((n + 1, m + 1)), np.zeros((m + 1, m + 1)), np.zeros((2, m + 1)), np.zeros((n + 1, m + 1))
    order, columns = np.zeros(m, dtype=np.int64), np.ascontiguousarray(sizes)
    _turn_gains(
        source @ target.T, products, target @ target.T, rows, columns, np.ascontiguousarray(types), weights, order, *space, out
    )
    return out


@compiled("f8[:,:], f8[:,:], f8[:,:], f8[:,:], f8[:,:], f8[:,:], f8[:], i8[:], f8[:,:], f8[:,:], f8[:,:], f8[:,:], f8[:,:,:]")
def _turn_gains(dots, ours, products, rows, sizes, types, weights, order, between, theirs, columns, best, out):
    """Write the gains; turn 0 is the order as it is."""
    m, longest = len(order), out.shape[1]
    as_it_is = 0.0
    for turn in range((m + 1) * longest * longest):
        j, a, b = turn // (longest * longest), turn // longest % longest + 1, turn % longest + 1
        if turn > 0 and (a > j or j + b > m):
            continue
        for k in range(m):
            order[k] = k
        if turn > 0:
            for k in range(b):
                order[j - a + k] = j + k
            for k in range(a):
                order[j - a + b + k] = j - a + k
        score = _best_score(dots, ours, products, rows, sizes, types, weights, order, between, theirs, columns, best)
        if turn > 0:
            out[j, a - 1, b - 1] = score - as_it_is
        else:
            as_it_is = score


def _best_score(dots, ours, products, rows, sizes, types, weights, order, between, theirs, columns, best):
    """The score of the best path through source segments and the target segments in this order."""
    n, m = dots.shape
    for y in range(m):
        columns[0, y + 1] = columns[0, y] + sizes[0, order[y]]
        columns[1, y + 1] = columns[1, y] + sizes[1, order[y]]
        for x in range(n):
            between[x + 1, y + 1] = between[x, y + 1] + between[x + 1, y] - between[x, y] + dots[x, order[y]]
        for x in range(m):
            theirs[x + 1, y + 1] = theirs[x, y + 1] + theirs[x + 1, y] - theirs[x, y] + products[order[x], order[y]]
    for i in range(n + 1):
        for j in range(m + 1):
            if i == 0 and j == 0:
                best[0, 0] = 0.0
                continue
            value = -1e30
            for a in range(min(types.shape[0] - 1, i) + 1):
                for b in range(min(types.shape[1] - 1, j) + 1):
                    score = types[a, b]
                    if score < -1e20:
                        continue
                    w = rows[0, i] - rows[0, i - a] + columns[0, j] - columns[0, j - b]
                    if a == 0 or b == 0:
                        score += weights[0] + weights[1] * 2 * w
                    else:
                        product = between[i, j] - between[i - a, j] - between[i, j - b] + between[i - a, j - b]
                        one = ours[i, i] - ours[i - a, i] - ours[i, i - a] + ours[i - a, i - a]
                        other = theirs[j, j] - theirs[j - b, j] - theirs[j, j - b] + theirs[j - b, j - b]
                        c = product / math.sqrt(max(one * other, 1e-12))
                        d = math.log((rows[1, i] - rows[1, i - a] + 8.0) / (columns[1, j] - columns[1, j - b] + 8.0))
                        d = min(d * d, 2.0)
                        score += weights[2] * w + weights[3] * c + weights[4] * c * w + weights[5] * d + weights[6] * d * w
                    value = max(value, best[i - a, j - b] + score)
            best[i, j] = value
    return best[n, m]
