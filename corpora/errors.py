"""The one base of all errors a user can cause and mend."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class MuqabalaError(Exception):
    """Something that cannot be done, told in one line.

    Args:
        reason: what is wrong, in lower case, without a full stop.
        path: the file it is about.
        line: the line in it, counted from 1.
        hint: what to do about it.
    """

    def __init__(self, reason: str, *, path: str | Path | None = None, line: int | None = None, hint: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.path = path
        self.line = line
        self.hint = hint

    def __str__(self) -> str:
        place = "" if self.path is None else f"{self.path}: " if self.line is None else f"{self.path}:{self.line}: "
        text = f"{place}{self.reason}" + (f" ({self.hint})" if self.hint else "")
        return " ".join(text.split())


class ReadError(MuqabalaError):
    """A file cannot be read as what it should be."""


class WriteError(MuqabalaError):
    """An output cannot be written."""
