"""Languages by code: names, direction, and which one a text is in."""

from __future__ import annotations

import re
from functools import cache
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
    """The language of a text, among those of the encoder and its usual neighbours.

    Raises:
        MuqabalaError: there are no letters to tell by.
    """
    sample = text[:_SAMPLE]
    if not any(c.isalpha() for c in sample):
        raise MuqabalaError("no words to tell the language by", path=path or None, hint="give it with --lang, --from or --to")
    return str(_identifier().classify(sample)[0])


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
    ranked = [(str(code), float(score)) for code, score in _identifier().rank(text[:_SAMPLE])]
    own = next((score for code, score in ranked if code == primary(language)), ranked[0][1])
    return ranked[0][0], ranked[0][1] - own


def leaning(text: str, one: str, other: str) -> float:
    """How much more a text looks like one language than like another, in log odds; 0 where one of them is not known."""
    scores = {str(code): float(score) for code, score in _identifier().rank(text[:_SAMPLE])}
    return scores[one] - scores[other] if one in scores and other in scores else 0.0


@cache
def _identifier() -> Any:  # py3langid has no types
    from corpora.identifier import identifier

    return identifier([*NAMES, "fa", "he", "ur", "sv", "cs", "el", "uk", "hu", "ro", "vi", "id", "hi"])
