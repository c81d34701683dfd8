"""Parts that stand elsewhere on the other side: a monotone path leaves them without partner on both sides; here they are found.

Segments left over on one side, or in beads that hardly hold, are compared with those left over on the other. Where some are each
other's nearest, and two of them in all of the document, the runs around them are aligned as a document of their own; a run that is
believed to be the other's translation crosses the other beads. (What is left over often says again what its neighbour says: then
that neighbour's partner is nearer, and stands at its place.)
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from corpora.model import Bead, Doubt

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from align.belief import Impression
    from align.network import Floats
    from align.side import Pair
    from align.weights import Weights

_LEAST, _LEAD = 0.4, 0.06  # similarity of two segments that may belong together, and its lead over the second best
_HAIR = 0.005  # similarity by which one elsewhere may be nearer: it says the same
_AROUND = 3  # segments beside the nearest ones that are looked at too
_BELIEVED, _BELIEVED_MANY = 0.8, 0.6  # belief in two runs from which on they cross, as one bead or as several
_SURE = 0.5  # confidence from which on a bead of theirs is taken over
SAID = 20
"""Characters that these have at least, both sides together: initials and numbers alone are found anywhere."""
_LOOSE = 0.4  # confidence below which a bead does not hold its segments
_MOST = 4000  # segments left over on a side that are compared; the others stay without partner
_TOGETHER = 256  # segments compared with all of a document at a time, to bound memory


class Judge(Protocol):
    """Who aligns a part and says what impression it gives."""

    @property
    def weights(self) -> Weights:
        """With the weights of the belief."""
        ...

    def align(self, pair: Pair) -> tuple[list[Bead], Impression]:
        """Beads of two sides, numbered from 0."""
        ...


def with_crossings(
    beads: list[Bead], vectors: Callable[[], tuple[Floats, Floats]], cut: Callable[[range, range], Pair], judge: Judge
) -> list[Bead]:
    """The beads, with one-sided ones among them replaced where their partners stand elsewhere.

    Args:
        beads: of a whole document, numbered by its segments with text.
        vectors: gives centred unit vectors (N, width) and (M, width) of single segments, only asked when something was left over.
        cut: gives a part of the document.
        judge: aligns the part.
    """
    loose = [bead for bead in beads if not (bead.source and bead.target) or bead.confidence < _LOOSE]
    ours, theirs = (sorted(k for bead in loose for k in getattr(bead, side))[:_MOST] for side in ("source", "target"))
    if not ours or not theirs or len(loose) == len(beads):
        return beads
    x, y = vectors()
    crossing: list[Bead] = []
    for rows, columns in _candidates(ours, theirs, x, y):
        if _is_free(rows, columns, crossing) and _crosses(rows, columns, beads):
            part = cut(rows, columns)
            found, impression = judge.align(part)
            belief = impression.belief(judge.weights.belief)
            firm = [bead for bead in found if is_firm(bead)]
            needed = _BELIEVED_MANY if len(firm) > 1 else _BELIEVED
            if belief >= needed and sum(characters_of(bead, part) for bead in firm) >= SAID:
                crossing += [placed(bead, rows.start, columns.start, belief) for bead in firm]
    return [*_without(beads, crossing), *crossing] if crossing else beads


def _without(beads: list[Bead], crossing: list[Bead]) -> list[Bead]:
    """The beads whose segments were not taken; what is left of a loose one has no partner."""
    ours, theirs = ({k for bead in crossing for k in getattr(bead, side)} for side in ("source", "target"))
    out: list[Bead] = []
    for bead in beads:
        source, target = (k for k in bead.source if k not in ours), (k for k in bead.target if k not in theirs)
        if ours.isdisjoint(bead.source) and theirs.isdisjoint(bead.target):
            out.append(bead)
        else:
            out += [Bead((k,), (), confidence=bead.confidence) for k in source]
            out += [Bead((), (k,), confidence=bead.confidence) for k in target]
    return out


def _candidates(ours: list[int], theirs: list[int], x: Floats, y: Floats) -> list[tuple[range, range]]:
    """Runs of left-over segments around those that are each other's nearest, the surest first."""
    runs, others = _runs(ours), _runs(theirs)
    seeds: dict[tuple[range, range], list[_Seed]] = {}
    for seed in _seeds(ours, theirs, x, y):
        seeds.setdefault((runs[seed.i], others[seed.j]), []).append(seed)
    found = []
    for (run, other), points in sorted(seeds.items(), key=lambda item: -sum(seed.similarity for seed in item[1])):
        if any(seed.is_nearest for seed in points):
            i, j = [seed.i for seed in points], [seed.j for seed in points]
            rows = range(max(run.start, min(i) - _AROUND), min(run.stop, max(i) + _AROUND + 1))
            columns = range(max(other.start, min(j) - _AROUND), min(other.stop, max(j) + _AROUND + 1))
            found.append((rows, columns))
    return found


