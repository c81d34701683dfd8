"""The formats of glossary files by name."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from corpora import MuqabalaError


class GlossaryFormat(StrEnum):
    """Formats by name; the endings of files say the same, and .tbx is version 3."""

    TSV = "tsv"
    CSV = "csv"
    XLSX = "xlsx"
    TBX = "tbx"
    TBX2 = "tbx2"
    PO = "po"
    JSON = "json"

    @property
    def offers(self) -> bool:
        """True for files whose readers offer every term as a suggestion: what is not approved stays out."""
        return self in {GlossaryFormat.TBX2, GlossaryFormat.PO}


_ENDINGS = {
    ".tsv": GlossaryFormat.TSV, ".txt": GlossaryFormat.TSV, ".csv": GlossaryFormat.CSV, ".xlsx": GlossaryFormat.XLSX,
    ".tbx": GlossaryFormat.TBX, ".po": GlossaryFormat.PO, ".pot": GlossaryFormat.PO, ".json": GlossaryFormat.JSON,
}  # fmt: skip


def format_for(path: str | Path) -> GlossaryFormat:
    """The format a file name asks for. Raises MuqabalaError: none."""
    kind = _ENDINGS.get(Path(path).suffix.lower())
    if kind is None:
        raise MuqabalaError(f"no format is written to '{Path(path).name}'", hint=f"--format, one of {', '.join(GlossaryFormat)}")
    return kind
