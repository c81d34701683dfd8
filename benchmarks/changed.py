"""Gold texts with parts left out on one side, or segmented otherwise: of either the gold shows too little.

Two literary texts have two segments without partner. Weights that are fitted on them as they are believe in none: what has no
translation is spread over the beads around it. But the gold also says what is left when a part of one side is taken away, and what
becomes of its beads when neighbours are merged or a segment is split.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.gold import GoldText, halves
from corpora import Bead

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

LEFT_OUT, SEGMENTED = ", parts left out", ", segmented otherwise"
"""What the names of these sets end with."""
SECTIONS, SCATTERED, SUMMARIES, DRAWS = 4, 2, 6, 4
"""Texts without a section, without parts here and there, summed up, segmented otherwise, of each text."""

_SHORTEST, _LONGEST = 0.1, 0.45  # share of a side that a section is
_RATE, _RUNS = 0.12, (1, 1, 1, 2, 2, 3, 4)  # how often a part is left out here and there, and how many beads it is
_LEAST_GONE, _MOST_GONE = 0.3, 0.8  # share of the beads that a summary lacks
_MERGED, _SPLIT = 0.1, 0.15  # share of the segments


class Left(NamedTuple):
    """What is left of a text.

    Attributes:
        text: its segments numbered anew.
        whole: the beads that have lost nothing.
        alone: segments of either side that have lost all that they went with.
    """

    text: GoldText
    whole: list[Bead]
    alone: tuple[set[int], set[int]]


def is_changed(group: str) -> bool:
    """Whether the set of this name is one of those made here."""
    return group.endswith((LEFT_OUT, SEGMENTED))


def changed_texts(texts: Iterable[GoldText]) -> list[GoldText]:
    """Of each text some that have parts left out, and some segmented otherwise. The same at every call."""
    return [changed for text in texts for changed in _changed(text)]


def _changed(text: GoldText) -> Iterator[GoldText]:
    dice = random.Random(f"left out {text.group} {text.name}")
    for draw in range(SECTIONS):
        size = dice.uniform(_SHORTEST, _LONGEST)
        first = dice.uniform(0, 1 - size)
        yield _named(without_section(text, draw % 2, first, first + size).text, f"section {draw}", LEFT_OUT)
    for draw in range(SCATTERED):
        yield _named(without_parts(text, dice).text, f"parts {draw}", LEFT_OUT)
    for draw in range(DRAWS):
        yield _named(segmented_otherwise(text, dice), str(draw), SEGMENTED)
    for draw in range(SUMMARIES):
        left = without_lines(text, draw % 2, dice.uniform(_LEAST_GONE, _MOST_GONE), dice)
        yield _named(left.text, f"summary {draw}", LEFT_OUT)


def _named(text: GoldText, name: str, kind: str) -> GoldText:
    return GoldText(text.group + kind, f"{text.name}.{name}", text.languages, text.source, text.target, text.beads)


def without_section(text: GoldText, side: int, first: float, last: float) -> Left:
    """The text without the segments of the source (0) or target (1) from `first` to `last`, as shares of the side."""
    count = len((text.source, text.target)[side])
    gone = set(range(int(first * count), int(last * count)))
    return _without(text, (gone, set()) if side == 0 else (set(), gone))


def without_parts(text: GoldText, dice: random.Random) -> Left:
    """The text without one side of some beads in a row, here and there."""
    gone: tuple[set[int], set[int]] = set(), set()
    run = side = 0
    for bead in sorted((b for b in text.beads if b.source and b.target), key=lambda b: b.source):
        if run == 0 and dice.random() < _RATE:
            run, side = dice.choice(_RUNS), dice.randrange(2)
        if run:
            gone[side].update(bead.target if side else bead.source)
            run -= 1
    return _without(text, gone)


def without_lines(text: GoldText, side: int, share: float, dice: random.Random) -> Left:
    """The text without this share of the beads' source (0) or target (1), each by itself: the other is a summary of it."""
    gone = {k for bead in text.beads if dice.random() < share for k in (bead.source, bead.target)[side]}
    return _without(text, (gone, set()) if side == 0 else (set(), gone))


def _without(text: GoldText, gone: tuple[AbstractSet[int], AbstractSet[int]]) -> Left:
    """The text without these segments of either side."""
    sides = text.source, text.target
    kept = [[k for k in range(len(side)) if k not in away] for side, away in zip(sides, gone, strict=True)]
    places = [{k: at for at, k in enumerate(numbers)} for numbers in kept]

    def renumbered(at: int, run: Iterable[int]) -> tuple[int, ...]:
        return tuple(places[at][k] for k in run if k in places[at])

    beads, whole = [], []
    alone: tuple[set[int], set[int]] = set(), set()
    for bead in text.beads:
        left = Bead(renumbered(0, bead.source), renumbered(1, bead.target))
        if left.source and left.target:
            beads.append(left)
            whole += [left] if len(left.source) + len(left.target) == len(bead.source) + len(bead.target) else []
        elif bead.source and bead.target:
            alone[0].update(left.source)
            alone[1].update(left.target)
    source, target = ([side[k] for k in numbers] for side, numbers in zip(sides, kept, strict=True))
    return Left(GoldText(text.group, text.name, text.languages, source, target, beads), whole, alone)


def segmented_otherwise(text: GoldText, dice: random.Random) -> GoldText:
    """The text with some neighbours merged, and some segments split at the punctuation of clauses.

    Of a bead one side is split at most: where both are cut at the same clause, two beads are as right as the one.
    """
    sides: list[list[str]] = []
    owners: list[list[set[int]]] = []
    cut = set[int]()
    for at, texts in enumerate((text.source, text.target)):
        bead_of = {k: number for number, bead in enumerate(text.beads) for k in (bead.target if at else bead.source)}
        bead_of = {k: bead_of.get(k, -1 - k - at * len(text.source)) for k in range(len(texts))}
        side: list[str] = []
        owner: list[set[int]] = []
        k = 0
        while k < len(texts):
            throw = dice.random()
            if throw < _MERGED and k + 1 < len(texts):
                side.append(f"{texts[k]} {texts[k + 1]}")
                owner.append({bead_of[k], bead_of[k + 1]})
                k += 2
                continue
            may_split = _MERGED <= throw < _MERGED + _SPLIT and bead_of[k] not in cut
            parts = halves(texts[k], dice, at_clauses=True) if may_split else [texts[k]]
            if len(parts) > 1:
                cut.add(bead_of[k])
            side += parts
            owner += [{bead_of[k]}] * len(parts)
            k += 1
        sides.append(side)
        owners.append(owner)
    return GoldText(text.group, text.name, text.languages, *sides, _grown(owners[0], owners[1]))


def _grown(source: list[set[int]], target: list[set[int]]) -> list[Bead]:
    """The beads of segments by the old beads whose text they hold: those that a segment holds parts of become one."""
    joined: dict[int, set[int]] = {}
    for owner in (*source, *target):
        together = set().union(*(joined.get(bead, {bead}) for bead in owner))
        joined.update(dict.fromkeys(together, together))
    groups = {id(together): together for together in joined.values()}.values()
    beads = []
    for together in groups:
        ends = [tuple(k for k, owner in enumerate(side) if owner & together) for side in (source, target)]
        beads += [Bead(*ends)] if ends[0] and ends[1] else []
    return sorted(beads, key=lambda bead: (bead.source, bead.target))
