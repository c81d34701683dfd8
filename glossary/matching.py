"""Find a glossary's terms in a text. Terms inside longer terms are kept as data; `overlaps=False` lets the longest win."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpora.languages import primary
from glossary import arabic, english
from glossary.model import Match

if TYPE_CHECKING:
    from collections.abc import Iterable

    from glossary.model import Glossary, Term

_WORD = re.compile(r"\w+", re.UNICODE)
_CONSTRUCT_GAP = 1  # foreign words allowed inside an Arabic phrase


@dataclass(frozen=True, slots=True)
class _Entry:
    concept: str
    term: Term
    words: tuple[frozenset[str], ...]


class Matcher:
    """The terms of one language of a glossary, indexed by the keys of their first word."""

    def __init__(self, glossary: Glossary, language: str) -> None:
        self._language = primary(language)
        self._index: dict[str, list[_Entry]] = {}
        for concept in glossary.concepts:
            for term in concept.terms:
                if primary(term.language) == self._language:
                    for words in self._spellings(term):
                        for key in words[0]:
                            self._index.setdefault(key, []).append(_Entry(concept.id, term, words))

    def find(self, text: str, *, overlaps: bool = True) -> list[Match]:
        """Terms in the text, by position.

        Args:
            text: one line or a whole text.
            overlaps: keep matches that lie inside a longer one of another concept; without, the longest wins.
        """
        tokens = self._tokens(text)
        found: dict[tuple[int, int, str], Match] = {}
        for k, (start, _, keys) in enumerate(tokens):
            for entry in {id(e): e for key in keys for e in self._index.get(key, ())}.values():
                end = self._extent(entry, tokens, k)
                if end is not None:
                    match = Match(start, end, entry.concept, entry.term.text, entry.term.status)
                    known = found.get((start, end, entry.concept))
                    if known is None or (not known.status.is_approved and entry.term.status.is_approved):
                        found[start, end, entry.concept] = match
        matches = sorted(found.values(), key=lambda m: (m.start, -m.end, m.concept))
        return matches if overlaps else _longest(matches)

    def _spellings(self, term: Term) -> Iterable[tuple[frozenset[str], ...]]:
        for text in (term.text, *term.forms):
            if self._language == "ar":
                words = tuple(arabic.citation_keys(m[0]) for m in arabic.WORD.finditer(text))
                if words:
                    yield words
            elif self._language == "en":
                yield from (tuple(frozenset({w}) for w in form.split()) for form in sorted(english.forms(text)))
            else:
                words = tuple(frozenset({m[0].casefold()}) for m in _WORD.finditer(text))
                if words:
                    yield words

    def _tokens(self, text: str) -> list[tuple[int, int, frozenset[str]]]:
        if self._language == "ar":
            return [(m.start(), m.end(), arabic.keys(m[0])) for m in arabic.WORD.finditer(text)]
        if self._language == "en":
            return [(m.start(), m.end(), frozenset({english.key(m[0])})) for m in english.WORD.finditer(text)]
        return [(m.start(), m.end(), frozenset({m[0].casefold()})) for m in _WORD.finditer(text)]

    def _extent(self, entry: _Entry, tokens: list[tuple[int, int, frozenset[str]]], first: int) -> int | None:
        """End of the entry when it stands at this token, else None."""
        at = first
        gaps = _CONSTRUCT_GAP if self._language == "ar" and len(entry.words) > 1 else 0
        for k, word in enumerate(entry.words):
            if k:
                at += 1
                while gaps and at < len(tokens) and not word & tokens[at][2]:
                    at, gaps = at + 1, gaps - 1
            if at >= len(tokens) or not word & tokens[at][2]:
                return None
        return tokens[at][1]


def _longest(matches: list[Match]) -> list[Match]:
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
