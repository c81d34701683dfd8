"""Where a sentence may be split when its translation says so: clause by clause, by punctuation and the words of the language."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from corpora.characters import fold_line
from corpora.languages import primary
from corpora.phrases import load, plain

if TYPE_CHECKING:
    from corpora.model import Segment

_WORD = re.compile(r"\S+")
_ENDS_CLAUSE = re.compile("[,;:\u060c\u061b\u3001\uff0c\uff1b\uff1a.!?\u061f\u2026][\"'\u00bb\u201d\u2019)\\]]*$|[\u2013\u2014]$")
_WIDE = re.compile("(?<=[\u3001\uff0c\uff1b\uff1a])")  # Chinese and Japanese write no spaces
_JOINED = re.compile("[\u0648\u0641][\u0621-\u064a\u064b-\u0652]{3,}")  # Arabic: behind "and" or "so"
_LEAST = 4  # words of a clause; a shorter one stays with its neighbour


def clauses(text: str, segment: Segment, language: str) -> tuple[Segment, ...]:
    """The clauses of a segment of a statement's text, in order, marked as cut; the segment itself where it is one clause."""
    body = text[segment.start : segment.end]
    bounds = [0, *_ends(body, primary(language)), len(body)]
    parts = []
    for a, b in itertools.pairwise(bounds):
        part = body[a:b]
        start = a + len(part) - len(part.lstrip())
        if part.strip():
            parts.append(joined(text, segment, segment.start + start, segment.start + a + len(part.rstrip())))
    return tuple(parts) if len(parts) > 1 else (segment,)


def joined(text: str, segment: Segment, start: int, end: int) -> Segment:
    """The part start .. end of a segment."""
    if (start, end) == (segment.start, segment.end):
        return segment
    return replace(segment, text=fold_line(text[start:end]), start=start, end=end, cut=True)


def _ends(body: str, language: str) -> list[int]:
    """Offsets between clauses of at least `_LEAST` words: at punctuation, then before words that open a clause."""
    words = [(match.start(), match.end()) for match in _WORD.finditer(body)]
    if len(words) < 2 * _LEAST:
        return [match.start() for match in _WIDE.finditer(body) if 2 * _LEAST <= match.start() <= len(body) - 2 * _LEAST]
    openers = _openers(language)
    strength: dict[int, int] = {}
    for at in range(_LEAST, len(words) - _LEAST + 1):
        before, word = body[slice(*words[at - 1])], body[slice(*words[at])]
        signs = _ENDS_CLAUSE.search(before), plain(word) in openers, _JOINED.match(word)
        if any(signs):
            strength[at] = [bool(sign) for sign in signs].index(True)
    chosen: list[int] = []
    for at in sorted(strength, key=lambda at: (strength[at], at)):
        if all(abs(at - other) >= _LEAST for other in chosen):
            chosen.append(at)
    return [words[at][0] for at in sorted(chosen)]


@cache
def _openers(language: str) -> frozenset[str]:
    return frozenset(plain(word) for word in load("segmentation").get(language, {}).get("clauses", ()))
