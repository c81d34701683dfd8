"""Texts whose translation lacks the middle: `python -m benchmarks.untranslated GOLD_FOLDER`.

Of each gold text 45 % of the target's segments are taken away in one piece. Of the gold beads that are left the share that is
found is told, and of the segments of the source that have lost their whole translation the share that is left alone. Beads
that have lost a part of their target are counted as neither.
"""

from __future__ import annotations

import sys
from pathlib import Path

from align import align_texts
from benchmarks.gold import GoldText, counts_by_set

FIRST, LAST = 0.3, 0.75  # where the middle begins and ends


def main() -> None:
    print(f"{'set':26} {'beads':>6}  found  {'lost':>6}  left alone")
    for group, (found, beads, alone, lost) in counts_by_set(Path(sys.argv[1]), measure).items():
        print(f"{group:26} {beads:6}  {found / beads:.4f}  {lost:6}  {alone / lost:.4f}")


def measure(text: GoldText) -> tuple[int, int, int, int]:
    """Gold beads found and in all, segments left alone and without translation in all."""
    first, last = (int(share * len(text.target)) for share in (FIRST, LAST))
    target = [*text.target[:first], *text.target[last:]]
    place = {k: k if k < first else k - last + first for k in range(len(text.target)) if not first <= k < last}
    linked = [bead for bead in text.beads if bead.source and bead.target]
    whole = {(bead.source, tuple(place[k] for k in bead.target)) for bead in linked if all(k in place for k in bead.target)}
    lost = {k for bead in linked if not any(k in place for k in bead.target) for k in bead.source}
    beads = align_texts(text.source, target)
    alone = {k for bead in beads if not bead.target for k in bead.source}
    return len(whole & {(bead.source, bead.target) for bead in beads}), len(whole), len(lost & alone), len(lost)


if __name__ == "__main__":
    main()
