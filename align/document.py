"""Two texts as the aligner walks through them: segments without text are set aside, the rest is read where it is needed."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import zip_longest
from typing import TYPE_CHECKING

from align.finer import read_pair
from corpora import Bead
from corpora.apparatus import without_apparatus
from corpora.characters import seen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from collections.abc import Set as AbstractSet

    from align.evidence import Evidence
    from align.side import Pair

LONG = 1500
"""Segments a side up to which a document is read whole; a longer one is read in stretches."""


class Document:
    """Source and target, with the evidence there is. Whatever is said of places counts the segments that are not set aside.

    Attributes:
        ours, theirs: numbers of the source and target segments that have text and are not set aside.
    """

    def __init__(
        self,
        source: Sequence[str],
        target: Sequence[str],
        evidence: Evidence,
        *,
        aside: tuple[AbstractSet[int], AbstractSet[int]] = (frozenset(), frozenset()),
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """`aside`: segments of each side that are as if they were not there."""
        evidence.check(len(source), len(target))
        self.ours, self.theirs = (
            [k for k, text in enumerate(side) if seen(text).strip() and k not in done]
            for side, done in zip((source, target), aside, strict=True)
        )
        self.source, self.target = without_apparatus([source[k] for k in self.ours], [target[k] for k in self.theirs])
        known = evidence.of(self.ours, self.theirs)
        self._evidence = replace(known, translation=without_apparatus(known.translation, self.target)[0])
        self._counts = len(source), len(target)
        self._aside = aside
        self._lengths = sum(map(len, self.source)), sum(map(len, self.target))
        self._progress = progress
        self._done = 0

    @property
    def has_text(self) -> bool:
        """Whether there is something to align."""
        return bool(self.ours and self.theirs)

    @property
    def is_long(self) -> bool:
        """Whether it is read in stretches."""
        return max(len(self.ours), len(self.theirs)) > LONG

    def read(self, rows: range, columns: range, *, again: bool = False) -> Pair:
        """The segments of these places, encoded. What is read `again` does not count as progress."""
        evidence = self._evidence.of(rows, columns)
        source, target = self.source[rows.start : rows.stop], self.target[columns.start : columns.stop]
        tell = None if again else self._tell
        pair = read_pair(
            source,
            target,
            terms=(evidence.source_terms, evidence.target_terms),
            translation=evidence.translation,
            lengths=self._lengths,
            progress=(tell, tell and partial(tell, before=len(rows))),
        )
        self._done += 0 if again else len(rows) + len(columns)
        return pair

    def placed(self, beads: Sequence[Bead]) -> list[Bead]:
        """Beads of the whole texts by the places of their segments."""
        runs = [partial(_places, {k: at for at, k in enumerate(numbers)}) for numbers in (self.ours, self.theirs)]
        return [bead.renumbered(*runs) for bead in beads]

    def whole(self, beads: Sequence[Bead]) -> list[Bead]:
        """The beads by the numbers of all segments: blank ones inside belong to them, the others, if not set aside, to none."""
        runs = [partial(_run, numbers, done) for numbers, done in zip((self.ours, self.theirs), self._aside, strict=True)]
        out = [bead.renumbered(*runs) for bead in beads]
        taken = [set(done) for done in self._aside]
        for bead in out:
            taken[0].update(bead.source)
            taken[1].update(bead.target)
        ours, theirs = ([k for k in range(count) if k not in done] for count, done in zip(self._counts, taken, strict=True))
        return [*out, *(Bead((k,), (), 0.0, 1.0) for k in ours), *(Bead((), (k,), 0.0, 1.0) for k in theirs)]

    def _tell(self, done: int, _: int, before: int = 0) -> None:
        if self._progress:
            total = len(self.ours) + len(self.theirs)
            self._progress(min(self._done + before + done, total), total)


def _places(place_of: dict[int, int], run: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(place_of[k] for k in run if k in place_of)


def _run(numbers: Sequence[int], aside: AbstractSet[int], places: tuple[int, ...]) -> tuple[int, ...]:
    """The segments of these places, blank ones between neighbours included."""
    out: list[int] = []
    for place, later in zip_longest(places, places[1:], fillvalue=-1):
        end = numbers[later] if later == place + 1 else numbers[place] + 1
        out += [k for k in range(numbers[place], end) if k not in aside]
    return tuple(out)
