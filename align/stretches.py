"""Long documents: read once cheaply to find the way, then aligned stretch by stretch. Time and memory are linear in the length.

A stretch begins where the one before was settled and ends on the way that was found. Its end may be wrong by some segments, so
the beads before its end are not believed: the next stretch begins well before it, at a border that is certain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from align.band import coarse_path, pool_sizes
from align.belief import Impression
from align.encoder import use_encoder
from corpora import Bead

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from align.document import Document
    from align.locks import Section
    from align.network import Floats, Ints
    from align.side import Pair

    Found = tuple[list[Bead], Impression]

_STRETCH = 1000  # segments of both sides / 2
_TAIL = 100  # segments before the end of a stretch that are aligned anew
_SAME = 0.05  # a vector so near to the mean is as good as the mean: a document that repeats itself
_CERTAIN = 0.95  # confidence of the beads around a border that settles a stretch


class Aligner(Protocol):
    """Who gives two sides, or several parts of a document, their beads and says what impression these give."""

    def align(self, pair: Pair) -> Found:
        """Of two sides."""
        ...

    def align_parts(self, pairs: Sequence[Pair]) -> list[Found]:
        """Of parts whose habits are one."""
        ...


def in_stretches(document: Document, parts: Sequence[Section], model: Aligner) -> list[Found]:
    """Of each part of a long document its beads, numbered from the part's first segments, and the impression they give.

    Short parts in a row are read together, so that what tells from the neighbourhood is known of them too.
    """
    found: list[Found] = []
    for group in _groups(parts):
        rows, columns = _extent(group)
        if len(rows) + len(columns) < 3 * _STRETCH:
            pair = document.read(rows, columns)
            cuts = [
                ((r.start - rows.start, r.stop - rows.start), (c.start - columns.start, c.stop - columns.start)) for r, c in group
            ]
            found += model.align_parts([pair.cut(*cut) for cut in cuts])
        else:
            found.append(_along_the_way(document, rows, columns, model))
    return found


def _groups(parts: Sequence[Section]) -> Iterator[list[Section]]:
    """Parts in a row that are no longer than a stretch together; longer ones alone."""
    group: list[Section] = []
    for part in parts:
        if group and sum(map(len, _extent([*group, part]))) > 2 * _STRETCH:
            yield group
            group = []
        group.append(part)
    if group:
        yield group


def _extent(group: Sequence[Section]) -> Section:
    (rows, columns), (last_rows, last_columns) = group[0], group[-1]
    return range(rows.start, last_rows.stop), range(columns.start, last_columns.stop)


def _along_the_way(document: Document, rows: range, columns: range, model: Aligner) -> Found:
    """Beads of a long part, stretch by stretch."""
    way = _way(document.source[rows.start : rows.stop], document.target[columns.start : columns.stop])
    beads: list[Bead] = []
    impression = Impression()
    i = j = 0
    last_i, last_j = (int(k) for k in way[-1])
    while (i, j) != (last_i, last_j):
        end_i, end_j = _ahead(way, i, j)
        ours, theirs = rows[i:end_i], columns[j:end_j]
        if ours and theirs:
            found, seen = model.align(document.read(ours, theirs))
        else:
            found, seen = [Bead((k,), ()) for k in range(len(ours))] + [Bead((), (k,)) for k in range(len(theirs))], Impression()
        if (end_i, end_j) != (last_i, last_j):
            found = found[: _settled(found)]
        impression += seen
        beads += [bead.moved(i, j) for bead in found]
        i += sum(len(bead.source) for bead in found)
        j += sum(len(bead.target) for bead in found)
    return beads, impression


def _way(source: Sequence[str], target: Sequence[str]) -> Ints:
    """Points (points, 2) of the way through two texts, from (0, 0) to their ends, over pools of about eight segments."""
    a, b = pool_sizes(len(source), len(target))
    x, y = pooled(source, a), pooled(target, b)
    if not len(x) or not len(y):
        return np.array([[0, 0], [len(source), len(target)]])
    ends = [len(source), len(target)]
    points = np.minimum(coarse_path(x, y) * [a, b], ends)
    return np.concatenate([points[:-1], [ends]])


def pooled(texts: Sequence[str], size: int) -> Floats:
    """Unit vectors of each `size` segments together, with the document's mean removed."""
    encoder = use_encoder()
    sums, tokens = encoder.survey(texts)
    starts = np.arange(0, len(texts), size)
    vectors = encoder.head(np.add.reduceat(sums, starts, axis=0), np.add.reduceat(tokens, starts))
    centred = vectors - vectors.mean(axis=0)
    same = np.linalg.norm(centred, axis=1) < _SAME
    centred[same] = vectors[same]
    return (centred / np.maximum(np.linalg.norm(centred, axis=1), 1e-6)[:, None]).astype(np.float32)  # type: ignore[no-any-return]


def _ahead(way: Ints, i: int, j: int) -> tuple[int, int]:
    """The point of the way one stretch ahead of a place, or its end where that is near."""
    steps = np.maximum(way[:, 0] - i, 0) + np.maximum(way[:, 1] - j, 0)
    beyond = np.flatnonzero((steps >= 2 * _STRETCH) & (way[:, 0] >= i) & (way[:, 1] >= j))
    if not len(beyond) or steps[-1] < 3 * _STRETCH:
        return int(way[-1, 0]), int(way[-1, 1])
    return int(way[beyond[0], 0]), int(way[beyond[0], 1])


def _settled(beads: list[Bead]) -> int:
    """How many of a stretch's beads are settled: up to the last certain border well before its end that none crosses."""
    left = np.cumsum([max(len(bead.source), len(bead.target)) for bead in reversed(beads)])[::-1]
    latest = max(int((left >= _TAIL).sum()), 1)
    borders = _uncrossed(beads)
    for border in range(latest, latest // 2, -1):
        around = beads[max(0, border - 2) : border + 2]
        if border in borders and all(bead.source and bead.target and bead.confidence >= _CERTAIN for bead in around):
            return border
    return max((border for border in borders if border <= latest), default=min(borders))


def _uncrossed(beads: list[Bead]) -> set[int]:
    """The numbers of beads that have all segments from the first to their last."""
    out, counts, ends = set(), [0, 0], [0, 0]
    for border, bead in enumerate(beads, 1):
        for side, run in enumerate((bead.source, bead.target)):
            counts[side] += len(run)
            ends[side] = max(ends[side], run[-1] + 1) if run else ends[side]
        if counts == ends:
            out.add(border)
    return out
