"""A file to a statement: bytes, encoding, format, blocks, language, metadata."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from corpora import languages
from corpora.encodings import decode
from corpora.errors import ReadError
from corpora.model import Block, BlockKind, Origin, Statement
from corpora.plaintext import lines_of, markdown_blocks, plain_blocks
from corpora.structure import classify, describe

if TYPE_CHECKING:
    from collections.abc import Iterator


def open_text(path: str | Path) -> Iterator[str]:
    """The lines of a UTF-8 file, split at LF only, one at a time; `-` is standard input.

    Raises:
        ReadError: it cannot be read.
    """
    import io

    try:
        file = sys.stdin.buffer if str(path) == "-" else Path(path).open("rb")  # noqa: SIM115  the wrapper closes it
        with io.TextIOWrapper(file, encoding="utf-8-sig", newline="\n") as lines:
            yield from lines
    except UnicodeDecodeError:
        raise ReadError("not in UTF-8", path=path) from None
    except OSError as error:
        raise ReadError((error.strerror or str(error)).lower(), path=path) from None


FORMATS = {
    ".txt": "text", ".text": "text", ".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html", ".xhtml": "html",
    ".mhtml": "saved page", ".mht": "saved page",
    ".docx": "docx", ".docm": "docx", ".odt": "odt", ".pdf": "pdf", ".srt": "subtitles", ".vtt": "subtitles",
}  # fmt: skip
"""What a file's ending says that it holds; any other is read as plain text where it is named itself."""

_RICH_TEXT = b"{\\rtf"
_LARGEST = 512 * 1024 * 1024


def read_bytes(path: str | Path) -> bytes:
    """The bytes of a file; `-` is standard input.

    Raises:
        ReadError: it is missing, not a file, too large, or cannot be read.
    """
    if str(path) == "-":
        return _read_all(sys.stdin.buffer, path)
    try:
        with Path(path).open("rb") as file:
            return _read_all(file, path)
    except FileNotFoundError:
        raise ReadError("no such file", path=path) from None
    except IsADirectoryError:
        raise ReadError("a folder, not a file", path=path) from None
    except (OSError, ValueError) as error:
        raise ReadError(str(getattr(error, "strerror", None) or error).lower(), path=path) from None


def _read_all(file: BinaryIO, path: str | Path) -> bytes:
    data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise ReadError("larger than 512 MiB", path=path)
    return data


def read_text(path: str | Path, *, encoding: str | None = None) -> str:
    """The decoded text of a file, for glossaries and alignments. Raises ReadError."""
    return decode(read_bytes(path), path=str(path), encoding=encoding).text


def read_statement(
    path: str | Path, *, language: str | None = None, beside: str = "", encoding: str | None = None, lines: bool = False
) -> Statement:
    """Read plain text, Markdown, HTML, saved pages, DOCX, ODT, PDF or subtitles by the file's ending; standard input is plain text.

    Args:
        path: the file, or `-`.
        language: its language; detected where not given.
        beside: another language, of which the file holds a text as well that is left out.
        encoding: its encoding; detected where not given.
        lines: every line is one block as it stands, blank ones included, and nothing is classified.

    Raises:
        ReadError: it cannot be read.
        MuqabalaError: the language cannot be told.
    """
    return read_document(path, read_bytes(path), language=language, beside=beside, encoding=encoding, lines=lines)[0]


def read_document(
    path: str | Path,
    data: bytes,
    *,
    language: str | None = None,
    beside: str = "",
    encoding: str | None = None,
    lines: bool = False,
) -> tuple[Statement, tuple[str, ...]]:
    """The statement that a file's bytes hold, and what is doubtful about the reading; see `read_statement`."""
    kind = "lines" if lines else FORMATS.get(Path(path).suffix.lower(), "text")
    origin = Origin(str(path), hashlib.sha256(data).hexdigest(), "", kind)
    if kind in {"docx", "odt"}:
        if kind == "docx":
            from corpora.word import read_word as read_office
        else:
            from corpora.opendocument import read_odt as read_office

        text, blocks, date = read_office(data, path=str(path))
        statement = _statement(text, blocks, origin, language, beside)
        return replace(statement, metadata=replace(statement.metadata, date=statement.metadata.date or date)), ()
    if kind == "pdf":
        from corpora.pdf import read_pdf

        text, blocks, doubts = read_pdf(data, path=str(path))
        return _statement(text, blocks, origin, language, beside), tuple(doubts)
    if kind == "saved page":
        from corpora.savedpage import read_saved

        page, address = read_saved(data, path=str(path), encoding=encoding)
        statement = parse_statement(page, origin=replace(origin, encoding="utf-8", format="html"), language=language, beside=beside)
        return replace(statement, metadata=replace(statement.metadata, address=statement.metadata.address or address)), ()
    if data.startswith(_RICH_TEXT):
        raise ReadError("is rich text (RTF)", path=str(path), hint="save it as DOCX, ODT or plain text in an office program")
    decoded = decode(data, path=str(path), encoding=encoding)
    told = () if encoding or decoded.encoding == "utf-8" else (f"it was read as {decoded.encoding}",)
    return parse_statement(decoded.text, origin=replace(origin, encoding=decoded.encoding), language=language, beside=beside), told


def parse_statement(text: str, *, origin: Origin, language: str | None = None, beside: str = "") -> Statement:
    """A statement from its decoded text."""
    if origin.format == "html":
        from corpora.webpage import read_page

        page = read_page(text, path=origin.path)
        text, blocks = page.text, list(page.blocks)
    elif origin.format == "subtitles":
        from corpora.subtitles import read_subtitles

        text, blocks, cues = read_subtitles(text, path=origin.path)
        return replace(_statement(text, blocks, origin, language, ""), cues=tuple(cues))
    elif origin.format == "lines":
        blocks = [Block(BlockKind.PARAGRAPH, a, b) for a, b in lines_of(text)]
    else:
        blocks = markdown_blocks(text) if origin.format == "markdown" else plain_blocks(text)
    if origin.format != "html":
        return _statement(text, blocks, origin, language, beside)
    statement = _statement(text, blocks, origin, language, beside)
    metadata = statement.metadata
    told = replace(
        metadata,
        address=metadata.address or page.address,
        date=metadata.date or page.date,
        original=page.original or metadata.original,
    )
    return replace(statement, metadata=told)


def _statement(text: str, blocks: list[Block], origin: Origin, language: str | None, beside: str) -> Statement:
    """A statement of blocks: its language, the kinds of its blocks, what its front says."""
    if language is None:
        language = languages.detect(" ".join(text[b.start : b.end] for b in blocks[-200:]), path=origin.path)
    if beside:
        from corpora.bilingual import parts_in

        blocks = parts_in(text, blocks, language, beside)
    if origin.format in {"lines", "subtitles"}:
        return Statement(text, language, tuple(blocks), origin=origin)
    named = classify(text, blocks, language)
    return Statement(text, language, named, describe(text, named, language), origin)
