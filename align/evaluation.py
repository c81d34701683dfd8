"""Scores of an alignment against gold, as the field counts them.

Strict: a bead counts when gold has the same bead. Lax: it counts when it shares a source and a target segment with a gold bead
(Brown et al. 1991; the convention of hunalign, Vecalign and Bertalign). One-sided beads count in neither.
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
    ours, theirs = _two_sided(gold), _two_sided(test)
    exact = len(set(ours) & set(theirs))
    linked_gold, linked_test = _links(ours), _links(theirs)
    lax_right = sum(_touches(pair, linked_gold) for pair in theirs)
    lax_found = sum(_touches(pair, linked_test) for pair in ours)
    strict = _share(exact, len(theirs)), _share(exact, len(ours))
    lax = _share(lax_right, len(theirs)), _share(lax_found, len(ours))
    return Scores(*strict, _harmonic(*strict), *lax, _harmonic(*lax))


def _two_sided(beads: Iterable[Bead]) -> list[Pair]:
    return [(bead.source, bead.target) for bead in beads if bead.source and bead.target]


def _links(pairs: list[Pair]) -> set[tuple[int, int]]:
    return {(i, j) for source, target in pairs for i in source for j in target}


def _touches(pair: Pair, links: set[tuple[int, int]]) -> bool:
    return any((i, j) in links for i in pair[0] for j in pair[1])


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _harmonic(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
