"""Arabic words to keys: all readings of what is joined to a word, its number and gender, and their lemmas.

Offsets: words are found in the text as it is; their keys are made of normalised letters, so spans need no map back.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

WORD = re.compile("[\u0621-\u065f\u0670-\u06d3\u06d5-\u06dc\u06fa-\u06ff\u0640\ufb50-\ufdff\ufe70-\ufefc\u200c\u200d]+")
_MARKS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
_FOLD = str.maketrans("أإآٱیىکہھۃ", "ااااييكههة")
_SHORTEST = 3  # letters a stem keeps when something is taken off it that a root letter may look like


def normalise(text: str) -> str:
    """Letters to compare: NFKC, no vowel marks or tatweel, alef forms, final ya and Persian letters folded."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", text)).translate(_FOLD)


def citation_keys(word: str) -> frozenset[str]:
    """Keys of a word as a glossary writes it: itself, and without the article."""
    stem = normalise(word)
    bare = stem[2:] if stem.startswith("ال") and len(stem) > 4 and not _belongs(stem) else stem
    return frozenset({bare})


@lru_cache(maxsize=1 << 17)
def keys(word: str) -> frozenset[str]:
    """Keys of a word of running text: the stems of all its readings and their lemmas."""
    found: set[str] = set()
    whole = normalise(word)
    for stem in _readings(whole):
        found.add(stem)
        found.update(_singulars(stem, "endings"))
        if "ال" + stem not in whole and "لل" + stem not in whole and not _is_word(stem):
            found.update(_singulars(stem, "construct_endings"))
    lemmas = {_lemma(stem) for stem in found}
    plain = _MARKS.sub("", unicodedata.normalize("NFKC", word))
    for reading in {plain, *_without_proclitics(plain, _tables()["article"])}:
        lemmas.add(normalise(_lemma(reading)))
    found |= {_without_article(normalise(lemma)) for lemma in lemmas}
    return frozenset(found)


def _belongs(stem: str) -> bool:
    """The article belongs to the word where no noun is left without it (التزام, الذي)."""
    return _lemma(stem) == stem and _lemma(stem[2:]) == stem[2:] and stem.startswith("الت") and len(stem) == 6


def _without_article(stem: str) -> str:
    return stem[2:] if stem.startswith("ال") and len(stem) > 4 and not _belongs(stem) else stem


def _readings(word: str) -> set[str]:
    """Stems after proclitics and pronouns are taken off in every way."""
    article = _tables()["article"]
    stems = {word, *_without_proclitics(word, article)}
    out = set(stems)
    for stem in stems:
        if article + stem in word or "لل" + stem in word or stem.startswith(article):
            continue  # the article and a pronoun exclude each other
        for pronoun in _tables()["pronouns"]:
            rest = stem.removesuffix(pronoun)
            if rest == stem or len(rest) < (2 if len(pronoun) > 1 else _SHORTEST) or (pronoun == "ي" and _is_word(stem)):
                continue
            out.add(rest)
            if rest.endswith("ت") and len(rest) >= _SHORTEST:
                out.add(rest[:-1] + "ة")
            if rest.endswith(("ئ", "ؤ")):
                out.add(rest[:-1] + "ء")
    return out


def _without_proclitics(word: str, article: str) -> set[str]:
    tables = _tables()
    out = set()
    for conjunction in ("", *tables["conjunctions"]):
        if not word.startswith(conjunction):
            continue
        rest = word[len(conjunction) :]
        if conjunction and len(rest) >= _SHORTEST:
            out.add(rest)
        for preposition in ("", *tables["prepositions"]):
            if not rest.startswith(preposition):
                continue
            inner = rest[len(preposition) :]
            if preposition and len(inner) >= _SHORTEST:
                out.add(inner)
            if preposition == "ل" and inner.startswith("ل") and len(inner) >= _SHORTEST:
                out.add(inner[1:])
            if inner.startswith(article) and len(inner) >= len(article) + 2:
                out.add(inner[len(article) :])
    return out


def _singulars(stem: str, table: str) -> set[str]:
    out = set()
    for ending, singulars in _tables()[table]:
        rest = stem.removesuffix(ending)
        if rest != stem and len(rest) >= _SHORTEST:
            out |= {rest + singular for singular in singulars}
    return out


@cache
def _tables() -> dict[str, Any]:
    stored = tomllib.loads((files("glossary") / "data" / "arabic.toml").read_text(encoding="utf-8"))
    for table in ("endings", "construct_endings"):
        stored[table] = [(row["ending"], tuple(row["singular"])) for row in stored[table]]
    return stored


@lru_cache(maxsize=1 << 17)
def _is_word(stem: str) -> bool:
    import simplemma

    return bool(stem) and simplemma.is_known(stem, lang="ar")


@lru_cache(maxsize=1 << 17)
def _lemma(word: str) -> str:
    import simplemma

    return simplemma.lemmatize(word, lang="ar") if word else ""
