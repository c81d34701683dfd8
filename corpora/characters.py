"""Characters that need a name: line breaks, controls, letters nobody sees, digits. Nothing invisible is pasted here."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

LINE_BREAK = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}]")
"""Everything that ends a line, so that nobody calls str.splitlines."""

UNSEEN = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
"""Soft hyphens, joiners, marks of direction, for a class of a pattern: nobody sees them, and they say nothing."""

_UNSEEN = re.compile(f"\u00ad[ \n]?|[{UNSEEN}]")  # behind a soft hyphen a space is a line's end
_SPACE = re.compile("[ \t\n\r\v\f\x1c-\x1f\x85\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}]+")
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
_RAISED = str.maketrans("0123456789", "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1b\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff\ufeff]")


def fold_line(text: str) -> str:
    """The text as one line that every format can hold: white space folded, C0 and C1 controls and stray BOMs left out.

    Marks of direction (LRM, RLM, isolates) and joiners stay: they are part of the text.
    """
    return _SPACE.sub(" ", _FORBIDDEN.sub("", text)).strip(" ")


def ascii_digits(text: str) -> str:
    """The text with every decimal digit (Arabic-Indic, Persian, ...) as ASCII; the length does not change."""
    return text if text.isascii() else _OTHER_DIGIT.sub(lambda found: str(unicodedata.digit(found[0])), text)


def raised(text: str) -> str:
    """Digits that stand raised, as digits that are so by themselves (the sign of a note, a square metre); other text as it is."""
    return ascii_digits(text).translate(_RAISED) if text.strip().isdecimal() else text


def seen(text: str) -> str:
    """The text without what nobody sees."""
    return text if text.isascii() else _UNSEEN.sub("", text)


@dataclass(frozen=True, slots=True)
class Seen:
    """A text without what nobody sees, and the way back.

    Attributes:
        text: what is seen.
        left_out: offsets in it before which something was left out, ascending.
        lengths: how much was left out up to each of these.
    """

    text: str
    left_out: tuple[int, ...] = ()
    lengths: tuple[int, ...] = ()

    @classmethod
    def of(cls, text: str) -> Seen:
        """From a text as it is."""
        found = [] if text.isascii() else list(_UNSEEN.finditer(text))
        offsets, lengths, total = [], [], 0
        for match in found:
            offsets.append(match.start() - total)
            total += len(match[0])
            lengths.append(total)
        return cls(_UNSEEN.sub("", text) if found else text, tuple(offsets), tuple(lengths))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where this part is in the text as it is; what was left out at its borders is outside."""
        first = bisect_right(self.left_out, start)
        last = first if start == end else bisect_left(self.left_out, end)
        return start + self._before(first), end + self._before(last)

    def _before(self, number: int) -> int:
        return self.lengths[number - 1] if number else 0
