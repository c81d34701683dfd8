"""Languages by code: names, direction, and which one a text is in."""

from __future__ import annotations

import re
from functools import cache
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from corpora.errors import MuqabalaError

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMES = {
    "ar": "Arabic", "de": "German", "en": "English", "es": "Spanish", "fr": "French", "it": "Italian", "ja": "Japanese",
    "ko": "Korean", "nl": "Dutch", "pl": "Polish", "pt": "Portuguese", "ru": "Russian", "th": "Thai", "tr": "Turkish",
    "zh": "Chinese",
}  # fmt: skip
"""The languages the shipped encoder aligns."""

_RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})
_CODE = re.compile(r"[a-z]{2,3}(-[a-z0-9]+)*", re.IGNORECASE)
_SAMPLE = 20_000
_USUAL, _HOME, _TOLD = 8.0, 2.0, 12.0  # log odds of the encoder's languages, of the two it is for, of one that a name tells
_PARTS = re.compile(r"[\s._()\[\]-]+")
_OWN = 0.1  # of a side's text: with less that only this side has, its language is that of all its text


def direction(language: str) -> str:
    """`rtl` or `ltr`."""
    return "rtl" if primary(language) in _RIGHT_TO_LEFT else "ltr"


def primary(language: str) -> str:
    """The language without its region: `ar-SY` is `ar`."""
    return language.split("-", maxsplit=1)[0].lower()


def checked(language: str) -> str:
    """The code as it is written in files: `AR` is `ar`, `en_us` is `en-US`.

    Raises:
        MuqabalaError: not a language code.
    """
    first, *rest = language.replace("_", "-").split("-")
    code = "-".join([first.lower(), *(part.upper() if len(part) == 2 else part for part in rest)])
    if not _CODE.fullmatch(code):
        raise MuqabalaError(f"'{language}' is not a language code", hint="two letters, as in ar, en, fr")
    return code


def detect(text: str, *, path: str = "") -> str:
    """The language of a text, among those of the encoder and its usual neighbours; of a few words one that the file's name tells.

    Raises:
        MuqabalaError: there are no letters to tell by, and the name tells nothing.
    """
    sample, told = text[:_SAMPLE], _told_by_name(path)
    if not any(map(str.isalpha, sample)):
        if told:
            return told
        raise MuqabalaError("no words to tell the language by", path=path or None, hint="give it with --lang, --from or --to")
    usual = dict.fromkeys(NAMES, _USUAL) | dict.fromkeys(("ar", "en"), _USUAL + _HOME)
    return max(((score + usual.get(code, 0) + (code == told) * _TOLD, code) for code, score in _ranked(sample)))[1]


def _told_by_name(path: str) -> str:
    """The language whose code or name is first or last in a file's name: `visit.en.txt`, `visit.en`, `arabic_visit.html`."""
    return next(iter(told_by_name(path)), "")


def told_by_name(path: str) -> list[str]:
    """The languages whose codes or names are first or last in a file's name, or before one that is last: `law.ar-en.docx`."""
    name = PurePath(path)
    stem, ending = ([part for part in _PARTS.split(text.casefold()) if part] for text in (name.stem, name.suffix))
    names = {name.casefold(): code for code, name in NAMES.items()}
    at_the_end = [*ending, *stem[-1:]]
    before = stem[-2:-1] if any(part in names or part in NAMES for part in at_the_end) else []
    parts = [names.get(part, part) for part in (*at_the_end, *stem[:1], *before)]
    return list(dict.fromkeys(part for part in parts if part in NAMES))


def detect_apart(source: Sequence[str], target: Sequence[str]) -> tuple[str, str] | None:
    """The languages of two sides by what only one of them has, for one may have been copied into the other.

    Returns:
        None where they have nothing else, as if they were the same file, or no letters.
    """
    common = set(source) & set(target)
    own = [[text for text in side if text not in common] for side in (source, target)]
    shares = [sum(map(len, texts)) / max(sum(map(len, side)), 1) for texts, side in zip(own, (source, target), strict=True)]
    if max(shares) < _OWN:
        return None
    texts = [" ".join(few if share >= _OWN else side) for few, share, side in zip(own, shares, (source, target), strict=True)]
    return None if not all(any(map(str.isalpha, text)) for text in texts) else (detect(texts[0]), detect(texts[1]))


def seems(text: str, language: str) -> tuple[str, float]:
    """The language that a text looks most like, and how much more than like the given one, in log odds."""
    ranked = _ranked(text)
    own = next((score for code, score in ranked if code == primary(language)), ranked[0][1])
    return ranked[0][0], ranked[0][1] - own


def nearest(text: str, among: Sequence[str]) -> tuple[str, float] | None:
    """The language, of some, that a text looks most like, and by how much others do more, in log odds; None where none is known."""
    ranked = _ranked(text)
    scores = dict(ranked)
    found = max(((scores[primary(code)], code) for code in among if primary(code) in scores), default=None)
    return (found[1], ranked[0][1] - found[0]) if found else None


def leaning(text: str, one: str, other: str) -> float:
    """How much more a text looks like one language than like another, in log odds; 0 where one of them is not known."""
    scores = dict(_ranked(text))
    return scores[one] - scores[other] if one in scores and other in scores else 0.0


def _ranked(text: str) -> list[tuple[str, float]]:
    """Languages and their logarithmic scores, the likeliest first."""
    return [(str(code), float(score)) for code, score in _identifier().rank(text[:_SAMPLE])]


@cache
def _identifier() -> Any:  # py3langid has no types
    from corpora.identifier import identifier

    return identifier([*NAMES, "fa", "he", "ur", "sv", "cs", "el", "uk", "hu", "ro", "vi", "id", "hi"])
