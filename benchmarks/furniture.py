"""Running heads and page numbers that one side has: `python -m benchmarks.furniture GOLD_FOLDER`.

Into one side of each gold text lines are put at every so-manieth segment, wherever that is, within a bead too: a page number, a
running head and a number, a symbol with a footnote, or a mark of the other language. Told is how many of the gold beads with two
sides are found, without these lines and with them, and how many of the lines are left alone. By weights that have seen the texts.
"""

from __future__ import annotations

import random
import sys
from functools import partial
from pathlib import Path

from align import align_texts
from benchmarks.gold import GoldText, counts_by_set

KINDS = {
    "page numbers": ("Page {0} of 40",),
    "numbers only": ("{0}",),
    "heads and numbers": ("Report of the Commission of Inquiry on places of detention", "{0}"),
    "symbols and footnotes": ("A/HRC/40/70", "{0} See A/HRC/28/69, paras. {1} and {2}; interview of 12 March 2014."),
    "in Arabic": ("صفحة {0}",),
}
EVERY = (8, 20)  # segments from one to the next


def main() -> None:
    print(f"{'set':22} {'lines':22} {'beads':>6}  found  with them  {'lines':>6}  left alone")
    for kind in KINDS:
        sums = counts_by_set(Path(sys.argv[1]), partial(measure, kind=kind))
        for group, (beads, before, found, lines, alone) in sums.items():
            print(
                f"{group:22} {kind:22} {beads:6} {before / beads:6.4f} {found / beads:10.4f}  {lines:6} {alone / lines:11.4f}",
                flush=True,
            )


def measure(text: GoldText, kind: str) -> tuple[int, ...]:
    """Gold beads with two sides, those found without and with lines of a kind, these lines, those of them left alone."""
    dice = random.Random(f"{text.name} {kind}")
    on = dice.randrange(2)
    sides = [text.source, text.target]
    lines: list[str] = []
    place: list[int] = []
    due = dice.randint(*EVERY)
    for k, line in enumerate(sides[on]):
        if k == due:
            lines += [head.format(len(place) // 20 + 1, k, k + 1) for head in KINDS[kind]]
            due = k + dice.randint(*EVERY)
        place.append(len(lines))
        lines.append(line)
    added = set(range(len(lines))) - set(place)
    gold = {(bead.source, bead.target) for bead in text.beads if bead.source and bead.target}
    before = {(bead.source, bead.target) for bead in align_texts(*sides)}
    sides[on] = lines
    beads = align_texts(*sides)
    moved = {tuple(tuple(place[k] for k in run) if side == on else run for side, run in enumerate(ends)) for ends in gold}
    alone = {k for bead in beads if not (bead.source and bead.target) for k in (bead.source, bead.target)[on]}
    return len(gold), len(gold & before), len(moved & {(b.source, b.target) for b in beads}), len(added), len(added & alone)


if __name__ == "__main__":
    main()
