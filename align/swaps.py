"""Neighbours that stand in the other order on the other side: a monotone path takes them for one bead or leaves some of them alone.

Where two segments in a row are each nearer to what the other goes with, the beads around them are cut in two and aligned crosswise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from align.crossings import SAID, characters_of, is_firm, placed
from align.locks import LOCKED

if TYPE_CHECKING:
    from collections.abc import Callable

    from align.crossings import Judge
    from align.network import Floats, Ints
    from align.side import Pair
    from corpora.model import Bead

_REACH = 3  # segments to each side of the path that are compared
_LEAST, _LEAD = 0.4, 0.2  # similarity crosswise, and its lead over that in order
_LEAD_OF_MORE = 0.35  # the same where there are three or more on both sides
_LEAD_OF_ONE = 0.1  # the same of two segments, for what stands around them to be looked at
_LARGEST = 6  # segments a side that change places
_TOGETHER = 1024  # segments compared together


def with_swaps(
    beads: list[Bead], vectors: Callable[[], tuple[Floats, Floats]], cut: Callable[[range, range], Pair], judge: Judge
) -> list[Bead]:
    """The beads of a whole document in order, with neighbours that changed places as beads that cross; see `with_crossings`."""
    if len(beads) < 2 and not _has_room(*_spread(beads)):
        return beads
    out: list[Bead] = []
    done = 0
    for first, last in _suspects(beads, *vectors()):
        rows, columns = _spread(beads[first:last])
        is_open = first >= done and all(bead.status != LOCKED for bead in beads[first:last])
        if is_open and _has_room(rows, columns) and (found := _crosswise(rows, columns, cut(rows, columns), judge)):
            out += [*beads[done:first], *found]
            done = last
    return [*out, *beads[done:]]


def _has_room(rows: range, columns: range) -> bool:
    return 2 <= len(rows) <= _LARGEST and 2 <= len(columns) <= _LARGEST


def _spread(beads: list[Bead]) -> tuple[range, range]:
    """The segments of beads in a row."""
    sides = ([k for bead in beads for k in getattr(bead, name)] for name in ("source", "target"))
    ours, theirs = (range(own[0], own[-1] + 1) if own else range(0) for own in sides)
    return ours, theirs


def _suspects(beads: list[Bead], x: Floats, y: Floats) -> list[tuple[int, int]]:
    """Beads first .. last - 1 around each two segments in a row whose nearest on the other side stand in the other order."""
    ours, theirs = (np.array([k for k, bead in enumerate(beads) for _ in getattr(bead, side)]) for side in ("source", "target"))
    if min(len(ours), len(theirs)) < 2:
        return []
    near, value = _nearest(np.searchsorted(theirs, ours), x, y)
    in_order = [np.einsum("id,id->i", a, b) for a, b in ((x[:-1], y[near[1:]]), (x[1:], y[near[:-1]]))]
    crosswise = np.minimum(value[:-1], value[1:])
    is_nearer = (crosswise >= _LEAST) & (crosswise - np.maximum(*in_order) >= _LEAD_OF_ONE)
    turned = np.flatnonzero((near[:-1] > near[1:]) & is_nearer)
    touched = np.stack([ours[turned], ours[turned + 1], theirs[near[turned]], theirs[near[turned + 1]]])
    return list(zip(touched.min(axis=0).tolist(), (touched.max(axis=0) + 1).tolist(), strict=True))


def _nearest(anchor: Ints, x: Floats, y: Floats) -> tuple[Ints, Floats]:
    """Of each source segment the nearest target segment around its place (N,), and how near it is."""
    columns = np.clip(anchor[:, None] + np.arange(-_REACH, _REACH + 1), 0, len(y) - 1)
    near, value = np.zeros(len(x), dtype=np.int64), np.zeros(len(x), dtype=np.float32)
    for q in range(0, len(x), _TOGETHER):
        part = slice(q, q + _TOGETHER)
        similarity = (y[columns[part]] @ x[part, :, None])[..., 0]
        best = similarity.argmax(axis=1)
        near[part], value[part] = (np.take_along_axis(a, best[:, None], axis=1)[:, 0] for a in (columns[part], similarity))
    return near, value


def _crosswise(rows: range, columns: range, pair: Pair, judge: Judge) -> list[Bead]:
    """Beads of the pair's halves aligned crosswise, the first with the second and the second with the first, none left alone.

    No beads where the halves do not go together much better so than in order.
    """
    n, m = len(pair.source), len(pair.target)
    lead, p, q = max((_lead(pair, p, q), p, q) for p in range(1, n) for q in range(1, m))
    if lead < (_LEAD if min(n, m) == 2 else _LEAD_OF_MORE):
        return []
    out: list[Bead] = []
    for ours, theirs in (((0, p), (q, m)), ((p, n), (0, q))):
        part = pair.cut(ours, theirs)
        found, impression = judge.align(part)
        if not all(is_firm(bead) for bead in found) or sum(characters_of(bead, part) for bead in found) < SAID:
            return []
        belief = impression.belief(judge.weights.belief)
        out += [placed(bead, rows.start + ours[0], columns.start + theirs[0], belief) for bead in found]
    return out


def _lead(pair: Pair, p: int, q: int) -> float:
    """How much nearer the halves before and from segments p and q on are crosswise than in order; -1 where they are not near."""
    source = np.stack([pair.source.unit(0, p), pair.source.unit(p, len(pair.source))])
    target = np.stack([pair.target.unit(0, q), pair.target.unit(q, len(pair.target))])
    (first, ahead), (back, second) = (source @ target.T).tolist()
    crosswise = min(ahead, back)
    return crosswise - max(first, second) if crosswise >= _LEAST else -1.0
