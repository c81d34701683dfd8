"""Signs of notes, numbers of paragraphs, times that only one side of a statement has: told once, not with every bead."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from corpora import Severity
from corpora.apparatus import one_sided
from glossary.checks.pair import on_side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpora import Finding
    from glossary.checks.pair import Pair, Shown


def with_apparatus(statement: Sequence[Shown]) -> list[Shown]:
    """The pairs of a statement, knowing what in them only one side has."""
    marks = one_sided(*([getattr(one.pair, side) for one in statement] for side in ("source", "target")), joined=True)
    return [
        replace(one, pair=replace(one.pair, apparatus=(tuple(ours), tuple(theirs)))) if ours or theirs else one
        for one, ours, theirs in zip(statement, *marks, strict=True)
    ]


def numbers_of_one_side(pairs: Sequence[Pair]) -> dict[int, list[Finding]]:
    """Each sort of marks with numbers that only one side has, at the first of them, with how many there are."""
    places: dict[tuple[int, str], list[tuple[int, tuple[int, int]]]] = {}
    for k, pair in enumerate(pairs):
        for at, ((_, text, _), marks) in enumerate(zip(pair.sides(), pair.apparatus, strict=True)):
            for sort, start, end in marks:
                if any(map(str.isdigit, text[start:end])):
                    places.setdefault((at, sort), []).append((k, (start, end)))
    out: dict[int, list[Finding]] = {}
    for (at, _), found in places.items():
        k, span = found[0]
        side, text, _ = pairs[k].sides()[at]
        told = f"{text[slice(*span)].strip()} ({len(found)})"
        out.setdefault(k, []).append(on_side("numbers of one side", Severity.INFO, side, (span,), found=told))
    return out
