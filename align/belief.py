"""Whether two documents are translations of each other at all: a probability, from what their best alignment looks like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from align.features import column

if TYPE_CHECKING:
    from align.lattice import Lattice
    from align.network import Floats, Ints

NAMES = ("constant", "similarity", "coverage", "aligned", "similarity by size", "coverage by size")


@dataclass(frozen=True, slots=True)
class Impression:
    """What the beads of an alignment look like, as sums over them; those of parts of a document add up.

    Attributes:
        pieces: word pieces of all beads.
        aligned: those of beads with two sides.
        similarity: the beads' centred cosines, each by its pieces.
        coverage: the shares of their words that are linked inside them, by pieces.
    """

    pieces: float = 0.0
    aligned: float = 0.0
    similarity: float = 0.0
    coverage: float = 0.0

    def __add__(self, other: Impression) -> Impression:
        return Impression(
            self.pieces + other.pieces,
            self.aligned + other.aligned,
            self.similarity + other.similarity,
            self.coverage + other.coverage,
        )

    @property
    def features(self) -> Floats:
        """Features (len(NAMES),) of the belief."""
        aligned = max(self.aligned, 1.0)
        c, coverage = self.similarity / aligned, self.coverage / aligned
        size = min(np.log1p(self.aligned / 100), 3.0)
        return np.array([1, c, coverage, self.aligned / max(self.pieces, 1.0), c * size, coverage * size], dtype=np.float32)

    def belief(self, weights: Floats) -> float:
        """Probability that the documents belong together."""
        return float(1 / (1 + np.exp(-np.clip(self.features @ weights, -30, 30))))


def impression_of(lattice: Lattice, features: Floats, path: Ints) -> Impression:
    """The impression of a path's beads; `features` (edges, ...) are those of the second pass."""
    a, b = (sizes[path] for sizes in lattice.sizes)
    both = (a > 0) & (b > 0)
    rows = features[path]
    pieces = np.where(both, rows[:, column("w")], rows[:, column("deletion w")] / 2) * 60
    aligned = pieces * both
    similarity, coverage = (float(aligned @ rows[:, column(name)]) for name in ("c", "coverage mean"))
    return Impression(float(pieces.sum()), float(aligned.sum()), similarity, coverage)
