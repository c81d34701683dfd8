"""Plain text and Markdown to blocks. Blocks are spans of the text as it came, without surrounding white space."""

from __future__ import annotations

import re
from itertools import pairwise

from corpora.characters import LINE_BREAK, seen
from corpora.model import Block, BlockKind
from corpora.structure import LIST_MARKER, NOTED_END

Line = tuple[int, int]

_LAST_WORD_STOP = re.compile(rf"""[.!?؟۔。！？…:؛]["'»”’)\]]*$|{NOTED_END}""")
_NARROW, _WIDE = 40, 130  # characters a hard-wrapped paragraph is wide
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_RULE = re.compile(r"\s*(?:[-*_=]\s*){3,}$")
_QUOTE = re.compile(r"\s*(?:>\s?)+")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_TABLE_RULE = re.compile(r"\s*\|?\s*:?-{2,}")
_BULLET = re.compile(r"\s*[-*+]\s+")


def plain_blocks(text: str) -> list[Block]:
    """Paragraphs: lines between blank lines, joined when they are one hard-wrapped paragraph, one block a line otherwise."""
    blocks = []
    for group in _groups(text):
        if _is_wrapped([text[a:b] for a, b in group]):
            blocks.append(Block(BlockKind.PARAGRAPH, group[0][0], group[-1][1]))
        else:
            blocks += [Block(BlockKind.PARAGRAPH, a, b) for a, b in group]
    return blocks


def markdown_blocks(text: str) -> list[Block]:
    """Headings, list items, quotes, table cells and paragraphs of a Markdown file; code and rules are left out."""
    reader = _MarkdownReader(text)
    for a, b in _lines(text):
        reader.take(a, b)
    reader.flush()
    blocks = [block for block in reader.blocks if block.end > block.start]
    if blocks and blocks[0].kind is BlockKind.HEADING:
        blocks[0] = Block(BlockKind.TITLE, blocks[0].start, blocks[0].end)
    return blocks


class _MarkdownReader:
    """Takes line by line; a paragraph is kept open until something else begins."""

    def __init__(self, text: str) -> None:
        self.blocks: list[Block] = []
        self._text = text
        self._open: Line | None = None
        self._fenced = False

    def flush(self) -> None:
        """Close the open paragraph."""
        if self._open:
            self.blocks.append(_trimmed(self._text, BlockKind.PARAGRAPH, *self._open))
            self._open = None

    def take(self, a: int, b: int) -> None:
        """Read the line text[a:b]."""
        line = self._text[a:b]
        fence = bool(_FENCE.match(line))
        self._fenced ^= fence
        if fence or self._fenced or not line.strip() or _RULE.match(line):
            self.flush()
        elif heading := _HEADING.match(line):
            self.flush()
            self.blocks.append(_trimmed(self._text, BlockKind.HEADING, a + heading.start(2), a + heading.end(2)))
        elif line.lstrip().startswith("|"):
            self.flush()
            self.blocks += [] if _TABLE_RULE.match(line) else _cells(self._text, a, b)
        else:
            self._take_prose(a, b)

    def _take_prose(self, a: int, b: int) -> None:
        quote = _QUOTE.match(self._text[a:b])
        start = a + (quote.end() if quote else 0)
        line = self._text[start:b]
        bullet = _BULLET.match(line)
        if bullet or LIST_MARKER.match(seen(line).lstrip()):
            self.flush()
            self.blocks.append(_trimmed(self._text, BlockKind.LIST_ITEM, start + (bullet.end() if bullet else 0), b))
        elif line[:1] in " \t" and not self._open and self.blocks and self.blocks[-1].kind is BlockKind.LIST_ITEM:
            self.blocks[-1] = _trimmed(self._text, BlockKind.LIST_ITEM, self.blocks[-1].start, b)
        else:
            self._open = (self._open[0] if self._open else start, b)


def lines_of(text: str) -> list[Line]:
    """Spans of the lines of a file that holds one segment a line: split at LF (CR LF) only, or at CR in a file without LF."""
    breaks = r"\r?\n" if "\n" in text else r"\r"
    ends = [*((m.start(), m.end()) for m in re.finditer(breaks, text)), (len(text), len(text))]
    spans, start = [], 0
    for end, following in ends:
        spans.append((start, end))
        start = following
    if spans and spans[-1][0] == spans[-1][1]:
        spans.pop()
    return spans


def _lines(text: str) -> list[Line]:
    spans, start = [], 0
    for match in LINE_BREAK.finditer(text):
        spans.append((start, match.start()))
        start = match.end()
    return [*spans, (start, len(text))]


def _groups(text: str) -> list[list[Line]]:
    """Lines between blank ones, stripped."""
    groups: list[list[Line]] = [[]]
    for a, b in _lines(text):
        line = text[a:b]
        if seen(line).strip():
            groups[-1].append((a + len(line) - len(line.lstrip()), a + len(line.rstrip())))
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]


def _is_wrapped(lines: list[str]) -> bool:
    """True for lines that an editor broke at a width: no next word would have fitted, and some sentence runs over a break."""
    width = max(len(line) for line in lines)
    if len(lines) < 2 or not _NARROW <= width <= _WIDE:
        return False
    if any(LIST_MARKER.match(seen(line)) for line in lines[1:]):
        return False
    full = all(len(line) + 1 + len(following.split()[0]) > width for line, following in pairwise(lines))
    return full and any(not _LAST_WORD_STOP.search(line) for line in lines[:-1])


def _cells(text: str, a: int, b: int) -> list[Block]:
    return [
        block
        for match in re.finditer(r"[^|]+", text[a:b])
        if (block := _trimmed(text, BlockKind.TABLE_CELL, a + match.start(), a + match.end())).end > block.start
    ]


def _trimmed(text: str, kind: BlockKind, a: int, b: int) -> Block:
    part = text[a:b]
    return Block(kind, a + len(part) - len(part.lstrip()), a + len(part.rstrip())) if part.strip() else Block(kind, a, a)


def lines_in(text: str) -> list[str]:
    """The lines of a file that holds one segment a line."""
    return [text[a:b] for a, b in lines_of(text)]
