"""What stands at each place of a PDF's page: characters and ligatures with their vowel marks."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PRESENTATION = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]+")
_LINE_END_HYPHENS = frozenset("\x02\ufffe")  # what pdfium says for one
_BELOW, _ABOVE = 0.25, 0.9  # of a typeface's size: how far its letters go below the base line and above it
_ARABIC = re.compile("[\u0620-\u064a]")
_SAME = 0.02  # points
_SHARE = 0.05  # the same, of the shares of one box
_PAIR = 2
_ALEFS = frozenset("اأإآ")
_MARK_REACH = 0.6  # heights that a vowel mark may be drawn above or below the line
_NEAR = 4  # characters of the file between a mark and its letter
_CROWD = 1000  # characters that no row of a page has; of more, those near in the file are looked at
_BESIDE = 0.1  # heights that such a letter may be off to either side
_IN_WORD = 16  # the same where they share a box: the file may have the letters of a word in any order
_LEVEL = 0.05  # points: what is so near is drawn as one
_ELSEWHERE = 2.0  # points that a letter which is not drawn with a mark has to be nearer than one that is


@dataclass(slots=True)
class Glyph:
    """What stands at one place: a character, or several that one ligature stands for, with the marks on it.

    Attributes:
        text: its characters.
        left, right, bottom, top: its box in points, y upwards; the height is that of its typeface.
        base: y of its base line.
        number: its place in the file.
        word: how many spaces stand before it in the file.
    """

    text: str
    left: float
    right: float
    bottom: float
    top: float
    base: float
    number: int
    word: int

    @property
    def height(self) -> float:
        """In points."""
        return max(self.top - self.bottom, 0.1)


def glyphs_of_page(page: Any) -> list[Glyph]:
    """All that is seen, in the order of the file."""
    glyphs: list[Glyph] = []
    marks: list[Glyph] = []
    for glyph in _drawn_at_once(list(_characters(page))):
        if unicodedata.combining(glyph.text[0]):
            marks.append(glyph)
        elif glyphs and _are_one(glyphs[-1], glyph):
            turned = len(glyphs) > 1 and _is_before(glyphs[-2], glyphs[-1])
            glyphs[-1].text = _ligature(glyphs[-1].text, glyph.text, turned=turned)
            glyphs[-1].right = max(glyphs[-1].right, glyph.right)
        else:
            glyphs.append(glyph)
    _widen(glyphs)
    numbers = [glyph.number for glyph in glyphs]
    by_base = sorted(glyphs, key=lambda glyph: glyph.base)
    bases, reach = [glyph.base for glyph in by_base], max((glyph.height for glyph in (*glyphs, *marks)), default=0.0) * _MARK_REACH
    for mark in marks:
        beside = glyphs[bisect_left(numbers, mark.number - _NEAR) : bisect_right(numbers, mark.number + _NEAR)]
        if not _put_on(mark, beside, _BESIDE * mark.height):
            first, last = bisect_left(bases, mark.base - reach), bisect_right(bases, mark.base + reach)
            if last - first > _CROWD:
                row = glyphs[bisect_left(numbers, mark.number - _CROWD // 2) : bisect_right(numbers, mark.number + _CROWD // 2)]
            else:
                row = by_base[first:last]
            _put_on(mark, row, mark.height)
    return glyphs


def decomposed(line: str) -> str:
    """Presentation forms as letters; a ligature's letters in reading order."""
    return _PRESENTATION.sub(lambda m: unicodedata.normalize("NFKC", m[0]), line)


def _characters(page: Any) -> Iterator[Glyph]:
    import ctypes

    from pypdfium2 import raw

    text = page.get_textpage()
    box = raw.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    word = 0
    for k in range(text.count_chars()):
        letter = chr(raw.FPDFText_GetUnicode(text, k))
        letter = "-" if letter in _LINE_END_HYPHENS else letter
        if letter.isspace():
            word += 1
        if letter.isspace() or letter == "\0" or not raw.FPDFText_GetLooseCharBox(text, k, ctypes.byref(box)):
            continue
        raw.FPDFText_GetCharOrigin(text, k, ctypes.byref(x), ctypes.byref(y))
        size = _size(text, k)
        bottom, top = (y.value - _BELOW * size, y.value + _ABOVE * size) if size else (box.bottom, box.top)
        yield Glyph(decomposed(letter), box.left, box.right, bottom, top, y.value, k, word)
    text.close()


def _drawn_at_once(characters: Sequence[Glyph]) -> list[Glyph]:
    """The characters; a letter, or lam and alef, that is drawn with its marks as one, of which each has the same share, as one."""
    marks = {k for k, glyph in enumerate(characters) if unicodedata.combining(glyph.text[0])}
    if not marks:
        return list(characters)
    group = list(range(len(characters)))
    for k in (k for k, glyph in enumerate(characters) if k in marks or glyph.text == "ل"):
        for other in range(max(0, k - _IN_WORD), min(k + 1 + _IN_WORD, len(characters))):
            if group[other] != group[k] and _share_a_box(characters[k], characters[other]):
                old, new = group[other], group[k]
                for near in range(max(0, k - 2 * _IN_WORD), min(k + 2 * _IN_WORD, len(characters))):
                    group[near] = new if group[near] == old else group[near]
    members: dict[int, list[Glyph]] = {}
    for number, glyph in zip(group, characters, strict=True):
        members.setdefault(number, []).append(glyph)
    return [glyph for run in members.values() for glyph in _together(run)]


