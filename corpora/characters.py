"""Characters that need a name: line breaks, controls, digits. Nothing invisible is pasted here."""

from __future__ import annotations

import re
import unicodedata

LINE_BREAK = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}]")
"""Everything that ends a line, so that nobody calls str.splitlines."""

_SPACE = re.compile("[ \t\n\r\v\f\x1c-\x1f\x85\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}]+")
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1b\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff\ufeff]")


def fold_line(text: str) -> str:
    """The text as one line that every format can hold: white space folded, C0 and C1 controls and stray BOMs left out.

    Marks of direction (LRM, RLM, isolates) and joiners stay: they are part of the text.
    """
    return _SPACE.sub(" ", _FORBIDDEN.sub("", text)).strip(" ")


def ascii_digits(text: str) -> str:
    """The text with every decimal digit (Arabic-Indic, Persian, ...) as ASCII; the length does not change."""
    return text if text.isascii() else _OTHER_DIGIT.sub(lambda found: str(unicodedata.digit(found[0])), text)
