"""Dates as documents write them, in any language of babel and any Arab region: ٧ شباط ٢٠١٧, 7 فبراير 2017, February 7, 2017."""

from __future__ import annotations

import datetime
import re
from functools import cache

from corpora.characters import ascii_digits
from corpora.languages import primary
from corpora.phrases import openings, plain

_REGIONS = {"ar": ("ar", "ar_SY", "ar_IQ", "ar_LB", "ar_DZ", "ar_MA", "ar_TN", "ar_MR", "ar_SA")}
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_NUMERIC = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_GAP = r"[\s,،.]*(?:de\s+|del\s+)?"
_LONGEST = 80


def parse_date(text: str, language: str) -> datetime.date | None:
    """The Gregorian date that a line consists of, possibly after a weekday, a place or a word such as 'Date:'; else None.

    Purely numeric dates are read day first, as in Arabic, French or British usage, unless the year comes first.
    """
    if len(text) > _LONGEST:
        return None
    line = plain(ascii_digits(text)).strip(" \t\r\n.،,:)]|-–—")
    for pattern, order in ((_YEAR_FIRST, (1, 2, 3)), (_ISO, (1, 2, 3)), (_NUMERIC, (3, 2, 1))):
        if match := pattern.fullmatch(_without_opening(line, language)):
            return _date(*(int(match[k]) for k in order))
    months = month_numbers(primary(language))
    names = "|".join(sorted(map(re.escape, months), key=len, reverse=True))
    for pattern, order in _patterns(names):
        match = pattern.search(line)
        if match and _may_precede(line[: match.start()], language) and not line[match.end() :].strip(" .مmhه"):
            day, month, year = (match[k] for k in order)
            return _date(int(year), months[month], int(day))
    return None


def month_names(language: str) -> list[str]:
    """Names of the months, ready to compare."""
    return list(month_numbers(language))


@cache
def _patterns(names: str) -> list[tuple[re.Pattern[str], tuple[int, int, int]]]:
    month = f"({names})(?:\\s*[/-]\\s*(?:{names})|\\s*\\((?:{names})\\))?"
    return [
        (re.compile(rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|º)?{_GAP}(?:of\s+)?{month}{_GAP}(\d{{4}})(?!\d)"), (1, 2, 3)),
        (re.compile(rf"{month}{_GAP}(\d{{1,2}})(?:st|nd|rd|th)?{_GAP}(\d{{4}})(?!\d)"), (2, 1, 3)),
    ]


def _date(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


@cache
def month_numbers(language: str) -> dict[str, int]:
    """Month names of a language and of English, all regions and widths, ready to compare."""
    from babel import Locale, UnknownLocaleError

    names: dict[str, int] = {}
    for identifier in (*_REGIONS.get(language, (language,)), "en"):
        try:
            locale = Locale.parse(identifier)
        except (UnknownLocaleError, ValueError):
            continue
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in locale.months[context][width].items():
                    names.setdefault(plain(name).rstrip("."), number)
    return {name: number for name, number in names.items() if name and not name.isdigit()}


@cache
def _weekdays(language: str) -> frozenset[str]:
    from babel import Locale, UnknownLocaleError

    names: set[str] = set()
    for identifier in (language, "en"):
        try:
            days = Locale.parse(identifier).days["format"]
        except (UnknownLocaleError, ValueError):
            continue
        names |= {plain(name).rstrip(".") for width in ("wide", "abbreviated") for name in days[width].values()}
    return frozenset(names)


def _without_opening(line: str, language: str) -> str:
    for opening in sorted(openings("dateline", primary(language)), key=len, reverse=True):
        if line.startswith(opening):
            return line[len(opening) :].lstrip(" :،,")
    return line


def _may_precede(before: str, language: str) -> bool:
    """Nothing, a word such as 'Date:', a weekday, or a place of up to three words set off by a comma."""
    rest = _without_opening(before, language).strip(" :،,-–—(/")
    if not rest or rest in _weekdays(primary(language)) or rest in openings("dateline", primary(language)):
        return True
    words = rest.split()
    set_off = before.rstrip().endswith((",", "،", ":", "-", "–", "—")) or words[-1] in ("في", "on")
    return set_off and len(words) <= 3
