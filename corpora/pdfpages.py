"""What of a PDF's pages is no running text: headers, footers, numbers of pages and lines, notes below the columns."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from corpora.characters import ascii_digits
from corpora.model import BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corpora.pdflines import Line

_EDGE = 4  # lines at the top and bottom of a page that may be a header or footer
_SIGNS = re.compile("[⁰¹²³⁴-⁹]+")
_DRIFT = 3.0  # points between the places of a header on two pages
_NOTE = 0.95  # of the usual height: a note's lines are lower
_NOTE_SIGN = re.compile(r"[\[(]?(?:\d{1,3}|[⁰¹²³⁴-⁹]{1,3}|[*†‡§]{1,3})(?:[\])]|\.)?(?=\s|[^\W\d])")
LARGE = 1.15  # times the usual height: a heading
_RUN = 5  # lines in a row that are numbered, at least
_NUMBERED = 0.7  # of the lines of a page
_LINE_NUMBER = re.compile(r"(\d{1,3})(?:\s+|$)")


def without_line_numbers(page: Sequence[Line]) -> list[Line]:
    """The lines of a page without the numbers before them, as transcripts have: from one line to the next they grow by one.

    They may stand alone, or in every fifth line only.
    """
    found = [_LINE_NUMBER.match(ascii_digits(line.text)) for line in page]
    alone = [int(match[1]) for line, match in zip(page, found, strict=True) if match and match.end() == len(line.text)]
    if _longest(alone, (1, 5)) >= _RUN and _longest(alone, (1, 5)) >= _NUMBERED * len(alone):
        return [line for line, match in zip(page, found, strict=True) if not (match and match.end() == len(line.text))]
    numbers = [int(match[1]) for match in found if match]
    if _longest(numbers, (1,)) < _RUN or len(numbers) < _NUMBERED * len(page):
        return list(page)
    return [replace(line, text=line.text[match.end() :]) if match else line for line, match in zip(page, found, strict=True)]


def _longest(numbers: Sequence[int], steps: Sequence[int]) -> int:
    """How many numbers stand in the longest run that grows by one of these steps."""
    best = 0
    for step in steps:
        run = 1
        for first, second in pairwise(numbers):
            run = run + 1 if second - first == step else 1
            best = max(best, run)
    return best


def without_running(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
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
            gone = [line for line in gone if line.height <= LARGE * median(other.height for other in page)]
        out.append([line for line in page if not any(line is other for other in gone)])
    return out


def _is_on(least: int, line: Line, heights: Sequence[float]) -> bool:
    """Whether a line's text stands at its height on so many pages; of these all are given, sorted."""
    return bisect_right(heights, line.bottom + _DRIFT) - bisect_left(heights, line.bottom - _DRIFT) >= least


def without_notes(pages: Sequence[Sequence[Line]]) -> tuple[list[list[Line]], list[Line]]:
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


def notes_of(lines: Sequence[Line]) -> Iterator[tuple[BlockKind, list[str]]]:
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
