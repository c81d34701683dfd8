"""English words to keys: inflected forms of a glossary's terms are listed when it is loaded, text is compared as it is."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

WORD = re.compile(r"[A-Za-z\u00c0-\u024f0-9]+(?:['\u2019](?=s\b)s)?")
_APOSTROPHE = re.compile("['\u2019]s?$")


def forms(term: str) -> frozenset[str]:
    """A term and its inflected forms, each as words joined by spaces; acronyms keep their case."""
    words = [match[0] for match in WORD.finditer(term)]
    if not words:
        return frozenset()
    # rule of law, crimes against humanity: the head stands before the preposition
    head = next((k - 1 for k, word in enumerate(words) if k and word.casefold() in _PREPOSITIONS), len(words) - 1)
    variants = [words, *([*words[:head], form, *words[head + 1 :]] for form in _word_forms(words[head]))]
    return frozenset(" ".join(map(key, variant)) for variant in variants)


def key(word: str) -> str:
    """A word as it is compared: lower case, but acronyms as they are."""
    bare = _APOSTROPHE.sub("", word)
    return bare if is_acronym(bare) else bare.casefold()


def is_acronym(word: str) -> bool:
    """Two or more capitals."""
    return sum(c.isupper() for c in word) >= 2 and not any(c.islower() for c in word.rstrip("s"))


_PREPOSITIONS = frozenset("of against for in on to from by with under at between upon without".split())


@lru_cache(maxsize=1 << 15)
def _word_forms(word: str) -> frozenset[str]:
    engine = _engine()
    if is_acronym(word):
        return frozenset({word, word + "s"})
    out = {word}
    plural = engine.plural_noun(word)
    if plural:
        out.add(plural)
    singular = engine.singular_noun(word)
    if singular and not word.endswith("ss"):
        out.add(singular)
    return frozenset(out)


@cache
def _engine() -> Any:  # inflect's types need a runtime checker
    import inflect

    return inflect.engine()
