"""PDF to text and blocks, by pypdfium2: lines by their places, page headers, footers and numbers left out.

What a PDF holds is glyphs at places. The lines are pypdfium2's; paragraphs are told by gaps between lines, indents and short last
lines. Arabic may come as presentation forms, in visual order, or with the letters of lam-alef exchanged: what is sure is mended,
what is not is told as a doubt about the reading.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from corpora.characters import ascii_digits
from corpora.errors import ReadError
from corpora.model import Block, BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_EDGE = 4  # lines at the top and bottom of a page that may be a header or footer
_LARGE = 1.15  # times the usual height: a heading
_PRESENTATION = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]+")
_ARABIC_WORD = re.compile("[\u0621-\u064a\u064b-\u0652\u0670]{2,}")
_UNREADABLE = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U0010fffd]")
_EXCHANGED = re.compile("(?<![\u0621-\u064a])([وفبك]?)ا([أإآا])ل(?=[\u0621-\u064a])")
_STRAIGHT = re.compile("(?<![\u0621-\u064a])[وفبك]?ال[أإآ]")
_ENDS = re.compile(r"""[.!?؟۔。！？:؛…]["'»”’)\]]*$""")
_ITEM = re.compile(r"\s*(?:[-–—•●▪◦*]|\(?[\dA-Za-z\u0621-\u064a]{1,3}[).])\s")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a page: its text and box in points, y upwards."""

    text: str
    left: float
    right: float
    bottom: float
    top: float

    @property
    def height(self) -> float:
        return self.top - self.bottom


def read_pdf(data: bytes, *, path: str = "") -> tuple[str, list[Block], list[str]]:
    """Text, blocks, and what is doubtful about them.

    Raises:
        ReadError: it is no PDF, encrypted, damaged, or holds pictures of text only.
    """
    pages = _without_running(_pages(data, path))
    lines = [line.text for page in pages for line in page]
    mend, doubts = _mending(lines)
    text, blocks = "", []
    for kind, paragraph in _paragraphs(pages):
        part = " ".join(mend(line) for line in paragraph).strip()
        part = re.sub("(?<=\\w)[-\u00ad\u2010] (?=[a-z])", "", part)  # a word that a line end cut
        if part:
            blocks.append(Block(kind, len(text), len(text) + len(part)))
            text += part + "\n\n"
    return text, blocks, doubts


def _pages(data: bytes, path: str) -> list[list[_Line]]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        told = str(error).lower()
        if "password" in told or "security" in told:
            raise ReadError("is encrypted", path=path, hint="save it without a password") from None
        raise ReadError("not a readable PDF file", path=path, hint="it may be damaged: print it to a new PDF") from None
    try:
        pages = []
        pictures = False
        for page in document:
            pages.append(_lines(page))
            pictures |= any(True for _ in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=3))
    except pypdfium2.PdfiumError:
        raise ReadError("a page of it cannot be read", path=path, hint="it may be damaged: print it to a new PDF") from None
    finally:
        document.close()
    if not any(line.text for page in pages for line in page):
        if pictures:
            raise ReadError("holds pictures of pages and no text", path=path, hint="run text recognition (OCR) on it first")
        raise ReadError("there is no text in it", path=path)
    return pages


def _lines(page: Any) -> list[_Line]:
    import ctypes

    from pypdfium2 import raw

    text = page.get_textpage()
    lines: list[_Line] = []
    letters: list[str] = []
    box = [float("inf"), float("-inf"), float("inf"), float("-inf")]
    edges = [ctypes.c_double() for _ in range(4)]

    def close() -> None:
        nonlocal letters, box
        line = "".join(letters).replace("\ufffe", "-").strip()
        if line:
            lines.append(_Line(line, *box))
        letters, box = [], [float("inf"), float("-inf"), float("inf"), float("-inf")]

    for k in range(text.count_chars()):
        letter = chr(raw.FPDFText_GetUnicode(text, k))
        if letter in "\r\n":
            close()
            continue
        letters.append(letter)
        if not letter.isspace() and raw.FPDFText_GetCharBox(text, k, *(ctypes.byref(edge) for edge in edges)):
            left, right, bottom, top = (edge.value for edge in edges)
            box = [min(box[0], left), max(box[1], right), min(box[2], bottom), max(box[3], top)]
    close()
    text.close()
    return lines


def _without_running(pages: Sequence[Sequence[_Line]]) -> list[list[_Line]]:
    """The pages without headers, footers and numbers: what stands near the edge of several pages, digits apart."""
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update({_running(line.text) for line in _edge(page)})
    least = max(2, (len(pages) + 2) // 3)
    out = []
    for page in pages:
        edge = _edge(page)
        gone = [line for line in edge if _is_number(line.text) or (len(pages) > 1 and counts[_running(line.text)] >= least)]
        out.append([line for line in page if not any(line is other for other in gone)])
    return out


def _edge(page: Sequence[_Line]) -> list[_Line]:
    by_place = sorted(page, key=lambda line: -line.top)
    return by_place[:_EDGE] + by_place[_EDGE:][-_EDGE:]


def _running(text: str) -> str:
    return re.sub(r"\d+", "#", ascii_digits(" ".join(text.split())))


def _is_number(text: str) -> bool:
    return bool(
        re.fullmatch(r"(?:page |صفحة |ص )?[-–—\s(]*\d{1,4}[-–—\s)]*(?:(?:/|of|من)\s*\d{1,4})?", ascii_digits(text).casefold())
    )


def _paragraphs(pages: Sequence[Sequence[_Line]]) -> Iterator[tuple[BlockKind, list[str]]]:
    """Lines that belong together, each run with its kind; a paragraph may go on behind a page."""
    lines = [line for page in pages for line in page]
    if not lines:
        return
    height = median(line.height for line in lines)
    gaps = [a.bottom - b.top for page in pages for a, b in itertools.pairwise(page) if a.bottom >= b.top]
    usual = median(gaps) if gaps else height / 2
    left, right = _margin([line.left for line in lines], min), _margin([line.right for line in lines], max)
    run: list[_Line] = []
    kind = BlockKind.PARAGRAPH
    for page in pages:
        for k, line in enumerate(page):
            before = run[-1] if run else None
            large = line.height > _LARGE * height and len(line.text) < 200
            if before is not None and _parts(before, line, usual, height, (left, right), new_page=k == 0):
                yield kind, [part.text for part in run]
                run = []
            if not run:
                kind = BlockKind.HEADING if large else BlockKind.LIST_ITEM if _ITEM.match(line.text) else BlockKind.PARAGRAPH
            run.append(line)
    yield kind, [part.text for part in run]


def _parts(before: _Line, line: _Line, usual: float, height: float, margins: tuple[float, float], *, new_page: bool) -> bool:
    """Whether a paragraph ends between two lines."""
    ended = bool(_ENDS.search(before.text))
    if abs(before.height - line.height) > 0.25 * height or _ITEM.match(line.text):
        return True
    width = margins[1] - margins[0]
    right_to_left = bool(_ARABIC_WORD.search(before.text) or _PRESENTATION.search(before.text))
    end = before.left - margins[0] if right_to_left else margins[1] - before.right
    short = end > 0.15 * width
    if new_page:
        return ended
    gap = before.bottom - line.top
    if gap > usual + 0.6 * height or gap < -2 * height:
        return True
    begin = margins[1] - line.right if right_to_left else line.left - margins[0]
    before_begin = margins[1] - before.right if right_to_left else before.left - margins[0]
    indented = begin > before_begin + height and begin < 0.3 * width
    return (short and (ended or end > 0.4 * width)) or (indented and ended)


def _margin(edges: Sequence[float], side: Any) -> float:
    """The usual edge of the text: the outermost one that several lines share."""
    rounded = Counter(round(edge) for edge in edges)
    common = [edge for edge, count in rounded.items() if count >= max(2, len(edges) // 20)]
    return float(side(common or rounded))


def _mending(lines: Sequence[str]) -> tuple[Any, list[str]]:
    """How to mend the Arabic of these lines, and what stays doubtful."""
    plain = [_decomposed(line) for line in lines]
    words = [word for line in plain for word in _ARABIC_WORD.findall(line)]
    doubts = []
    unreadable = sum(len(_UNREADABLE.findall(line)) for line in lines)
    if unreadable:
        doubts.append(f"{unreadable} characters of it have no text")
    backwards = sum(word[0] in "ةى" for word in words) > 2 * sum(word[-1] in "ةى" for word in words) and len(words) >= 20
    if backwards:
        plain = [_turned(line) for line in plain]
        doubts.append("its Arabic stood backwards and was turned")
    joined = "\n".join(plain)
    exchanged, straight = len(_EXCHANGED.findall(joined)), len(_STRAIGHT.findall(joined))
    swap = exchanged >= 3 and exchanged > straight
    if swap:
        doubts.append("lam and alef were exchanged in it: mended at the beginning of words, doubtful within them")
    shape = re.findall("(?<=[\u0621-\u064a])[ةى](?=[\u0621-\u064a])", joined)
    if words and len(shape) > 0.02 * len(words):
        doubts.append("words of it seem to be glued together or out of order")
    single = len(re.findall("(?<![\u0621-\u064a])[\u0621-\u064a](?![\u0621-\u064a])", joined))
    if words and single > 0.3 * len(words):
        doubts.append("words of it seem to be torn into letters")

    def mend(line: str) -> str:
        line = _decomposed(line)
        line = _turned(line) if backwards else line
        return _EXCHANGED.sub(r"\1ال\2", line) if swap else line

    return mend, doubts


def _decomposed(line: str) -> str:
    """Presentation forms as letters; a ligature's letters in reading order."""
    return _PRESENTATION.sub(lambda m: unicodedata.normalize("NFKC", m[0]), line)


def _turned(line: str) -> str:
    """A line in visual order as it is read: all turned, then what runs from left to right turned back."""
    return re.sub(
        r"[0-9\u0660-\u0669A-Za-z][0-9\u0660-\u0669A-Za-z .,:/%-]*[0-9\u0660-\u0669A-Za-z]", lambda m: m[0][::-1], line[::-1]
    )
