"""Neighbours that the translation has in the other order: `python -m benchmarks.swapped GOLD_FOLDER`.

Of each gold text one 1-1 bead in ten changes places with the next one, if that is 1-1 too, in the target. The share of these beads
that is found is told, and that of the other beads with a partner, with and without the change.
"""

from __future__ import annotations

import random
import sys
from itertools import pairwise
from pathlib import Path

from align import align_texts
from benchmarks.gold import GoldText, counts_by_set
from corpora import Bead

SHARE = 0.1


def main() -> None:
    print(f"{'set':26} {'swapped':>8}  found  {'others':>7}  found  without swaps  half of them locked: swapped  others")
    for group, (swapped, found, others, right, before, again, rest) in counts_by_set(Path(sys.argv[1]), measure).items():
        print(
            f"{group:26} {swapped:8}  {found / swapped:.4f} {others:7}  {right / others:.4f}  {before / others:.4f} "
            f"{again / swapped:29.4f}  {rest / others:.4f}"
        )


def measure(text: GoldText) -> tuple[int, ...]:
    """Swapped beads, those found, other beads, those found, and those found where nothing was swapped.

    Last the swapped ones and the others that are found where a random half of the gold is locked; the latter are locked or found.
    """
    dice = random.Random(text.name)
    linked = sorted((bead.source, bead.target) for bead in text.beads if bead.source and bead.target)
    place = list(range(len(text.target)))
    swapped: set[int] = set()
    for (ours, theirs), (next_ours, next_theirs) in pairwise(linked):
        is_single = len((*ours, *next_ours, *theirs, *next_theirs)) == 4
        is_next = (next_ours[0], next_theirs[0]) == (ours[0] + 1, theirs[0] + 1)
        if is_single and is_next and theirs[0] not in swapped and dice.random() < SHARE:
            place[theirs[0]], place[next_theirs[0]] = next_theirs[0], theirs[0]
            swapped |= {theirs[0], next_theirs[0]}
    target = [text.target[k] for k in place]  # a swap is its own inverse
    moved = {(ours, theirs): (ours, tuple(sorted(place[k] for k in theirs))) for ours, theirs in linked}
    wanted = {new for (_, theirs), new in moved.items() if theirs[0] in swapped}
    others = set(moved.values()) - wanted
    found = _pairs(align_texts(text.source, target))
    before = {moved.get(pair) for pair in _pairs(align_texts(text.source, text.target))}
    locked = [Bead(*pair) for pair in sorted(others) if dice.random() < 0.5]
    again = _pairs(align_texts(text.source, target, locked=locked))
    both = (len(wanted & again), len(others & again))
    return len(wanted), len(wanted & found), len(others), len(others & found), len(others & before), *both


def _pairs(beads: list[Bead]) -> set[tuple[tuple[int, ...], tuple[int, ...]]]:
    return {(bead.source, bead.target) for bead in beads}


if __name__ == "__main__":
    main()
