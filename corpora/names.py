"""Words that look or sound alike on both sides: names, loans, cognates. Which segments share them tells who belongs to whom.

A word, without an elided article or a possessive 's, has up to two keys: its first letters without accents, which meet in languages
of one script, and, where it may be a name, its consonants in the classes of `data/letters.toml`, which meet across scripts.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain

_APOSTROPHE = "['\N{RIGHT SINGLE QUOTATION MARK}]"
_WORD = re.compile(rf"[^\W\d_]+(?:{_APOSTROPHE}[^\W\d_]+)?")
_BEFORE_SMALL = rf"(?i:[cjmnst]){_APOSTROPHE}(?=[a-z\u00e0-\u00ff])"  # N'Djamena is a name
_ELIDED = rf"(?i:[dl]|(?:jus|lors|puis|quoi)?qu){_APOSTROPHE}"
_ATTACHED = re.compile(rf"^{_ELIDED}|^{_BEFORE_SMALL}|{_APOSTROPHE}s$")
_DOUBLES = re.compile(r"(.)\1+")
_LEAST_LETTERS, _PREFIX = 4, 6  # of a word that may be a cognate
_LEAST_CONSONANTS = 3  # of a name; two are shared by chance too often
_PROCLITICS = re.compile("(?:[\u0648\u0641]?[\u0628\u0643\u0644]?(?:\u0627\u0644)?|[\u0648\u0641]?\u0644\u0644|\u0633)")
_LEAST_ARABIC = 6  # letters; a shorter word keeps what may be its proclitics


def name_keys(text: str) -> tuple[str, ...]:
    """The keys of the words of a text, in order, with repetitions."""
    return tuple(chain.from_iterable(map(_keys_of, _WORD.findall(text))))


@lru_cache(maxsize=1 << 16)
def _keys_of(word: str) -> tuple[str, ...]:
    word = _ATTACHED.sub("", word)
    prefix = (_folded(word)[:_PREFIX],) if not _is_arabic(word) and len(word) >= _LEAST_LETTERS else ()
    return (*prefix, *(f"~{skeleton}" for skeleton in skeletons(word) if len(skeleton) >= _LEAST_CONSONANTS))


@lru_cache(maxsize=1 << 16)
def skeletons(word: str) -> tuple[str, ...]:
    """A word's consonants as letters of classes; none where it cannot be a name, two where it may begin with proclitics."""
    letters = _letters()
    if _is_arabic(word):
        readings = (word, _PROCLITICS.sub("", word, count=1)) if len(word) >= _LEAST_ARABIC else (word,)
        return tuple(dict.fromkeys(_classes(reading, letters["arabic"]) for reading in readings))
    if not word[0].isupper():
        return ()
    if "\u0400" <= word[0] <= "\u04ff":
        return (_classes(word.lower(), letters["cyrillic"]),)
    plain = _folded(word)
    for group, sound in letters["groups"].items():
        plain = plain.replace(group, sound)
    return (_classes(plain, letters["latin"]),)


def _classes(word: str, letters: dict[str, str]) -> str:
    return _DOUBLES.sub(r"\1", "".join(filter(None, map(letters.get, word))))


@cache
def _letters() -> dict[str, dict[str, str]]:
    stored = tomllib.loads((files("corpora") / "data" / "letters.toml").read_text(encoding="utf-8"))
    classes = {
        script: {letter: sound for sound, members in stored[script].items() for letter in members}
        for script in ("arabic", "cyrillic", "latin")
    }
    return classes | {"groups": stored["groups"]}


def _folded(word: str) -> str:
    if word.isascii():
        return word.lower()
    return "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(c))


def _is_arabic(word: str) -> bool:
    return "\u0600" <= word[0] <= "\u06ff"
