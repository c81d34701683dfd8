"""Office files are ZIP archives: refused where they unpack too far or are encrypted, written without the time of day."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING, BinaryIO

from corpora.errors import ReadError

if TYPE_CHECKING:
    from pathlib import Path

_LARGEST = 200 * 1024 * 1024  # unpacked bytes
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTITIES = re.compile(rb"<\0?!\0?(?:D\0?O\0?C\0?T|E\0?N\0?T\0?I)")
_TIME = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def refuse_bombs(data: bytes, *, path: str, kind: str, largest: int = _LARGEST) -> None:
    """Refuse what is no archive of `kind` (DOCX, XLSX).

    Raises:
        ReadError: no archive, encrypted, unpacks to more than `largest` bytes, or declares XML entities.
    """
    if data.startswith(_OLE):
        hint = f"open it in an office program and save it as {kind} without a password"
        raise ReadError("is encrypted, or of the old binary format", path=path, hint=hint)
    too_far = ReadError(f"unpacks to more than {largest >> 20} MiB", path=path, hint="save only what is needed of it")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            if any(part.flag_bits & 1 for part in parts):
                raise ReadError("is encrypted", path=path, hint="save it without a password")
            if sum(part.file_size for part in parts) > largest or len(parts) > 10_000:
                raise too_far
            left = largest
            for part in parts:
                with package.open(part) as file:  # the sizes told may be lies
                    content = file.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise too_far
                if _ENTITIES.search(content) and part.filename.endswith((".xml", ".rels")):
                    raise ReadError("declares entities, which is refused", path=path)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError) as error:
        raise ReadError(f"not a readable {kind} file: {error}", path=path) from None


def without_times(old: Path | BinaryIO, new: Path | BinaryIO) -> None:
    """Copy an archive with the time of 2000 everywhere, so that the same content gives the same bytes."""
    with zipfile.ZipFile(old) as source, zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            told = zipfile.ZipInfo(part.filename, (2000, 1, 1, 0, 0, 0))
            told.compress_type = zipfile.ZIP_DEFLATED
            if part.filename == "docProps/core.xml":
                target.writestr(told, _TIME.sub(b"2000-01-01T00:00:00Z", source.read(part)))
                continue
            with source.open(part) as content, target.open(told, "w", force_zip64=part.file_size > 1 << 31) as out:
                while block := content.read(1 << 20):
                    out.write(block)
