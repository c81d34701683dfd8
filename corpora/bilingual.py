"""A document that holds two languages, as tables, gazettes and letters do: which parts of it are in which."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from corpora.languages import detect, leaning, primary
from corpora.plaintext import lines_of
from corpora.scripts import LETTERS, script_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corpora.model import Block

_ARABIC_DIGIT, _DIGIT = re.compile("[\u0660-\u0669\u06f0-\u06f9]"), re.compile("[0-9]")
_TELLING = 20  # letters that tell a language
_SAMPLED = 100  # blocks looked at, of more
_FEW = 0.2  # of the letters of a block: a name or an address in it
_HALF = 0.3  # of the letters of a document: about as much as the rest
_BOTH = 0.3  # of the letters of a line: from here on it holds both
_BETWEEN = " \t\u00a0-–—/|:،,;؛·•("


def parts_in(text: str, blocks: Sequence[Block], language: str, other: str) -> list[Block]:
    """What of the blocks is in one language and not in another; what tells neither (numbers, signs) is in both.

    A block that holds both, line by line or one behind the other, is parted.
    """
    sides = _Sides(text, primary(language), primary(other))
    return [replace(block, start=a, end=b) for block in blocks for a, b in sides.spans(block.start, block.end)]


def two_languages(text: str, blocks: Sequence[Block]) -> tuple[str, str] | None:
    """The two languages that hold most of the blocks, if each holds much; the one that begins first."""
    letters: Counter[str] = Counter()
    for block in blocks[:: 1 + len(blocks) // _SAMPLED]:
        part = text[block.start : block.end]
        if sum(map(str.isalpha, part)) >= _TELLING:
            letters[detect(part)] += len(part)
    most = [code for code, count in letters.most_common(2) if count > _FEW * letters.total()]
    told = [code for code in letters if code in most]  # as they come
    return (told[0], told[1]) if len(told) > 1 else None


def holds_both(text: str, blocks: Sequence[Block], one: str, other: str) -> bool:
    """Whether each of two languages has as much of the blocks as a text and its translation have."""
    sides = _Sides(text, primary(one), primary(other))
    letters = [0, 0]
    for block in blocks if sides.by_letters else blocks[:: 1 + len(blocks) // _SAMPLED]:
        size = block.end - block.start
        share = sides.share(block.start, block.end) if sides.by_letters or size >= _TELLING else None
        if share is not None:
            letters[share < 0.5] += size
    return min(letters) > _HALF * sum(letters)


class _Sides:
    """Tells the letters of two languages apart."""

    def __init__(self, text: str, language: str, other: str) -> None:
        self._text, self._languages = text, (language, other)
        scripts = [script_of(code) for code in (language, other)]
        self._letters = [LETTERS[script] for script in scripts] if scripts[0] != scripts[1] else None
        self._arabic = [script == "arabic" for script in scripts]
        self._indic = bool(_ARABIC_DIGIT.search(text))

    @property
    def by_letters(self) -> bool:
        """Whether their letters differ."""
        return self._letters is not None

    def spans(self, a: int, b: int) -> list[tuple[int, int]]:
        """Where the first language stands between two places."""
        share = self.share(a, b)
        if share is None:
            return [(a, b)] if self._counts_here(a, b) else []
        if share >= 1 - _FEW:
            return [(a, b)]
        if share <= _FEW:
            return []
        lines = [(a + start, a + end) for start, end in lines_of(self._text[a:b])]
        out: list[tuple[int, int]] = []
        for start, end in (span for line in lines for span in self._of_line(*line)):
            if out and not self._text[out[-1][1] : start].strip():
                out[-1] = out[-1][0], end
            else:
                out.append((start, end))
        return out

    def share(self, a: int, b: int) -> float | None:
        """Of the letters those of the first language, or None where nothing tells."""
        if self._letters is None:
            part = self._text[a:b]
            return float(leaning(part, *self._languages) >= 0) if any(map(str.isalpha, part)) else None
        own, foreign = (sum(1 for _ in letters.finditer(self._text, a, b)) for letters in self._letters)
        return own / (own + foreign) if own + foreign else None

    def _counts_here(self, a: int, b: int) -> bool:
        """Whether a number may be of the first language."""
        part = self._text[a:b]
        digits = [bool(_DIGIT.search(part)), bool(_ARABIC_DIGIT.search(part))]
        return not (any(digits) and self._indic) or self._arabic[0] == self._arabic[1] or digits[self._arabic[0]]

    def _of_line(self, a: int, b: int) -> Iterator[tuple[int, int]]:
        share = self.share(a, b)
        if share is None or self._letters is None or not _BOTH <= share <= 1 - _BOTH:
            if self._counts_here(a, b) if share is None else share > _BOTH:
                yield a, b
            return
        own, foreign = ([match.start() for match in letters.finditer(self._text, a, b)] for letters in self._letters)
        if own[-1] < foreign[0]:
            b = foreign[0]
        elif foreign[-1] < own[0]:
            a = own[0]
        elif share < 0.5:
            return
        part = self._text[a:b].rstrip(_BETWEEN)
        yield a, a + len(part.removesuffix(")") if "(" not in part else part)
