"""Neighbours that stand in another order on the other side: a monotone path takes them for one bead, for wrong ones, or for none.

Where two runs of segments in a row are each nearer to what the other goes with, one side is read with the two changed about. What
the best path then gains over that in the order as it is, in the first pass and in the second, decides. The second alone does not:
of long runs without any link it knows too little. Beads of the new order cross, or have a gap where another stands; segments that
were left over on both sides do not where one beside them is nearer, which says it again and has a partner of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate
from operator import attrgetter
from typing import TYPE_CHECKING, Protocol

import numpy as np

from align.crossings import SAID, characters_of, is_firm, placed
from align.side import length_ratio
from align.turning import rough_weights, turn_gains

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from align.network import Floats
    from align.side import Pair
    from align.turning import Rough
    from corpora.model import Bead

    _Ends = tuple[tuple[int, ...], tuple[int, ...]]

_SURE = 0.97  # confidence of a bead that is not looked at
_LARGEST = 24  # segments of both sides that are looked at together
_LONGEST = 5  # segments of a run that changes places
_LIKELY, _TRIED = 1.0, 3  # nats that an order gains roughly, and how many such orders are read
_GAIN = 6.0  # nats of the first pass and half of the second's, from which on a new order is believed
_LEAST_FIRST, _LEAST_SECOND = 1.5, 3.0  # nats that either has to gain
_BESIDE, _NEARER = 6, 0.03  # segments before and behind a bead of such as were left over, and by how much they may be nearer
_EVEN = 5.0  # nats that a wrong order may gain as well as a right one
_SIDES = attrgetter("source"), attrgetter("target")


@dataclass(frozen=True, slots=True)
class Reading:
    """A pair as it is read in some order.

    Attributes:
        first, second: scores of the best paths of both passes.
        beads: of the second.
    """

    first: float
    second: float
    beads: list[Bead]


class Reader(Protocol):
    """Who aligns a part of a document by what is known of the whole."""

    def __call__(self, pair: Pair) -> Reading:
        """In the order that it is in."""
        ...


def with_turns(pair: Pair, beads: list[Bead], weights: Floats, read: Reader) -> list[Bead]:
    """The beads of a pair in order, with those in their places whose sides stand in another order.

    Args:
        pair: two sides.
        beads: the best path.
        weights: of the first pass.
        read: aligns a part of the pair.
    """
    state = _State(pair, beads, rough_weights(weights))
    for part in _doubtful(beads):
        state.look(part, read)
    return state.marked()


def _doubtful(beads: Sequence[Bead]) -> Iterator[list[Bead]]:
    """Beads in a row that are not sure or may hide an order, as many as may be looked at together, with one to either side.

    Of one that has one side only the second neighbours too: it may belong to a bead behind the next, which then has a gap.
    """
    weak = [at for at, bead in enumerate(beads) if _may_hide(bead)]
    done = 0
    for at in weak:
        around = 1 if beads[at].source and beads[at].target else 2
        first, last = max(at - around, 0), min(at + around + 1, len(beads))
        if last <= done:
            continue
        while last < len(beads) and _may_hide(beads[last - 1]) and _size(beads[first : last + 1]) <= _LARGEST:
            last += 1
        done = last
        yield list(beads[first:last])


def _may_hide(bead: Bead) -> bool:
    return bead.confidence < _SURE or min(len(bead.source), len(bead.target)) != 1


def _size(beads: Sequence[Bead]) -> int:
    return sum(len(bead.source) + len(bead.target) for bead in beads)


class _State:
    """A pair in the orders that are believed so far.

    Attributes:
        orders: of each side the segments, in an order in which the beads are monotone.
        beads: in that order, with the numbers that the segments have in the pair.
    """

    def __init__(self, pair: Pair, beads: list[Bead], rough: Rough) -> None:
        self._pair = pair
        self._singles = pair.source.singles, pair.target.singles
        sides = zip(self._singles, (pair.source, pair.target), strict=True)
        self._vectors = [single * np.diff(side.tokens)[:, None] for single, side in sides]
        scales = 1.0, length_ratio(pair.source, pair.target)
        self._sizes = [
            np.stack([np.diff(side.tokens) / 60, np.diff(side.characters) * scale])
            for side, scale in zip((pair.source, pair.target), scales, strict=True)
        ]
        self._rough = rough
        self.orders = list(range(len(pair.source))), list(range(len(pair.target)))
        self.beads = list(beads)
        self._gains: dict[_Ends, float] = {}
        self._index()

    def _index(self) -> None:
        """Where each segment stands, and the bead that it is in."""
        self._places = [{k: at for at, k in enumerate(order)} for order in self.orders]
        self._bead_of = [{k: at for at, bead in enumerate(self.beads) for k in run(bead)} for run in _SIDES]

    def look(self, part: Sequence[Bead], read: Reader, before: Reading | None = None) -> None:
        """Change runs about on one side or the other where these beads were, as long as the best path gains by it.

        `before` is how they are read in the order that is believed so far, if that is known.
        """
        touched = [of[k] for of, run in zip(self._bead_of, _SIDES, strict=True) for bead in part for k in run(bead)]
        first, last = min(touched), max(touched) + 1
        now = [
            sorted((k for bead in self.beads[first:last] for k in run(bead)), key=places.__getitem__)
            for run, places in zip(_SIDES, self._places, strict=True)
        ]
        kinds = [len({side.texts[k] for k in run}) for side, run in zip((self._pair.source, self._pair.target), now, strict=True)]
        if min(kinds) < 1 or max(kinds) < 2 or sum(map(len, now)) > 2 * _LARGEST:
            return
        orders = self._orders(now)
        if not orders:
            return
        before = before or self._reading(now, read)
        tried = [(_gain(before, after), new, after) for new, after in ((new, self._reading(new, read)) for new in orders)]
        gain, new, after = max(tried, key=lambda one: one[0])
        beads = after.beads
        if gain >= _GAIN and all(self._holds(bead) for bead in _strangers(beads)):
            self._gains |= {_ends(bead): gain for bead in _strangers(beads)}
            self.beads[first:last] = beads
            for order, places, old, run in zip(self.orders, self._places, now, new, strict=True):
                order[places[old[0]] : places[old[-1]] + 1] = run
            self._index()
            self.look(beads, read, after)

    def _holds(self, bead: Bead) -> bool:
        """Whether a bead that crosses another or has a gap is believed."""
        if not is_firm(bead) or characters_of(bead, self._pair) < SAID:
            return False
        before = (self.beads[of[k]] for of, run in zip(self._bead_of, _SIDES, strict=True) for k in run(bead))
        is_left_over = not any(old.source and old.target for old in before)
        return not is_left_over or _lead(*self._singles, bead) >= -_NEARER

    def _orders(self, now: list[list[int]]) -> list[list[list[int]]]:
        """Other orders of these segments that may be better, the likeliest first."""
        vectors = [side[run] for side, run in zip(self._vectors, now, strict=True)]
        sizes = [side[:, run] for side, run in zip(self._sizes, now, strict=True)]
        types, weights = self._rough
        found = []
        for side in (0, 1):
            both = (1, 0) if side == 0 else (0, 1)
            ours, theirs = ((vectors[at], sizes[at]) for at in both)
            gains = turn_gains(ours, theirs, types.T if side == 0 else types, weights, _LONGEST)
            found += [(-gains[turn], side, *turn) for turn in map(tuple, np.argwhere(gains > _LIKELY).tolist())]
        out = []
        for _, side, border, before, behind in sorted(found)[:_TRIED]:
            run, new = now[side], list(now)
            first, last = border - before - 1, border + behind + 1
            new[side] = [*run[:first], *run[border:last], *run[first:border], *run[last:]]
            out.append(new)
        return out

    def _reading(self, orders: list[list[int]], read: Reader) -> Reading:
        """These segments in these orders."""
        found = read(self._pair.reordered(*orders))
        numbers = [partial(_numbers, order) for order in orders]
        return replace(found, beads=[bead.renumbered(*numbers) for bead in found.beads])

    def marked(self) -> list[Bead]:
        """The beads; those that cross or have a gap are as sure as that they do."""
        strangers = {_ends(bead) for bead in _strangers(self.beads)} & self._gains.keys()
        out = []
        for bead in self.beads:
            ends = _ends(bead)
            out.append(placed(bead, 0, 0, 1 / (1 + math.exp(_EVEN - self._gains[ends]))) if ends in strangers else bead)
        return out


def _gain(before: Reading, after: Reading) -> float:
    """What an order gains; nothing where one of the passes does not see it."""
    first, second = after.first - before.first, after.second - before.second
    return first + second / 2 if first >= _LEAST_FIRST and second >= _LEAST_SECOND else 0.0


def _lead(x: Floats, y: Floats, bead: Bead) -> float:
    """By how much two segments of a bead are nearer to each other than to any beside it; of the two that are so most."""
    (i, rows), (j, columns) = (_beside(run, len(all_)) for run, all_ in zip(_ends(bead), (x, y), strict=True))
    ours, theirs = x[i], y[j]
    nearest = np.maximum((ours @ y[columns].T).max(axis=1, initial=-1)[:, None], (theirs @ x[rows].T).max(axis=1, initial=-1))
    return float((ours @ theirs.T - nearest).max())


def _beside(run: tuple[int, ...], size: int) -> tuple[list[int], list[int]]:
    """Segments of a bead, and those between and around them."""
    return [*run], [k for k in range(max(run[0] - _BESIDE, 0), min(run[-1] + _BESIDE + 1, size)) if k not in run]


def _numbers(order: list[int], places: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted(order[k] for k in places))


def _strangers(beads: Sequence[Bead]) -> list[Bead]:
    """Those that cross another, or have a gap."""
    linked = sorted((bead for bead in beads if bead.source and bead.target), key=lambda bead: bead.source)
    highest = accumulate((bead.target[-1] for bead in linked), max, initial=-1)
    lowest = [*accumulate((bead.target[0] for bead in reversed(linked)), min, initial=math.inf)][-2::-1]
    return [
        bead
        for bead, before, behind in zip(linked, highest, lowest, strict=False)
        if bead.target[0] < before or bead.target[-1] > behind or any(run[-1] - run[0] >= len(run) for run in _ends(bead))
    ]


def _ends(bead: Bead) -> _Ends:
    return bead.source, bead.target
