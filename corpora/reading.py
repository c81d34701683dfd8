"""A file to a statement: bytes, encoding, format, blocks, language, metadata."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from corpora import languages
from corpora.encodings import decode
from corpora.errors import ReadError
from corpora.model import Block, BlockKind, Origin, Statement
from corpora.plaintext import lines_of, markdown_blocks, plain_blocks
from corpora.structure import classify, describe

_MARKDOWN = {".md", ".markdown"}
_HTML = {".html", ".htm", ".xhtml"}
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


def read_statement(path: str | Path, *, language: str | None = None, encoding: str | None = None, lines: bool = False) -> Statement:
    """Read plain text, Markdown or HTML by the file's ending; standard input is plain text.

    Args:
        path: the file, or `-`.
        language: its language; detected where not given.
        encoding: its encoding; detected where not given.
        lines: every line is one block as it stands, blank ones included, and nothing is classified.

    Raises:
        ReadError: it cannot be read.
        MuqabalaError: the language cannot be told.
    """
    data = read_bytes(path)
    decoded = decode(data, path=str(path), encoding=encoding)
    origin = Origin(str(path), hashlib.sha256(data).hexdigest(), decoded.encoding, "lines" if lines else _format(path))
    return parse_statement(decoded.text, origin=origin, language=language)


def parse_statement(text: str, *, origin: Origin, language: str | None = None) -> Statement:
    """A statement from its decoded text."""
    if origin.format == "html":
        from corpora.webpage import read_page

        page = read_page(text, path=origin.path)
        text, blocks = page.text, list(page.blocks)
    elif origin.format == "lines":
        blocks = [Block(BlockKind.PARAGRAPH, a, b) for a, b in lines_of(text)]
    else:
        blocks = markdown_blocks(text) if origin.format == "markdown" else plain_blocks(text)
    if language is None:
        language = languages.detect(" ".join(text[b.start : b.end] for b in blocks[-200:]), path=origin.path)
    if origin.format == "lines":
        return Statement(text, language, tuple(blocks), origin=origin)
    named = classify(text, blocks, language)
    metadata = describe(text, named, language)
    if origin.format == "html":
        metadata = replace(metadata, address=metadata.address or page.address, date=metadata.date or page.date)
    return Statement(text, language, named, metadata, origin)


def _format(path: str | Path) -> str:
    suffix = Path(path).suffix.lower()
    return "markdown" if suffix in _MARKDOWN else "html" if suffix in _HTML else "text"
