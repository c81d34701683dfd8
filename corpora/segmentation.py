"""Blocks to segments: sentence-like spans, by plain rules over `data/segmentation.toml`.

Nothing is lost: a segment is a span of the text, spans ascend, and between them there is only white space, or nothing that is
seen. A sentence ends at . ! ? ؟ ۔ and at 。！？, with the quotation marks and brackets that close behind it and the sign of a
note, when what follows can begin a sentence. Commas, semicolons and colons do not: Arabic prose runs on commas, and its
translators' beads follow the full stops. Only a colon ends one that announces a list ("in the following cases:") or stands
before a list marker or before what semicolons separate; from there to the next full stop so do these.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from corpora.characters import Seen, fold_line, seen
from corpora.languages import NAMES, checked, primary
from corpora.model import BlockKind, Origin, Segment
from corpora.phrases import load, openings, plain
from corpora.reading import parse_statement
from corpora.structure import LIST_MARKER

if TYPE_CHECKING:
    from corpora.model import Block, Statement

_CLOSERS = "\"'»”’)\\]}›」』）】\u200e\u200f"
_OPENERS = "\"'«“‘(\\[{‹「『（【–—*•\\-\u200e\u200f\u061c"
_QUOTES = "\"'«“‘„‹「『"
_OTHER_CLOSERS = r"[ \u00a0\u202f][»)\]](?=[\s,.;:)\]]|$)|[«“](?=[\s,]|$)"  # as French sets them, and German
_NOTE = r"(?:\[\d{1,3}\]|\(\d{1,3}\)|[⁰¹²³⁴-⁹]+|\d{1,3})(?=\s)"  # the sign of a note
_SET_OFF = r"(?:\[\d{1,3}\]|\(\d{1,3}\)|[⁰¹²³⁴-⁹]+)"  # the same behind a space
_LAST_SIGN = re.compile(rf"{_SET_OFF}\s*$")
_END, _NOTED_END = (
    re.compile(rf"([.!?؟۔…]+|[。！？]+)((?:[{_CLOSERS}]|{_OTHER_CLOSERS})*(?:{note})?)(\s*)")
    for note in (_NOTE, rf"{_NOTE}|[ \u00a0]{_SET_OFF}(?=\s)")
)
_COLON = re.compile("([:\uff1a])()(\\s+)")
_ITEMS = re.compile("[;\u061b\uff1b]")
_STOP = re.compile("[.!?;\u061b\u061f](?:\\s|$)")
_FULL_STOP = re.compile("[.!?\u061f](?:\\s|$)")
_ANNOUNCED = re.compile(r"(?:\S+\s+){0,3}\S+$")  # words before a colon, one of which may announce what follows
_GOING_ON = ",;:،؛)]"
_WIDE_STOPS = "。！？"
_WORD = re.compile(r"\w")
_WORD_BEFORE = re.compile(r"[^\s\"'«»“”‘’()\[\]{}،,;:؛/]+$")
_NEXT = re.compile(rf"[{_OPENERS}\s]*")
_ITEM = re.compile(r"(?:[a-z]|[ivx]{2,4}) ?\)\s")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
_TWO_LETTERS = re.compile("(?:Kh|Sh|Th|Gh|Dh|Ch|Zh|Ts|Dj|Ph|Ya|Yu|Yo)")  # initials, of names from other scripts
_ARABIC = re.compile("[\u0621-\u064a\u0671-\u06d3]")
_PAIRS = {"(": ")", "[": "]", "（": "）"}
_UNITS = frozenset({"mm", "cm", "m", "km", "ha", "l", "mg", "g", "kg", "t", "h"})  # have no full stop of their own
_LATIN_SCRIPT = frozenset({"de", "en", "es", "fr", "it", "nl", "pl", "pt", "tr"})
_LONGEST_BRACKET, _LONGEST_LIST = 400, 2000
_LONGEST_SIGN, _HEAD = 8, 60
_SENTENCE_STOP = re.compile(rf"[.!?؟۔…。！？][{_CLOSERS}]*\s+$")
_CASED_QUOTE_STOP = re.compile('["»”’]')


@dataclass(frozen=True, slots=True)
class _Rules:
    """The lists of a language, see `data/segmentation.toml`; `items` are semicolons with the "and" or "or" behind them.

    `german` are words other than nouns, for German.
    """

    title: frozenset[str]
    number: frozenset[str]
    era: frozenset[str]
    other: frozenset[str]
    starters: frozenset[str]
    goes_on: frozenset[str]
    announces: frozenset[str]
    months: frozenset[str]
    german: frozenset[str]
    items: re.Pattern[str]


@cache
def _rules(language: str) -> _Rules:
    stored = load("segmentation").get(language, {})
    names = ("title", "number", "era", "other", "starters", "goes_on", "announces")
    from corpora.dates import month_names

    lists = {name: frozenset(plain(word) for word in stored.get(name, ())) for name in names}
    joins = "|".join(re.escape(word) for word in sorted(stored.get("joins", ()), key=len, reverse=True))
    items = re.compile(rf"([;\u061b\uff1b])()(?:\s+(?:{joins or '(?!)'})\b[,:]?)?\s*", re.IGNORECASE)
    german = frozenset(plain(word) for word in stored["begins"]) if language == "de" else frozenset()
    return _Rules(**lists, months=frozenset(month_names(language)) if german else frozenset(), german=german, items=items)


def segment(statement: Statement) -> tuple[Segment, ...]:
    """The segments of a statement, in order. A statement read line by line has one a line, blank ones included."""
    if statement.origin.format == "lines":
        return tuple(Segment(fold_line(statement.text[b.start : b.end]), b.start, b.end, b.kind) for b in statement.blocks)
    return tuple(part for block in statement.blocks for part in _block_segments(statement.text, block, statement.language))


def segment_text(text: str, language: str) -> list[str]:
    """The segments of running text, as lines. Raises MuqabalaError when the language is not a code."""
    statement = parse_statement(text, origin=Origin(format="text"), language=checked(language))
    return [part.text for part in segment(statement)]


def _block_segments(text: str, block: Block, language: str) -> list[Segment]:
    whole = block.kind.is_front or block.kind is BlockKind.HEADING
    body = text[block.start : block.end]
    ends = [] if whole else sentence_ends(body, primary(language))
    segments = []
    start = 0
    for end in [*ends, len(body)]:
        part = body[start:end]
        a, b = start + len(part) - len(part.lstrip()), start + len(part.rstrip())
        line = fold_line(body[a:b])
        if seen(line).strip():
            segments.append(Segment(line, block.start + a, block.start + b, block.kind))
        start = end
    return segments


def sentence_ends(text: str, language: str) -> list[int]:
    """Offsets behind the sentences of one block, the last left out; what nobody sees tells nothing."""
    shown = Seen.of(text)
    return [
        shown.span(end - 1, end)[1] if shown.text[end - 1].isspace() else shown.span(end, end + 1)[0]
        for end in _sentence_ends(shown.text, language)
    ]


def _sentence_ends(text: str, language: str) -> list[int]:
    rules = _rules(language)
    inside = _brackets(text)
    marker = LIST_MARKER.match(text)
    first = marker.end() if marker else 0
    full = _END if marker or not _is_noted(text) else _NOTED_END
    ends = []
    start = 0
    is_list = False
    for match in sorted((*full.finditer(text), *_COLON.finditer(text), *rules.items.finditer(text)), key=re.Match.start):
        end = match.end()
        if end >= len(text) or match.end(1) <= first or any(a < match.start() < b for a, b in inside.near(match.start())):
            continue
        is_item = match[1] in ";\u061b\uff1b"
        if _parts_items(text, match, start, is_list=is_list) if is_item else _ends_sentence(text, match, start, rules, language):
            is_list = is_item or (match[1] in ":\uff1a" and _announces_list(text, match, start, rules))
            ends.append(end)
            start = end
    return ends


def _is_noted(text: str) -> bool:
    """Whether the sign of a note, behind a space, is the last of a block: such signs belong to the sentences before them."""
    sign = _LAST_SIGN.search(text, max(len(text.rstrip()) - _LONGEST_SIGN, 0))
    return sign is not None and bool(_SENTENCE_STOP.search(text[max(sign.start() - 40, 0) : sign.start()]))


def _parts_items(text: str, match: re.Match[str], start: int, *, is_list: bool) -> bool:
    """Whether a semicolon, behind a word, parts the items of a list; outside one they must be marked."""
    if not _WORD.search(text, max(start, match.start() - 40), match.start()):
        return False
    marker = LIST_MARKER.match(text, match.end())
    if marker is None:
        return is_list and text[match.end() - 1].isspace()
    return is_list or not (marker[0].endswith(".") and marker[0][0].isalpha())  # an initial, a title


class _Brackets:
    """Bracketed parts that stand inside a sentence; a sentence end within them does not count."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self._spans = spans
        self._at = 0

    def near(self, position: int) -> list[tuple[int, int]]:
        while self._at < len(self._spans) and self._spans[self._at][1] <= position:
            self._at += 1
        return self._spans[self._at : self._at + 1]


