"""A saved web page to text and blocks, by trafilatura: the article without menus, banners and footers."""

from __future__ import annotations

import re
from collections import Counter
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from corpora.characters import raised
from corpora.errors import ReadError
from corpora.languages import NAMES
from corpora.model import Block, BlockKind
from corpora.pagelines import Line, article_lines, page_lines
from corpora.phrases import openings, plain

_INLINE = {"a", "abbr", "b", "bdi", "cite", "em", "font", "i", "mark", "q", "small", "span", "strong", "sub", "sup", "u"}
_WORDS = _INLINE | set("acronym big code data del dfn ins kbd label s samp strike time tt var".split())
_NO_CHARACTER = re.compile(
    r"&#(?:x(?:0+|0*(?:[1-8bcef]|1[0-9a-f]))(?![0-9a-f])|(?:0+|0*(?:[1-8]|1[124-9]|2\d|3[01]))(?!\d));?", re.IGNORECASE
)  # references to what a tree cannot hold
_LINK_ROOM = 100
_MANY = 1000
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

    page = load_html(_NO_CHARACTER.sub(" ", html))
    settings = use_config()
    original, lines = "", []
    if page is not None:
        original = _original(page)
        if len(page.text_content()) < _SHORT:  # what it would throw away as too little to be an article is all there is
            settings.set("DEFAULT", "MIN_EXTRACTED_SIZE", "1")
        _raise_digits(page)
        lines = list(page_lines(deepcopy(page)))
        for element in list(page.iter("div", "td", "article", "section")):
            _lines_to_paragraphs(element)
        _unwrap_many(page)
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
    found_lines = [
        " ".join("".join(map(str, element.itertext())).split()) for element in found.body.iter("head", "p", "item", "cell", "quote")
    ]
    title = " ".join((found.title or "").split())
    parts = [(BlockKind.TITLE, title)] if title else []
    kept = article_lines(lines, found_lines) or [Line(BlockKind.PARAGRAPH, line, None, 0) for line in found_lines]
    parts += [(line.kind, line.text) for line in kept if line.text != title]
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


def _unwrap_many(page: Any) -> None:
    """Take the elements around words out of what holds more than `_MANY`: the time for them grows with their square."""
    counts = Counter(element.getparent() for element in page.iter(*_WORDS))
    for parent, count in counts.items():
        if parent is not None and count > _MANY:
            linked = sum(len(str(anchor.text_content())) for anchor in parent.iter("a"))
            if 2 * linked > len(str(parent.text_content())):
                parent.clear(keep_tail=True)  # a list of links
            else:
                _unwrap(parent)


def _unwrap(parent: Any) -> None:
    before, texts = None, [str(parent.text or "")]
    for child in [*parent, None]:
        if child is not None and child.tag in _WORDS:
            texts += [str(child.text_content()), str(child.tail or "")]
            parent.remove(child)
            continue
        if before is None:
            parent.text = "".join(texts)
        else:
            before.tail = "".join(texts)
        before, texts = child, [str("" if child is None else child.tail or "")]


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
