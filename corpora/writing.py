"""Outputs that appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from corpora.errors import WriteError

if TYPE_CHECKING:
    from collections.abc import Mapping


def write_files(contents: Mapping[Path, bytes]) -> None:
    """Write files: all are written beside their places first, then all are moved there.

    Raises:
        WriteError: a folder is missing or cannot be written; nothing was changed then.
    """
    with ExitStack() as undo:
        staged = []
        for path, content in contents.items():
            try:
                if path.is_dir():
                    raise WriteError("is a folder", path=path)
                handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
                undo.callback(_remove, name)
                with os.fdopen(handle, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                os.chmod(name, path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
            except (OSError, ValueError) as error:
                raise WriteError(f"cannot be written: {_reason(error)}", path=path) from None
            staged.append((name, path))
        for name, path in staged:
            try:
                os.replace(name, path)
            except OSError as error:
                raise WriteError(f"cannot be written: {_reason(error)}", path=path) from None


def check_writable(path: Path) -> None:
    """Fail before the work, not after it. Raises WriteError."""
    if path.is_dir():
        raise WriteError("is a folder", path=path)
    if not path.parent.is_dir():
        raise WriteError("cannot be written: its folder does not exist", path=path)
    if not os.access(path.parent, os.W_OK):
        raise WriteError("cannot be written: no permission for its folder", path=path)


def _remove(name: str) -> None:
    with suppress(FileNotFoundError):
        Path(name).unlink()


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def _reason(error: OSError | ValueError) -> str:
    return str(getattr(error, "strerror", None) or error).lower()
