"""XLSX to read and correct: a row a unit, everything as text, Arabic from the right."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from corpora.archives import without_times
from corpora.exports.tables import CSV_COLUMNS, plain_row
from corpora.exports.writer import Writer
from corpora.languages import direction

if TYPE_CHECKING:
    from corpora.units import Unit

_WHEN = datetime.datetime(2000, 1, 1)  # noqa: DTZ001  the same units give the same bytes; the format knows no zones
_LONGEST_CELL = 32_767
_MOST_ROWS = 1_048_575
_WIDTHS = {"source": 70, "target": 70, "findings": 40, "document": 24, "note": 30}


class SheetWriter(Writer):
    """NAME.xlsx. Columns of a translator's own may be added; changes of source, target, status and note come back by import."""

    two_sided = False

    def open(self) -> None:
        """A book that is written row by row."""
        from openpyxl import Workbook
        from openpyxl.styles import Alignment, Font

        self._book = Workbook(write_only=True)
        self._book.properties.creator = "Muqabala"
        self._book.properties.created = self._book.properties.modified = _WHEN
        if self.info.state:
            self._book.properties.keywords = f"muqabala-state-{self.info.state}"
        self._sheet: Any = self._book.create_sheet("units")
        self._sheet.freeze_panes = "A2"
        for k, name in enumerate(CSV_COLUMNS):
            self._sheet.column_dimensions["ABCDEFGHIJ"[k]].width = _WIDTHS.get(name, 14)
        sides = {"source": direction(self.info.source), "target": direction(self.info.target)}
        self._aligned = {
            name: Alignment(
                wrap_text=True,
                vertical="top",
                readingOrder=2 if sides.get(name) == "rtl" else 1,
                horizontal="right" if sides.get(name) == "rtl" else "left",
            )
            for name in CSV_COLUMNS
        }
        self._sheet.append([self._cell(name, name, font=Font(bold=True)) for name in CSV_COLUMNS])
        self._count = 0

    def write(self, unit: Unit) -> None:
        """A row."""
        row = plain_row(unit)
        if any(isinstance(cell, str) and len(cell) > _LONGEST_CELL for cell in row):
            self.left_out["a text is longer than a cell may be"] += 1
        elif self._count == _MOST_ROWS:
            self.left_out["a sheet has no more rows"] += 1
        else:
            self._count += 1
            self._sheet.append([self._cell(name, value) for name, value in zip(CSV_COLUMNS, row, strict=True)])

    def close(self) -> None:
        """Save the book, without the time of day."""
        path = self.folder / f"{self.info.name}.xlsx"
        raw = self.folder / f".{self.info.name}.raw"
        self._book.save(raw)
        without_times(raw, path)
        raw.unlink()

    def _cell(self, name: str, value: str | float, font: Any = None) -> Any:
        from openpyxl.cell import WriteOnlyCell

        cell: Any = WriteOnlyCell(self._sheet, value=value)
        if isinstance(value, str):
            cell.data_type = "s"  # =1+1 is a text here
        cell.alignment = self._aligned[name]
        if font is not None:
            cell.font = font
        return cell
