"""ODT to text and blocks: the final text, as it reads once all tracked changes are accepted.

Headings, list items, table cells, notes and text boxes are kept; page headers and footers, comments and hidden text are not.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

from corpora.archives import refuse_bombs
from corpora.characters import raised
from corpora.errors import ReadError
from corpora.model import Block, BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    Part = tuple[BlockKind, str]

_OASIS = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TEXT, _TABLE, _OFFICE, _STYLE, _DRAW = (_OASIS % name for name in ("text", "table", "office", "style", "drawing"))
_DATE = "{http://purl.org/dc/elements/1.1/}date"
_ENCRYPTED = b"encryption-data"
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_LEFT_OUT = {
    *(_TEXT + name for name in ("tracked-changes", "hidden-text", "hidden-paragraph", "ruby-text", "script")),
    *(_OFFICE + name for name in ("annotation", "forms")),
    *(_SVG + name for name in ("title", "desc")),
    _TABLE + "covered-table-cell",
}


def read_odt(data: bytes, *, path: str = "") -> tuple[str, list[Block], str]:
    """Text, blocks and the ISO date of the document's properties.

    Raises:
        ReadError: it is no ODT, encrypted, damaged, or would unpack too far.
    """
    from lxml import etree

    refuse_bombs(data, path=path, kind="ODT")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
            if "META-INF/manifest.xml" in names and _ENCRYPTED in package.read("META-INF/manifest.xml"):
                raise ReadError("is encrypted", path=path, hint="save it without a password")
            content: Any = etree.fromstring(package.read("content.xml"), parser)
            about: Any = etree.fromstring(package.read("meta.xml"), parser) if "meta.xml" in names else None
    except (KeyError, zipfile.BadZipFile, etree.XMLSyntaxError, OSError) as error:
        raise ReadError(f"not a readable ODT file: {error}", path=path, hint="save it again in an office program") from None
    body = content.find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise ReadError("not a text document", path=path, hint="save the text as ODT or DOCX")
    reader = _Reader(content)
    text, blocks = "", []
    for kind, part in (*reader.parts(body, BlockKind.PARAGRAPH), *reader.notes):
        line = part.strip()
        if line:
            blocks.append(Block(kind, len(text), len(text) + len(line)))
            text += line + "\n\n"
    date = about.find(f".//{_DATE}") if about is not None else None
    return text, blocks, (date.text or "")[:10] if date is not None else ""


class _Reader:
    """Reads the parts of a body, and keeps its notes.

    Attributes:
        notes: as they come.
    """

    def __init__(self, content: Any) -> None:
        self.notes: list[Part] = []
        self._boxes: list[Part] = []
        self._parents: dict[str, str] = {}
        self._raised: set[str] = set()
        self._hidden: set[str] = set()
        for style in content.iter(_STYLE + "style"):
            name = style.get(_STYLE + "name", "")
            self._parents[name] = style.get(_STYLE + "parent-style-name", "")
            look = style.find(_STYLE + "text-properties")
            if look is not None and look.get(_STYLE + "text-position", "").startswith("super"):
                self._raised.add(name)
            if look is not None and look.get(_TEXT + "display") == "none":
                self._hidden.add(name)

    def parts(self, holder: Any, kind: BlockKind) -> Iterator[Part]:
        """The paragraphs in an element, of this kind where they are not told to be another."""
        for element in holder:
            if element.tag in _LEFT_OUT or not isinstance(element.tag, str):
                continue
            if element.tag in {_TEXT + "p", _TEXT + "h"}:
                yield self._kind(element, kind), "".join(self._words(element))
                yield from self._taken()
            elif element.tag == _TEXT + "list":
                yield from self.parts(element, BlockKind.LIST_ITEM)
            elif element.tag == _TABLE + "table-cell":
                yield from self.parts(element, BlockKind.TABLE_CELL)
            else:
                yield from self.parts(element, kind)

    def _taken(self) -> list[Part]:
        boxes, self._boxes = self._boxes, []
        return boxes

    def _kind(self, paragraph: Any, kind: BlockKind) -> BlockKind:
        if paragraph.tag == _TEXT + "h":
            return BlockKind.HEADING
        name = paragraph.get(_TEXT + "style-name", "")
        return BlockKind.TITLE if "Title" in {name, self._parents.get(name)} else kind

    def _words(self, element: Any) -> Iterator[str]:
        if element.tag in _LEFT_OUT or element.get(_TEXT + "style-name") in self._hidden:
            return
        if element.tag == _TEXT + "note":
            body = element.find(_TEXT + "note-body")
            if body is not None:
                self.notes += [(BlockKind.FOOTNOTE, text) for _, text in list(self.parts(body, BlockKind.FOOTNOTE))]
            return
        if element.tag == _DRAW + "text-box":
            before = self._taken()
            self._boxes = [*before, *self.parts(element, BlockKind.PARAGRAPH)]
            return
        if element.tag in {_TEXT + "tab", _TEXT + "line-break"}:
            yield "\t" if element.tag == _TEXT + "tab" else "\n"
        elif element.tag == _TEXT + "s":
            count = element.get(_TEXT + "c", "1")
            yield " " * (int(count) if re.fullmatch("[0-9]{1,2}", count) else 1)
        sign = raised if element.get(_TEXT + "style-name") in self._raised else str
        yield sign(element.text or "")
        for child in element:
            if isinstance(child.tag, str):
                yield from self._words(child)
            yield sign(child.tail or "")
