"""Running heads and page numbers that one side has: `python -m benchmarks.furniture GOLD_FOLDER`.

Into one side of each gold text lines are put, wherever that is, within a bead too: every so many segments a page number, a
running head and a number, a symbol with a footnote, or a mark of the other language; or before every segment who speaks, or
when. Told is how many of the gold beads with two sides are found, without these lines and with them, and how many of the lines
are left alone. By weights that have seen the texts.
"""

from __future__ import annotations

import random
import sys
from functools import partial
from pathlib import Path

from align import align_texts
from benchmarks.gold import GoldText, counts_by_set

PAGES, SPEECHES = (8, 20), (1, 1)
"""Segments from one to the next."""

SPEAKERS = "The presiding judge", "The witness"

KINDS = {
    "page numbers": (PAGES, ("Page {0} of 40",)),
    "numbers only": (PAGES, ("{0}",)),
    "heads and numbers": (PAGES, ("Report of the Commission of Inquiry on places of detention", "{0}")),
    "symbols and footnotes": (PAGES, ("A/HRC/40/70", "{0} See A/HRC/28/69, paras. {1} and {2}; interview of 12 March 2014.")),
    "in Arabic": (PAGES, ("صفحة {0}",)),
    "questions and answers": (SPEECHES, ("{3}.",)),
    "times": (SPEECHES, ("{4:02}:{5:02}:{6:02}",)),
    "times and speakers": (SPEECHES, ("{4:02}:{5:02}:{6:02}", "{7}:")),
}
"""How often, and the lines: of a page, this and the next segment, Q or A, the hour, minute and second, who speaks."""


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
    every, heads = KINDS[kind]
    due = dice.randint(*every)
    for k, line in enumerate(sides[on]):
        if k == due:
            speaker, seconds = dice.randrange(2), 7 * k
            told = (k // 20 + 1, k, k + 1, "QA"[speaker], seconds // 3600, seconds // 60 % 60, seconds % 60, SPEAKERS[speaker])
            lines += [head.format(*told) for head in heads]
            due = k + dice.randint(*every)
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
