"""Running heads, page numbers, times, speakers: lines that stand on one side again and again and say nothing of the other.

One of them alone costs little in its neighbour's bead, and in a free translation less than a segment without partner does. Together
they tell: of lines that are alike most have a partner, or none. Those that have none, and whose words the other side does not
render, are set aside as blank segments are, so that a bead may have its parts before and behind one.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from align.doubts import DOUBTED
from align.legible import unmarked
from corpora.model import Bead, Doubt
from corpora.order import in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from align.lattice import Lattice
    from align.network import Floats, Ints
    from align.side import Pair

    Doubles = NDArray[np.float64]

_LEAST = 4  # lines that are alike
_MOST = 3 / 4  # of a side's segments: where each speech has a time and a speaker above it, two lines of three are such
_WEIGHT, _FLOOR = 2.0, 0.003  # of what alike lines say of each, in nats; added to probabilities before their logarithm is taken
_CLEAREST = 5.0  # nats that it is at most
_ALONE = 0.4  # mean probability from which on they have no partner
_LINKED = 0.65  # median share of their words that the other side renders, from which on they do say something of it
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Furniture:
    """The lines of a pair that are set aside.

    Attributes:
        lines: of the source and of the target, by segment: how probable it is that it has no partner, and how many are alike.
        sizes: segments of either side.
    """

    lines: tuple[dict[int, tuple[float, int]], dict[int, tuple[float, int]]]
    sizes: tuple[int, int]

    def __bool__(self) -> bool:
        return any(self.lines)

    @classmethod
    def of(cls, pair: Pair, lattice: Lattice, score: Floats, linked: Floats) -> Furniture:
        """From the likely beads of a pair.

        Args:
            pair: two sides.
            lattice: of E beads.
            score: (E,) of these.
            linked: (E,) of those with one side, the share of its words that are linked to from the other side.
        """
        kinds = _alike(pair.source.texts), _alike(pair.target.texts)
        sizes = len(kinds[0]), len(kinds[1])
        if all((of_side < 0).all() for of_side in kinds):
            return cls(({}, {}), sizes)
        for of_side, (edges, segments) in zip(kinds, _edges(lattice), strict=True):
            share = np.ones(len(of_side), dtype=np.float32)
            share[segments] = linked[edges]
            for kind in range(int(of_side.max()) + 1):
                if np.median(share[of_side == kind]) >= _LINKED:
                    of_side[of_side == kind] = -1
        alone = _alone(lattice, lattice.posterior(score), sizes)
        more = np.zeros(len(score), dtype=np.float32)
        for of_side, probability, (edges, segments) in zip(kinds, alone, _edges(lattice), strict=True):
            more[edges] = _gain(of_side, probability)[segments]
        surer = _alone(lattice, lattice.posterior(score + more), sizes)
        ours, theirs = (_without_partner(of_side, probability) for of_side, probability in zip(kinds, surer, strict=True))
        return cls((ours, theirs), sizes)

    def rest(self) -> tuple[list[int], list[int]]:
        """The segments of both sides that are not set aside."""
        ours, theirs = ([k for k in range(size) if k not in side] for size, side in zip(self.sizes, self.lines, strict=True))
        return ours, theirs

    def put_back(self, beads: Sequence[Bead]) -> list[Bead]:
        """The beads of the rest, numbered as they were, and those of what was set aside."""
        numbers = self.rest()

        def of_side(at: int) -> Callable[[tuple[int, ...]], tuple[int, ...]]:
            return lambda run: tuple(numbers[at][k] for k in run)

        out = [bead.renumbered(of_side(0), of_side(1)) for bead in beads]
        ours, theirs = self.lines
        out += [_left_aside((k,), (), *known) for k, known in ours.items()]
        out += [_left_aside((), (k,), *known) for k, known in theirs.items()]
        return in_order(out)


def _left_aside(source: tuple[int, ...], target: tuple[int, ...], probability: float, count: int) -> Bead:
    doubts = (Doubt("repeated line", count),) if probability < DOUBTED else ()
    return Bead(source, target, score=0.0, confidence=round(probability, 4), doubts=doubts)


def _alike(texts: Sequence[str]) -> Ints:
    """The number (N,) of the lines that each text is alike to but for its digits; -1 where there are few."""
    keys = [_DIGITS.sub("0", unmarked(text).casefold()).strip() for text in texts]
    counts = Counter(keys)
    numbers = {key: k for k, key in enumerate(key for key, n in counts.items() if key and n >= _LEAST)}
    return np.array([numbers.get(key, -1) for key in keys], dtype=np.int64)


def _edges(lattice: Lattice) -> list[tuple[Ints, Ints]]:
    """The edges that leave a segment of the source, and of the target, alone, and these segments."""
    i, j = lattice.ends
    a, b = lattice.sizes
    chosen = np.flatnonzero((a == 1) & (b == 0)), np.flatnonzero((a == 0) & (b == 1))
    return [(chosen[0], i[chosen[0]] - 1), (chosen[1], j[chosen[1]] - 1)]


def _alone(lattice: Lattice, posterior: Floats, sizes: tuple[int, int]) -> list[Doubles]:
    """Probability of each segment of both sides to be left alone."""
    return [
        np.bincount(segments, weights=posterior[edges], minlength=size).astype(np.float64)
        for size, (edges, segments) in zip(sizes, _edges(lattice), strict=True)
    ]


def _means(kinds: Ints, probability: Doubles) -> Doubles:
    """The mean (N,) of the lines that each is alike to; of all others theirs."""
    total, count = np.bincount(kinds + 1, weights=probability), np.bincount(kinds + 1)
    return (total / np.maximum(count, 1))[kinds + 1]


def _gain(kinds: Ints, probability: Doubles) -> Doubles:
    """How much oftener than other segments (N,) the lines that are alike are left alone, in nats; 0 where none is alike."""
    others = probability[kinds < 0].mean() if (kinds < 0).any() else probability.mean()
    oftener = np.log((_means(kinds, probability) + _FLOOR) / (others + _FLOOR))
    return np.where(kinds >= 0, _WEIGHT * np.clip(oftener, 0, _CLEAREST), 0)


def _without_partner(kinds: Ints, probability: Doubles) -> dict[int, tuple[float, int]]:
    """The lines that are alike and have no partner on average, how sure that is, and how many; none where they are most of a side.

    As sure as that of four lines with this mean one has none, at least: of 5,900 lines put into gold texts, with means of .4 to 1,
    all were to be set aside.
    """
    mean = _means(kinds, probability)
    counts = np.bincount(kinds + 1)
    found = np.flatnonzero((kinds >= 0) & (mean >= _ALONE)).tolist()
    if len(found) > _MOST * len(kinds):
        return {}
    return {k: (float(1 - (1 - mean[k]) ** _LEAST), int(counts[kinds[k] + 1])) for k in found}
