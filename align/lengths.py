"""How long the two languages are beside each other, where not all of one document is in the other."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from align.likely import likely_beads
from align.side import LONGEST, length_ratio

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.lattice import Lattice
    from align.network import Floats, Ints
    from align.side import Pair, Side

    Seen = tuple[Lattice, Floats]

_MOST = 6.0  # ratio of two languages: Russian is four times as long as Chinese
_APART = 0.15  # of the logarithms of the ratios of all text and of what goes together: up to .17 in a whole translation
_FEW = 5  # anchors that tell nothing
_ANCHORS = 400  # segments that are looked at
_LEAST = 0.3  # similarity of an anchor
_EQUAL = 0.005  # by which similarities of equal segments may differ, where all of a text are
_STEPS = np.array([(-1, 0, 0, 0), (0, 1, 0, 0), (0, 0, -1, 0), (0, 0, 0, 1)])  # by which its two spans can grow


def first_look(pairs: Sequence[Pair], weights: Floats) -> tuple[list[Pair], list[Seen]]:
    """The first pass over the parts of a document.

    Languages differ in length, and translators in how they cut: all of the text together tells the former. But where sections or
    every other line were not translated, or a line stands there hundreds of times, beads that are judged by all of the text grow as
    long on one side as it is, and seem to confirm it. There the lengths of what goes together for certain are those that count.

    Args:
        pairs: the parts.
        weights: of the first pass.

    Returns:
        the parts, with the lengths they were judged by; of each the likely beads and their probabilities.
    """
    ratio = _expected_ratio(pairs)
    if abs(math.log(ratio / length_ratio(pairs[0].source, pairs[0].target))) > _APART:
        pairs = [_with_ratio(pair, ratio) for pair in pairs]
    return list(pairs), [likely_beads(pair, weights) for pair in pairs]


def _expected_ratio(pairs: Sequence[Pair]) -> float:
    """Characters of the source a character of the target, by two witnesses that do not know how much of the text has a partner.

    One are segments that are nearest to each other, with what they are more similar with; of merged and split ones it sees a part
    only. The other are word pieces: those of a translation are about as many as those of its source, from .73 to 1.30 in the
    fifteen pairs of six languages.
    """
    anchored = np.sum([_anchored_lengths(pair.source, pair.target) for pair in pairs], axis=0)
    if anchored[2] < _FEW:
        return _bounded(length_ratio(pairs[0].source, pairs[0].target))
    ours, theirs = (sum(int(side.characters[-1]) for side in sides) for sides in _sides(pairs))
    pieces, others = (max(sum(int(side.tokens[-1]) for side in sides), 1) for sides in _sides(pairs))
    return _bounded(math.sqrt(anchored[0] / anchored[1] * (ours / pieces) / (theirs / others)))


def _bounded(ratio: float) -> float:
    return min(max(ratio, 1 / _MOST), _MOST)


def _sides(pairs: Sequence[Pair]) -> tuple[list[Side], list[Side]]:
    return [pair.source for pair in pairs], [pair.target for pair in pairs]


def _anchored_lengths(source: Side, target: Side) -> tuple[int, int, int]:
    """Characters of the source and of the target in anchors that are grown, and the number of anchors."""
    spans = _grown(source, target, _anchors(source, target))
    ours = source.characters[spans[:, 1]] - source.characters[spans[:, 0]]
    theirs = target.characters[spans[:, 3]] - target.characters[spans[:, 2]]
    return int(ours.sum()), int(theirs.sum()), len(spans)


def _anchors(source: Side, target: Side) -> Ints:
    """Spans (anchors, 4), see `_grown`, of one segment a side that none is nearer to, from segments here and there.

    Equal segments are equally near: each of many has its anchor.
    """
    more, fewer = (source, target) if len(source) >= len(target) else (target, source)
    near, far = more.singles, fewer.singles
    here = np.unique(np.linspace(0, len(near) - 1, min(len(near), _ANCHORS)).astype(np.int64))
    there = (near[here] @ far.T).argmax(axis=1)
    similarity = np.einsum("ij,ij->i", near[here], far[there])
    chosen = (similarity > _LEAST) & (similarity > (near @ far[there].T).max(axis=0) - _EQUAL)
    here, there = here[chosen], there[chosen]
    ours, theirs = (here, there) if more is source else (there, here)
    return np.stack([ours, ours + 1, theirs, theirs + 1], axis=1)


def _grown(source: Side, target: Side, spans: Ints) -> Ints:
    """Spans (anchors, 4), begin and end in the source, begin and end in the target, grown while they become more similar."""
    spans, growing = spans.copy(), np.arange(len(spans))
    best = _similarity(source, target, spans)
    lowest, highest = np.array([0, 0, 0, 0]), np.array([len(source)] * 2 + [len(target)] * 2)
    while len(growing):
        further = spans[growing, None] + _STEPS
        possible = ((further >= lowest) & (further <= highest)).all(axis=2)
        possible &= (further[:, :, 1::2] - further[:, :, ::2] <= LONGEST).all(axis=2)
        similarity = np.full(possible.shape, -2.0)
        similarity[possible] = _similarity(source, target, further[possible])
        step = similarity.argmax(axis=1)
        value = similarity[np.arange(len(step)), step]
        better = value > best[growing]
        growing, step = growing[better], step[better]
        spans[growing] += _STEPS[step]
        best[growing] = value[better]
    return spans


def _similarity(source: Side, target: Side, spans: Ints) -> Floats:
    """Centred cosine of the two sides of each."""
    return np.einsum("ij,ij->i", source.unit(spans[:, 0], spans[:, 1]), target.unit(spans[:, 2], spans[:, 3]))  # type: ignore[no-any-return]


def _with_ratio(pair: Pair, ratio: float) -> Pair:
    pieces = pair.pieces and (replace(pair.pieces[0], length=ratio), replace(pair.pieces[1], length=1.0))
    return replace(pair, source=replace(pair.source, length=ratio), target=replace(pair.target, length=1.0), pieces=pieces)
