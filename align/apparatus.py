"""Footnote marks, times, numbers of paragraphs within segments: where only one side has them, they are not read.

A mark at the end hides that a sentence ends there; times give every segment numbers that the other side lacks. Where both sides
have them they tell, and stay.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LEAST = 4  # segments that have some of a sort
_SHARES = {"letter": 0.2}  # of all segments, at least; "a." may count the parts of a single sentence
_SHARE = 0.02  # of the other sorts
_RARER = 1 / 4  # of the share of segments that have some on this side: with less the other side does not have them

_SIGN = r"(?:\d{1,4}|[*†‡]{1,3})\s*[\])）］】]"
_TIME = r"\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d{1,3})?"
_TIMES = rf"{_TIME}(?:\s*[-–—>]+\s*{_TIME})?"
_AT_START = re.compile(
    rf"\s*(?:(?P<time>{_TIMES}(?!\S))"
    rf"|(?P<number>[\[(（［【]\s*\d{{1,4}}\s*[\])）］】]|\d{{1,4}}\s*[.)\-–—:]+(?!\S)|\d{{1,4}}$)"
    r"|(?P<letter>[^\W\d_]{1,2}\s?[.:)：]+(?!\S)))"
)
_WITHIN = re.compile(
    rf"[\[(（［【⁰¹²³⁴-⁹](?:(?<=[\[(（［【])\s*(?:(?P<time>{_TIMES}\s*[\])）］】])|(?P<end>{_SIGN}(?=\W*$))|(?P<note>{_SIGN}))"
    r"|(?P<raised>(?<=[⁰¹²³⁴-⁹])[⁰¹²³⁴-⁹]*))"
)
_LETTER = "[A-Za-z\u00c0-\u024f\u0370-\u052f\u0621-\u064a]"
_GLUED = re.compile(r"\d{1,3}(?![^\s.,;:،؛!?؟])(?![.,:]\d)")  # a note's sign that has lost its height, behind a word or a stop
_BEFORE_GLUED = re.compile(rf"(?:{_LETTER}{{4}}|{_LETTER}{{2}}[.!?؟،,;؛»”\"])$")
_NUMBER_SOON = re.compile(r"\s*(?:\S+\s+){0,2}\S*\d")


def without_apparatus(source: Sequence[str], target: Sequence[str]) -> tuple[list[str], list[str]]:
    """The segments of both sides without what the other side does not have; one that is nothing else stays as it is."""
    sides = list(source), list(target)
    marks = [[list(_marks(text)) for text in side] for side in sides]
    counts = [Counter(sort for found in side for sort in {sort for sort, _, _ in found}) for side in marks]
    numbered = [sum(bool(_NUMBER_SOON.match(text)) for text in side) for side in sides]
    out = []
    for k, side in enumerate(sides):
        here, there = len(side), len(sides[1 - k])
        others = {**counts[1 - k], "number": numbered[1 - k]}
        strange = {
            sort
            for sort, count in counts[k].items()
            if count >= max(_LEAST, _SHARES.get(sort, _SHARE) * here) and others.get(sort, 0) * here < _RARER * count * there
        }
        out.append([_without(text, found, strange) for text, found in zip(side, marks[k], strict=True)] if strange else side)
    return out[0], out[1]


def _marks(text: str) -> Iterator[tuple[str, int, int]]:
    """Sort, begin and end of each mark in a text."""
    first = _AT_START.match(text)
    if first:
        yield str(first.lastgroup), *first.span()
    for found in _WITHIN.finditer(text, first.end() if first else 0):
        yield str(found.lastgroup), *found.span()
    for found in _GLUED.finditer(text):
        if _BEFORE_GLUED.search(text, max(found.start() - 4, 0), found.start()):
            yield "glued", *found.span()


def _without(text: str, marks: Sequence[tuple[str, int, int]], sorts: set[str]) -> str:
    """The text without marks of these sorts, unless nothing is left."""
    spans = sorted((start, end) for sort, start, end in marks if sort in sorts)
    if not spans:
        return text
    left = " ".join(text[end:start] for (_, end), (start, _) in pairwise([(0, 0), *spans, (len(text), 0)])).strip()
    return left if any(map(str.isalnum, left)) else text
