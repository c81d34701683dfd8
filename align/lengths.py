"""How long the two documents are beside each other, where not all of one is in the other."""

from __future__ import annotations

import math
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING

from align.features import first_scores
from align.habits import MOST_RATIO, ratio_of_beads
from align.likely import likely_beads, whole_lattice
from align.side import length_ratio

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.lattice import Lattice
    from align.network import Floats
    from align.side import Pair

    Seen = tuple[Lattice, Floats]

_APART = 0.5  # of the logarithms of the ratios of all text and of usual segments, which are .3 apart in a whole translation
_SURER = 5.0  # by which beads must score higher
_SAME = 0.06  # of the logarithms of the ratios of all text and of likely beads: .05 in a whole translation
_STEP = 1.5  # expectation and maximisation come nearer in small steps
_ROUNDS = 6  # so often likely beads are looked for again


def first_look(pairs: Sequence[Pair], weights: Floats) -> tuple[list[Pair], list[Seen]]:
    """The first pass over the parts of a document.

    Languages differ in length, and translators in how they cut: all of the text together tells the former. But where a section was
    not translated, or a line stands there hundreds of times, it is the text of the likely beads that tells: they are looked for
    again until the lengths they are judged by are theirs. Whole translations are looked at once.

    Args:
        pairs: the parts.
        weights: of the first pass.

    Returns:
        the parts, with the lengths they were judged by; of each the likely beads and their probabilities.
    """
    pairs = _by_usual_segments(pairs, weights)
    for further in range(_ROUNDS, -1, -1):
        seen = [likely_beads(pair, weights) for pair in pairs]
        ratio = length_ratio(pairs[0].source, pairs[0].target)
        change = ratio_of_beads(pairs, seen) / ratio
        if not further or abs(math.log(change)) < _SAME:
            break
        pairs = [_with_lengths(pair, ratio * change**_STEP, 1.0) for pair in pairs]
    return list(pairs), seen


def _by_usual_segments(pairs: Sequence[Pair], weights: Floats) -> Sequence[Pair]:
    """The parts with the lengths of their usual segments, if these are far from those of the documents and give better beads."""
    sides = ((pair.source.texts for pair in pairs), (pair.target.texts for pair in pairs))
    usual = [max(float(median(len(text) for texts in side for text in texts)), 1.0) for side in sides]
    ratio = math.log(usual[0] / usual[1])
    if abs(ratio) > math.log(MOST_RATIO) or abs(math.log(length_ratio(pairs[0].source, pairs[0].target)) - ratio) < _APART:
        return pairs
    others = [_with_lengths(pair, *usual) for pair in pairs]
    better = sum(_evidence(other, weights) - _evidence(pair, weights) for pair, other in zip(pairs, others, strict=True))
    return others if better > _SURER else pairs


def _with_lengths(pair: Pair, source: float, target: float) -> Pair:
    pieces = pair.pieces and (replace(pair.pieces[0], length=source), replace(pair.pieces[1], length=target))
    return replace(pair, source=replace(pair.source, length=source), target=replace(pair.target, length=target), pieces=pieces)


def _evidence(pair: Pair, weights: Floats) -> float:
    """The score of the best beads of the first look."""
    lattice = whole_lattice(pair, weights)
    score = first_scores(pair.source, pair.target, lattice, weights)
    return float(score[lattice.path(score)].sum())
