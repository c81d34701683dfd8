"""Numbers in a text, in digits of any script or spelled out in Arabic and English, with what each may mean.

`1,500` is 1500, or 1.5 where the comma is a decimal sign: both readings are kept. Spelled numbers are read by the grammar of their
language: Arabic units before tens (خمسة وعشرون), the dual of hundreds, thousands and millions (مائتي ألف), English hyphens and
`and`. Own work: no library reads the Arabic forms.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from math import prod

from corpora.characters import ascii_digits
from corpora.languages import primary
from glossary.arabic import WORD as ARABIC_WORD
from glossary.lexicon import folded


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number at text[start:end].

    Attributes:
        values: what it may mean; most have one.
        in_digits: written in digits, not spelled out.
        ordinal: it tells a place in an order (21st, الخامسة).
        percent: of a hundred.
    """

    start: int
    end: int
    values: frozenset[Decimal]
    in_digits: bool
    ordinal: bool = False
    percent: bool = False


_DIGITS = re.compile(r"(?<![\d.,A-Za-z_])\d+(?:[.,\u060c\u066b\u066c'\u00a0\u202f \u2009](?=\d)\d+)*(?!\d)")
_SPACED = re.compile("[\u00a0\u202f \u2009]")
_GROUPS = re.compile(r"\d{1,3}(?:([.,\u060c\u066c' ])\d{3})(?:\1\d{3})*")
_PERCENT = re.compile(r"\s?(?:%|\u066a|per ?cent\b|percentage\b|(?:في|ب)\s?ال?م(?:ائ|ئ|اي|ي)[ةه])")
_DECADE = re.compile(r"'?s\b")
_SUFFIX = re.compile(r"(?:st|nd|rd|th)\b")
_SHORT_POWER = re.compile(r"\s?(m|mn|bn|k)\b")
_SHORT_POWERS = {"m": 10**6, "mn": 10**6, "bn": 10**9, "k": 10**3}
_RANGE = re.compile(r"(?<=\d{4}[-\u2013])\d\d$")
_ENGLISH_WORD = re.compile(r"[A-Za-z]+")
_WORD = re.compile(r"[^\W\d_]+")
_IN_SIGNS = frozenset({"zh", "ja"})
_SIGN_DIGITS = dict(zip("〇零一二三四五六七八九", (0, *range(10)), strict=True)) | {"两": 2, "兩": 2}
_MYRIAD = 10_000
_SIGN_POWERS = {"十": 10, "百": 100, "千": 1000, "万": _MYRIAD, "萬": _MYRIAD, "亿": _MYRIAD**2, "億": _MYRIAD**2}
_SIGNS = re.compile(f"[{''.join(_SIGN_DIGITS)}{''.join(_SIGN_POWERS)}]{{1,20}}")
_POWER_SIGNS = re.compile(f"\\s?[多余餘]?([{''.join(_SIGN_POWERS)}]{{1,4}})(?![米克瓦卡赫伏])")  # not 千米, a kilometre


def find_numerals(text: str, language: str) -> list[Numeral]:
    """All numbers of a text by position."""
    in_digits = list(_in_digits(ascii_digits(text), language))
    spelled = [n for n in _spelled(text, language) if not any(n.start < other.end and other.start < n.end for other in in_digits)]
    return sorted([*in_digits, *spelled], key=lambda numeral: numeral.start)


def said_in_signs(text: str, language: str) -> set[Decimal]:
    """What a Chinese text says in signs: 三百 and 二〇一八, also 八十年代, of whichever century; empty in other languages.

    They are parts of many words (一些, 千万), so that nobody can ask for them on the other side.
    """
    if primary(language) not in _IN_SIGNS:
        return set()
    out: set[Decimal] = set()
    for match in _SIGNS.finditer(text):
        value = _read_signs(match[0])
        out.add(Decimal(value))
        if text.startswith("年代", match.end()) and value < 100:
            out.add(Decimal(1900 + value))
    return out


def _read_signs(signs: str) -> int:
    """The value of a run of Chinese number signs; one of digits alone is read digit by digit."""
    if all(sign in _SIGN_DIGITS for sign in signs):
        return int("".join(str(_SIGN_DIGITS[sign]) for sign in signs))
    total = section = digit = 0
    for sign in signs:
        power = _SIGN_POWERS.get(sign, 0)
        if not power:
            digit = _SIGN_DIGITS[sign]
        elif power < _MYRIAD:
            section, digit = section + (digit or 1) * power, 0
        elif power == _MYRIAD:
            total, section, digit = total + (section + digit or 1) * power, 0, 0
        else:
            total, section, digit = (total + section + digit or 1) * power, 0, 0
    return total + section + digit


