"""Sentences split at a character of their line, or joined with the next: spans of the statement's text, as all segments are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from corpora import MuqabalaError
from corpora.characters import fold_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpora import Segment


def cut(segments: Sequence[Segment], at: int, offset: int | None, text: str) -> list[Segment]:
    """What stands in the place of a segment once it is split at an offset of its line, or (None) joined with the next.

    Raises:
        MuqabalaError: there is no next one, or a part would be empty.
    """
    own = segments[at]
    if offset is None:
        if at + 1 >= len(segments):
            raise MuqabalaError("there is no segment behind it")
        end = segments[at + 1].end
        return [replace(own, text=fold_line(text[own.start : end]), end=end)]
    place = _place(text, own, offset)
    parts = [
        replace(own, text=fold_line(text[own.start : place]), end=place),
        replace(own, text=fold_line(text[place : own.end]), start=place, cut=False, begins=1.0),
    ]
    if not all(part.text for part in parts):
        raise MuqabalaError("one of the parts would be empty")
    return parts


def _place(text: str, segment: Segment, offset: int) -> int:
    """Where a character of a segment's line stands in the statement's text: the line has runs of white space folded."""
    low, high = segment.start, segment.end
    while low < high:
        middle = (low + high) // 2
        if len(fold_line(text[segment.start : middle] + "|")) - 1 < offset:
            low = middle + 1
        else:
            high = middle
    return low
