"""A saved web page to text and blocks, by trafilatura: the article without menus, banners and footers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from corpora.characters import raised
from corpora.errors import ReadError
from corpora.languages import NAMES
from corpora.model import Block, BlockKind
from corpora.phrases import openings, plain

_KINDS = {"head": BlockKind.HEADING, "item": BlockKind.LIST_ITEM, "cell": BlockKind.TABLE_CELL}
_INLINE = {"a", "abbr", "b", "bdi", "cite", "em", "font", "i", "mark", "q", "small", "span", "strong", "sub", "sup", "u"}
_LINK_ROOM = 100
_SHORT = 3000  # characters of a page, menus and all


@dataclass(frozen=True, slots=True)
class WebPage:
    """The page's article as text, its blocks, what its head says, and where its link to the original leads."""

    text: str
    blocks: tuple[Block, ...]
    address: str
    date: str
    original: str


def read_page(html: str, *, path: str = "") -> WebPage:
    """Extract the article of a page.

    Raises:
        ReadError: there is no article in it.
    """
    import trafilatura
    from trafilatura.settings import use_config
    from trafilatura.utils import load_html

    page = load_html(html)
    settings = use_config()
    original = ""
    if page is not None:
        original = _original(page)
        if len(page.text_content()) < _SHORT:  # what it would throw away as too little to be an article is all there is
            settings.set("DEFAULT", "MIN_EXTRACTED_SIZE", "1")
        _raise_digits(page)
        for element in list(page.iter("div", "td", "article", "section")):
            _lines_to_paragraphs(element)
    found = page is not None and trafilatura.bare_extraction(
        page,
        include_comments=False,
        include_tables=True,
        include_formatting=False,
        with_metadata=True,
        favor_recall=True,
        config=settings,
    )
    if not found or isinstance(found, dict):
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
    return WebPage(text, tuple(blocks), found.url or "", found.date or "", original)


def _original(page: Any) -> str:
    """Where a link leads that calls itself one to the original, or empty."""
    words = tuple(word for language in NAMES for word in openings("link", language))
    for anchor in page.iter("a"):
        line = plain(" ".join(str(anchor.text_content()).split()))
        if line and len(line) <= _LINK_ROOM and line.startswith(words) and (address := str(anchor.get("href") or "").strip()):
            return "" if address.startswith(("#", "javascript:", "mailto:")) else address
    return ""


def _raise_digits(page: Any) -> None:
    for element in list(page.iter("sup")):
        text = str(element.text_content())
        if raised(text) != text:
            for child in list(element):
                element.remove(child)
            element.text = raised(text)


def _lines_to_paragraphs(element: Any) -> None:
    """Wrap the lines that only <br> parts into <p>: text that stands bare before a <br> would be lost."""
    if not any(child.tag == "br" for child in element):
        return
    line = element.makeelement("p")
    line.text, element.text = element.text, None
    lines, kept = [line], []
    for child in list(element):
        element.remove(child)
        if child.tag in _INLINE:
            line.append(child)
            continue
        line = element.makeelement("p")
        line.text, child.tail = child.tail, None
        kept += [line] if child.tag == "br" else [child, line]
        lines.append(line)
    element.extend(part for part in [lines[0], *kept] if part.tag != "p" or len(part) or (part.text or "").strip())
