"""What the blocks of a statement are: title, address, date, issuing block, link, headings, list items, body, closing formula."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from corpora.characters import fold_line, seen
from corpora.dates import parse_date
from corpora.languages import primary
from corpora.model import Block, BlockKind, Metadata
from corpora.phrases import openings, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

_ADDRESS = re.compile(r"<?(?:(?:https?|ftp)://\S+|(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?)>?", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s<>\"]+")
_MARKDOWN_LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]*)\)")
LIST_MARKER = re.compile(
    r"(?:[-*•–—●▪◦·‣]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxlIVXL]{1,5}|[\u0621-\u064a]\u0640?)[).\]-]"
    r"|\((?:\d{1,3}|[a-zA-Z]{1,2}|[\u0621-\u064a]\u0640?)\)"
    r"|(?:[(\[] )?(?:\d{1,3}|[a-zA-Z\u0621-\u064a]) [)\]]|\d[°º](?! ?[CF]\b))(?=\s)"
)
"""A bullet, number or letter at the start of a list item; also "a )" and "( 1 )" as they stand where marks are set with spaces."""
NOTED_END = r"""(?<=[^\W\d_]{4})[.!?؟۔…]["'»”’)\]]*(?:\s?(?:\[\d{1,3}\]|\(\d{1,3}\)|[⁰¹²³⁴-⁹]+)|\d{1,3})$"""
"""A pattern: the stop of a sentence behind which the sign of a note ends the line."""
_TERMINAL = re.compile(rf"""[.!?؟۔。！？…:؛;][\s"'»”’)\]]*$|{NOTED_END}""")
_ISSUER_ROOM = 100  # characters of the longest issuing line
_HEADING_ROOM, _HEADING_WORDS = 100, 14
_LINK_ROOM = 300
_TITLE_ROOM, _TITLE_WORDS = 250, 40
_CLOSING_BLOCKS, _CLOSING_ROOM = 4, 400


def classify(text: str, blocks: Sequence[Block], language: str) -> tuple[Block, ...]:
    """Name the kind of each block that the reader left as a paragraph."""
    lines = [_line_of(text, block) for block in blocks]
    kinds = [block.kind for block in blocks]
    body = _front(lines, kinds, language)
    if len(kinds) > 1 and kinds[0] is BlockKind.HEADING and BlockKind.TITLE not in kinds and _is_title(lines[0], language):
        kinds[0] = BlockKind.TITLE  # the reader knows headings, and this one stands above all
    for k in range(body, len(blocks)):
        if kinds[k] is BlockKind.PARAGRAPH:
            kinds[k] = _body_kind(lines[k], language, last=k + 1 == len(blocks))
    for k in range(len(blocks) - 1, max(body, len(blocks) - 1 - _CLOSING_BLOCKS), -1):
        if not _is_closing(lines[k], language):
            break
        kinds[k] = BlockKind.CLOSING
    return tuple(replace(block, kind=kind) for block, kind in zip(blocks, kinds, strict=True))


def describe(text: str, blocks: Sequence[Block], language: str) -> Metadata:
    """What the front of a statement says of it."""
    found: dict[BlockKind, list[str]] = {}
    for block in blocks:
        if block.kind.is_front:
            found.setdefault(block.kind, []).append(_line_of(text, block))
    dated = [*found.get(BlockKind.DATE, []), *(_line_of(text, block) for block in blocks if block.kind is BlockKind.CLOSING)]
    date = next((d for line in dated if (d := parse_date(line, language))), None)
    return Metadata(
        title=next(iter(found.get(BlockKind.TITLE, [])), "").strip("#*_ "),
        address=next(iter(found.get(BlockKind.ADDRESS, [])), "").strip("<>"),
        date=date.isoformat() if date else "",
        issuer=tuple(found.get(BlockKind.ISSUER, [])),
        original=_linked(next(iter(found.get(BlockKind.LINK, [])), "")),
    )


def _line_of(text: str, block: Block) -> str:
    """What is seen of a block, as one line."""
    return seen(fold_line(text[block.start : block.end]))


def _linked(line: str) -> str:
    """Where a link leads; its text where it leads nowhere."""
    match = _MARKDOWN_LINK.search(line)
    if match:
        return match[1] if match[2] in {"", "#"} else match[2]
    url = _URL.search(line)
    return url[0] if url else line


def is_numbered_heading(line: str, language: str) -> bool:
    """'Article 5', 'المادة (٥)': the name of a numbered part and nothing else."""
    words = plain(line).strip(" :.-–—").split()
    return 2 <= len(words) <= 3 and words[0] in openings("numbered", primary(language)) and not _TERMINAL.search(line.rstrip(":. "))


def _front(lines: list[str], kinds: list[BlockKind], language: str) -> int:
    """Name the blocks of the front in place; returns the index of the first body block."""
    signs = [_sign(line, language) if kind is BlockKind.PARAGRAPH else None for line, kind in zip(lines, kinds, strict=True)]
    body = next((k for k, line in enumerate(lines) if signs[k] is None and _is_body(line, kinds[k])), len(lines))
    has_sign = any(signs[:body])
    for k in range(body):
        if signs[k]:
            kinds[k] = signs[k] or kinds[k]
        elif kinds[k] is not BlockKind.PARAGRAPH:
            continue
        elif k == 0 or (not any(kind is BlockKind.TITLE for kind in kinds[:k]) and has_sign and not any(signs[:k])):
            kinds[k] = BlockKind.TITLE if _is_title(lines[k], language) else BlockKind.PARAGRAPH
        elif has_sign and len(lines[k]) <= _ISSUER_ROOM and not is_numbered_heading(lines[k], language):
            kinds[k] = BlockKind.ISSUER
        else:
            kinds[k] = _body_kind(lines[k], language, last=False)
    if body == len(lines) and not has_sign:  # short lines only: nothing says that they are a front
        kinds[:] = [BlockKind.PARAGRAPH if kind in {BlockKind.TITLE, BlockKind.ISSUER} else kind for kind in kinds]
    return body


def _sign(line: str, language: str) -> BlockKind | None:
    """The kinds that a line shows by itself."""
    if _ADDRESS.fullmatch(line):
        return BlockKind.ADDRESS
    if len(line) <= _LINK_ROOM and plain(_MARKDOWN_LINK.sub(r"\1", line)).startswith(openings("link", primary(language))):
        return BlockKind.LINK
    if _MARKDOWN_LINK.fullmatch(line):
        return BlockKind.LINK
    if parse_date(line, language):
        return BlockKind.DATE
    return None


def _is_body(line: str, kind: BlockKind) -> bool:
    if kind is not BlockKind.PARAGRAPH:
        return kind in {BlockKind.LIST_ITEM, BlockKind.TABLE_CELL}
    return len(line) > _TITLE_ROOM or bool(_TERMINAL.search(line)) or bool(LIST_MARKER.match(line))


def _is_title(line: str, language: str) -> bool:
    return len(line) <= _TITLE_ROOM and len(line.split()) <= _TITLE_WORDS and not is_numbered_heading(line, language)


def _body_kind(line: str, language: str, *, last: bool) -> BlockKind:
    if LIST_MARKER.match(line):
        return BlockKind.LIST_ITEM
    if _ADDRESS.fullmatch(line):
        return BlockKind.ADDRESS
    if is_numbered_heading(line, language):
        return BlockKind.HEADING
    short = len(line) <= _HEADING_ROOM and len(line.split()) <= _HEADING_WORDS
    heading = short and not last and (not _TERMINAL.search(line) or (line.endswith(":") and len(line.split()) <= 4))
    return BlockKind.HEADING if heading else BlockKind.PARAGRAPH


def _is_closing(line: str, language: str) -> bool:
    """A formula, a date with or without its place, or a sign that the text ends."""
    if len(line) > _CLOSING_ROOM:
        return False
    bare, code = plain(line), primary(language)
    ends = bare.rstrip(" -–—*#=_.()[]|") in {"", *openings("ending", code)}
    return ends or bare.startswith(openings("closing", code)) or parse_date(line, language) is not None
