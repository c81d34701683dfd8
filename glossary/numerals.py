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


_DIGITS = re.compile(r"(?<![\d.,A-Za-z_])\d+(?:[.,\u066b\u066c'\u00a0\u202f \u2009](?=\d)\d+)*(?!\d)")
_SPACED = re.compile("[\u00a0\u202f \u2009]")
_GROUPS = re.compile(r"\d{1,3}(?:([.,\u066c' ])\d{3})(?:\1\d{3})*")
_PERCENT = re.compile(r"\s?(?:%|\u066a|per ?cent\b|percentage\b|(?:في|ب)\s?ال?م(?:ائ|ئ|اي|ي)[ةه])")
_SUFFIX = re.compile(r"(?:st|nd|rd|th)\b")
_ENGLISH_WORD = re.compile(r"[A-Za-z]+")


def find_numerals(text: str, language: str) -> list[Numeral]:
    """All numbers of a text by position."""
    in_digits = list(_in_digits(ascii_digits(text), language))
    spelled = [
        found for found in _spelled(text, language) if not any(n.start < found.end and found.start < n.end for n in in_digits)
    ]
    return sorted([*in_digits, *spelled], key=lambda numeral: numeral.start)


def _in_digits(text: str, language: str) -> list[Numeral]:
    found = []
    for match in _DIGITS.finditer(text):
        for start, end in _pieces(text, match.start(), match.end()):
            values = _readings(text[start:end])
            power, last = _power_behind(text, end, language)
            suffix = _SUFFIX.match(text, last)
            percent = _PERCENT.match(text, last)
            last = percent.end() if percent else suffix.end() if suffix else last
            found.append(Numeral(start, last, frozenset(v * power for v in values), True, bool(suffix), bool(percent)))
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
    grouped, _, fraction = re.sub("[\u066c' ]", ",", plain).rpartition(".")
    if grouped and _GROUPS.fullmatch(grouped) and fraction.isdigit():
        out.add(Decimal(f"{grouped.replace(',', '')}.{fraction}").normalize())
    return out or {Decimal(part) for part in re.findall(r"\d+", plain)[:1]}


def _power_behind(text: str, end: int, language: str) -> tuple[Decimal, int]:
    """`2.5 million`: the factor and where its word ends."""
    words = _words_of(language)
    match = (
        (ARABIC_WORD if primary(language) == "ar" else _ENGLISH_WORD).match(text, end + 1) if text[end : end + 1] == " " else None
    )
    if match and words:
        word = _bare(match[0], language)
        power = words["powers"].get(word) or (100 if word == "hundred" else None)
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


def _spelled(text: str, language: str) -> list[Numeral]:
    if not _words_of(language):
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
            found.append(Numeral(start, percent.end() if percent else end, values, False, total.ordinal, bool(percent)))
    return found


def _arabic_words(text: str) -> list[_Word]:
    known = {word for table in _words_of("ar").values() for word in table}
    out = []
    for match in ARABIC_WORD.finditer(text):
        word = folded(match[0])
        for conjunction in ("", "و", "ف"):
            for preposition in ("", "ب", "ل", "ك", "ال", "بال", "لل", "كال"):
                rest = word.removeprefix(conjunction).removeprefix(preposition)
                if conjunction + preposition + rest == word and rest in known:
                    out.append(_Word(match.start(), match.end(), rest, conjunction == "و"))
                    break
            else:
                continue
            break
        else:
            out.append(_Word(match.start(), match.end(), "", joined=False))
    return out


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
        if word.text in table and kind != "fractions":
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
        self.ordinal = self.ordinal or name == "ordinals"
        return True

    def _is_near(self, word: _Word) -> bool:
        """A space, a hyphen, or `and` between."""
        return word.start - self._end <= (5 if word.joined or not self._arabic else 1)

    def _goes_on(self, word: _Word, name: str, value: int) -> bool:
        low = self._group % 100
        if self._arabic and word.text in {"عشر", "عشرة"} and not word.joined:
            return 1 <= low <= 9  # خمسة عشر, الخامسة عشرة
        if self.ordinal:
            return self._arabic and word.joined and name == "tens" and low < 10  # الحادي والعشرون
        if name == "powers":
            return not word.joined or not self._arabic
        if name == "hundreds":
            return self._group in range(1, 10) if not word.joined else self._size >= 1000
        if self._arabic:
            return word.joined and (low < 10 if name == "tens" else name == "double_powers" or not low) and name != "ordinals"
        if name == "tens":
            return self._size >= 100
        return not low if self._size >= 100 else low >= 20 and not low % 10 and value < 10
