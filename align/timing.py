"""Sentences that are spoken at the same time: what the times of two subtitle files say of each other, before any word is read."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

Time = tuple[int, int]
"""From and to, in milliseconds."""

_PACES = (1.0, 25 / 23.976, 23.976 / 25, 25 / 24, 24 / 25)
"""How much longer one film may be than the other: as it is, and the usual changes of frame rate."""

_FARTHEST = 120_000  # ms that one file may be ahead of the other
_STEP = 200  # ms within which two differences are the same
_SAME = 0.75  # of the time that either of two sentences takes, so much both take
_ENOUGH = 0.4  # of the shorter side's sentences must have a partner, or the files are of two different cuts


def spoken_together(source: Sequence[Time | None], target: Sequence[Time | None]) -> list[tuple[int, int]]:
    """The pairs of a source and a target sentence that take the same time and no other; none where the files do not agree.

    The target may be ahead or behind by up to two minutes, and of another frame rate.

    Args:
        source: of each source segment when it is spoken, None where that is not known.
        target: of each target segment.
    """
    ours, theirs = ([(k, *time) for k, time in enumerate(side) if time and time[1] > time[0]] for side in (source, target))
    if not ours or not theirs:
        return []
    tried = [_together(ours, _moved(ours, theirs, pace)) for pace in _PACES]
    best = max(tried, key=len)
    return best if len(best) >= max(2, _ENOUGH * min(len(ours), len(theirs))) else []


def _moved(ours: list[tuple[int, int, int]], theirs: list[tuple[int, int, int]], pace: float) -> list[tuple[int, int, int]]:
    """The target's times as the source's clock has them: by the pace, and by the difference of starts that is most frequent."""
    starts = [round(start * pace) for _, start, _ in theirs]
    differences: Counter[int] = Counter()
    for _, start, _ in ours:
        for k in range(bisect_left(starts, start - _FARTHEST), len(starts)):
            if starts[k] > start + _FARTHEST:
                break
            differences[(start - starts[k]) // _STEP] += 1
    if not differences:
        return theirs
    near = max(differences, key=lambda step: (differences[step] + differences[step + 1], -abs(step)))
    exact = sorted(
        start - other
        for _, start, _ in ours
        for other in starts[bisect_left(starts, start - (near + 2) * _STEP) : bisect_left(starts, start - near * _STEP + 1)]
    )
    shift = exact[len(exact) // 2]
    return [(k, round(a * pace) + shift, round(b * pace) + shift) for k, a, b in theirs]


def _together(ours: list[tuple[int, int, int]], theirs: list[tuple[int, int, int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    at = 0
    for k, start, end in ours:
        while at < len(theirs) and theirs[at][2] <= start:
            at += 1
        for j, other, stop in theirs[at : at + 3]:
            both = min(end, stop) - max(start, other)
            if both >= _SAME * (max(end, stop) - min(start, other)) and (not out or j > out[-1][1]):
                out.append((k, j))
                break
    return out
