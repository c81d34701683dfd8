"""Two texts as the aligner walks through them: segments without text are set aside, the rest is read where it is needed."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from align.finer import read_pair
from corpora import Bead
from corpora.order import in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from align.evidence import Evidence
    from align.side import Pair

    Marks = tuple[NDArray[np.bool_], NDArray[np.bool_]]

LONG = 1500
"""Segments a side up to which a document is read whole; a longer one is read in stretches."""


class Document:
    """Source and target, with the evidence there is.

    Attributes:
        ours, theirs: numbers of the source and target segments that have text.
    """

    def __init__(
        self,
        source: Sequence[str],
        target: Sequence[str],
        evidence: Evidence,
        *,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        evidence.check(len(source), len(target))
        self.ours, self.theirs = ([k for k, text in enumerate(side) if text.strip()] for side in (source, target))
        self.source, self.target = [source[k] for k in self.ours], [target[k] for k in self.theirs]
        self._evidence = evidence.of(self.ours, self.theirs)
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
        """The segments with text of these places, encoded. What is read `again` does not count as progress."""
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

    def part(self, rows: range, columns: range) -> Part:
        """The part of the given segments."""
        return Part(self, rows, columns)

    def _tell(self, done: int, _: int, before: int = 0) -> None:
        if self._progress:
            total = len(self.ours) + len(self.theirs)
            self._progress(min(self._done + before + done, total), total)


class Part:
    """A part of a document between locked beads.

    Attributes:
        rows, columns: first and behind the last of its segments with text, by their place among those.
        beads: the beads over them, numbered from the part's first ones.
    """

    def __init__(self, document: Document, rows: range, columns: range) -> None:
        self._whole = rows, columns
        self.rows, self.columns = (
            (bisect_left(side, r.start), bisect_left(side, r.stop))
            for side, r in ((document.ours, rows), (document.theirs, columns))
        )
        self._ours, self._theirs = document.ours[slice(*self.rows)], document.theirs[slice(*self.columns)]
        self.beads: list[Bead] = []

    @property
    def has_text(self) -> bool:
        """Whether there is something to align."""
        return bool(self._ours and self._theirs)

    def of(self, marks: Marks) -> Marks:
        """What of the document's marks is the part's."""
        return marks[0][slice(*self.rows)], marks[1][slice(*self.columns)]

    def all_beads(self) -> list[Bead]:
        """Beads over all segments of the part, numbered as in the whole texts."""
        rows, columns = self._whole
        beads = [_renumbered(bead, self._ours, self._theirs) for bead in self.beads]
        seen = [{k for bead in beads for k in getattr(bead, name)} for name in ("source", "target")]
        beads += [Bead((k,), (), 0.0, 1.0) for k in rows if k not in seen[0]]
        beads += [Bead((), (k,), 0.0, 1.0) for k in columns if k not in seen[1]]
        return in_order(beads)


def _renumbered(bead: Bead, ours: list[int], theirs: list[int]) -> Bead:
    """The bead, and the rivals in its doubts, in the numbers of all segments; blank ones inside belong to it."""

    def whole(side: tuple[int, ...], numbers: list[int]) -> tuple[int, ...]:
        return tuple(range(numbers[side[0]], numbers[side[-1]] + 1)) if side else ()

    doubts = tuple(replace(d, source=whole(d.source, ours), target=whole(d.target, theirs)) for d in bead.doubts)
    return replace(bead, source=whole(bead.source, ours), target=whole(bead.target, theirs), doubts=doubts)
