"""Arabic words to keys: all readings of what is joined to a word, its number and gender, and their lemmas.

Everything is compared in folded letters (`lexicon.folded`), so that a dropped hamza, an alef maqsura for ya, vowel marks, tatweel
and presentation forms make no difference. Words are found in the text as it is, so spans need no map back.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from corpora.characters import UNSEEN
from glossary.lexicon import folded, is_word, lemmas, without_marks

_LETTER = (
    "\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f"
    "\ufb50-\ufd3d\ufd40-\ufdff\ufe80-\ufefc"
)
_MARK = "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\ufe70-\ufe7f"
WORD = re.compile(f"[{_LETTER}](?:[{_LETTER}{_MARK}{UNSEEN}]*[{_LETTER}{_MARK}])?")
TA_MARBUTA = re.compile("[\u0629\ufe93\ufe94\u06c3]")
_ACCUSATIVE = re.compile("\u064b\u0627|\u0627\u064b")
_SHORTEST = 3  # letters a stem keeps when something is taken off it that a root letter may look like


def citation_keys(word: str) -> frozenset[str]:
    """The key of a word as a glossary writes it: itself without the article."""
    return frozenset({_without_article(folded(word))})


def is_definite(word: str) -> bool:
    """True where a word of running text carries the article (والمحكمة, للمحكمة)."""
    stem = folded(word).lstrip("وفبك")
    return stem.startswith(("ال", "لل")) and len(stem) > 3


def keys(word: str, *, ha: bool = False) -> frozenset[str]:
    """Keys of a word of running text: the stems of all its readings, their singulars and lemmas.

    Args:
        word: as it stands in the text.
        ha: the text writes every ta marbuta as ha, so that شرطه may be شرطة as well as شرط with a pronoun.
    """
    whole = folded(word)
    found: set[str] = set()
    stems = _readings(whole, ha=ha)
    if _ACCUSATIVE.search(word):
        stems |= _readings(whole.removesuffix("ا"), ha=ha)
    for stem in stems:
        found.add(stem)
        found.update(_singulars(stem, "endings"))
        if "ال" + stem not in whole and "لل" + stem not in whole and not is_word(stem):
            found.update(_singulars(stem, "construct_endings"))
    found.update(*map(_masculine, found))
    listed = found.union(*map(lemmas, found | _without_proclitics(whole, "")))
    irregular = _tables()["irregular"]
    listed.update(irregular[stem] for stem in found if stem in irregular)
    return frozenset(map(_without_article, listed)) | found


@lru_cache(maxsize=1 << 12)
def surfaces(word: str) -> frozenset[str]:
    """The word itself in folded letters, with and without what stands before it; its number and gender stay."""
    whole = folded(word)
    return frozenset({whole, *_without_proclitics(whole, "ال")})


def is_lookalike(term: str, word: str) -> bool:
    """True where a word of running text is another one than the term, told by a hamza that folding hides (مسألة, مساءلة)."""
    others = _tables()["lookalikes"].get(term.removeprefix("ال"), ())
    return bool(others) and any(other in without_marks(word) for other in others)


def agreeing(word: str, found: frozenset[str]) -> frozenset[str]:
    """Keys of a word within a phrase, where the others tell which word it is.

    Its gender does not count (رئيسة الوزراء), and a conjunction may stand before two letters (ورد الاعتبار).
    """
    whole = folded(word)
    short = {whole[1:]} if len(whole) == _SHORTEST and whole[0] in "وف" and is_word(whole[1:]) else frozenset[str]()
    return found | short | {stem[:-1] for stem in found if stem.endswith("ة") and len(stem) > _SHORTEST}


def separates(word: str) -> bool:
    """True for a word that never stands between the nouns of one phrase."""
    return folded(word) in _tables()["separators"]


def _without_article(stem: str) -> str:
    return stem[2:] if stem.startswith("ال") and len(stem) > 4 and not _belongs(stem) else stem


def _belongs(stem: str) -> bool:
    """The article belongs to the word where the list has it as a lemma (التزام)."""
    return stem in lemmas(stem)


def _readings(word: str, *, ha: bool) -> set[str]:
    """Stems after proclitics and pronouns are taken off in every way."""
    stems = {word, *_without_proclitics(word, _tables()["article"])}
    out = set(stems)
    for stem in stems:
        if stem.endswith("ه") and is_word(stem[:-1] + "ة") and (ha or not (is_word(stem) or is_word(stem[:-1]))):
            out.add(stem[:-1] + "ة")
        if "ال" + stem in word or "لل" + stem in word:
            continue  # the article and a pronoun exclude each other
        for pronoun in _tables()["pronouns"]:
            rest = stem.removesuffix(pronoun)
            if rest == stem or not _may_bear(rest, pronoun, stem):
                continue
            if stem.startswith("ال") and not any(map(_belongs, {rest, *_singulars(rest, "endings")})):
                continue
            out.add(rest)
            if rest.endswith("ت") and len(rest) >= _SHORTEST:
                out.add(rest[:-1] + "ة")
            if rest.endswith(("ي", "و")) and is_word(rest[:-1]):  # قضائهم, قضاؤه: the hamza's seat is no letter
                out.add(rest[:-1])
    return out


def _may_bear(rest: str, pronoun: str, stem: str) -> bool:
    if pronoun == "ي":
        return len(rest) >= _SHORTEST and not is_word(stem)
    if len(pronoun) > 1 or len(rest) >= _SHORTEST:
        return len(rest) >= 2
    return pronoun == "ه" and len(rest) == 2 and is_word(rest) and not is_word(stem)


def _without_proclitics(word: str, article: str) -> set[str]:
    """The word after conjunctions, prepositions and the article are taken off in every way."""
    tables = _tables()
    out = set()
    for conjunction in ("", *tables["conjunctions"]):
        if not word.startswith(conjunction):
            continue
        rest = word[len(conjunction) :]
        if conjunction and (len(rest) >= _SHORTEST or (len(rest) == 2 and is_word(rest) and not is_word(word))):
            out.add(rest)
        for preposition in ("", *tables["prepositions"]):
            if not rest.startswith(preposition):
                continue
            inner = rest[len(preposition) :]
            if preposition and len(inner) >= _SHORTEST:
                out.add(inner)
            if preposition == "ل" and inner.startswith("ل") and len(inner) >= _SHORTEST:
                out.add(inner[1:])
            if article and inner.startswith(article) and len(inner) >= len(article) + 2:
                out.add(inner[len(article) :])
    return out


def _singulars(stem: str, table: str) -> set[str]:
    out = set()
    for ending, singulars in _tables()[table]:
        rest = stem.removesuffix(ending)
        if rest != stem and len(rest) >= _SHORTEST:
            out |= {rest + singular for singular in singulars}
    return out


def _masculine(stem: str) -> set[str]:
    """The masculine of a feminine that names a person or is no word of the list (عضوة, مديرة), else nothing."""
    rest = stem[:-1]
    if not stem.endswith("ة") or len(rest) < _SHORTEST or stem.startswith("ال") or stem in _tables()["own_feminines"]:
        return set()
    return {rest} if _PERSON.fullmatch(rest) or (lemmas(rest) == {rest} and not is_word(stem)) else set()


_PERSON = re.compile(".ا..|..ي.|م(?!.ا..$).{3,4}|م.ا.ي")  # shahid, wazir, mu'taqal; mufa'ala is a verbal noun


@cache
def _tables() -> dict[str, Any]:
    stored = tomllib.loads((files("glossary") / "data" / "arabic.toml").read_text(encoding="utf-8"))
    for table in ("endings", "construct_endings"):
        stored[table] = [(row["ending"], tuple(row["singular"])) for row in stored[table]]
    stored["own_feminines"] = frozenset(map(folded, stored["own_feminines"]))
    stored["separators"] = frozenset(map(folded, stored["separators"]))
    stored["irregular"] = {folded(form): folded(singular) for form, singular in stored["irregular"].items()}
    return stored
