"""A page of a PDF to lines in reading order, by geometry: where its characters stand, not in which order the file has them.

The order of characters in a PDF of Arabic depends on the program that wrote it: logical, visual, both within a line, the letters of
lam-alef exchanged. Their places do not. A line is sorted from left to right and then read as Arabic is: turned, with its numbers
and Latin words turned back.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass, replace
from itertools import accumulate
from statistics import median
from typing import TYPE_CHECKING, Any

from corpora.characters import raised
from corpora.pdfglyphs import Glyph, glyphs_of_page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc](?<![\u0660-\u0669\u06f0-\u06f9])")
_LTR = re.compile("[A-Za-z\u00c0-\u024f\u0370-\u052f]")
_LEFT_TO_RIGHT = re.compile("[0-9⁰¹²³⁴-⁹\u0660-\u0669\u06f0-\u06f9A-Za-z\u00c0-\u024f\u0370-\u052f]")
_RIGHT_TO_LEFT = _RTL
_BETWEEN = frozenset(" .,:/-%@_'\u066b\u066c\u2019&+")
_MIRRORED = {"(": ")", ")": "(", "[": "]", "]": "[", "«": "»", "»": "«", "{": "}", "}": "{", "<": ">", ">": "<"}
_NUNATION = re.compile("[\u064b-\u064d]")
_OPENING = frozenset("([{«")
_QUOTES = frozenset('([{«»}])"“”‘’')
_GUTTER = 1.8  # heights of a line: a gap so wide parts columns or cells
_LEVEL = 0.3  # the same: a base line so near is that of the same row
_MARKED_LEVEL = 0.45  # and where it has vowel marks, which shift it
_RAISED = 0.15, 0.6  # heights of a row that the sign of a note stands above its base line
_ROWS_BELOW = 8
_SMALLER = 0.85  # of its height, at most
_SPACE = 0.18  # the same: a gap so wide parts words,
_TOLD_SPACE, _MARKED_SPACE, _OTHER_SPACE = 0.1, 0.14, 0.3  # and so wide where the file has a space there, and where only elsewhere
_COLUMN_LINES = 5  # lines that a column has at least
_COLUMNS_IN_COLUMNS = 6


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page: its text and box in points, y upwards; the left and right margin of its column."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    margins: tuple[float, float] = (0.0, 0.0)

    @property
    def height(self) -> float:
        """In points."""
        return self.top - self.bottom


def lines_of_page(page: Any) -> list[Line]:
    """The lines of a page in reading order, from the places of its characters alone: their order in the file means nothing."""
    glyphs = glyphs_of_page(page)
    if not glyphs:
        return []
    em = median(glyph.height for glyph in glyphs)
    rows = _rows(glyphs, em)
    lines = []
    for row in rows:
        own = median(glyph.height for glyph in row)
        lines += [_line(piece, own) for piece in _pieces(sorted(row, key=lambda glyph: (glyph.left, glyph.number)), own)]
    return [line for line in _in_columns(lines) if line.text]


def _rows(glyphs: Sequence[Glyph], em: float) -> list[list[Glyph]]:
    """The characters in rows by their base lines; dots, commas and raised marks go to the nearest row that they stand in."""
    small = [glyph for glyph in glyphs if glyph.height < 0.45 * em]
    rows = _on_base_lines([glyph for glyph in glyphs if glyph.height >= 0.45 * em], em)
    bases = [-row[0].base for row in rows]
    lefts = [sorted(glyph.left for glyph in row) for row in rows]
    for glyph in small:
        within = range(bisect_left(bases, -glyph.base - em), bisect_right(bases, -glyph.base + em))
        near = [k for k in within if abs(bases[k] + glyph.base) < 0.06 * em] or [
            k for k in within if _is_beside(glyph, lefts[k], em)
        ]
        if near:
            rows[min(near, key=lambda k: abs(bases[k] + glyph.base))].append(glyph)
        else:
            rows.append([glyph])
    return _with_raised(rows)


def _with_raised(rows: Sequence[list[Glyph]]) -> list[list[Glyph]]:
    """The rows, those of smaller glyphs that stand raised beside larger ones (the signs of notes) within the rows of these."""
    rows = sorted(rows, key=lambda row: row[0].base)
    bases = [row[0].base for row in rows]
    heights = [median(glyph.height for glyph in row) for row in rows]
    lefts = [sorted(glyph.left for glyph in row) for row in rows]
    kept: list[list[Glyph]] = [[] for _ in rows]
    for own, row in enumerate(rows):
        for glyph in row:
            at = own
            for k in range(max(own - _ROWS_BELOW, bisect_left(bases, glyph.base - 2 * glyph.height)), own):
                low, high = (share * heights[k] for share in _RAISED)
                larger = glyph.height < _SMALLER * heights[k] and low < glyph.base - bases[k] < high
                if larger and _is_beside(glyph, lefts[k], heights[k] / 3):
                    at = k
            kept[at].append(glyph if at == own else replace(glyph, text=raised(glyph.text), base=bases[at]))
    return [row for row in kept if row]


def _on_base_lines(glyphs: Sequence[Glyph], em: float) -> list[list[Glyph]]:
    """Glyphs by the nearest of the base lines, most common ones first: a raised letter goes to the line that it was raised from."""
    common = Counter(round(glyph.base, 1) for glyph in glyphs)
    bases: list[float] = []
    rows: dict[float, list[Glyph]] = {}
    for glyph in sorted(glyphs, key=lambda glyph: (-common[round(glyph.base, 1)], -glyph.base)):
        at = bisect_left(bases, glyph.base)
        base = min(bases[max(0, at - 1) : at + 1], key=lambda base: abs(base - glyph.base), default=None)
        if base is None or abs(base - glyph.base) >= (_MARKED_LEVEL if len(glyph.text) > 1 else _LEVEL) * max(em, glyph.height):
            base = glyph.base
            bases.insert(at, base)
        rows.setdefault(base, []).append(glyph)
    return [rows[base] for base in reversed(bases)]


def _is_beside(glyph: Glyph, lefts: Sequence[float], em: float) -> bool:
    """Whether a glyph stands among those that begin at these places, or not far from one."""
    return bisect_left(lefts, glyph.left - 2.5 * em) < bisect_right(lefts, glyph.right + 1.5 * em)


def _pieces(row: Sequence[Glyph], em: float) -> Iterator[list[Glyph]]:
    """The parts of a row that a wide gap parts: columns, cells."""
    piece = [row[0]]
    for glyph in row[1:]:
        if glyph.left - max(g.right for g in piece[-3:]) > _GUTTER * em:
            yield piece
            piece = []
        piece.append(glyph)
    yield piece


def _line(glyphs: Sequence[Glyph], em: float) -> Line:
    """The text of glyphs from left to right, in reading order, with spaces where there are gaps."""
    visual: list[str] = []
    spaced = glyphs[0].word != glyphs[-1].word
    for k, glyph in enumerate(glyphs):
        if k and glyph.left - glyphs[k - 1].right > _room(glyphs[k - 1], glyph, spaced=spaced) * em:
            visual.append(" ")
        visual.append(glyph.text)
    letters = "".join(visual)
    right_to_left = len(_RTL.findall(letters)) > len(_LTR.findall(letters))
    parts = _reading_order(visual) if right_to_left or _RTL.search(letters) else visual
    if _RTL.search(letters) and not right_to_left:
        parts = _embedded(visual)
    base = median(glyph.base for glyph in glyphs)
    below, above = (median(sizes) for sizes in zip(*((g.base - g.bottom, g.top - g.base) for g in glyphs), strict=True))
    box = (min(g.left for g in glyphs), max(g.right for g in glyphs), base - below, base + above)
    line = " ".join("".join(parts).split())
    return Line(_bracketed(line) if _RTL.search(line) else line, *box)


def _room(left: Glyph, right: Glyph, *, spaced: bool) -> float:
    """From which gap on, in heights, there is a space between two glyphs of a line; whether it has any in the file."""
    if not spaced or left.text[0] in _QUOTES or right.text[0] in _QUOTES:
        return _SPACE
    if _NUNATION.search(right.text) and left.text[0] not in "اى":  # a word ends with it
        return _TOLD_SPACE
    if left.word != right.word:
        return _MARKED_SPACE if len(left.text) + len(right.text) > 2 else _TOLD_SPACE
    return _OTHER_SPACE if left.text[0].isalnum() and right.text[0].isalnum() else _SPACE


def _reading_order(visual: Sequence[str]) -> list[str]:
    """A right-to-left line from its visual order: all turned, then numbers and Latin words turned back, brackets mirrored."""
    turned = [_MIRRORED.get(part, part) for part in reversed(visual)]
    return _runs_turned(turned, _LEFT_TO_RIGHT)


def _bracketed(line: str) -> str:
    """The brackets of a line with Arabic turned the right way: what stands before a word opens, what stands behind one closes.

    Whether a PDF holds the mirrored sign or the one that is seen is not to be told.
    """
    out = list(line)
    for k, sign in enumerate(line):
        if sign in _MIRRORED and sign not in "<>":
            before, after = line[k - 1 : k] if k else " ", line[k + 1 : k + 2] or " "
            opens = (before.isspace() or before in "([{«") and not after.isspace()
            closes = not before.isspace() and (after.isspace() or not after.isalnum())
            if opens != closes:
                out[k] = sign if (sign in _OPENING) == opens else _MIRRORED[sign]
    return "".join(out)


def _embedded(visual: Sequence[str]) -> list[str]:
    """A left-to-right line with words from right to left in it: only those are turned."""
    return _runs_turned(list(visual), _RIGHT_TO_LEFT)


def _runs_turned(parts: list[str], inside: re.Pattern[str]) -> list[str]:
    """Runs of parts that match, with what stands between two of them, turned."""
    out: list[str] = []
    k = 0
    while k < len(parts):
        if not inside.match(parts[k]):
            out.append(parts[k])
            k += 1
            continue
        end = last = k
        while end < len(parts) and (inside.match(parts[end]) or (parts[end] in _BETWEEN and not _spaced_digits(parts, k, end))):
            last = end if inside.match(parts[end]) else last
            end += 1
        run = parts[k : last + 1]
        out += [_MIRRORED.get(part, part) if inside is _LEFT_TO_RIGHT and part in _MIRRORED else part for part in reversed(run)]
        k = last + 1
    return out


def _spaced_digits(parts: Sequence[str], start: int, at: int) -> bool:
    """A space behind a number: two numbers in an Arabic line stand from right to left."""
    return parts[at] == " " and all(not part.isalpha() for part in parts[start:at])


def _in_columns(lines: Sequence[Line], depth: int = 0) -> list[Line]:
    """The lines in reading order, each with the margins of its column.

    Where the page has a gutter that most lines keep clear, the columns are read one behind the other, from one line that runs
    across to the next.
    """
    margins = min((line.left for line in lines), default=0.0), max((line.right for line in lines), default=0.0)
    gutter = _gutter(lines, margins) if len(lines) >= 2 * _COLUMN_LINES and depth < _COLUMNS_IN_COLUMNS else None
    if gutter is None:
        return [replace(line, margins=margins) for line in _down(lines)]
    across = _down([line for line in lines if line.left < gutter < line.right])
    beside = sorted((line for line in lines if not line.left < gutter < line.right), key=lambda line: -line.bottom)
    arabic = sum(bool(_RTL.search(line.text)) for line in lines) > len(lines) / 2
    out: list[Line] = []
    done = 0
    for line in [*across, None]:
        end = len(beside) if line is None else bisect_left(beside, -line.bottom, lo=done, key=lambda other: -other.bottom)
        band, done = beside[done:end], end
        columns = [[other for other in band if other.right <= gutter], [other for other in band if other.left >= gutter]]
        for column in reversed(columns) if arabic else columns:
            out += _in_columns(column, depth + 1)
        if line:
            out.append(replace(line, margins=margins))
    return out


def _gutter(lines: Sequence[Line], margins: tuple[float, float]) -> float | None:
    """The x between two columns: where the fewest lines run across, or None where they are not columns."""
    best: tuple[int, float] | None = None
    for step in range(20, 81):
        x = margins[0] + (margins[1] - margins[0]) * step / 100
        sides = [line for line in lines if line.right <= x], [line for line in lines if line.left >= x]
        across = len(lines) - len(sides[0]) - len(sides[1])
        fits = min(map(len, sides)) >= _COLUMN_LINES and across <= 0.2 * len(lines) and _side_by_side(*sides)
        if fits and (best is None or across < best[0]):
            best = across, x
    return best[1] if best else None


def _side_by_side(first: Sequence[Line], second: Sequence[Line]) -> bool:
    """Whether most lines of the shorter column have a line beside them in the other: else they are paragraphs, not columns."""
    few, many = sorted((first, second), key=len)
    bottoms = sorted((line.bottom, line.top) for line in many)
    tops = list(accumulate((top for _, top in bottoms), max))
    below = (bisect_left(bottoms, (line.top,)) for line in few)
    beside = sum(at > 0 and tops[at - 1] > line.bottom for at, line in zip(below, few, strict=True))
    return beside > 0.6 * len(few)


def _down(lines: Sequence[Line]) -> list[Line]:
    """From top to bottom; in a row from right to left where it is Arabic."""
    out: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: -(line.top + line.bottom)):
        if out and abs((out[-1][0].top + out[-1][0].bottom) - (line.top + line.bottom)) < 0.6 * line.height:
            out[-1].append(line)
        else:
            out.append([line])
    for row in out:
        arabic = any(_RTL.search(line.text) for line in row)
        row.sort(key=lambda line: -line.right if arabic else line.left)
    return [line for row in out for line in row]
