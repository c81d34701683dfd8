"""Texts of which a part was not translated: `python -m benchmarks.untranslated GOLD_FOLDER`.

Of each gold text 45 % of the target's segments are taken away in one piece ("middle"), or one side of some beads here and there,
one to four in a row ("parts"), or half or four fifths of the target's side of all beads, one by one ("half", "most": a summary).
But for the middle there are four draws, of news one. Of the gold beads that have lost nothing the share that is found is told,
and of the segments that have lost their whole partner the share that is left alone. Beads that have lost a part are counted as
neither.
"""

from __future__ import annotations

import random
import sys
from functools import partial
from pathlib import Path

from align import align_texts
from benchmarks.changed import Left, without_lines, without_parts, without_section
from benchmarks.gold import GoldText, counts_by_set

FIRST, LAST = 0.3, 0.75  # where the middle begins and ends
DRAWS = 4
LINES = {"half": 0.5, "most": 0.8}  # share of the beads that a summary lacks
KINDS = ("middle", "parts", *LINES)


def main() -> None:
    print(f"{'set':26} {'left out':8} {'beads':>6}  found  {'lost':>6}  left alone")
    for kind in KINDS:
        for group, (found, beads, alone, lost) in counts_by_set(Path(sys.argv[1]), partial(measure, kind=kind)).items():
            print(f"{group:26} {kind:8} {beads:6}  {found / beads:.4f}  {lost:6}  {alone / lost:.4f}", flush=True)


def measure(text: GoldText, kind: str) -> tuple[int, ...]:
    """Gold beads found and in all, segments left alone and without partner in all."""
    if kind == "middle":
        return _counts(without_section(text, 1, FIRST, LAST))
    draws = 1 if text.group.startswith("news") else DRAWS
    throws = [random.Random(f"{text.group} {text.name} {draw}") for draw in range(draws)]
    left = [without_lines(text, 1, LINES[kind], dice) if kind in LINES else without_parts(text, dice) for dice in throws]
    return tuple(map(sum, zip(*map(_counts, left), strict=True)))


def _counts(left: Left) -> tuple[int, ...]:
    beads = align_texts(left.text.source, left.text.target)
    found = {(bead.source, bead.target) for bead in beads} & {(bead.source, bead.target) for bead in left.whole}
    alone = (
        {k for bead in beads if not bead.target for k in bead.source},
        {k for bead in beads if not bead.source for k in bead.target},
    )
    rightly = sum(len(mine & lost) for mine, lost in zip(alone, left.alone, strict=True))
    return len(found), len(left.whole), rightly, sum(map(len, left.alone))


if __name__ == "__main__":
    main()
