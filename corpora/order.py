"""The reading order of beads."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpora.model import Bead


def in_order(beads: Sequence[Bead]) -> list[Bead]:
    """Beads by their place in the source; those without source behind the bead that has the target segment before them."""
    anchored = sorted((bead for bead in beads if bead.source), key=lambda bead: bead.source)
    behind: dict[int, list[Bead]] = {}
    before = {k: bead.target[-1] for bead in anchored for k in bead.target}
    for bead in sorted((bead for bead in beads if not bead.source), key=lambda bead: bead.target):
        place = before.get(bead.target[0] - 1, -1)
        before[bead.target[-1]] = place
        behind.setdefault(place, []).append(bead)
    ordered = behind.get(-1, [])
    for bead in anchored:
        ordered.append(bead)
        ordered += behind.get(bead.target[-1], []) if bead.target else []
    return ordered
