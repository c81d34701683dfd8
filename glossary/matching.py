"""Find a glossary's terms in a text. Terms inside longer terms are kept as data; `overlaps=False` lets the longest win."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from corpora.characters import Seen, seen
from corpora.languages import primary
from glossary import arabic, english, languages
from glossary.model import Match
from glossary.senses import other_meaning

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from glossary.model import Concept, Glossary, Term

_CONSTRUCT_GAP = 1  # foreign words allowed inside an Arabic phrase
_CONTEXT = 4  # words to each side that tell what a word means
_KNOWN_WORDS = 1 << 18  # word types whose keys are kept


@dataclass(frozen=True, slots=True)
class _Entry:
    """One spelling of a term.

    Attributes:
        words: its words as keys.
        definite: the first word must carry the article.
        listed: it is one of the term's further forms.
    """

    concept: str
    term: Term
    words: tuple[str, ...]
    definite: bool = False
    listed: bool = False


class _Word(NamedTuple):
    """A word type of the text: its keys within phrases, the terms it is alone, the second words of phrases it may begin.

    `gap` tells whether a phrase may go on behind it without having a word like it.
    """

    keys: frozenset[str]
    alone: tuple[_Entry, ...]
    seconds: tuple[dict[str, list[_Entry]], ...]
    gap: bool


class Matcher:
    """The terms of one language of a glossary, indexed by the keys of their first word."""

    def __init__(self, glossary: Glossary, language: str) -> None:
        self._language = primary(language)
        self._concepts = glossary.by_id
        self._single: dict[str, list[_Entry]] = {}
        self._phrases: dict[str, dict[str, list[_Entry]]] = {}
        self._words: dict[tuple[str, bool], _Word] = {}
        self._articles_tell = self._language == "ar" and not _writes_articles(glossary)
        for concept in glossary.concepts:
            for term in concept.terms:
                if primary(term.language) == self._language:
                    for entry in self._entries(concept, term):
                        self._add(entry)

    def find(self, text: str, *, overlaps: bool = True, unsure: bool = False) -> list[Match]:
        """Terms in the text, by position; what nobody sees may stand within them.

        Args:
            text: one line or a whole text.
            overlaps: keep matches that lie inside a longer one of another concept; without, the longest wins.
            unsure: also what is spelled as the term and read as something else (a verb, another sense), as `sure=False`.
        """
        shown = Seen.of(text)
        found = self._found(shown.text)
        if shown.left_out:
            spans = [shown.span(match.start, match.end) for match in found]
            found = [replace(match, start=start, end=end) for match, (start, end) in zip(found, spans, strict=True)]
        matches = sorted((m for m in found if m.sure or unsure), key=lambda m: (m.start, -m.end, m.concept))
        return matches if overlaps else longest(matches)

    def _found(self, text: str) -> list[Match]:
        spans = self._spans(text)
        ha = self._language == "ar" and not arabic.TA_MARBUTA.search(text)
        words = [self._word(text[start:end], ha=ha) for start, end in spans]
        found: dict[tuple[int, int, str], Match] = {}
        for first, word in enumerate(words):
            for entry, last in self._beginning(word, words, first):
                if self._language == "ar" and not _fits_arabic(entry, text[slice(*spans[first])]):
                    continue
                start, end = spans[first][0], spans[last][1]
                firm = len(entry.words) > 1 and self._has_its_form(entry, text[slice(*spans[first])])
                sure = firm or not self._means_other(entry, text, spans, first)
                derived = entry.listed and self._language == "en"
                match = Match(start, end, entry.concept, entry.term.text, entry.term.status, sure, derived)
                known = found.get((start, end, entry.concept))
                if known is None or _rank(match) > _rank(known):
                    found[start, end, entry.concept] = match
        return list(found.values())

    def _add(self, entry: _Entry) -> None:
        if len(entry.words) == 1:
            self._single.setdefault(entry.words[0], []).append(entry)
        else:
            self._phrases.setdefault(entry.words[0], {}).setdefault(entry.words[1], []).append(entry)

    def _entries(self, concept: Concept, term: Term) -> Iterator[_Entry]:
        for k, text in enumerate((term.text, *term.forms)):
            definite = self._articles_tell and _is_name(text)
            for words in self._spellings(seen(text)):
                yield _Entry(concept.id, term, words, definite, listed=k > 0)

    def _spellings(self, text: str) -> Iterable[tuple[str, ...]]:
        if self._language == "en":
            return sorted(english.forms(text))
        return [words] if (words := self._keys(text)) else []

    def _keys(self, text: str) -> tuple[str, ...]:
        """The words of a citation as keys."""
        words = [text[start:end] for start, end in self._spans(text)]
        if self._language == "ar":
            return tuple(key for word in words for key in arabic.citation_keys(word))
        return tuple((english.key if self._language == "en" else str.casefold)(word) for word in words)

    def _spans(self, text: str) -> list[tuple[int, int]]:
        if self._language == "ar":
            return [m.span() for m in arabic.WORD.finditer(text)]
        return english.word_spans(text) if self._language == "en" else languages.word_spans(text, self._language)

    def _word(self, text: str, *, ha: bool) -> _Word:
        known = self._words.get((text, ha))
        if known is None:
            if len(self._words) >= _KNOWN_WORDS:
                self._words.clear()
            known = self._words[text, ha] = self._read(text, ha=ha)
        return known

    def _read(self, text: str, *, ha: bool) -> _Word:
        gap = False
        if self._language == "ar":
            gap = not arabic.separates(text)
            single = arabic.keys(text, ha=ha)
            phrase = arabic.agreeing(text, single)
        elif self._language == "en":
            single = phrase = frozenset({english.key(text), text.casefold()})
        else:
            single = phrase = languages.keys(text, self._language)
        alone = {id(entry): entry for key in single for entry in self._single.get(key, ())}
        seconds = tuple(self._phrases[key] for key in phrase if key in self._phrases)
        return _Word(phrase, tuple(alone.values()), seconds, gap)

    def _beginning(self, word: _Word, words: list[_Word], first: int) -> Iterator[tuple[_Entry, int]]:
        """The entries that begin at this token, each with the token it ends with."""
        for entry in word.alone:
            yield entry, first
        if not word.seconds:
            return
        seen: set[int] = set()
        for gap in range(_CONSTRUCT_GAP + 1):
            at = first + 1 + gap
            if at >= len(words) or (gap and not words[at - 1].gap):
                return
            for seconds in word.seconds:
                for key in words[at].keys & seconds.keys():
                    for entry in seconds[key]:
                        if id(entry) not in seen and (last := self._last(entry, words, at, gap)) is not None:
                            seen.add(id(entry))
                            yield entry, last

    def _last(self, entry: _Entry, words: list[_Word], at: int, gap: int) -> int | None:
        """The token that the entry ends with when its second word stands at this one behind so long a gap, else None."""
        gaps = _CONSTRUCT_GAP - gap
        for word in entry.words[2:]:
            at += 1
            while gaps and at < len(words) and words[at].gap and word not in words[at].keys:
                at, gaps = at + 1, gaps - 1
            if at >= len(words) or word not in words[at].keys:
                return None
        return at

    def _has_its_form(self, entry: _Entry, first: str) -> bool:
        """The first word of a phrase stands as in the term, not in the plural: أحكام القانون is hardly the rule of law."""
        if self._language != "ar":
            return True
        own = arabic.WORD.search(entry.term.text)
        return own is None or not arabic.surfaces(own[0]).isdisjoint(arabic.surfaces(first))

    def _means_other(self, entry: _Entry, text: str, spans: list[tuple[int, int]], at: int) -> bool:
        """The word is a verb here, or part of an expression that the concept is not the meaning of."""
        words = [text[slice(*span)] for span in spans[max(0, at - _CONTEXT) : at + _CONTEXT + 1]]
        place = min(at, _CONTEXT)
        rendering = other_meaning(words, place, self._language)
        if rendering and not any(term.text.casefold() in rendering for term in self._concepts[entry.concept].terms):
            return True
        if self._language != "en" or entry.listed or not place:
            return False
        before, word, after = (word.casefold() for word in [*words, ""][place - 1 : place + 2])
        return english.is_verb(before, word, after, entry.term.text)


def _fits_arabic(entry: _Entry, first: str) -> bool:
    """What folded keys do not tell: the article of a name, a hamza that makes another word."""
    return not (entry.definite and not arabic.is_definite(first)) and not arabic.is_lookalike(entry.term.text, first)


def _is_name(text: str) -> bool:
    """An Arabic phrase with the article on every word (المحكمة الجنائية الدولية)."""
    words = [match[0] for match in arabic.WORD.finditer(text)]
    return len(words) > 1 and all(map(arabic.is_definite, words))


def _writes_articles(glossary: Glossary) -> bool:
    """True where a glossary writes most Arabic terms with the article, so that the article tells nothing."""
    terms = [term.text for concept in glossary.concepts for term in concept.terms if primary(term.language) == "ar"]
    return 2 * sum(text.startswith("ال") for text in terms) > len(terms)


def _rank(match: Match) -> tuple[bool, bool, bool]:
    return match.sure, match.status.is_approved, not match.derived


def longest(matches: list[Match]) -> list[Match]:
    """Leave out what lies inside a longer match of another concept, and overlapping matches of the same one."""
    kept: list[Match] = []
    for match in sorted(matches, key=lambda m: (m.start - m.end, m.start)):
        if not any(_covers(other, match) for other in kept):
            kept.append(match)
    return sorted(kept, key=lambda m: (m.start, m.end, m.concept))


def _covers(longer: Match, match: Match) -> bool:
    """True where a kept match leaves no room for another: it is inside the longer one, or overlaps one of its own concept."""
    inside = longer.start <= match.start and match.end <= longer.end
    overlaps = match.start < longer.end and longer.start < match.end
    return (inside and longer.end - longer.start > match.end - match.start) or (overlaps and longer.concept == match.concept)
