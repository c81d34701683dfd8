"""Footnote marks, times, numbers of paragraphs within segments that only one side has, and says nothing with.

A mark at the end hides that a sentence ends there; times give every segment numbers that the other side lacks. Where both sides
have them they tell.
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
_SENTENCE_END = re.compile("[.!?\u061f\u06d4\u2026\u3002][\"'\u00bb\u201d\u2019)\\]]*\\s+")
_NUMBER_SOON = re.compile(r"\s*(?:\S+\s+){0,2}\S*\d")

Mark = tuple[str, int, int]
"""Sort, begin and end of a mark in a text."""


def without_apparatus(source: Sequence[str], target: Sequence[str]) -> tuple[list[str], list[str]]:
    """The segments of both sides without what the other side does not have; one that is nothing else stays as it is."""
    marks = one_sided(source, target)
    ours, theirs = ([_without(*one) for one in zip(*both, strict=True)] for both in zip((source, target), marks, strict=True))
    return ours, theirs


def one_sided(source: Sequence[str], target: Sequence[str], *, joined: bool = False) -> tuple[list[list[Mark]], list[list[Mark]]]:
    """In each text of both sides the marks of sorts that the other side does not have: not a quarter as often as this one.

    `joined`: a text may be several segments; what stands before one may stand behind the end of a sentence.
    """
    marks = [[list(_marks(text, joined=joined)) for text in side] for side in (source, target)]
    counts = [Counter(sort for found in side for sort in {sort for sort, _, _ in found}) for side in marks]
    numbered = [sum(bool(_NUMBER_SOON.match(text)) for text in side) for side in (source, target)]
    out = []
    for k, side in enumerate(marks):
        here, there = len(side), len(marks[1 - k])
        others = {**counts[1 - k], "number": numbered[1 - k]}
        strange = {
            sort
            for sort, count in counts[k].items()
            if count >= max(_LEAST, _SHARES.get(sort, _SHARE) * here) and others.get(sort, 0) * here < _RARER * count * there
        }
        out.append([[mark for mark in found if mark[0] in strange] for found in side])
    return out[0], out[1]


def _marks(text: str, *, joined: bool) -> Iterator[Mark]:
    first = _AT_START.match(text)
    openings = [first] if first else []
    if joined:
        later = (_AT_START.match(text, behind.end()) for behind in _SENTENCE_END.finditer(text, first.end() if first else 0))
        openings += [found for found in later if found and found.end() < len(text)]
    for found in openings:
        yield str(found.lastgroup), *found.span()
    ends = {found.end() for found in openings}
    for found in _WITHIN.finditer(text, first.end() if first else 0):
        if found.end() not in ends:
            yield str(found.lastgroup), *found.span()
    for found in _GLUED.finditer(text):
        if _BEFORE_GLUED.search(text, max(found.start() - 4, 0), found.start()):
            yield "glued", *found.span()


def _without(text: str, marks: Sequence[Mark]) -> str:
    """The text without these marks, unless nothing is left."""
    if not marks:
        return text
    spans = sorted((start, end) for _, start, end in marks)
    left = " ".join(text[end:start] for (_, end), (start, _) in pairwise([(0, 0), *spans, (len(text), 0)])).strip()
    return left if any(map(str.isalnum, left)) else text
