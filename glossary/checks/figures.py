"""Numbers, dates and times that stand on one side only.

Numbers written in digits must be found on the other side, in digits or spelled out. A number that is spelled out alarms where the
other side has another number instead; alone it is only probable, for languages spell differently (a dual, `both`, `another`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from decimal import Decimal
from itertools import accumulate
from typing import TYPE_CHECKING

from corpora import Finding, Severity
from corpora.characters import ascii_digits
from glossary.arabic import WORD
from glossary.calendars import Dates, find_dates
from glossary.lexicon import folded, is_word
from glossary.numerals import Numeral, can_spell, find_numerals, said_in_signs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpora.apparatus import Mark
    from glossary.checks.pair import Pair, Spans

_TIME = re.compile(
    r"(?<![\d:.,])(\d{1,2})(?:[:.]|\s?h\s?)(\d{2})(?::\d{2})?(?![\d:]|[.,]\d)\s?([ap]\.?m\b\.?|(?:h|hrs|Uhr)\b|[صم](?!\w)|صباح\u064b?ا|مساء|ظهر\u064b?ا)?",
    re.IGNORECASE,
)
_MARKER = re.compile(r"\s*[(\[]?\d{1,3}[.)\]/–-]\s")
_ITEM = re.compile(r"(?<=[.;:!?\u061f\u061b\u2026])\s+[(\[]?\d{1,3}[.)\]-]\s")  # a marker within a bead of several items
_LEVELS = re.compile(r"\s*\d{1,3}(?:[./–-]\d{1,3})+[.)]?\s")  # 1.1, as a section is numbered
_VERSE = re.compile(r"(?<![\d:])(\d{1,3}):(\d{1,3})(?![\d:])")  # of a book whose other side may name the chapter
_SCORE = re.compile(r"\d\s?[-–]\s?\d")
_IN_CODE = re.compile(r"(?:(?<=[A-Za-z])|(?<=[A-Za-z][,.;:]))\d{1,9}(?![\d.,]*\d)")
_CALLED = re.compile(r"\d(?:[\s\u00a0()./-]{0,2}\d){6,}")  # seven digits and more, as of telephones, with what may part them
_LEAST_SPELLED = 3  # one and two are words of grammar in Arabic


def numbers(pair: Pair) -> list[Finding]:
    """Numbers, also per cent and articles of law, that the other side does not have."""
    duals = any(_has_dual(text) for _, text, language in pair.sides() if language == "ar")
    ours, theirs = ([one for one in side if not _is_grammar(one, duals=duals)] for side in _alone(pair))
    instead = bool(ours and theirs)
    readable = can_spell(pair.source_language) and can_spell(pair.target_language)
    return [
        _finding("number differs", "error" if instead or (one.in_digits and readable) else "info", side, one.start, one.end, text)
        for side, numerals, text in (("source", ours, pair.source), ("target", theirs, pair.target))
        for one in numerals
    ]


def _is_grammar(numeral: Numeral, *, duals: bool) -> bool:
    """Whether another language may tell it otherwise: one, two, an order that is spelled out."""
    small = not numeral.in_digits and min(numeral.values) < _LEAST_SPELLED
    return small or (numeral.ordinal and not numeral.in_digits) or (duals and min(numeral.values) == 2)


def _alone(pair: Pair) -> tuple[list[Numeral], list[Numeral]]:
    """The numbers of each side that the other does not have.

    The marker of a list, digits behind Latin letters (Q1), those of a time, and of a verse where the other side has none, are not
    among them, but may be what a number of the other side is ("Article 3", "س١"). Long ones are the same however they are parted.
    """
    plain = [ascii_digits(text) for _, text, _ in pair.sides()]
    markers, called = _markers(plain), [_called(text) for text in plain]
    same = called[0].keys() & called[1].keys()
    aside = [
        [*_spans(marks), *(span for digits in same for span in runs[digits]), *([marker.span()] if marker and all(markers) else [])]
        for marker, marks, runs in zip(markers, pair.apparatus, called, strict=True)
    ]
    ours, theirs = (_numerals(text, language, apart) for (_, text, language), apart in zip(pair.sides(), aside, strict=True))
    pairs = _of_one_side(
        [
            [*_times(text), *([] if _SCORE.search(other) else _VERSE.finditer(text))]
            for text, other in zip(plain, reversed(plain), strict=True)
        ]
    )
    known = [
        {Decimal(digits) for digits in _IN_CODE.findall(text)}.union(said_in_signs(text, language), *map(_parts, of_text))
        for (_, _, language), text, of_text in zip(pair.sides(), plain, pairs, strict=True)
    ]
    quiet = [
        {at for found in (marker, *_ITEM.finditer(text), *([] if all(pairs) else of_text)) if found for at in range(*found.span())}
        for text, marker, of_text in zip(plain, markers, pairs, strict=True)
    ]
    values = [there.union(*(one.values for one in side)) for side, there in zip((ours, theirs), known, strict=True)]
    ours, theirs = (
        [one for one in side if one.values.isdisjoint(there) and one.start not in here]
        for side, there, here in zip((ours, theirs), reversed(values), quiet, strict=True)
    )
    return ours, theirs


def _of_one_side(pairs: Sequence[Sequence[re.Match[str]]]) -> list[list[re.Match[str]]]:
    """Times and verses that are not on the other side as well."""
    told = [{_minutes(match) for match in side} for side in pairs]
    return [[match for match in side if _minutes(match) not in there] for side, there in zip(pairs, reversed(told), strict=True)]


def _parts(match: re.Match[str]) -> set[Decimal]:
    """The numbers that the two of a time or a verse may be on the other side: 14:30 also 2, and 14.30."""
    first, second = int(match[1]), int(match[2])
    return {Decimal(first), Decimal(second), Decimal(first % 12 or 12), Decimal(f"{first}.{match[2]}")}


def _markers(texts: Sequence[str]) -> list[re.Match[str] | None]:
    """What numbers each text as a whole; in several levels (1.1) only what has the same digits on both sides."""
    levels = [_LEVELS.match(text) for text in texts]
    digits = {re.sub(r"\D+", ".", match[0]).strip(".") for match in levels if match}
    return levels if all(levels) and len(digits) == 1 else [_MARKER.match(text) for text in texts]


def _times(text: str) -> list[re.Match[str]]:
    return [match for match in _TIME.finditer(text) if _is_time(match)]


def _is_time(match: re.Match[str]) -> bool:
    """Figures with a point between them are a time only where something else tells so."""
    return bool(match[3]) or any(sign in match[0] for sign in ":hH")


def dates(pair: Pair) -> list[Finding]:
    """Dates that are others on the other side, in whatever calendar and form."""
    ours, theirs = (find_dates(text, language) for _, text, language in pair.sides())
    known = Dates(ours), Dates(theirs)
    ours, theirs = (
        [date for date in side if date not in there] for side, there in zip((ours, theirs), reversed(known), strict=True)
    )
    if not (ours and theirs):
        return []  # a date told otherwise there ("yesterday", a day without its month) is a matter of numbers
    source = tuple((date.start, date.end) for date in ours)
    target = tuple((date.start, date.end) for date in theirs)
    expected = tuple(pair.source[a:b] for a, b in source)
    return [Finding("date differs", Severity.ERROR, source, target, expected=expected, found=pair.target[slice(*target[0])])]


def times(pair: Pair) -> list[Finding]:
    """Times of the day that are others on the other side."""
    ours, theirs = (
        [match for match in _TIME.finditer(ascii_digits(text)) if match.start() not in apart]
        for (_, text, _), apart in zip(pair.sides(), map(_within, pair.apparatus), strict=True)
    )
    known = [{_minutes(match) for match in side} for side in (ours, theirs)]
    left, right = (
        [match for match in side if _is_time(match) and _minutes(match) not in there]
        for side, there in zip((ours, theirs), reversed(known), strict=True)
    )
    if not (left and right):
        return []
    source, target = (tuple(match.span() for match in side) for side in (left, right))
    return [Finding("time differs", Severity.ERROR, source, target, found=pair.target[slice(*target[0])].strip())]


def _called(text: str) -> dict[str, list[tuple[int, int]]]:
    """Where each run of many digits stands, by its digits."""
    out: dict[str, list[tuple[int, int]]] = {}
    for match in _CALLED.finditer(text):
        out.setdefault("".join(filter(str.isdigit, match[0])), []).append(match.span())
    return out


def _spans(marks: Sequence[Mark]) -> list[tuple[int, int]]:
    return [(start, end) for _, start, end in marks]


def _within(marks: Sequence[Mark]) -> set[int]:
    """The places that marks cover."""
    return {at for span in _spans(marks) for at in range(*span)}


def _minutes(match: re.Match[str]) -> int:
    return int(match[1]) % 12 * 60 + int(match[2])


def _numerals(text: str, language: str, apart: Sequence[tuple[int, int]]) -> list[Numeral]:
    """Numbers outside dates and times, and of what is `apart`."""
    taken = [*apart, *((date.start, date.end) for date in find_dates(text, language))]
    plain = ascii_digits(text)
    taken += [match.span() for match in _times(plain)]
    taken.sort()
    ends = list(accumulate((end for _, end in taken), max, initial=0))
    starts = [start for start, _ in taken]
    return [n for n in find_numerals(text, language) if ends[bisect_right(starts, n.start)] <= n.start]


def _has_dual(text: str) -> bool:
    """An Arabic word in the dual whose singular is a word (يومين, سنتان, طرفا)."""
    for match in WORD.finditer(text):
        word = folded(match[0])
        for ending in ("تان", "تين", "ان", "ين", "تا", "تي"):
            stem = word.removesuffix(ending)
            bare = (stem, stem.removeprefix("ال"), stem[1:] if stem[:1] in "وبفلك" else stem)
            if stem != word and any(len(rest) > 1 and (is_word(rest) or is_word(rest + "ة")) for rest in bare):
                return True
    return False


def _finding(code: str, severity: str, side: str, start: int, end: int, text: str) -> Finding:
    spans: Spans = ((start, end),)
    found = text[start:end].strip()
    return Finding(code, Severity(severity), spans if side == "source" else (), spans if side == "target" else (), found=found)
