"""Outputs that appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from corpora.errors import WriteError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


def write_files(contents: Mapping[Path, bytes], *, inputs: Iterable[str | Path] = ()) -> None:
    """Write files: all are written beside their places first, then all are moved there.

    A link stays and its file is replaced; a device or pipe is written to as it is.

    Raises:
        WriteError: a folder is missing or cannot be written, or a file is one of the inputs; nothing was changed then.
    """
    for path in contents:
        refuse_input(path, inputs)
    with ExitStack() as undo:
        staged = []
        for path, content in contents.items():
            with _told(path):
                check_writable(path)
                if path.exists() and not path.is_file():
                    path.write_bytes(content)
                    continue
                place = Path(os.path.realpath(path))
                handle, name = tempfile.mkstemp(prefix=f".{place.name[:40]}.", dir=place.parent)
                undo.callback(_remove, name)
                with os.fdopen(handle, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                os.chmod(name, place.stat().st_mode & 0o777 if place.exists() else 0o666 & ~_umask())
                staged.append((name, place))
        for name, place in staged:
            with _told(place):
                os.replace(name, place)


def refuse_input(path: Path, inputs: Iterable[str | Path]) -> None:
    """An output must not be a file that was read. Raises WriteError."""
    for name in inputs:
        with suppress(OSError, ValueError):
            if os.path.isfile(name) and os.path.exists(path) and os.path.samefile(name, path):
                raise WriteError("is one of the inputs and would be lost", path=path)


def check_writable(path: Path) -> None:
    """Fail before the work, not after it. Raises WriteError."""
    if path.is_dir():
        raise WriteError("is a folder", path=path)
    if path.exists() and not path.is_file():  # a device or a pipe
        return
    if not path.parent.is_dir():
        raise WriteError("cannot be written: its folder does not exist", path=path)
    if not os.access(path.parent, os.W_OK):
        raise WriteError("cannot be written: no permission for its folder", path=path)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        raise WriteError(f"cannot be written: {_reason(error)}", path=path) from None


def _remove(name: str) -> None:
    with suppress(FileNotFoundError):
        Path(name).unlink()


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def _reason(error: OSError | ValueError) -> str:
    return str(getattr(error, "strerror", None) or error).lower()
