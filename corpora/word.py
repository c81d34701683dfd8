"""DOCX to text and blocks, by python-docx: the final text, as it reads once all tracked changes are accepted.

Headings, list items, table cells, footnotes and text boxes are kept; page headers and footers, comments, hidden text and macros
are not.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

from corpora.archives import refuse_bombs
from corpora.characters import raised
from corpora.errors import ReadError
from corpora.model import Block, BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterator

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_GONE = [_W + name for name in ("del", "moveFrom", "commentRangeStart", "commentRangeEnd", "annotationRef")]
_OPENED = [_W + name for name in ("ins", "moveTo", "smartTag", "customXml", "sdtContent", "sdt", "fldSimple", "dir", "bdo")]
_NOT_TEXT = {_W + name for name in ("sdtPr", "sdtEndPr", "customXmlPr", "smartTagPr", "fldData")}
_UNREADABLE = (zipfile.BadZipFile, LookupError, ValueError, TypeError, AttributeError, OSError, SyntaxError)  # of python-docx


def read_word(data: bytes, *, path: str = "") -> tuple[str, list[Block], str]:
    """Text, blocks and the ISO date of the document's properties.

    Raises:
        ReadError: it is no DOCX, encrypted, damaged, or would unpack too far.
    """
    import docx
    from lxml import etree

    refuse_bombs(data, path=path, kind="DOCX")
    try:
        document: Any = docx.Document(io.BytesIO(data))
        _accept_changes(document.element.body)
        _open_all(document.element.body)
        _raise_digits(document.element.body)
        parts = [*_parts(document.iter_inner_content()), *_footnotes(document)]
        changed = document.core_properties.modified
    except (*_UNREADABLE, etree.XMLSyntaxError) as error:
        raise ReadError(f"not a readable DOCX file: {error}", path=path, hint="save it again in an office program") from None
    text, blocks = "", []
    for kind, part in parts:
        line = part.strip()
        if line:
            blocks.append(Block(kind, len(text), len(text) + len(line)))
            text += line + "\n\n"
    return text, blocks, changed.date().isoformat() if changed else ""


def _accept_changes(body: Any) -> None:
    """Make the tree what it is after all changes: insertions are plain text, deletions and hidden runs are gone."""
    for row in list(body.iter(_W + "tr")):
        if row.find(f"{_W}trPr/{_W}del") is not None:
            row.getparent().remove(row)
    for paragraph in list(body.iter(_W + "p")):
        following = paragraph.getnext()
        if paragraph.find(f"{_W}pPr/{_W}rPr/{_W}del") is not None and following is not None and following.tag == paragraph.tag:
            _join(paragraph, following)  # its end was deleted
    for run in list(body.iter(_W + "r")):
        if run.find(f"{_W}rPr/{_W}vanish") is not None:
            run.getparent().remove(run)
    for element in list(body.iter(*_GONE)):
        if element.getparent() is not None and element.getparent().tag not in {_W + "rPr", _W + "trPr"}:
            element.getparent().remove(element)


def _open_all(body: Any) -> None:
    """Put words where python-docx looks for them: in the runs of a paragraph, and nowhere deeper."""
    for element in list(body.iter(*_OPENED)):
        _open(element)
    for ruby in list(body.iter(_W + "ruby")):
        for run in reversed(ruby.findall(f"{_W}rubyBase/{_W}r")):
            ruby.getparent().addnext(run)
        ruby.getparent().remove(ruby)
    for mark in body.iter(_W + "br"):
        mark.attrib.pop(_W + "type", None)  # a page that ends parts words as a line does


def _raise_digits(body: Any) -> None:
    for run in body.iter(_W + "r"):
        mark = run.find(f"{_W}rPr/{_W}vertAlign")
        if mark is not None and mark.get(_W + "val") == "superscript":
            for part in run.iter(_W + "t"):
                part.text = raised(part.text or "")


def _join(paragraph: Any, following: Any) -> None:
    for child in reversed([child for child in paragraph if child.tag != _W + "pPr"]):
        at = 1 if len(following) and following[0].tag == _W + "pPr" else 0
        following.insert(at, child)
    paragraph.getparent().remove(paragraph)


def _open(element: Any) -> None:
    """Put the children of an element in its place."""
    parent = element.getparent()
    if parent is None or parent.tag in {_W + "rPr", _W + "trPr", _W + "tblPr"}:
        return
    at = parent.index(element)
    for child in [child for child in element if child.tag not in _NOT_TEXT]:
        parent.insert(at, child)
        at += 1
    parent.remove(element)


def _parts(content: Any) -> Iterator[tuple[BlockKind, str]]:
    from docx.table import Table

    for item in content:
        if isinstance(item, Table):
            seen = set()  # the elements themselves: one that nobody holds leaves its number to the next
            for row in item.rows:
                for cell in row.cells:
                    if cell._tc not in seen:  # noqa: SLF001  a merged cell comes once for every place it covers
                        seen.add(cell._tc)  # noqa: SLF001
                        for kind, text in _parts(cell.iter_inner_content()):
                            yield (BlockKind.TABLE_CELL if kind is BlockKind.PARAGRAPH else kind), text
        else:
            yield _kind(item), item.text
            for box in item._p.iter(_W + "txbxContent"):  # noqa: SLF001
                if not any(parent.tag == _FALLBACK for parent in box.iterancestors()):
                    for paragraph in box.iter(_W + "p"):
                        yield BlockKind.PARAGRAPH, paragraph.text


def _kind(paragraph: Any) -> BlockKind:
    name = (paragraph.style.name or "").casefold() if paragraph.style is not None else ""
    if name == "title":
        return BlockKind.TITLE
    if name.startswith(("heading", "subtitle")):
        return BlockKind.HEADING
    if name.startswith("list") or paragraph._p.find(f"{_W}pPr/{_W}numPr") is not None:  # noqa: SLF001
        return BlockKind.LIST_ITEM
    return BlockKind.PARAGRAPH


def _footnotes(document: Any) -> Iterator[tuple[BlockKind, str]]:
    """The footnotes and endnotes, in the order of their part."""
    from docx.oxml import parse_xml

    for relation in document.part.rels.values():
        if not relation.is_external and relation.reltype.endswith(("/footnotes", "/endnotes")):
            notes: Any = parse_xml(relation.target_part.blob)
            _accept_changes(notes)
            _open_all(notes)
            _raise_digits(notes)
            for note in notes:
                if note.get(_W + "type") in {None, "normal"}:
                    for paragraph in note.iter(_W + "p"):
                        yield BlockKind.FOOTNOTE, paragraph.text