def _brackets(text: str) -> _Brackets:
    spans: list[tuple[int, int]] = []
    for match in re.finditer(r"[(\[（]", text):
        if spans and match.start() < spans[-1][1]:
            continue
        close = text.find(_PAIRS[match[0]], match.end(), match.end() + _LONGEST_BRACKET)
        before = text[max(0, match.start() - 40) : match.start()].rstrip()[-1:]
        if close > 0 and before and before not in ".!?؟۔。！？":
            spans.append((match.start(), close))
    return _Brackets(spans)


def _ends_sentence(text: str, match: re.Match[str], start: int, rules: _Rules, language: str) -> bool:
    stop, closers, space = match.groups()
    begins = _NEXT.match(text, match.end()).end()  # type: ignore[union-attr]
    following = text[begins : begins + 40]
    if not following:
        return True
    if following[0] in _GOING_ON or _LAST_SIGN.match(text, match.end()):
        return False
    if stop in ":\uff1a":
        return _announces_list(text, match, start, rules) or (begins == match.end() and _is_german_sentence(following, rules))
    if stop[0] in _WIDE_STOPS:
        return not following.startswith(("と", "って"))
    word = plain(_last_word(text, match.start(), start))
    next_word = plain(re.split(r"[\s.,،:;؛!?؟\"»”)]", following, maxsplit=1)[0])
    if not space or closers[-1:].isdecimal():
        return _takes_note(word, following, rules) if space else _unspaced(text, match, word, next_word, rules)
    if stop.strip(".") and "…" not in stop:
        return _after_question(closers, following, next_word, rules)
    if len(stop) > 1 or "…" in stop:
        return _begins(following, cased=language != "ar") and language != "ar"
    if following[0].islower() and not _ITEM.match(following):
        return False
    if word.isascii() and language not in _LATIN_SCRIPT:
        rules = _rules("en")  # a foreign abbreviation
    return _after_full_stop(text, word, following, next_word, start, match, rules)


