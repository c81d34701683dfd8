"""PDF to text and blocks, by pypdfium2: page headers, footers and numbers left out.

Paragraphs are told by gaps between lines, indents and short last lines. What is sure to be wrong in the Arabic is mended, what is
not is told as a doubt about the reading.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

from corpora.errors import ReadError
from corpora.model import Block, BlockKind
from corpora.pdflines import Line, lines_of_page
from corpora.pdfpages import LARGE, notes_of, without_line_numbers, without_notes, without_running
from corpora.structure import NOTED_END

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_ARABIC_WORD = re.compile("[\u0621-\u064a\u064b-\u0652\u0670]{2,}")
_UNREADABLE = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U0010fffd]")
_EXCHANGED = re.compile("(?<![\u0621-\u064a])([وفبك]?)ا([أإآا])ل(?=[\u0621-\u064a])")
_STRAIGHT = re.compile("(?<![\u0621-\u064a])[وفبك]?ال[أإآ]")
_ENDS = re.compile(rf"""[.!?؟۔。！？:؛…]["'»”’)\]]*$|{NOTED_END}""")
_ITEM = re.compile(r"\s*(?:[-–—•●▪◦*]|\(?(?:\d{1,3}|[A-Za-z]|[ivx]{2,4}|[\u0621-\u064a])[).])\s")
_SIGN_ALONE = re.compile(r"\W{0,2}\w{0,3}\W{0,2}")
_BULLET = re.compile(r"\s*[-–—•●▪◦*](?!\w)")
_SYMBOL = re.compile("^[\ue000-\uf8ff](?=\\s)")  # some typefaces draw bullets as characters that mean nothing
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
    pages, notes = without_notes(without_running([without_line_numbers(page) for page in _pages(data, path)]))
    lines = [line.text for page in (*pages, notes) for line in page]
    mend, doubts = _mending(lines)
    known = Counter(word for line in lines for word in re.findall(r"\w+(?:-\w+)*", line[: line.rfind(" ") + 1]))
    text, blocks = "", []
    for kind, paragraph in (*_paragraphs(pages), *notes_of(notes)):
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
            large = line.height > LARGE * height and len(line.text) < 200
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
