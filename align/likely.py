"""The first look: all beads in the band, judged cheaply; those that are worth a second look are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from align.band import around_path, find_band
from align.features import first_scores
from align.lattice import NARROW, Lattice, build_lattice

if TYPE_CHECKING:
    from align.network import Floats
    from align.side import Pair

_WIDE = 40  # a band wider than this is looked at with ten bead types first
TEMPERATURE, LEAST = 0.5, 3e-6
"""The first pass keeps beads that are at least this probable at this temperature."""


def likely_beads(pair: Pair, weights: Floats) -> tuple[Lattice, Floats]:
    """The beads that the first pass finds worth a second look, and its probability of each."""
    lattice = whole_lattice(pair, weights)
    score = first_scores(pair.source, pair.target, lattice, weights)
    likely = lattice.posterior(score * TEMPERATURE) > LEAST
    lattice = lattice.keep(likely)
    return lattice, lattice.posterior(score[likely])


def whole_lattice(pair: Pair, weights: Floats) -> Lattice:
    """All beads in the band."""
    source, target = pair.source, pair.target
    band = find_band(source, target)
    if (band[1] - band[0]).max() > _WIDE:
        wide = build_lattice(source, target, band, types=NARROW)
        path = wide.path(first_scores(source, target, wide, weights))
        band = around_path(wide.borders(path), len(source), len(target))
    return build_lattice(source, target, band)
