"""Beads that the translation has in another order: `python -m benchmarks.reordered GOLD_FOLDER`.

Of each gold text one bead in ten and the next one change places in the target: where both are 1-1 ("singles"), whatever they are
("beads"), or so that the second, which has one target segment, comes to stand before the last one of the first ("within", a bead
with a gap). Or one bead ("far"), or two to six in a row ("paragraph"), come to stand eight beads away or more. Four draws, of news
one. Told is the share of these beads that is found, and that of the other beads with a partner; the latter before anything was
moved; and the share of the moved beads that is found where a random half of the others is locked.
"""

from __future__ import annotations

import random
import sys
from functools import partial
from itertools import pairwise
from pathlib import Path

from align import align_texts
from benchmarks.gold import GoldText, counts_by_set
from corpora import Bead

SHARE = 0.1
DRAWS = 4
LARGEST = 8  # segments of a side of two beads that are moved
FAR = 8  # beads between where some stood and where they stand
KINDS = ("singles", "beads", "within", "far", "paragraph")

Ends = tuple[tuple[int, ...], tuple[int, ...]]


def main() -> None:
    print(f"{'set':22} {'kind':8} {'moved':>6}  found  {'others':>7}  found  nothing moved  half locked: moved")
    for kind in KINDS:
        sums = counts_by_set(Path(sys.argv[1]), partial(measure, kind=kind))
        for group, (moved, found, others, right, before, again) in sums.items():
            shares = f"{found / moved:.4f} {others:7}  {right / others:.4f} {before / others:14.4f} {again / moved:19.4f}"
            print(f"{group:22} {kind:8} {moved:6}  {shares}", flush=True)


def measure(text: GoldText, kind: str) -> tuple[int, ...]:
    """Moved beads, those found, other beads, those found, the same where nothing was moved; moved ones found beside locked ones."""
    plain, sums = _pairs(align_texts(text.source, text.target)), [0] * 6
    for draw in range(1 if text.group.startswith("news") else DRAWS):
        dice = random.Random(f"{text.name} {kind} {draw}")
        order, moved = _reordered(text, kind, dice)
        place = {k: at for at, k in enumerate(order)}
        new = {ends: (ends[0], tuple(sorted(place[k] for k in ends[1]))) for ends in _linked(text)}
        wanted, others = {new[ends] for ends in moved}, {new[ends] for ends in new if ends not in moved}
        target = [text.target[k] for k in order]
        found = _pairs(align_texts(text.source, target))
        locked = [Bead(*ends) for ends in sorted(others) if dice.random() < 0.5]
        again = _pairs(align_texts(text.source, target, locked=locked))
        before = sum(ends in plain for ends in new if ends not in moved)
        counts = len(wanted), len(wanted & found), len(others), len(others & found), before, len(wanted & again)
        sums = [a + b for a, b in zip(sums, counts, strict=True)]
    return tuple(sums)


def _reordered(text: GoldText, kind: str, dice: random.Random) -> tuple[list[int], set[Ends]]:
    """The target's segments in a new order, and the beads that were moved."""
    order, moved = list(range(len(text.target))), set[Ends]()
    if kind in ("far", "paragraph"):
        return _moved_far(text, 1 if kind == "far" else dice.randint(2, 6), dice)
    for one, other in pairwise(_linked(text)):
        if one in moved or dice.random() >= SHARE or not _may_move(one, other, kind):
            continue
        ours, theirs = one[1], other[1]
        order[ours[0] : theirs[-1] + 1] = [*ours[:-1], *theirs, ours[-1]] if kind == "within" else [*theirs, *ours]
        moved |= {one, other}
    return order, moved


def _moved_far(text: GoldText, size: int, dice: random.Random) -> tuple[list[int], set[Ends]]:
    """The same where some beads in a row stand before another, far away."""
    linked = _linked(text)
    at = dice.randrange(len(linked) - size)
    moved = linked[at : at + size]
    first, last = moved[0][1][0], moved[-1][1][-1] + 1
    rest = [k for k in range(len(text.target)) if not first <= k < last]
    place = rest.index(dice.choice([*linked[: max(at - FAR, 0)], *linked[at + size + FAR :]])[1][0])
    return [*rest[:place], *range(first, last), *rest[place:]], set(moved)


def _may_move(one: Ends, other: Ends, kind: str) -> bool:
    is_next = all(b[0] == a[-1] + 1 for a, b in zip(one, other, strict=True))
    sizes = [len(run) for ends in (one, other) for run in ends]
    if not is_next or max(sizes[0] + sizes[2], sizes[1] + sizes[3]) > LARGEST:
        return False
    return {"singles": max(sizes) == 1, "beads": True, "within": sizes[1] > 1 == sizes[3]}[kind]


def _linked(text: GoldText) -> list[Ends]:
    """The beads with two sides and no gap, in order."""
    linked = sorted((bead.source, bead.target) for bead in text.beads if bead.source and bead.target)
    return [ends for ends in linked if all(b == a + 1 for run in ends for a, b in pairwise(run))]


def _pairs(beads: list[Bead]) -> set[Ends]:
    return {(bead.source, bead.target) for bead in beads}


if __name__ == "__main__":
    main()
