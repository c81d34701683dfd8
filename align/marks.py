"""Marks that a translation mostly keeps: of quotation, questions, exclamation, brackets, per cent, currencies, colons.

Full stops and commas are not among them: a free translation moves them (docs/alignment-lab.md).
"""

from __future__ import annotations

import re

_ALIKE = {
    '"': '"'
    "\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}\N{DOUBLE LOW-9 QUOTATION MARK}"
    "\N{DOUBLE HIGH-REVERSED-9 QUOTATION MARK}\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}"
    "\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}\N{LEFT CORNER BRACKET}\N{RIGHT CORNER BRACKET}\N{DOUBLE PRIME}"
    "\N{FULLWIDTH QUOTATION MARK}",
    "?": "?\N{ARABIC QUESTION MARK}\N{FULLWIDTH QUESTION MARK}",
    "!": "!\N{FULLWIDTH EXCLAMATION MARK}",
    "(": "([\N{FULLWIDTH LEFT PARENTHESIS}",
    "%": "%\N{ARABIC PERCENT SIGN}\N{FULLWIDTH PERCENT SIGN}",
    "$": "$\N{EURO SIGN}\N{POUND SIGN}\N{YEN SIGN}",
    ":": ":\N{FULLWIDTH COLON}",
    ";": ";\N{ARABIC SEMICOLON}\N{FULLWIDTH SEMICOLON}",
}
_MARK_OF = {mark: one for one, marks in _ALIKE.items() for mark in marks}
_MARK = re.compile("[" + re.escape("".join(_MARK_OF)) + "]")


def find_marks(text: str) -> tuple[str, ...]:
    """The marks of a text, in order, each as the one that stands for all of its kind."""
    return tuple(_MARK_OF[mark] for mark in _MARK.findall(text))
