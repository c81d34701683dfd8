"""English words to keys: inflected forms of a glossary's terms are listed when it is loaded, text is compared as it is."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

WORD = re.compile("[A-Za-z\u00c0-\u024f0-9]+")  # hyphens and possessives stand between words
_POSSESSIVE = frozenset({"s"})
_PREPOSITIONS = frozenset("of against for in on to from by with under at between upon without as not".split())
_BEFORE_VERBS = frozenset("will would shall should may might must can could cannot not we they you who i".split())
_BEFORE_OBJECTS = frozenset("a an the this that these those his her its their our my your him them us it me any all each".split())


def forms(term: str) -> frozenset[tuple[str, ...]]:
    """A term and its inflected forms as keys of words; acronyms keep their case."""
    words = words_of(term)
    if not words:
        return frozenset()
    # rule of law, crimes against humanity: the head stands before the preposition
    head = next((k - 1 for k, word in enumerate(words) if k and word.casefold() in _PREPOSITIONS), len(words) - 1)
    variants = [words, *([*words[:head], form, *words[head + 1 :]] for form in _word_forms(words[head]))]
    return frozenset(tuple(map(key, variant)) for variant in variants)


def words_of(text: str) -> list[str]:
    """The words of a term, without the s of a possessive."""
    return [text[start:end] for start, end in word_spans(text)]


def word_spans(text: str) -> list[tuple[int, int]]:
    """Where the words stand; the s of a possessive is none."""
    return [m.span() for m in WORD.finditer(text) if not (m[0] in _POSSESSIVE and m.start() and text[m.start() - 1] in "'\u2019")]


def key(word: str) -> str:
    """A word as it is compared: lower case, but acronyms as they are."""
    return word if is_acronym(word) else word.casefold()


def is_acronym(word: str) -> bool:
    """Two or more capitals and nothing else but digits or a plural s."""
    return sum(c.isupper() for c in word) >= 2 and not any(c.islower() for c in word.rstrip("s"))


def is_verb(before: str, word: str, after: str, term: str) -> bool:
    """A term of one word that reads as a verb here: `may share`, `they attack`, `who claims`; not what ends as nouns do."""
    if word.endswith(_NOUN_ENDINGS):
        return False
    if word == term.casefold() + "s":
        return before == "who"
    return before in _BEFORE_VERBS or (before == "to" and after in _BEFORE_OBJECTS)


@lru_cache(maxsize=1 << 15)
def singular(word: str) -> str:
    """A lower-case word without its plural."""
    return word if word.endswith("ss") else str(_engine().singular_noun(word) or word)


_NOUN_ENDINGS = ("ion", "ment", "ness", "ity", "ance", "ence", "ship", "ism", "cy", "or", "er", "ee")


@lru_cache(maxsize=1 << 15)
def _word_forms(word: str) -> frozenset[str]:
    if is_acronym(word):
        return frozenset({word, word + "s"})
    engine = _engine()
    out = {word}
    plural = engine.plural_noun(word)
    if plural:
        out |= {plural, word + "s"}  # people and persons
    singular = engine.singular_noun(word)
    if singular and not word.endswith("ss"):
        out.add(singular)
    return frozenset(out)


@cache
def _engine() -> Any:  # inflect's types need a runtime checker
    import inflect

    return inflect.engine()
