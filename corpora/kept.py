"""What is worked out once on a machine and kept in the user's cache folder. It can be lost or damaged at any time."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import IO


def kept_file(name: str) -> Path:
    """Where a file of this name is kept."""
    from platformdirs import user_cache_path

    return user_cache_path("muqabala", appauthor=False) / name


def keep(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Have a file written, which appears whole or not at all; none where the disk is full or the folder cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                write(file)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError:  # the next run works it out again
        return
