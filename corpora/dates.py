"""Dates as documents write them, in any language of babel and any Arab region: ٧ شباط ٢٠١٧, 7 فبراير 2017, February 7, 2017."""

from __future__ import annotations

import datetime
import re
from functools import cache

from corpora.characters import ascii_digits
from corpora.languages import primary
from corpora.phrases import openings, plain

_REGIONS = {"ar": ("ar", "ar_SY", "ar_IQ", "ar_LB", "ar_DZ", "ar_MA", "ar_TN", "ar_MR", "ar_SA")}
_NUMERIC = (
    (re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日"), (3, 2, 1)),
    (re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?![\d/])"), (3, 2, 1)),
    (re.compile(r"(?<![\d/])(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)"), (1, 2, 3)),
)  # with the groups of day, month and year
_HIJRI = re.compile(
    r"(?:(?:الموافق|المصادف)\s+(?:ل\s*)?)?(?<!\d)\d{1,2}(?:[-/.]\d{1,2}[-/.]|\s+(?:[^\W\d_]+[\s-]+){1,3})1[34]\d\d(?!\d)"
    r"\s*(?:هجري\w*|ه|a\.?h\.?|h)?"
)
"""A Hijri date: no statement is of the years 1300 to 1499 of the other calendar."""
_HOUR = re.compile(r"(?:^|[\s,،])\(?\d{1,2}[:.]\d\d(?::\d\d)?\s?(?:[ap]\.?m\.?|[صم])?\)?$")
_BEHIND = re.compile(r"[\s.،,)\]]*(?:[مه]|ميلادي\w*|г(?:ода)?|a\.?d|c\.?e)?[\s.،,)\]]*")  # the date: its calendar
_GAP = r"[\s,،.]*(?:de\s+|del\s+)?"
_LONGEST = 80


def parse_date(text: str, language: str) -> datetime.date | None:
    """The Gregorian date that a line consists of, possibly after a weekday, a place or a word such as 'Date:'; else None.

    The same day in the Hijri calendar may stand beside it, and an hour behind it. Purely numeric dates are read day first, as in
    Arabic, French or British usage, unless the year comes first.
    """
    if len(text) > _LONGEST:
        return None
    line = plain(ascii_digits(text)).strip(" \t\r\n.،,:)]|-–—")
    line = _HOUR.sub("", _HIJRI.sub("", line)).strip(" .،,:|-–—/=")
    months = month_numbers(primary(language))
    names = "|".join(sorted(map(re.escape, months), key=len, reverse=True))
    for pattern, order in (*_NUMERIC, *_patterns(names)):
        match = pattern.search(line)
        before = line[: match.start()] if match else ""
        if match and _may_precede(before, language, told=text.rstrip().endswith(".")) and _BEHIND.fullmatch(line, match.end()):
            day, month, year = (match[k] for k in order)
            return _date(int(year), months.get(month) or int(month), int(day))
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


def _may_precede(before: str, language: str, *, told: bool) -> bool:
    """Nothing, a word such as 'Date:', a weekday, or a place of up to three words set off by a comma.

    `told`: the line ends with a full stop; then a place makes a sentence of it ("They met on ...").
    """
    rest = _without_opening(before, language).strip(" :،,-–—(/")
    if not rest or rest in openings("dateline", primary(language)):
        return True
    words = rest.split()
    if words[-1] in _weekdays(primary(language)):
        return len(words) == 1 or _may_precede(before[: before.rindex(words[-1])], language, told=told)
    set_off = before.rstrip().endswith((",", "،", ":", "-", "–", "—")) or words[-1] in ("في", "on")
    return set_off and len(words) <= 3 and not told
