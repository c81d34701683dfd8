"""The first look: all beads in the band, judged cheaply; those that are worth a second look are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from align.band import around_path, find_band
from align.features import first_scores
from align.lattice import NARROW, Lattice, build_lattice

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from align.network import Floats
    from align.side import Pair

    Alone = tuple[NDArray[np.bool_], NDArray[np.bool_]]

_WIDE = 40  # a band wider than this is looked at with ten bead types first
TEMPERATURE, LEAST = 0.5, 3e-6
"""The first pass keeps beads that are at least this probable at this temperature."""


def likely_beads(pair: Pair, weights: Floats, alone: Alone | None = None) -> tuple[Lattice, Floats]:
    """The beads that the first pass finds worth a second look, and its probability of each.

    `alone` marks of each side (N,) the segments that must stay without partner.
    """
    lattice = whole_lattice(pair, weights)
    if alone is not None:
        lattice = lattice.keep(_allowed(lattice, alone))
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


def _allowed(lattice: Lattice, alone: Alone) -> NDArray[np.bool_]:
    """Edges that give no segment a partner that must have none."""
    a, b = lattice.sizes
    out = (a == 0) | (b == 0)
    touched = np.zeros(len(a), dtype=np.int64)
    for ends, sizes, marked in zip(lattice.ends, lattice.sizes, alone, strict=True):
        before = np.concatenate([[0], np.cumsum(marked)])
        touched += before[ends] - before[ends - sizes]
    return np.logical_or(out, touched == 0, out=out)  # type: ignore[no-any-return]