def can_spell(language: str) -> bool:
    """True where numbers that are spelled out are read in a language."""
    return "units" in _words_of(language)


def _in_digits(text: str, language: str) -> list[Numeral]:
    found = []
    for match in _DIGITS.finditer(text):
        for start, end in _pieces(text, match.start(), match.end()):
            values = _readings(text[start:end])
            if end - start == 2 and _RANGE.search(text, max(0, start - 5), end):  # 1950-53
                values = {Decimal(text[start - 5 : start - 3] + text[start:end])}
            decade = _DECADE.match(text, end)
            if decade and re.fullmatch(r"\d{2,4}", text[start:end]):  # the 1980s, in Arabic often the eighties
                values |= {Decimal(text[end - 2 : end])}
            power, last = _power_behind(text, end, language)
            suffix = _SUFFIX.match(text, last)
            percent = _PERCENT.match(text, last)
            last = percent.end() if percent else suffix.end() if suffix else last
            readings = frozenset(value * power for value in values)
            found.append(Numeral(start, last, readings, in_digits=not decade, ordinal=bool(suffix), percent=bool(percent)))
    return found


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Digits with spaces between are one number only where they are groups of three."""
    run = text[start:end]
    if not _SPACED.search(run) or _GROUPS.fullmatch(_SPACED.sub(" ", run)):
        return [(start, end)]
    return [(start + m.start(), start + m.end()) for m in re.finditer(r"[^\u00a0\u202f \u2009]+", run)]


def _readings(digits: str) -> set[Decimal]:
    plain = _SPACED.sub(" ", digits).replace("\u066b", ".")
    out = set()
    if _GROUPS.fullmatch(plain):
        out.add(Decimal(re.sub(r"\D", "", plain)))
    if len(re.findall(r"\D", plain)) == 1 and re.search("[.,]", plain):
        out.add(Decimal(plain.replace(",", ".")).normalize())
    grouped, _, fraction = re.sub("[\u060c\u066c' ]", ",", plain).rpartition(".")
    if grouped and _GROUPS.fullmatch(grouped) and fraction.isdigit():
        out.add(Decimal(f"{grouped.replace(',', '')}.{fraction}").normalize())
    return out or {Decimal(part) for part in re.findall(r"\d+", plain)[:1]}


def _power_behind(text: str, end: int, language: str) -> tuple[Decimal, int]:
    """`2.5 million`: the factor and where its word ends."""
    words = _words_of(language)
    if primary(language) in _IN_SIGNS:
        signs = _POWER_SIGNS.match(text, end)
        return (Decimal(prod(_SIGN_POWERS[sign] for sign in signs[1])), signs.end()) if signs else (Decimal(1), end)
    if primary(language) == "en" and (short := _SHORT_POWER.match(text, end)):
        return Decimal(_SHORT_POWERS[short[1]]), short.end()
    pattern = ARABIC_WORD if primary(language) == "ar" else _WORD
    match = pattern.match(text, end + 1) if text[end : end + 1].isspace() else None
    if match and words:
        word = _bare(match[0], language)
        power = words["powers"].get(word) or words.get("double_powers", {}).get(word) or (100 if word == "hundred" else None)
        if power:
            return Decimal(power), match.end()
    return Decimal(1), end


def _bare(word: str, language: str) -> str:
    return folded(word) if primary(language) == "ar" else word.casefold()


@cache
def _words_of(language: str) -> dict[str, dict[str, int | float]]:
    stored = tomllib.loads((files("glossary") / "data" / "numerals.toml").read_text(encoding="utf-8"))
    tables: dict[str, dict[str, int | float]] = stored.get(primary(language), {})
    return tables


@dataclass(slots=True)
class _Word:
    start: int
    end: int
    text: str
    joined: bool  # it begins with, or stands behind, an `and`
    definite: bool = False  # it carries the article: القرن العشرين


def _spelled(text: str, language: str) -> list[Numeral]:
    if not can_spell(language):
        return []
    percents = [match.span() for match in _PERCENT.finditer(text)]
    words = _arabic_words(text) if primary(language) == "ar" else _english_words(text)
    words = [word for word in words if not any(a <= word.start < b for a, b in percents)]
    found = []
    at = 0
    while at < len(words):
        total = _Sum(arabic=primary(language) == "ar")
        first = at
        while at < len(words) and total.take(words[at], _kind(words[at], language)):
            at += 1
        if at == first:
            at += 1
        elif total.value:
            start, end = words[first].start, words[at - 1].end
            percent = _PERCENT.match(text, end)
            values = frozenset({Decimal(total.value)})
            end = percent.end() if percent else end
            found.append(Numeral(start, end, values, in_digits=False, ordinal=total.ordinal, percent=bool(percent)))
    return found


def _arabic_words(text: str) -> list[_Word]:
    known = {word for table in _words_of("ar").values() for word in table}
    return [_arabic_word(match.start(), match.end(), folded(match[0]), known) for match in ARABIC_WORD.finditer(text)]


def _arabic_word(start: int, end: int, word: str, known: set[str]) -> _Word:
    """The number word in a word with what is joined to it, or one that is none."""
    for conjunction in ("", "و", "ف"):
        for preposition in ("", "ب", "ل", "ك", "ال", "بال", "لل", "كال"):
            if not word.startswith(conjunction + preposition):
                continue
            definite = preposition in {"ال", "بال", "لل", "كال"}
            rest = word[len(conjunction + preposition) :]
            rest = rest if rest in known or definite else rest.removesuffix("ا")  # ثلاثا
            if rest in known:
                return _Word(start, end, rest, conjunction == "و" or rest == "واحد", definite)  # واحد may be و and احد
    return _Word(start, end, "", joined=False)


def _english_words(text: str) -> list[_Word]:
    out: list[_Word] = []
    joined = False
    for match in _ENGLISH_WORD.finditer(text):
        word = match[0].casefold()
        if word == "and":
            joined = True
            continue
        out.append(_Word(match.start(), match.end(), word.removesuffix("s") if word in {"hundreds", "thousands"} else word, joined))
        joined = False
    return out


def _kind(word: _Word, language: str) -> tuple[str, int]:
    for kind, table in _words_of(language).items():
        if word.text in table:
            return kind, int(table[word.text])
    return "", 0


class _Sum:
    """A spelled number as far as it is read: what is finished, the group below the next thousand, the size of the last word."""

    def __init__(self, *, arabic: bool) -> None:
        self._arabic = arabic
        self._total, self._group, self._size = 0, 0, 0
        self._end = -1
        self.ordinal = False

    @property
    def value(self) -> int:
        """The number."""
        return self._total + self._group

    def take(self, word: _Word, kind: tuple[str, int]) -> bool:
        """Add the next word; False where it is none of this number."""
        name, value = kind
        if not name or (self._size and not (self._is_near(word) and self._goes_on(word, name, value))):
            return False
        if name == "powers":
            self._total, self._group = self._total + max(self._group, 1) * value, 0
        elif name == "hundreds" and (not self._arabic or 3 <= self._group <= 9):
            self._group = max(self._group, 1) * value
        elif name == "double_powers":
            self._total += value
        else:
            self._group += value
        sizes = {"powers": 1000, "double_powers": 1000, "hundreds": 100, "tens": 10}
        self._size, self._end = sizes.get(name, 1), word.end
        self.ordinal = self.ordinal or name == "ordinals" or (name == "tens" and word.definite)
        return True

    def _is_near(self, word: _Word) -> bool:
        """A space, a hyphen, or `and` between."""
        return word.start - self._end <= (5 if word.joined or not self._arabic else 1)

    def _goes_on(self, word: _Word, name: str, value: int) -> bool:
        low = self._group % 100
        if self._arabic and word.text in {"عشر", "عشرة"} and not word.joined:
            return 1 <= low <= 9  # خمسة عشر, الخامسة عشرة
        if self.ordinal and self._size < 10:
            return self._arabic and word.joined and name == "tens" and low < 10  # الحادي والعشرون
        if self._arabic:
            return self._arabic_goes_on(word, name, low)
        if name in {"powers", "hundreds"}:
            return name == "powers" or self._group in range(1, 10)
        if name == "tens":
            return self._size >= 100
        return not low if self._size >= 100 else low >= 20 and not low % 10 and value < 10

    def _arabic_goes_on(self, word: _Word, name: str, low: int) -> bool:
        if name == "powers":
            return not word.joined
        if name == "hundreds":
            return self._size >= 1000 if word.joined else self._group in range(1, 10)
        if not word.joined or name == "ordinals":
            return False
        return low < 10 if name == "tens" else name == "double_powers" or not low
