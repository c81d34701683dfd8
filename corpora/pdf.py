"""PDF to text and blocks, by pypdfium2: page headers, footers and numbers left out.

Paragraphs are told by gaps between lines, indents and short last lines. What is sure to be wrong in the Arabic is mended, what is
not is told as a doubt about the reading.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

from corpora.characters import ascii_digits
from corpora.errors import ReadError
from corpora.model import Block, BlockKind
from corpora.pdflines import Line, lines_of_page
from corpora.structure import NOTED_END

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_EDGE = 4  # lines at the top and bottom of a page that may be a header or footer
_DRIFT = 3.0  # points between the places of a header on two pages
_LARGE = 1.15  # times the usual height: a heading
_ARABIC_WORD = re.compile("[\u0621-\u064a\u064b-\u0652\u0670]{2,}")
_UNREADABLE = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U0010fffd]")
_EXCHANGED = re.compile("(?<![\u0621-\u064a])([وفبك]?)ا([أإآا])ل(?=[\u0621-\u064a])")
_STRAIGHT = re.compile("(?<![\u0621-\u064a])[وفبك]?ال[أإآ]")
_ENDS = re.compile(rf"""[.!?؟۔。！？:؛…]["'»”’)\]]*$|{NOTED_END}""")
_ITEM = re.compile(r"\s*(?:[-–—•●▪◦*]|\(?(?:\d{1,3}|[A-Za-z]|[ivx]{2,4}|[\u0621-\u064a])[).])\s")
_SIGN_ALONE = re.compile(r"\W{0,2}\w{0,3}\W{0,2}")
_BULLET = re.compile(r"\s*[-–—•●▪◦*](?!\w)")
_SYMBOL = re.compile("^[\ue000-\uf8ff](?=\\s)")  # some typefaces draw bullets as characters that mean nothing
_NOTE = 0.95  # of the usual height: a note's lines are lower
_NOTE_SIGN = re.compile(r"[\[(]?(?:\d{1,3}|[⁰¹²³⁴-⁹]{1,3}|[*†‡§]{1,3})(?:[\])]|\.)?(?=\s|[^\W\d])")
_SIGNS = re.compile("[⁰¹²³⁴-⁹]+")
_DRAWN = re.compile(r"^[•●▪◦]\s+(?=\S)")
_BETWEEN_ITEMS = re.compile(r"(?:[,،、]|\b(?:and|or|et|ou|y|o|и|или|und|oder)|(?<!\w)(?:و|أو))$")
_UNSPACED = re.compile("[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
_LONGEST = 60  # characters of a word that is looked for
_CUT = re.compile("(\\w+)[-\u00ad\u2010]$")  # by the end of a line


def read_pdf(data: bytes, *, path: str = "") -> tuple[str, list[Block], list[str]]:
    """Text, blocks, and what is doubtful about them.

    Raises:
        ReadError: it is no PDF, encrypted, damaged, or holds pictures of text only.
    """
    pages, notes = _without_notes(_without_running(_pages(data, path)))
    lines = [line.text for page in (*pages, notes) for line in page]
    mend, doubts = _mending(lines)
    known = Counter(word for line in lines for word in re.findall(r"\w+(?:-\w+)*", line[: line.rfind(" ") + 1]))
    text, blocks = "", []
    for kind, paragraph in (*_paragraphs(pages), *_notes(notes)):
        if part := _DRAWN.sub("", _joined([mend(line) for line in paragraph], known)):
            blocks.append(Block(kind, len(text), len(text) + len(part)))
            text += part + "\n\n"
    return text, blocks, doubts


def _joined(lines: Sequence[str], known: Mapping[str, int]) -> str:
    """Lines as one; of a word that a line end cut the hyphen goes, unless the text has the word with it elsewhere."""
    parts: list[str] = []
    for line, following in pairwise((*lines, "")):
        cut = _CUT.search(line[-_LONGEST:]) if following else None
        if cut is None:
            parts += [line] if _UNSPACED.search(line[-1:]) and _UNSPACED.match(following[:1]) else [line, " "]
            continue
        rest = re.split(r"\W", following, maxsplit=1)[0]
        stays = not rest[:1].islower() or known.get(f"{cut[1]}-{rest}", 0) > known.get(cut[1] + rest, 0)
        parts.append(line if stays else line[:-1])
    return "".join(parts).strip()


def _pages(data: bytes, path: str) -> list[list[Line]]:
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
            pages.append([replace(line, text=_SYMBOL.sub("•", line.text)) for line in lines_of_page(page)])
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


def _without_running(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without headers, footers and numbers: what stands near the edge of several pages at one height, digits apart."""
    heights: dict[str, list[float]] = {}
    for page in pages:
        for line in _edge(page):
            heights.setdefault(_running(line.text), []).append(line.bottom)
    for found in heights.values():
        found.sort()
    least = max(2, (len(pages) + 2) // 3)
    out = []
    for page in pages:
        signs = {ascii_digits(unicodedata.normalize("NFKC", sign)) for line in page for sign in _SIGNS.findall(line.text)}
        small = _NOTE * median([line.height for line in page] or [0.0])
        edge = [
            line
            for line in _edge(page)
            if line.height >= small or ascii_digits(line.text.split(" ")[0].strip(".()[]")) not in signs
        ]
        gone = [line for line in edge if _is_number(line.text) or _is_on(least, line, heights[_running(line.text)])]
        if page is pages[0]:  # a title that is repeated above every page stands large on the first
            gone = [line for line in gone if line.height <= _LARGE * median(other.height for other in page)]
        out.append([line for line in page if not any(line is other for other in gone)])
    return out


def _is_on(least: int, line: Line, heights: Sequence[float]) -> bool:
    """Whether a line's text stands at its height on so many pages; of these all are given, sorted."""
    return bisect_right(heights, line.bottom + _DRIFT) - bisect_left(heights, line.bottom - _DRIFT) >= least


def _without_notes(pages: Sequence[Sequence[Line]]) -> tuple[list[list[Line]], list[Line]]:
    """The pages without the notes below their columns, which are set smaller and begin with a sign; and the lines of these."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page:
            sizes[round(line.height, 1)] += len(line.text)
    usual = sizes.most_common(1)[0][0] if sizes else 0.0
    kept: list[list[Line]] = []
    notes: list[Line] = []
    for page in pages:
        kept.append([])
        lines: list[Line] = []  # small ones in a row, from the first that has a sign
        for k, line in enumerate(page):
            following = page[k + 1] if k + 1 < len(page) else None
            if line.height < _NOTE * usual and (lines or _NOTE_SIGN.match(line.text)):
                lines.append(line)
            else:
                kept[-1].append(line)
            ends = following is None or following.top > line.top or not following.height < _NOTE * usual
            if lines and ends:
                below = following is None or following.top > line.top  # nothing follows in the column
                (notes if below else kept[-1]).extend(lines)
                lines = []
    return kept, notes


def _notes(lines: Sequence[Line]) -> Iterator[tuple[BlockKind, list[str]]]:
    """Notes, each from a sign to the next."""
    run: list[str] = []
    for line in lines:
        if run and _NOTE_SIGN.match(line.text):
            yield BlockKind.FOOTNOTE, run
            run = []
        run.append(line.text)
    if run:
        yield BlockKind.FOOTNOTE, run


def _edge(page: Sequence[Line]) -> list[Line]:
    by_place = sorted(page, key=lambda line: -line.top)
    return by_place[:_EDGE] + by_place[_EDGE:][-_EDGE:]


def _running(text: str) -> str:
    return re.sub(r"\d+", "#", ascii_digits(" ".join(text.split())))


def _is_number(text: str) -> bool:
    return bool(
        re.fullmatch(r"(?:page |صفحة |ص )?[-–—\s(]*\d{1,4}[-–—\s)]*(?:(?:/|of|من)\s*\d{1,4})?", ascii_digits(text).casefold())
    )


def _paragraphs(pages: Sequence[Sequence[Line]]) -> Iterator[tuple[BlockKind, list[str]]]:
    """Lines that belong together, each run with its kind; a paragraph may go on behind a page."""
    lines = [line for page in pages for line in page]
    if not lines:
        return
    height = median(line.height for line in lines)
    gaps = sorted(gap for page in pages for a, b in pairwise(page) if (gap := a.bottom - b.top) > -height)
    usual = gaps[len(gaps) // 4] if gaps else height / 2
    run: list[Line] = []
    kind = BlockKind.PARAGRAPH
    for page in pages:
        for k, line in enumerate(page):
            before = run[-1] if run else None
            large = line.height > _LARGE * height and len(line.text) < 200
            goes_on = (
                large
                and kind is BlockKind.HEADING
                and before is not None
                and k > 0
                and _is_same_heading(before, line, usual / height)
            )
            if before is not None and not goes_on and _parts(before, line, usual, height, new_page=k == 0):
                yield kind, [part.text for part in run]
                run = []
            if not run:
                kind = BlockKind.HEADING if large else BlockKind.LIST_ITEM if _ITEM.match(line.text) else BlockKind.PARAGRAPH
            run.append(line)
    yield kind, [part.text for part in run]


def _is_same_heading(before: Line, line: Line, spacing: float) -> bool:
    """Whether a large line goes on with the one before it, however ragged they are; the spacing is that of lines, in heights."""
    alike = abs(before.height - line.height) < 0.1 * line.height and not _had_room(before, line)
    return alike and not _ITEM.match(line.text) and abs(before.bottom - line.top) < (max(spacing, 0) + 0.5) * line.height


def _parts(before: Line, line: Line, usual: float, height: float, *, new_page: bool) -> bool:
    """Whether a paragraph ends between two lines."""
    gap = before.bottom - line.top
    elsewhere = new_page or gap < -2 * height  # on another page, or in another column
    if not elsewhere and gap < -0.5 * height:  # cells of a row; or the sign of an item and what follows it
        return not _SIGN_ALONE.fullmatch(before.text)
    ended = bool(_ENDS.search(before.text))
    width = before.margins[1] - before.margins[0]
    begins = [_begin(one, right_to_left=bool(_ARABIC_WORD.search(before.text))) for one in (before, line)]
    end = max(before.left - before.margins[0], before.margins[1] - before.right)  # it may be set at either margin
    short = end > 0.15 * width and _had_room(before, line)
    item = bool(_ITEM.match(line.text)) and (
        ended
        or short
        or bool(_BULLET.match(line.text) or _BETWEEN_ITEMS.search(before.text))
        or abs(begins[1] - begins[0]) > 0.5 * height
    )
    if item or abs(before.height - line.height) > 0.25 * height:
        return True
    if elsewhere:
        return ended or bool(_ARABIC_WORD.search(before.text)) != bool(_ARABIC_WORD.search(line.text))
    if gap > usual + (0.35 if ended or short else 0.6) * height:
        return True
    if _CUT.search(before.text[-_LONGEST:]):
        return False
    indented = begins[0] + height < begins[1] < 0.3 * width
    return (short and (ended or end > 0.4 * width)) or (indented and ended)


def _begin(line: Line, *, right_to_left: bool) -> float:
    """How far from its margin a line begins."""
    return line.margins[1] - line.right if right_to_left else line.left - line.margins[0]


def _had_room(before: Line, line: Line) -> bool:
    """Whether the first word of a line had fitted behind the one before it."""
    margins = before.margins
    word = len(line.text.split(" ", 1)[0]) / len(line.text) * (line.right - line.left)
    return margins[1] - margins[0] - (before.right - before.left) > word + 0.25 * line.height


def _mending(lines: Sequence[str]) -> tuple[Any, list[str]]:
    """How to mend the Arabic of these lines, and what stays doubtful."""
    words = [word for line in lines for word in _ARABIC_WORD.findall(line)]
    doubts = []
    unreadable = sum(len(_UNREADABLE.findall(line)) for line in lines)
    if unreadable:
        doubts.append(f"{unreadable} characters of it have no text")
    joined = "\n".join(lines)
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
        return _EXCHANGED.sub(r"\1ال\2", line) if swap else line

    return mend, doubts
