"""Where a sentence may be split when its translation says so: between words, and how much its text speaks for it there."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from corpora.characters import fold_line, seen
from corpora.languages import primary
from corpora.phrases import load, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpora.model import Segment

SIGNS = ("stop", "semicolon", "comma", "dash", "closing", "lead", "name", "none")
"""What a word may end with; "closing" is a closing quotation mark or bracket with no other mark, "lead" the letters of a word that
another one has to follow (of, the, Mr.), "name" those of a word with a capital (London, U.S.)."""
OPENINGS = ("opener", "joined", "starter", "small", "capital", "quote", "number", "subject", "within", "other")
"""What the next one may be: a word that opens clauses; an Arabic "and" or "so" with what it is written to, unless that is a noun
with its article or in the accusative; with a capital: one that has it only where a sentence begins (The, When), one that the text
mostly writes small, any other; one behind an opening quotation mark or bracket; the number of an item; a name that sentences of the
text begin with; a word that none does."""

_WORD = re.compile(r"\S+\s*")
_WIDE = re.compile(
    "(?<=[\u3001\u3002\uff0c\uff1b\uff1a\uff01\uff1f])(?![\u300d\u300f\u201d\uff09])"
    "|(?<=[\u4e00-\u9fff][ \u3000])(?=[\u4e00-\u9fff])"
)  # behind marks, and behind a space between two characters
_UNSPACED = frozenset({"zh", "ja"})  # they write no spaces
_UNCASED = frozenset({"ar", "zh", "ja", "ko", "th"})
_JOINED = re.compile("[\u0648\u0641](?!\u0627\u0644|\\S*\u064b)[\u0621-\u064a\u064b-\u0652]{3,}")
_ITEM = re.compile(r"[(\[]?(?:\d{1,3}[.)\]/-]+|[^\W\d_][)\]-]+)|\d[°º]")
_ENDING = frozenset({"stop", "semicolon"})
_BEGINNING = frozenset({"starter", "small", "subject"})
_MARKS = _ENDING | {"comma", "dash"}
_MARKED = frozenset(SIGNS.index(sign) for sign in _MARKS)
_JOINING = tuple("\u0648\u0641\u0628\u0643\u0644")
_SHORTEST = 3  # letters of a word that something may be written to
_NUMBER = re.compile(r"\d{1,3}|[^\W\d_]")  # of an item whose brackets are set with spaces
_LETTERS = re.compile(r"[^\W\d_](?:\.[^\W\d_])+\.")  # U.S.: more often within a sentence than at its end
_INITIAL = re.compile(r"[^\W\d_]\.")
_NAMED = re.compile(r"[\u0621-\u064a]\.[\u060c,]?|(?:Kh|Sh|Th|Gh|Dh|Ch|Zh|Ts|Dj|Ph)\.")  # initials: hardly ever at an end
_MOSTLY = 4  # times that a word is written small for each that it has a capital, besides one
_OFTEN, _SUBJECT = 2, 8  # segments that a name begins; how often at most it stands within one, for each of them
_RUNS_ON = 0.15  # share of sentences that end without a stop from which on a text is said to run on
_BEHIND = re.compile(r"\W.*")
_CLOSING = "\"'\u00bb\u201d\u2019)]\u300d\u300f\uff09"
_QUOTING = "\"'\u00ab\u201c\u201e\u2018([\u300c\u300e\uff08"
_LONE_OPENINGS, _LONE_CLOSINGS = frozenset("\u00ab(["), frozenset("\u00bb)]")  # with a space to both sides, as French sets them
_ENDS = (".!?\u061f\u2026\u3002\uff01\uff1f", ";:\u061b\uff1b\uff1a", ",\u060c\u3001\uff0c", "-\u2013\u2014")


def words_of(body: str, language: str) -> list[str]:
    """The words of a segment with the space behind them; where none is written between words, what stands between two marks."""
    if primary(language) in _UNSPACED:
        return [part for part in _WIDE.split(body) if part]
    return _WORD.findall(body)


def is_spaced(language: str) -> bool:
    """Whether it writes spaces between words."""
    return primary(language) not in _UNSPACED


def has_capitals(language: str) -> bool:
    """Whether it is written with capitals and small letters."""
    return primary(language) not in _UNCASED


def shown_ends(language: str) -> int:
    """How much a text without stops shows where its sentences end: by nothing, by capitals, by the marks that are left alone."""
    return 2 if not is_spaced(language) else int(has_capitals(language))


@dataclass(frozen=True, slots=True)
class Capitals:
    """What the capitals of a side tell.

    Attributes:
        starters: words that have one only where they begin a sentence, by themselves.
        small: those that the text mostly writes small.
        subjects: names that segments begin with.
        runs_on: whether sentences of the text end without a stop, so that any name may begin one.
    """

    starters: frozenset[str] = frozenset()
    small: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()
    runs_on: bool = False


def capitals_of(segments: Sequence[Sequence[str]], language: str) -> Capitals:
    """From the words of all segments of a side; those that are all in capitals tell nothing."""
    if not has_capitals(language):
        return Capitals()
    segments = [words for words in segments if not _in_capitals(words)]
    inside = [word for words in segments for word in words[1:]]
    capital = Counter(_bare(word) for word in inside if word[:1].isupper())
    small = Counter(_bare(word) for word in inside if word[:1].islower())
    lists = _lists(primary(language))
    mostly = {word for word, n in small.items() if n >= _MOSTLY * (capital[word] - 1)} - lists.always
    known = lists.starters | mostly
    first = Counter(_bare(words[0]) for words in segments if words and words[0][:1].isupper())
    subjects = {word for word, n in first.items() if n >= _OFTEN and n * _SUBJECT >= capital[word]}
    none = SIGNS.index("none")
    bare = sum(
        word[:1].isupper() and _bare(word) in known and not _INITIAL.match(word) and _sign(before.rstrip(), lists.leads) == none
        for words in segments
        for before, word in pairwise(words)
    )
    runs_on = bare > _RUNS_ON * (bare + len(segments))
    return Capitals(lists.starters, frozenset(mostly - lists.starters), frozenset(subjects - known - lists.always), runs_on)


def border_signs(words: Sequence[str], language: str, capitals: Capitals | None = None) -> list[tuple[int, int, int]]:
    """Of each border between the words of a segment what speaks for the end of a sentence.

    Returns:
        what the word before ends with (of `SIGNS`), what the next one is (of `OPENINGS`), and 1 if the segment ends without a stop.
    """
    lists, arabic = _lists(primary(language)), primary(language) == "ar"
    words = [seen(word) for word in words]
    cased = (capitals or Capitals()) if has_capitals(language) and not _in_capitals(words) else None
    bare = int(bool(words) and SIGNS[_sign(words[-1].rstrip(), lists.leads)] not in _ENDING)
    signs = [_sign(before.rstrip(), lists.leads) for before in words[:-1]]
    openings = [_opening(word.rstrip(), lists, cased, arabic=arabic) for word in words[1:]]
    for k, (word, following) in enumerate(pairwise(words[1:])):
        if OPENINGS[openings[k]] in _BEGINNING and following[:1].isdecimal() and plain(word).strip(" .") in lists.numbers:
            openings[k] = OPENINGS.index("capital")  # "No. 12", as likely within a sentence
    for k in range(len(words) - 2, 0, -1):  # what a mark that stands alone opens begins at the mark
        if words[k].rstrip() in _LONE_OPENINGS:
            if OPENINGS[openings[k]] in _BEGINNING:
                openings[k - 1] = openings[k]
            openings[k] = OPENINGS.index("within")
    for start, end in _items(words):
        if start and signs[start - 1] not in _MARKED and _refers(words[start - 1].rstrip(), lists.refers):
            openings[start - 1] = OPENINGS.index("within")  # "paragraph (a)" numbers what stands elsewhere
            continue
        if start:
            openings[start - 1] = OPENINGS.index("number")
        marks = _MARKS if end - start > 1 else _ENDING
        begins = start == 0 or end - start == 2 or SIGNS[signs[start - 1]] in marks  # else it may be that of a note, or any number
        inside = slice(start, end if begins else end - 1)
        signs[inside] = [SIGNS.index("lead")] * len(signs[inside])
        openings[inside] = [OPENINGS.index("within")] * len(openings[inside])
    return [(sign, opening, bare) for sign, opening in zip(signs, openings, strict=True)]


def _in_capitals(words: Sequence[str]) -> bool:
    return "".join(words).isupper()


def strengths(signs: Sequence[tuple[int, int, int]], language: str) -> list[int]:
    """How much each of these signs speaks for the end of a sentence: not at all (0), somewhat (1), so that one looks closer (2)."""
    speaking = (
        {"quote", "number", "starter", "small", "capital", "subject"}
        if has_capitals(language)
        else {"quote", "number", "opener", "joined"}
    )
    unspaced = not is_spaced(language)  # where there is a border without a mark somebody wrote a space

    def strength(sign: str, opening: str) -> int:
        if sign == "lead":
            return 0
        begins = opening in {"starter", "small", "number"} or (opening == "subject" and sign != "name")
        begins |= sign == "closing" and opening in {"capital", "quote"}
        if sign in _ENDING or begins or (unspaced and sign == "none"):
            return 2
        return int(unspaced or sign not in {"name", "none"} or opening in speaking)

    return [strength(SIGNS[sign], OPENINGS[opening]) for sign, opening, _ in signs]


def joined(text: str, segment: Segment, start: int, end: int) -> Segment:
    """The part start .. end of a segment, marked as cut."""
    if (start, end) == (segment.start, segment.end):
        return segment
    return replace(segment, text=fold_line(text[start:end]), start=start, end=end, cut=True)


def _items(words: Sequence[str]) -> list[tuple[int, int]]:
    """First and end, in words, of the numbers of items: "a)" and "1.", or "a )" and "( 1 )" where marks are set with spaces."""
    out: list[tuple[int, int]] = []
    opened: int | None = None
    for k, word in enumerate(word.rstrip() for word in words):
        if word in {"(", "["}:
            opened = k
        elif word in {")", "]"}:
            start = k - 1 if opened is None else opened
            if start == k - 1 - (opened is not None) and k and _NUMBER.fullmatch(words[k - 1].rstrip()):
                out.append((start, k + 1))
            opened = None
        elif _ITEM.fullmatch(word):
            out.append((k, k + 1))
    return out


def _refers(word: str, nouns: frozenset[str]) -> bool:
    """Whether it is one of these nouns, in Arabic with what is written to it as well."""
    bare = plain(word)
    found = {bare, "ال" + bare.removeprefix("لل")}
    while bare.startswith(_JOINING) and len(bare) > _SHORTEST:
        bare = bare[1:]
        found |= {bare, "ال" + bare.removeprefix("لل")}
    return not nouns.isdisjoint(found)


def _bare(word: str) -> str:
    """The word to tell by whether it is also written small: what follows an apostrophe is left out."""
    return _BEHIND.sub("", plain(word))


def _sign(word: str, leads: frozenset[str]) -> int:
    """`leads` are the words that another one has to follow, without their full stops."""
    if word in _LONE_OPENINGS or _NAMED.fullmatch(word):
        return SIGNS.index("lead")
    if word in _LONE_CLOSINGS:
        return SIGNS.index("closing")
    bare = word.rstrip(_CLOSING) or word
    found = next((k for k, signs in enumerate(_ENDS) if bare[-1:] and bare[-1:] in signs), None)
    if bare == word and found in {None, SIGNS.index("stop")} and plain(word).rstrip(".") in leads:
        return SIGNS.index("lead")
    if found is not None and not _LETTERS.fullmatch(word):
        return found
    if bare != word:
        return SIGNS.index("closing")
    return SIGNS.index("name" if word[:1].isupper() else "none")


def _opening(word: str, lists: _Lists, capitals: Capitals | None, *, arabic: bool) -> int:
    """`capitals` is None where there are none."""
    if _ITEM.fullmatch(word):
        return OPENINGS.index("number")
    if word[:1] and word[0] in _QUOTING:
        return OPENINGS.index("quote")
    if capitals is not None and word[:1].isupper() and _bare(word) not in lists.always:
        return OPENINGS.index(_capital(word, capitals))
    folded = plain(word)
    if folded in lists.openers:
        return OPENINGS.index("opener")
    if folded in lists.within or word in _LONE_CLOSINGS:
        return OPENINGS.index("within")
    return OPENINGS.index("joined" if arabic and _JOINED.match(word) else "other")


def _capital(word: str, capitals: Capitals) -> str:
    bare = _bare(word)
    if not _INITIAL.match(word):
        if bare in capitals.starters:
            return "starter"
        if bare in capitals.small:
            return "small"
    return "subject" if capitals.runs_on or bare in capitals.subjects else "capital"


@dataclass(frozen=True, slots=True)
class _Lists:
    openers: frozenset[str]
    starters: frozenset[str]
    leads: frozenset[str]
    within: frozenset[str]
    always: frozenset[str]
    numbers: frozenset[str]
    refers: frozenset[str]


@cache
def _lists(language: str) -> _Lists:
    stored = load("segmentation").get(language, {})

    def words(*names: str) -> frozenset[str]:
        return frozenset(plain(word) for name in names for word in stored.get(name, ()))

    always = words("always")
    return _Lists(
        words("clauses"),
        words("starters", "begins") - always,
        words("leads", "title", "number"),
        words("within"),
        always,
        words("number"),
        words("refers"),
    )