def _takes_note(word: str, following: str, rules: _Rules) -> bool:
    """Whether digits behind a word's full stop are a note's sign: not a number with a point in it, or behind an abbreviation."""
    return word.isalpha() and len(word) > 3 and not _is_short(word, rules) and not following[0].islower()


def _is_german_sentence(following: str, rules: _Rules) -> bool:
    """Behind a colon German writes a word other than a noun with a capital only where a whole sentence follows."""
    word = re.split(r"[^\w]", following, maxsplit=1)[0]
    return word[:1].isupper() and plain(word) in rules.german


def _announces_list(text: str, match: re.Match[str], start: int, rules: _Rules) -> bool:
    """A colon before a list marker or what semicolons separate, or behind "the following" when several sentences follow.

    Not one behind which commas list, or somebody speaks.
    """
    if LIST_MARKER.match(text, match.end()):
        return True
    end = min(len(text), match.end() + _LONGEST_LIST)
    full = _FULL_STOP.search(text, match.end(), end)
    is_speech = text[match.end()] in _QUOTES
    if not is_speech and len(_ITEMS.findall(text, match.end(), full.start() if full else end)) > 1:
        return True
    before = _ANNOUNCED.search(text, max(start, match.start() - 60), match.start())
    words = {plain(word) for word in before[0].split()} if before else set()
    return not words.isdisjoint(rules.announces) and len(_STOP.findall(text, match.end(), end)) > 1


