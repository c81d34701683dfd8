"""How long the two documents are beside each other."""

from __future__ import annotations

import math
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.side import Side

_APART = 0.4  # of two logarithms of a ratio; medians of a hundred segments' lengths are .1 to .2 off


def comparable_lengths(source: Sequence[str], target: Sequence[str]) -> tuple[float, float]:
    """Characters of either side, without what only one of them can have.

    Languages differ in length, and translators in how they cut: what all segments have together tells the former. But where this
    ratio is far from one and that of usual segments is not, a part has no translation (or a line stands there many times):
    then it is usual segments that tell, and of the longer side so much counts as has their ratio to the other.
    """
    (x, usual_x), (y, usual_y) = (
        (max(sum(map(len, side)), 1), max(median(map(len, side or ("",))), 1)) for side in (source, target)
    )
    usual = math.log(usual_x / usual_y)
    if abs(math.log(x / y)) <= abs(usual) + _APART:
        return x, y
    return (y * usual_x / usual_y, y) if x > y else (x, x * usual_y / usual_x)


def length_ratio(source: Side, target: Side) -> float:
    """Characters of the source a character of the target, as far as both have the same text."""
    return max(source.length, 1) / max(target.length, 1)
