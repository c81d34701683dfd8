"""The lines of a web page, in order, with what tells those of the article from menus, banners and footers.

What finds the article leaves lines out within it (bare text beside paragraphs, answers that were given before, headings, times),
so it only says where the article is: its lines are those of the page there, but for what is furniture.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lxml.etree import iterwalk

from corpora.model import BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_KINDS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), BlockKind.HEADING),
    **dict.fromkeys(("li", "dt", "dd"), BlockKind.LIST_ITEM),
    **dict.fromkeys(("td", "th"), BlockKind.TABLE_CELL),
}
_PARTS = frozenset(
    "address article aside blockquote body caption center details dialog div dl fieldset figcaption figure footer form header"
    " hgroup hr html legend main menu nav ol p pre search section summary table tbody tfoot thead tr ul".split()
) | frozenset(_KINDS)
"""Elements that begin a line and end it; all others stand within lines."""
_NO_TEXT = frozenset(
    "applet area audio button canvas datalist embed frameset head iframe input map math meter noscript object option output picture"
    " progress rp rt rtc script select style svg template textarea title video".split()
)
_BOXES = frozenset({"div", "form", "section", "td"})
_FURNITURE = frozenset("aside dialog footer menu nav search".split())
_ROLES = frozenset("banner complementary contentinfo dialog navigation search".split())
_NAMED = re.compile(
    r"(?<![a-z])(?:nav(?:bar|igation)?|(?:sub)?menu|breadcrumbs?|shar(?:e|ing)|social|sidebar|related|comments?|cookies?|footer|promo"
    r"|newsletter|subscri(?:be|ption)|pag(?:ination|er)|ad(?:s|vert\w*)?|widget|toolbar|log-?in|search|copyright|skip|tags?)(?![a-z])",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MUCH = 25  # characters of a line that stands nowhere else by chance
_PART = 12  # characters that are compared at once
_MOST = 0.6  # share of a line's parts that have to be known: words in it may not be


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page.

    Attributes:
        holder: the element that begins it.
        linked: characters of it that are links.
    """

    kind: BlockKind
    text: str
    holder: Any
    linked: int


def page_lines(page: Any) -> Iterator[Line]:
    """All lines of the page's elements that show, in order; <br> parts them, but one alone within a paragraph does not."""
    reader = _Reader()
    hidden = 0
    for event, element in iterwalk(page, events=("start", "end", "comment", "pi")):
        if event == "start":
            hidden += bool(hidden) or _shows_nothing(element)
            if not hidden:
                yield from reader.begin(element)
            continue
        if event == "end":
            if hidden:
                hidden -= 1
            else:
                yield from reader.end(element)
        if not hidden and element is not page:
            yield from reader.read(element.tail)
    yield from reader.flush()


def _shows_nothing(element: Any) -> bool:
    hidden = element.get("hidden", "until-found") != "until-found"
    return element.tag in _NO_TEXT or hidden or bool(_HIDDEN.search(element.get("style") or ""))


class _Reader:
    """Gathers words to lines."""

    def __init__(self) -> None:
        self._holders: list[Any] = []
        self._words: list[str] = []
        self._linked = 0
        self._links = 0  # open around what comes
        self._broken = 0  # lines that are broken since the last word

    def begin(self, element: Any) -> Iterator[Line]:
        if element.tag in _PARTS:
            yield from self.flush()
            self._holders.append(element)
        elif element.tag == "br":
            self._broken += 1
            self._words.append(" ")
            if self._broken > 1 or not self._in_paragraph():
                yield from self.flush()
        elif element.tag == "a":
            self._links += 1
        yield from self.read(element.text)

    def end(self, element: Any) -> Iterator[Line]:
        if element.tag in _PARTS:
            yield from self.flush()
            self._holders.pop()
        elif element.tag == "a":
            self._links -= 1

    def read(self, text: str | None) -> Iterator[Line]:
        if not text:
            return
        if self._holders and self._holders[-1].tag == "pre":
            *before, text = re.split(r"\n[ \t\r]*\n", text)
            for part in before:
                self._put(part)
                yield from self.flush()
        self._put(text)

    def flush(self) -> Iterator[Line]:
        """The line that ends here, unless it is empty."""
        text = " ".join("".join(self._words).split())
        if text:
            holder = self._holders[-1] if self._holders else None
            yield Line(_KINDS.get(getattr(holder, "tag", ""), BlockKind.PARAGRAPH), text, holder, self._linked)
        self._words, self._linked, self._broken = [], 0, 0

    def _put(self, text: str) -> None:
        self._words.append(text)
        if not text.isspace():
            self._broken = 0
        if self._links:
            self._linked += len(" ".join(text.split()))

    def _in_paragraph(self) -> bool:
        return bool(self._holders) and (self._holders[-1].tag == "p" or self._holders[-1].tag in _KINDS)


def article_lines(lines: Sequence[Line], found: Iterable[str]) -> list[Line]:
    """Those of the page's lines that stand where the lines that were found do, but for furniture.

    They stand there if they are between them, beside one of them in the same element, or in the same <article> or <main>.
    """
    known = _Known([_bare(text) for text in found])
    alike = [known.has(_bare(line.text)) for line in lines]
    firm = [k for k, is_known in enumerate(alike) if is_known and len(lines[k].text) >= _MUCH]
    firm = firm or [k for k, is_known in enumerate(alike) if is_known]
    if not firm:
        return []
    places = _Places({element for k in firm for element in _upward(lines[k].holder)}, {})
    taken = [
        k
        for k, line in enumerate(lines)
        if (alike[k] and firm[0] <= k <= firm[-1]) or places.hold(line, surely=alike[k] or firm[0] < k < firm[-1])
    ]
    while taken and lines[taken[-1]].kind is BlockKind.HEADING and not alike[taken[-1]]:
        taken.pop()
    return [lines[k] for k in taken]


class _Known:
    """Knows texts without spaces, and the parts of them."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._whole = set(texts)
        self._parts = {hash(text[k : k + _PART]) for text in texts for k in range(len(text) - _PART + 1)}

    def has(self, text: str) -> bool:
        if text in self._whole or len(text) < _MUCH:
            return text in self._whole
        parts = [hash(text[k : k + _PART]) in self._parts for k in range(0, len(text) - _PART + 1, _PART)]
        return sum(parts) >= _MOST * len(parts)


def _bare(text: str) -> str:
    return "".join(text.split())


def _upward(element: Any) -> Iterator[Any]:
    while element is not None:
        yield element
        element = element.getparent()


@dataclass(frozen=True, slots=True)
class _Places:
    """Tells lines of the article by where they stand.

    Attributes:
        holding: the elements that hold lines which are known to be of it.
        furniture: which elements are no part of it, as far as they were looked at.
    """

    holding: set[Any]
    furniture: dict[Any, bool]

    def hold(self, line: Line, *, surely: bool) -> bool:
        """Whether a line is of the article; `surely` if it stands between lines of it."""
        if 2 * line.linked > len(line.text):
            return False
        steps = 0
        for element in _upward(line.holder):
            if element in self.holding:
                inside = any(each.tag in {"article", "main"} or each.get("role") == "main" for each in _upward(element))
                return surely or steps <= 1 or inside
            if element not in self.furniture:
                self.furniture[element] = _is_furniture(element)
            if self.furniture[element]:
                return False
            steps += element.tag in _BOXES
        return False


def _is_furniture(element: Any) -> bool:
    if element.tag in _FURNITURE or element.get("role") in _ROLES:
        return True
    return bool(_NAMED.search(f"{element.get('class') or ''} {element.get('id') or ''}"))