def _last_word(text: str, end: int, start: int) -> str:
    found = _WORD_BEFORE.search(text, max(start, end - 40), end)
    return found[0] if found else ""


def _unspaced(text: str, match: re.Match[str], word: str, next_word: str, rules: _Rules) -> bool:
    """A full stop without a space behind it ends a sentence only between two Arabic words, where it is a slip of typing.

    So it is before a list marker, which has brackets where it is Latin.
    """
    if _is_short(word, rules) or len(word) < 3:
        return False
    arabic = _ARABIC.search(text[match.start() - 1 : match.start()])
    if marker := LIST_MARKER.match(text, match.end()):
        return bool(arabic or (word.isalpha() and ")" in marker[0]))
    return bool(arabic and _ARABIC.match(text, match.end())) and len(next_word) >= 3


def _after_question(closers: str, following: str, next_word: str, rules: _Rules) -> bool:
    if following[0].islower():
        return False
    return not (_CASED_QUOTE_STOP.search(closers) and next_word in rules.goes_on)


def _after_full_stop(text: str, word: str, following: str, next_word: str, start: int, match: re.Match[str], rules: _Rules) -> bool:
    number_next = following[0].isdecimal() or bool(_ITEM.match(following))
    closed = bool(match[2])
    is_unit = not number_next and _last_word(text, match.start(), start) in _UNITS
    if (is_unit or word in rules.era) and _follows_number(text, match.start(), start):
        return not following[0].islower()
    if word.isdecimal() and _head(text, match, start) == _last_word(text, match.start(), start):
        return False  # the number of what follows
    if _opens_numbered_part(text, match, start):
        return False
    if closed:
        return True
    raw = _last_word(text, match.start(), start)
    if word in rules.title or _TWO_LETTERS.fullmatch(raw) or (word in rules.number and number_next):
        return False
    if word in rules.other:
        return bool(rules.starters) and next_word in rules.starters
    if _INITIALS.fullmatch(word) and not word.isdecimal():
        if len(raw) == 1 and (raw.islower() or raw == "I"):  # a variable, a letter, the pronoun
            return not number_next
        return "." in word and next_word in rules.starters
    if rules.months and word.isdecimal() and len(word) <= 2:  # German ordinals
        return next_word not in rules.months and len(word) > 2
    return True


def _follows_number(text: str, end: int, start: int) -> bool:
    return bool(re.search(r"\d\s*[^\W\d_]{1,2}(?:\.[^\W\d_]{1,2})?\.?$", text[max(start, end - _HEAD) : end]))


def _head(text: str, match: re.Match[str], start: int) -> str:
    """What stands before the full stop from the sentence's start on, where it is short; else nothing."""
    return text[start : match.start()].strip() if match.start() - start <= _HEAD else ""


def _opens_numbered_part(text: str, match: re.Match[str], start: int) -> bool:
    """'Article 5.' or 'المادة (٥).' at the start of a segment: the number of what follows, not a sentence."""
    head = _head(text, match, start)
    words = plain(head).split()
    return len(words) == 2 and any(c.isdecimal() for c in head) and words[0] in _parts_by_number()


@cache
def _parts_by_number() -> frozenset[str]:
    return frozenset(word for language in NAMES for word in openings("numbered", language))


def _is_short(word: str, rules: _Rules) -> bool:
    return word in rules.title | rules.number | rules.era | rules.other or "." in word


def _begins(following: str, *, cased: bool) -> bool:
    letter = following[0]
    return unicodedata.category(letter) != "Ll" if cased else True
