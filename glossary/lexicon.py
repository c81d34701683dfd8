"""The lemmas of Arabic words, whatever their spelling: simplemma's word list, looked up with its letters folded."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from corpora.characters import UNSEEN

_MARKS = re.compile(f"[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640{UNSEEN}]")
_FOLD = str.maketrans("أإآٱیىکہھۃؤئ", "ااااييكههةوي", "ء")


@lru_cache(maxsize=1 << 17)
def folded(word: str) -> str:
    """Letters to compare: NFKC; no vowel marks, tatweel or hamza; final ya and Persian letters as the Arabic ones."""
    return without_marks(word).translate(_FOLD)


def without_marks(word: str) -> str:
    """The letters as they are written, without vowel marks, tatweel and marks of direction."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", word))


def lemmas(stem: str) -> set[str]:
    """Folded lemmas of a folded word; empty where it is not in the list."""
    return {index[stem] for index in _indexes() if stem in index}


def is_word(stem: str) -> bool:
    """True where a folded word is in the list."""
    return stem in _indexes()[0]


@cache
def _indexes() -> tuple[dict[str, str], dict[str, str]]:
    """Two views of the list, the first and the last lemma of each spelling: where folding joins words they differ."""
    from simplemma.strategies import DefaultDictionaryFactory

    rows = "\n".join(f"{form}\t{lemma}" for form, lemma in DefaultDictionaryFactory().get_dictionary("ar").items())
    pairs = [row.split("\t") for row in rows.translate(_FOLD).split("\n")]
    last = dict(pairs)
    pairs.reverse()
    return dict(pairs), last
