"""Office files are ZIP archives: refused where they unpack too far, told apart from encrypted and old ones."""

from __future__ import annotations

import io
import zipfile

from corpora.errors import ReadError

_LARGEST = 200 * 1024 * 1024  # unpacked bytes
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refuse_bombs(data: bytes, *, path: str, kind: str) -> None:
    """Raise ReadError where data is no archive of `kind` (DOCX, XLSX), is encrypted, or would unpack too far."""
    if data.startswith(_OLE):
        hint = f"open it in an office program and save it as {kind} without a password"
        raise ReadError("is encrypted, or of the old binary format", path=path, hint=hint)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise ReadError(f"not a {kind} file: {str(error).lower()}", path=path) from None
    if any(part.flag_bits & 1 for part in parts):
        raise ReadError("is encrypted", path=path)
    if sum(part.file_size for part in parts) > _LARGEST:
        raise ReadError("would unpack to more than 200 MiB", path=path)
