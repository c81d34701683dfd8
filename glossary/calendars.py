"""Dates in running text: Gregorian with the month names of every Arab region, Hijri, and in figures."""

from __future__ import annotations

import datetime
import re
import tomllib
from bisect import bisect_left
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from corpora.characters import ascii_digits
from corpora.dates import month_numbers
from corpora.languages import primary

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

Reading = tuple[int, int, int]
"""Year, month, day; 0 where it is not told."""
_Told = tuple[bool, bool, bool]
_ALL: list[_Told] = [(a, b, c) for a in (False, True) for b in (False, True) for c in (False, True)]


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date at text[start:end]; in figures the day may stand first or the month."""

    start: int
    end: int
    readings: frozenset[Reading]
    hijri: bool = False


def find_dates(text: str, language: str) -> list[FoundDate]:
    """All dates of a text by position; a month alone is none."""
    plain = ascii_digits(text)
    found: list[FoundDate] = []
    for hijri in (False, True):
        names = _names(primary(language), hijri=hijri)
        if not names:
            continue  # no names are in every text
        for pattern, order in _patterns("|".join(sorted(names, key=len, reverse=True)), day_first=primary(language) != "en"):
            for match in pattern.finditer(plain):
                parts = [match[k] if k else "" for k in order]
                month = next((number for name, number in names.items() if re.fullmatch(name, parts[1])), 0)
                found.append(FoundDate(*match.span(), frozenset({(int(parts[0] or 0), month, int(parts[2] or 0))}), hijri))
    found = [*found, *(day for date in found for day in _days_beside(plain, date))]
    found += [FoundDate(*match.span(), _figures(match), _is_hijri(match)) for match in _FIGURES.finditer(plain)]
    found += [_written_wide(match) for match in _WIDE.finditer(plain)]
    return _longest([date for date in found if _is_possible(date)])


def _days_beside(text: str, date: FoundDate) -> Iterator[FoundDate]:
    """The other days of the same month: "12 and 13 June", "June 12, 13 and 14"."""
    ((year, month, day),) = date.readings
    if not day:
        return
    start, end = date.start, date.end
    for _ in range(_MOST_DAYS):
        before = _DAY_BEFORE.search(text, max(start - _ROOM, 0), start)
        if before is None:
            break
        start = before.start(1)
        yield FoundDate(start, before.end(1), frozenset({(year, month, int(before[1]))}), date.hijri)
    for _ in range(_MOST_DAYS if text[end - 1].isdecimal() and not year else 0):
        behind = _DAY_BEHIND.match(text, end)
        if behind is None:
            break
        end = behind.end()
        yield FoundDate(behind.start(1), end, frozenset({(year, month, int(behind[1]))}), date.hijri)


class Dates:
    """Dates among which others are looked for: the same day, month or year, of which any may not be told.

    Across calendars a day more or less is the same, and a date without day may be any.
    """

    def __init__(self, dates: Iterable[FoundDate]) -> None:
        self._known: dict[bool, set[tuple[_Told, _Told, Reading]]] = {False: set(), True: set()}
        self._near: set[tuple[_Told, _Told, Reading]] = set()
        self._vague = False
        for date in dates:
            for reading in date.readings:
                self._known[date.hijri].update(_seen_by(reading))
            if date.hijri:
                days = _near(date)
                self._vague |= not days
                for day in days:
                    self._near.update(_seen_by(day))

    def __contains__(self, date: FoundDate) -> bool:
        if any(_matches(reading, self._known[date.hijri]) for reading in date.readings):
            return True
        if not date.hijri:
            return self._vague or any(_matches(reading, self._near) for reading in date.readings)
        days = _near(date)
        return any(_matches(day, self._known[False]) for day in days) if days else bool(self._known[False])


def _told(reading: Reading) -> _Told:
    year, month, day = map(bool, reading)
    return year, month, day


def _common(reading: Reading, other: _Told) -> Reading:
    """What of a reading one that tells so much tells as well."""
    year, month, day = (part if told else 0 for part, told in zip(reading, other, strict=True))
    return year, month, day


def _seen_by(reading: Reading) -> list[tuple[_Told, _Told, Reading]]:
    """As it is found by readings that tell more or less."""
    return [(_told(reading), other, _common(reading, other)) for other in _ALL]


def _matches(reading: Reading, known: Container[tuple[_Told, _Told, Reading]]) -> bool:
    return any((other, _told(reading), _common(reading, other)) in known for other in _ALL)


def _near(date: FoundDate) -> list[Reading]:
    """The days of the Gregorian calendar that a Hijri date may be."""
    days = [day for reading in date.readings if (day := _gregorian(reading))]
    near = [day + datetime.timedelta(shift) for day in days for shift in (-1, 0, 1)]
    return [(day.year, day.month, day.day) for day in near]


def _gregorian(reading: Reading) -> datetime.date | None:
    from hijridate import Hijri

    with suppress(ValueError, OverflowError):
        converted = Hijri(*reading).to_gregorian() if all(reading) else None
        return datetime.date(converted.year, converted.month, converted.day) if converted else None
    return None


_ROOM, _MOST_DAYS = 12, 7  # characters before a day in which another stands; days on either side
_DAY_BEFORE = re.compile(r"(?<![\d.:/-])(\d{1,2})(?:\s*[-,،–&]\s*|\s*و\s*|\s+(?:and|to|et|und|bis|y|и|إلى|حتى)\s+)$")
_DAY_BEHIND = re.compile(
    r"(?:\s*[-,–&]\s*|\s*,?\s*(?:and|to)\s+)(\d{1,2})(?![\d:%]|[.,]\d|(?:st|nd|rd|th)?\s+(?!(?:and|to)\b)[^\W\d_])"
)
_FIGURES = re.compile(
    r"(?<![\d/.-])(?:(?P<year>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})|(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.](?P<first>\d{4}))"
    r"(?![\d/-])(?:\s?(?P<era>هـ|ه\b|AH\b))?"
)


_WIDE = re.compile(r"(?:(?<!\d)(\d{4})年)?(?<!\d)(\d{1,2})月(?:(\d{1,2})[日号])?|(?<!\d)(\d{4})年")


def _written_wide(match: re.Match[str]) -> FoundDate:
    """A date of Chinese or Japanese."""
    year, month, day = (int(part or 0) for part in (match[1] or match[4], match[2], match[3]))
    return FoundDate(*match.span(), frozenset({(year, month, day)}))


def _is_hijri(match: re.Match[str]) -> bool:
    return bool(match["era"]) or 1300 <= int(match["year"] or match["first"]) <= 1500


def _figures(match: re.Match[str]) -> frozenset[Reading]:
    if match["year"]:
        return frozenset({(int(match["year"]), int(match["m"]), int(match["d"]))})
    year, a, b = int(match["first"]), int(match["a"]), int(match["b"])
    return frozenset({(year, b, a), (year, a, b)})


def _is_possible(date: FoundDate) -> bool:
    return any(month <= 12 and day <= 31 for _, month, day in date.readings)


def _longest(dates: list[FoundDate]) -> list[FoundDate]:
    kept: list[FoundDate] = []  # in order
    for date in sorted(dates, key=lambda date: date.start - date.end):
        at = bisect_left(kept, date.end, key=lambda other: other.start)
        if at == 0 or kept[at - 1].end <= date.start:
            kept.insert(at, date)
    return kept


@cache
def _patterns(names: str, *, day_first: bool) -> list[tuple[re.Pattern[str], tuple[int, int, int]]]:
    """Patterns and the groups of year, month and day."""
    before = "(?<![0-9A-Za-z\u0621-\u0647\u0649\u064a])"  # وكانون: a joined و is no letter of the name
    month = rf"({names})(?:\s?[/\-–]\s?(?:{names})|\s?\((?:{names})\))?(?!\w)"
    of = r"\s?(?:[,،]|of\b|de\b|del\b|من\b)?\s?"
    era = r"(?:\s?(?:هـ|م\b|AH\b|AD\b))?"
    year = rf"(?:{of}(?:عام\s|سنة\s|لعام\s|لسنة\s)?(\d{{4}})(?!\d){era})"
    patterns = [
        (re.compile(rf"(?<![\d/])(\d{{1,2}})(?:st|nd|rd|th)?{of}{before}{month}{year}?"), (3, 2, 1)),
        (re.compile(rf"{before}{month} (\d{{1,2}})(?:st|nd|rd|th)?(?![\d/]){year}?"), (3, 1, 2)),
        (re.compile(rf"{before}{month}{year}"), (2, 1, 0)),
    ]
    return [patterns[0], patterns[2]] if day_first else patterns  # March 3 is English


_SPELLINGS: dict[str, str | int | None] = {
    **dict.fromkeys("اأإآ", "[اأإآ]"),
    **dict.fromkeys("ىي", "[ىي]"),
    "ة": "[ةه]",
    " ": r"\s",
}


@cache
def _names(language: str, *, hijri: bool) -> dict[str, int]:
    """Month names of a language as patterns; of English with a capital, for `may` is a verb."""
    if hijri:
        stored = tomllib.loads((files("glossary") / "data" / "calendars.toml").read_text(encoding="utf-8"))
        listed = stored["hijri"].get(language, [])
        return {_pattern(name, language): k for k, names in enumerate(listed, 1) for name in names}
    return {
        _pattern(name, language): number
        for name, number in month_numbers(language).items()
        if len(name) > (1 if language == "ar" else 2)
    }


def _pattern(name: str, language: str) -> str:
    if language == "ar":
        return re.escape(name).replace("\\ ", " ").translate(str.maketrans(_SPELLINGS))
    shown = name.title() if language == "en" else name
    return re.escape(shown) + (r"\.?" if len(name) <= 4 and language == "en" else "")
