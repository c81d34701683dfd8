"""Which cuts inside segments the other side asks for.

A side is first aligned in pieces of some words, to know where each piece belongs; between the borders that this alignment gives
with certainty the exact words are found by `align.cutting`. Where the other side may lack stops as well, it is tried in pieces
too: those between the places where its text says that a sentence may end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from align.beginnings import learnt
from align.cutting import Look, cutting_weights, find_cuts, find_ends
from align.recursions import heaviest_chain
from align.strips import read_run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from align.cutting import Places
    from align.network import Floats, Ints
    from align.strips import Pieces, Run
    from corpora import Bead

LONG = 60
"""Words from which on a segment may be split whatever bead it is in."""
_SURE, _SURE_OF_BOTH, _SURE_AT_MARKS = 0.3, 0.4, 0.15  # probability of a cut; see docs/accuracy.md for how many of them are right
_AT_MARKS = 0.25  # share of a side's sentences below which they are said not to end at its marks (.1, .4 in fitting)
_PIECES, _FEWEST = 3.5, 4  # pieces to a segment of the other side, words in a piece
_WHOLE, _ENOUGH = 40, 120  # segments of the other side after which a stretch ends: with a segment, anywhere
_CELLS, _WORDS = 1 << 23, 1 << 14  # words times segments of the longest stretch that is looked at, its words: 25 KB each
_SEVERAL = 3  # partners that show a segment to be several sentences
_EDGE = 2  # words at either end of a segment between which nothing ends


def may_be_cut(beads: Sequence[Bead], texts: Sequence[str], side: str) -> list[bool]:
    """Of each segment of a side ("source" or "target"), whether it has several partners or is very long."""
    other = "target" if side == "source" else "source"
    shared = {k for bead in beads if len(getattr(bead, other)) > 1 for k in getattr(bead, side)}
    return [k in shared or text.count(" ") >= LONG for k, text in enumerate(texts)]


def count_long(beads: Sequence[Bead], source: Sequence[str], target: Sequence[str]) -> int:
    """How many segments of both sides are as long as several sentences, or have as many partners."""
    found = [{k for k, text in enumerate(side) if text.count(" ") >= LONG} for side in (source, target)]
    for bead in beads:
        for chosen, here, there in zip(found, (bead.source, bead.target), (bead.target, bead.source), strict=True):
            if len(here) == 1 and len(there) >= _SEVERAL:
                chosen.update(here)
    return sum(map(len, found))


def may_be_cut_together(
    beads: Sequence[tuple[Sequence[int], Sequence[int]]], ours: int, theirs: Sequence[Sequence[int]]
) -> tuple[list[bool], list[bool]]:
    """Of each segment of either side whether both may lack a stop: theirs speaks for an end inside, ours is its partner.

    Args:
        beads: segments of ours and theirs.
        ours: how many there are.
        theirs: `strengths` of the borders inside each of theirs.
    """
    marked = [len(values) >= LONG or max(values[_EDGE - 1 : 1 - _EDGE], default=0) > 1 for values in theirs]
    chosen = {k for here, there in beads if any(marked[j] for j in there) for k in here}
    return [not chosen.isdisjoint((k - 1, k, k + 1)) for k in range(ours)], marked


def even_places(words: int, size: int) -> list[int]:
    """Words at which a segment is cut to pieces of about `size` words."""
    parts = max(1, round(words / size))
    return [int(place) for place in np.linspace(0, words, parts + 1).round()[1:-1]]


def likely_places(strengths: Sequence[int]) -> list[int]:
    """Words at which a segment is cut to pieces, where its text says anything for it."""
    return [k for k, value in enumerate(strengths, start=1) if value]


def piece_size(words: int, others: int) -> int:
    """Words in a piece, so that a segment of the other side is some pieces."""
    return max(_FEWEST, round(words / max(others, 1) / _PIECES))


def wanted_cuts(
    ours: Pieces, theirs: Pieces, beads: Sequence[tuple[tuple[int, ...], tuple[int, ...]]], known: Places
) -> dict[int, float]:
    """Words of ours, not the first of a segment, before which a sentence begins beside the whole segments of theirs.

    Args:
        ours: a side any word of which may begin a sentence, in segments that are open.
        theirs: the other.
        beads: alignment of the pieces of both.
        known: what `wanted_ends` said of some words of theirs and all of ours.

    Returns:
        how probable each word is, if a sentence begins there about at all.
    """
    sets = [cutting_weights(name) for name in ("beside segments", "past marks")]
    looks = [(begin, low, Look.at(run, sets)) for begin, low, run in _runs(ours, theirs, beads)]
    kind = int(_ends_past_marks([look for _, _, look in looks]))
    looks = [(begin, low, look.by(kind)) for begin, low, look in looks]
    begins = _as_learnt(ours, [(begin, look.said()) for begin, _, look in looks])
    out = {}
    for begin, low, look in looks:
        here = {
            piece: {word - begin: probability for word, probability in known[first].items()}
            for piece, (first, _) in enumerate(theirs.spans[low : low + len(look.run.theirs)])
            if first in known
        }
        told = look.told(begins[begin : begin + len(look.run.ours) + 1], sets[kind : kind + 1])
        out.update({begin + word: probability for word, probability in find_cuts(told, _SURE, here).items()})
    return out


def _ends_past_marks(looks: Sequence[Look]) -> bool:
    """Whether the sentences of a side that has marks end elsewhere, as those of somebody who writes commas and no stops."""
    marks, at_marks, anywhere = np.sum([look.marked() for look in looks], axis=0) if looks else (0, 0, 0)
    return bool(at_marks < _AT_MARKS * anywhere and marks > _AT_MARKS * anywhere)


def _as_learnt(pieces: Pieces, said: Sequence[tuple[int, NDArray[np.float64]]]) -> Floats:
    """How much the words of a side say that a sentence begins (W + 1,), with what `said`, from some words on, tells of them."""
    if not said:
        return pieces.begins
    probable = np.zeros(len(pieces.words) + 1)
    probable[:-1][np.diff(pieces.segment, prepend=-1) > 0] = 1
    for begin, found in said:
        inside = slice(begin + 1, begin + len(found) - 1)
        probable[inside] = np.maximum(probable[inside], np.minimum(found[1:-1], 1))
    return np.append(learnt(pieces.words, pieces.begins[:-1], probable[:-1]), 0)


def wanted_ends(
    ours: Pieces, theirs: Pieces, beads: Sequence[tuple[tuple[int, ...], tuple[int, ...]]]
) -> dict[int, dict[int, float]]:
    """Words of theirs, first of a piece but not of a segment, before which sentences of both sides begin; as `wanted_cuts`.

    Returns:
        for each of them how probable each word of ours is as the beginning of the same.
    """
    weights = cutting_weights("beside pieces")
    return {
        theirs.spans[low + piece][0]: {begin + word: probability for word, probability in places.items()}
        for begin, low, run in _runs(ours, theirs, beads)
        for piece, places in find_ends(run, weights, _SURE_OF_BOTH, _SURE_AT_MARKS).items()
    }


def _runs(ours: Pieces, theirs: Pieces, beads: Sequence[tuple[tuple[int, ...], tuple[int, ...]]]) -> Iterator[tuple[int, int, Run]]:
    """The stretches in which anything may be cut: first word, first piece of theirs, what the model needs."""
    if not ours.words:
        return
    ranges = partners_of(beads, len(ours.spans))
    for first, last in stretches(ours, ranges):
        low, high = int(ranges[first, 0]), int(ranges[last - 1, 1])
        begin, end = ours.spans[first][0], ours.spans[last - 1][1]
        inside = ours.open[begin + 1 : end]
        held = end - begin <= _WORDS and (end - begin) * (high - low) <= _CELLS
        if high - low > 1 and held and (inside & (ours.signs[begin + 1 : end, 0] >= 0)).any():
            yield begin, low, read_run(ours, (first, last), theirs, (low, high), ranges[first:last] - low)


def partners_of(beads: Sequence[tuple[tuple[int, ...], tuple[int, ...]]], count: int) -> Ints:
    """First and behind the last partner (count, 2) of each piece; where it has none, the empty place between its neighbours'.

    Beads that cross others say nothing here, nor do those with gaps.
    """
    out = np.zeros((count, 2), dtype=np.int64)
    whole = sorted((bead for bead in beads if all(_in_a_row(side) for side in bead)), key=lambda bead: bead[0])
    first, sizes = np.array([[ours[0], theirs[0]] for ours, theirs in whole]).reshape(-1, 2), [len(ours) for ours, _ in whole]
    chain = heaviest_chain(first[:, 0], first[:, 1], np.array(sizes, dtype=float), int(first[:, 1].max(initial=0)) + 1)
    reached, done = 0, 0
    for ours, theirs in (whole[k] for k in chain.tolist()):
        out[done : ours[0]] = reached
        out[list(ours)] = theirs[0], theirs[-1] + 1
        reached, done = theirs[-1] + 1, ours[-1] + 1
    out[done:] = reached
    return out


def _in_a_row(numbers: tuple[int, ...]) -> bool:
    """Whether there are any, and none between them is left out, as where several crossing beads are one."""
    return bool(numbers) and numbers[-1] - numbers[0] < len(numbers)


def stretches(pieces: Pieces, ranges: Ints) -> Iterator[tuple[int, int]]:
    """Pieces (first, behind the last) that are looked at together: from one border of beads to another, best at a segment's end."""
    spans, first = pieces.spans, 0
    for k in range(1, len(spans)):
        if ranges[k, 0] < ranges[k - 1, 1]:  # within a bead
            continue
        held = ranges[k, 0] - ranges[first, 0]
        ends = pieces.segment[spans[k][0]] != pieces.segment[spans[k - 1][0]]
        if held >= (_WHOLE if ends else _ENOUGH):
            yield first, k
            first = k
    yield first, len(spans)
