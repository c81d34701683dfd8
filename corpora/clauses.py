"""Where a sentence may be split when its translation says so: between words, and how much its text speaks for it there."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from corpora.characters import fold_line
from corpora.languages import primary
from corpora.phrases import load, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpora.model import Segment

SIGNS = ("stop", "semicolon", "comma", "dash", "none")
"""What a word may end with."""
OPENINGS = ("opener", "joined", "capital", "other")
"""What the next one may be: a word that opens clauses, one behind an Arabic "and" or "so", one with a capital."""

_WORD = re.compile(r"\S+\s*")
_WIDE = re.compile("(?<=[\u3001\u3002\uff0c\uff1b\uff1a\uff01\uff1f])(?![\u300d\u300f\u201d\uff09])")
_UNSPACED = frozenset({"zh", "ja"})  # they write no spaces
_UNCASED = frozenset({"ar", "zh", "ja", "ko", "th"})
_JOINED = re.compile("[\u0648\u0641][\u0621-\u064a\u064b-\u0652]{3,}")
_CLOSING = "\"'\u00bb\u201d\u2019)]\u300d\u300f\uff09"
_ENDS = (".!?\u061f\u2026\u3002\uff01\uff1f", ";:\u061b\uff1b\uff1a", ",\u060c\u3001\uff0c", "-\u2013\u2014")


def words_of(body: str, language: str) -> list[str]:
    """The words of a segment with the space behind them; where none is written between words, what stands between two marks."""
    if primary(language) in _UNSPACED:
        return [part for part in _WIDE.split(body) if part]
    return _WORD.findall(body)


def is_spaced(language: str) -> bool:
    """Whether it writes spaces between words."""
    return primary(language) not in _UNSPACED


def border_signs(words: Sequence[str], language: str) -> list[tuple[int, int]]:
    """Before each word but the first: what the word before ends with (of `SIGNS`), and what it is itself (of `OPENINGS`)."""
    code = primary(language)
    openers, cased, arabic = _openers(code), code not in _UNCASED, code == "ar"
    return [
        (_sign(before.rstrip()), _opening(word.rstrip(), openers, cased=cased, arabic=arabic)) for before, word in pairwise(words)
    ]


def joined(text: str, segment: Segment, start: int, end: int) -> Segment:
    """The part start .. end of a segment, marked as cut."""
    if (start, end) == (segment.start, segment.end):
        return segment
    return replace(segment, text=fold_line(text[start:end]), start=start, end=end, cut=True)


def _sign(word: str) -> int:
    last = (word.rstrip(_CLOSING) or word)[-1:]
    return next((k for k, signs in enumerate(_ENDS) if last and last in signs), SIGNS.index("none"))


def _opening(word: str, openers: frozenset[str], *, cased: bool, arabic: bool) -> int:
    if plain(word) in openers:
        return OPENINGS.index("opener")
    if arabic and _JOINED.match(word):
        return OPENINGS.index("joined")
    return OPENINGS.index("capital" if cased and word[:1].isupper() else "other")


@cache
def _openers(language: str) -> frozenset[str]:
    return frozenset(plain(word) for word in load("segmentation").get(language, {}).get("clauses", ()))
