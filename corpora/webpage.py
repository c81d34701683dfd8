"""A saved web page to text and blocks, by trafilatura: the article without menus, banners and footers."""

from __future__ import annotations

from dataclasses import dataclass

from corpora.errors import ReadError
from corpora.model import Block, BlockKind

_KINDS = {"head": BlockKind.HEADING, "item": BlockKind.LIST_ITEM, "cell": BlockKind.TABLE_CELL}


@dataclass(frozen=True, slots=True)
class WebPage:
    """The page's article as text, its blocks, and what its head says."""

    text: str
    blocks: tuple[Block, ...]
    address: str
    date: str


def read_page(html: str, *, path: str = "") -> WebPage:
    """Extract the article of a page.

    Raises:
        ReadError: there is no article in it.
    """
    import trafilatura

    found = trafilatura.bare_extraction(
        html, include_comments=False, include_tables=True, include_formatting=False, with_metadata=True, favor_recall=True
    )
    if found is None or isinstance(found, dict):
        raise ReadError("no text found in the page", path=path or None)
    parts: list[tuple[BlockKind, str]] = []
    title = " ".join((found.title or "").split())
    if title:
        parts.append((BlockKind.TITLE, title))
    for element in found.body.iter("head", "p", "item", "cell", "quote"):
        if any(True for _ in element.iter("p", "item", "cell", "head") if _ is not element):
            continue
        line = " ".join("".join(str(part) for part in element.itertext()).split())
        if line and line != title:
            parts.append((_KINDS.get(str(element.tag), BlockKind.PARAGRAPH), line))
    text, blocks = "", []
    for kind, line in parts:
        blocks.append(Block(kind, len(text), len(text) + len(line)))
        text += line + "\n\n"
    return WebPage(text, tuple(blocks), found.url or "", found.date or "")
