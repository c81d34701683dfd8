"""How far people agree who judged the same things: raw, and beyond chance."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement over all things that two or more people judged.

    Attributes:
        twice: how many such things there are.
        share: of pairs of judgements of the same thing that are the same; None where there is none.
        kappa: beyond chance, for each two people by what each of them says how often (Cohen 1960), averaged over these by their
            pairs of judgements; None where chance alone makes them agree, as where both always say the same.
    """

    twice: int = 0
    share: float | None = None
    kappa: float | None = None


def agreement(said: Iterable[Mapping[str, str]]) -> Agreement:
    """What people said of things: of each thing, by the name of who said it."""
    both: defaultdict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    twice = 0
    for verdicts in said:
        twice += len(verdicts) > 1
        for a, b in combinations(sorted(verdicts), 2):
            both[a, b].append((verdicts[a], verdicts[b]))
    count = sum(map(len, both.values()))
    if not count:
        return Agreement()
    share = sum(a == b for pairs in both.values() for a, b in pairs) / count
    kappas = [(kappa, len(pairs)) for pairs in both.values() if (kappa := _kappa(pairs)) is not None]
    weight = sum(size for _, size in kappas)
    mean = sum(kappa * size for kappa, size in kappas) / weight if weight else None
    return Agreement(twice, round(share, 4), None if mean is None else round(mean, 4))


def _kappa(pairs: list[tuple[str, str]]) -> float | None:
    ours, theirs = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(ours[verdict] * theirs[verdict] for verdict in ours) / len(pairs) ** 2
    if chance == 1:
        return None
    return (sum(a == b for a, b in pairs) / len(pairs) - chance) / (1 - chance)


def interval(right: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """Within what a share lies with 95 % probability when so many of a random sample have it (Wilson 1927)."""
    if not of:
        return 0.0, 1.0
    share, edge = right / of, z * z / of
    middle = (share + edge / 2) / (1 + edge)
    reach = z * sqrt(share * (1 - share) / of + edge / (4 * of)) / (1 + edge)
    return max(0.0, middle - reach), min(1.0, middle + reach)
