"""Why a bead is doubtful, as data: what a reviewer should look at first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from align.features import column
from corpora.model import Doubt

if TYPE_CHECKING:
    from align.lattice import Lattice
    from align.network import Floats, Ints

DOUBTED = 0.9
"""Beads below this confidence are given their reasons."""

_LENGTH = 0.5  # |ln of the lengths' ratio|: one side is 1.65 times as long as the documents' ratio lets expect
_WEAK = 0.6  # share of the document's median similarity
_RIVAL = 0.1  # least probability of a rival


def doubts_of(lattice: Lattice, posterior: Floats, features: Floats, path: Ints, confidence: Floats) -> list[tuple[Doubt, ...]]:
    """The reasons of each bead on the path; none where its confidence is at least `DOUBTED`.

    Args:
        lattice: the likely beads, E edges.
        posterior: (E,) of the lattice's edges.
        features: (E, len(SECOND)).
        path: (B,) edges.
        confidence: (B,) of the beads.
    """
    i, j = lattice.ends
    a, b = lattice.sizes
    both = (a[path] > 0) & (b[path] > 0)
    similarity = features[path, column("c")]
    typical = float(np.median(similarity[both])) if both.any() else 0.0
    rivals = _Rivals(lattice, posterior, path)
    out: list[tuple[Doubt, ...]] = []
    for at, edge in enumerate(path.tolist()):
        found: list[Doubt] = []
        if confidence[at] < DOUBTED:
            if both[at]:
                found += _of_content(features[edge], float(similarity[at]), typical)
            elif (linked := float(features[edge, column("deleted but linked")])) > 0.5:
                found.append(Doubt("linked elsewhere", _round(linked)))
            rival = rivals.of(at)
            if rival is not None and (posterior[rival] >= _RIVAL or not found):
                source, target = tuple(range(i[rival] - a[rival], i[rival])), tuple(range(j[rival] - b[rival], j[rival]))
                found.append(Doubt("rival boundary", _round(float(posterior[rival])), source, target))
        out.append(tuple(found))
    return out


def _of_content(features: Floats, similarity: float, typical: float) -> list[Doubt]:
    found = []
    if similarity < _WEAK * typical:
        found.append(Doubt("weak similarity", _round(similarity)))
    if (d := float(features[column("d")])) > _LENGTH:
        found.append(Doubt("length", _round(float(np.exp(d)))))
    if (alone := float(features[column("numbers alone")])) > 0:
        found.append(Doubt("numbers differ", alone))
    return found


class _Rivals:
    """The most probable bead beside the path that shares a segment with each bead on it."""

    def __init__(self, lattice: Lattice, posterior: Floats, path: Ints) -> None:
        i, j = lattice.ends
        a, b = lattice.sizes
        self._span = (i - a, i, j - b, j)
        self._path = path
        others = posterior > 0.01
        others[path] = False
        self._others = np.flatnonzero(others)[np.argsort(-posterior[others], kind="stable")]

    def of(self, at: int) -> int | None:
        """The strongest rival edge of the path's bead, if any."""
        edge = self._path[at]
        i0, i1, j0, j1 = (span[self._others] for span in self._span)
        x0, x1, y0, y1 = (span[edge] for span in self._span)
        hit = np.flatnonzero(((i0 < x1) & (x0 < i1)) | ((j0 < y1) & (y0 < j1)))
        return int(self._others[hit[0]]) if len(hit) else None


def _round(value: float) -> float:
    return round(value, 3)
