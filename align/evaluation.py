"""Scores of an alignment against gold, as the field counts them.

Strict: a bead counts when the other side has the same bead. Lax: it counts when it shares a source and a target segment with one
there (Sennrich and Volk 2011; Thompson and Koehn 2019, whose published figures use these conventions). Precision judges every
bead, nulls among them: a null that gold has too is right, another is wrong. Recall asks for gold's two-sided beads only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpora import Bead

    Pair = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Scores:
    """Precision, recall and F1, strict and lax; 0 to 1."""

    strict_precision: float
    strict_recall: float
    strict_f1: float
    lax_precision: float
    lax_recall: float
    lax_f1: float


def evaluate(gold: Iterable[Bead], test: Iterable[Bead]) -> Scores:
    """Compare two alignments of the same segments."""
    ours, theirs = _pairs(gold), _pairs(test)
    wanted = {pair for pair in ours if all(pair)}
    exact = ours & theirs
    strict = _share(len(exact), len(theirs)), _share(len(exact & wanted), len(wanted))
    linked_gold, linked_test = _links(ours), _links(theirs)
    lax_right = sum(pair in exact or _touches(pair, linked_gold) for pair in theirs)
    lax_found = sum(_touches(pair, linked_test) for pair in wanted)
    lax = _share(lax_right, len(theirs)), _share(lax_found, len(wanted))
    return Scores(*strict, _harmonic(*strict), *lax, _harmonic(*lax))


def _pairs(beads: Iterable[Bead]) -> set[Pair]:
    return {(bead.source, bead.target) for bead in beads if bead.source or bead.target}


def _links(pairs: set[Pair]) -> set[tuple[int, int]]:
    return {(i, j) for source, target in pairs for i in source for j in target}


def _touches(pair: Pair, links: set[tuple[int, int]]) -> bool:
    return any((i, j) in links for i in pair[0] for j in pair[1])


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _harmonic(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