def _widen(glyphs: Sequence[Glyph]) -> None:
    """Give letters that stand in the box of a mark, since the file says so, the room that they have elsewhere on the page."""
    widths: dict[str, list[float]] = {}
    for glyph in glyphs:
        widths.setdefault(glyph.text, []).append(_width(glyph))
    usual = {letters: median(found) for letters, found in widths.items()}
    for glyph in glyphs:
        letters = "".join(c for c in glyph.text if not unicodedata.combining(c))
        if letters == glyph.text:
            continue
        lacking = usual.get(letters, sum(usual.get(c, 0.0) for c in letters)) - _width(glyph)
        if lacking > 0:
            glyph.left -= 0 if len(letters) == _PAIR else lacking / 2  # the mark of lam-alef stands over alef
            glyph.right += lacking if len(letters) == _PAIR else lacking / 2


def _share_a_box(first: Glyph, second: Glyph) -> bool:
    """Whether two characters are shares of what is drawn as one, one of them a mark; or lam and alef, which may be."""
    if abs(first.base - second.base) >= _SHARE or abs(_width(first) - _width(second)) >= _SHARE:
        return False
    if min(abs(first.left - second.right), abs(first.right - second.left)) >= _SHARE:
        return False
    return bool(unicodedata.combining(first.text[0]) or unicodedata.combining(second.text[0])) or _are_lam_alef(first, second)


def _width(glyph: Glyph) -> float:
    return glyph.right - glyph.left


def _are_lam_alef(first: Glyph, second: Glyph) -> bool:
    return {first.text, second.text} in ({"ل", alef} for alef in _ALEFS)


def _together(run: Sequence[Glyph]) -> Sequence[Glyph]:
    marks = [glyph for glyph in run if unicodedata.combining(glyph.text[0])]
    letters = sorted((glyph for glyph in run if not unicodedata.combining(glyph.text[0])), key=lambda glyph: glyph.text != "ل")
    if not marks or not (len(letters) == 1 or (len(letters) == _PAIR and _are_lam_alef(*letters))):
        return run
    left, right = min(glyph.left for glyph in run), max(glyph.right for glyph in run)
    return [replace(letters[0], text="".join(glyph.text for glyph in (*letters, *marks)), left=left, right=right)]


def _size(text: Any, k: int) -> float:
    """The size of a character's typeface in points on the page, or 0 where nothing tells: its box may be any height."""
    import ctypes

    from pypdfium2 import raw

    matrix = raw.FS_MATRIX()
    if not raw.FPDFText_GetMatrix(text, k, ctypes.byref(matrix)):
        return 0.0
    return float(raw.FPDFText_GetFontSize(text, k) * abs(matrix.a * matrix.d - matrix.b * matrix.c) ** 0.5)


def _are_one(first: Glyph, second: Glyph) -> bool:
    """Characters of one ligature; also lam and alef that begin at one place: some typefaces draw theirs as two."""
    if max(abs(first.left - second.left), abs(first.base - second.base)) >= _SAME:
        return False
    return abs(first.right - second.right) < _SAME or _are_lam_alef(first, second)


def _is_before(first: Glyph, second: Glyph) -> bool:
    """Whether the file goes from right to left here, as Arabic is read."""
    return second.number == first.number + 1 and abs(first.base - second.base) < _SAME and first.left > second.left


def _ligature(first: str, second: str, *, turned: bool) -> str:
    """The letters of a ligature in reading order: where the file has letters in that order, it was turned, and ligatures with it.

    Of lam and alef, lam comes first, whatever the file says.
    """
    if {first, second} in ({"ل", alef} for alef in _ALEFS):
        return "ل" + (first + second).replace("ل", "")
    return second + first if turned and _ARABIC.search(first + second) else first + second


def _put_on(mark: Glyph, glyphs: Sequence[Glyph], room: float) -> bool:
    """Join a vowel mark to the character it stands on, if that is among these and not farther to either side."""
    near = [g for g in glyphs if abs(g.base - mark.base) < _MARK_REACH * max(g.height, mark.height) and g.text.isalpha()]
    near = [g for g in near if _gap(g, mark) < room]
    if not near:
        return False
    own = min(near, key=lambda g: (_gap(g, mark) + _ELSEWHERE * (abs(g.base - mark.base) > _LEVEL), -_overlap(g, mark)))
    own.text += mark.text
    return True


def _gap(glyph: Glyph, mark: Glyph) -> float:
    center = (mark.left + mark.right) / 2
    return max(glyph.left - center, center - glyph.right, 0.0)


def _overlap(glyph: Glyph, mark: Glyph) -> float:
    return min(glyph.right, mark.right) - max(glyph.left, mark.left)
