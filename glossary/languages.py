"""Words of languages other than Arabic and English: split at spaces, or character by character where there are none."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from corpora.languages import primary

_WORD = re.compile(r"\w+")
_CHARACTER = re.compile(r"[A-Za-z0-9]+|\w")
_UNSPACED = frozenset({"zh", "ja", "th"})


def word_spans(text: str, language: str) -> list[tuple[int, int]]:
    """Where the words stand."""
    pattern = _CHARACTER if primary(language) in _UNSPACED else _WORD
    return [match.span() for match in pattern.finditer(text)]


@lru_cache(maxsize=1 << 16)
def keys(word: str, language: str) -> frozenset[str]:
    """A word and its lemma, in lower case."""
    plain = word.casefold()
    return frozenset({plain, _lemma(word, language).casefold()})


def _lemma(word: str, language: str) -> str:
    if language not in _listed():
        return word
    import simplemma

    return simplemma.lemmatize(word, lang=language)


@cache
def _listed() -> frozenset[str]:
    from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES

    return frozenset(SUPPORTED_LANGUAGES)
