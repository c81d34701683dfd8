"""Texts as the encoder knows them. Nobody is shown these: they are only read.

Its vocabulary is made of running text, so that letters nobody sees, letters of another keyboard, vowel marks, words in capitals
and headings with spaces between their letters come apart into pieces that mean nothing to it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from align.tokenizer import use_tokenizer
from corpora.characters import ascii_digits, seen

_MARKS = re.compile("[\u0610-\u061a\u0640\u064b-\u0652\u0656-\u065f\u0670\u06d6-\u06ed]")  # but those that make letters
_OTHER_KEYBOARDS = dict(zip("\u06a9\u06aa\u06be\u06c1\u06cc\u06d2", "\u0643\u0643\u0647\u0647\u064a\u064a", strict=True))
_OF_OTHERS = re.compile(f"[{''.join(_OTHER_KEYBOARDS)}]")
_CASED = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0386-\u0481\u048a-\u0556\u0561-\u0587"
_LETTER = rf"[{_CASED}\u0621-\u064a]"
_SPACED = re.compile(rf"(?<!\S){_LETTER}(?:[ \u00a0]{{1,3}}{_LETTER}){{3,}}(?![^\W\d_])")
_GAPS = re.compile("[ \u00a0]{2,}")
_CAPITAL = "".join(chr(code) for code in range(0x41, 0x588) if chr(code).isupper())
_ACRONYM = 5  # letters of the longest that stands among small letters
_CAPITALS = re.compile(rf"(?<![^\W\d_])[{_CAPITAL}]{{2,}}(?![^\W\d_])")


def legible(text: str) -> str:
    """The text without what nobody sees and vowel marks, its digits ASCII, its words small where they are known so."""
    if not text.isascii():
        text = _OF_OTHERS.sub(lambda found: _OTHER_KEYBOARDS[found[0]], unmarked(ascii_digits(text)))
    text = _SPACED.sub(lambda found: _closed_up(found[0]), text)
    acronym = 0 if text.isupper() else _ACRONYM
    return _CAPITALS.sub(lambda found: _known(found[0], acronym), text)


def unmarked(text: str) -> str:
    """The text without what nobody sees, vowel marks and the stroke that draws letters out."""
    return text if text.isascii() else _MARKS.sub("", seen(text))


def _closed_up(letters: str) -> str:
    """Words of single letters, which more than one space sets apart."""
    return " ".join("".join(word.split()) for word in _GAPS.split(letters))


@lru_cache(maxsize=1 << 14)
def _known(word: str, acronym: int) -> str:
    """A word in capitals as it has the fewest pieces: as it is, small, or with one capital; one piece, if it may be an acronym."""
    count = use_tokenizer().encode
    best = min((word, word.lower(), word.capitalize()), key=lambda one: len(count(one)))
    return word if len(word) <= acronym and len(count(best)) > 1 else best