class _Seed(NamedTuple):
    """Two segments left over, each the other's nearest among those left over."""

    i: int
    j: int
    similarity: float
    is_nearest: bool
    """Of all segments of the document too."""


def _seeds(ours: list[int], theirs: list[int], x: Floats, y: Floats) -> list[_Seed]:
    """Pairs of left-over segments that may belong together; `x` (N, width) and `y` (M, width) are of all segments."""
    similarity = x[ours] @ y[theirs].T
    best, back = similarity.argmax(axis=1), similarity.argmax(axis=0)
    rows = np.arange(len(ours))
    value = similarity[rows, best]
    similarity[rows, best] = -1
    chosen = np.flatnonzero((back[best] == rows) & (value >= _LEAST) & (value - similarity.max(axis=1) >= _LEAD))
    i, j, value = np.array(ours)[chosen], np.array(theirs)[best[chosen]], value[chosen]
    is_nearest = np.maximum(_greatest(x[i], y), _greatest(y[j], x)) <= value + _HAIR
    return [_Seed(*seed) for seed in zip(i.tolist(), j.tolist(), value.tolist(), is_nearest.tolist(), strict=True)]


def _greatest(some: Floats, all_: Floats) -> Floats:
    """The greatest similarity (K,) of each of K vectors to any of all."""
    blocks = [(some[k : k + _TOGETHER] @ all_.T).max(axis=1) for k in range(0, len(some), _TOGETHER)]
    return np.concatenate(blocks) if blocks else np.empty(0, dtype=np.float32)


def _runs(numbers: Sequence[int]) -> dict[int, range]:
    """The run of neighbours that each number is in."""
    out = {}
    for _, group in groupby(enumerate(numbers), lambda item: item[1] - item[0]):
        members = [k for _, k in group]
        run = range(members[0], members[-1] + 1)
        out.update(dict.fromkeys(members, run))
    return out


def _is_free(rows: range, columns: range, crossing: list[Bead]) -> bool:
    return not any({*bead.source} & {*rows} or {*bead.target} & {*columns} for bead in crossing)


def _crosses(rows: range, columns: range, beads: list[Bead]) -> bool:
    """Whether a two-sided bead lies before the rows and behind the columns, or the other way round."""
    return any((bead.source[0] < rows.start) != (bead.target[0] < columns.start) for bead in beads if bead.source and bead.target)


def is_firm(bead: Bead) -> bool:
    """Whether a bead of a part that is aligned on its own is taken over."""
    return bool(bead.source and bead.target) and bead.confidence >= _SURE


def characters_of(bead: Bead, part: Pair) -> int:
    """Of both sides of a bead of a part."""
    sides = (part.source.characters, bead.source), (part.target.characters, bead.target)
    return sum(int(before[k + 1] - before[k]) for before, own in sides for k in own)


def placed(bead: Bead, i: int, j: int, belief: float) -> Bead:
    """The bead of a part that begins at segments i and j in the numbers of the document, as sure as itself and the crossing are."""
    bead = bead.moved(i, j)
    doubts = (*bead.doubts, Doubt("crossing", round(belief, 3)))
    return replace(bead, confidence=round(bead.confidence * belief, 4), doubts=doubts)
