"""Glossaries as XLSX: the table of one term a row; cells are text, a formula is refused, and so is a file that unpacks too far."""

from __future__ import annotations

import datetime
import hashlib
import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

from corpora import ReadError
from corpora.archives import refuse_bombs, without_times
from glossary.model import Glossary
from glossary.tables import concepts_of, to_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from glossary.tables import Row

_LARGEST = 100 * 1024 * 1024
_ROWS = 200_000
_UNREADABLE = (zipfile.BadZipFile, LookupError, ValueError, TypeError, AttributeError, OSError, SyntaxError)  # of openpyxl
_WHEN = datetime.datetime(2000, 1, 1)  # noqa: DTZ001  the same glossary gives the same bytes; the format knows no zones


def parse_xlsx(data: bytes, *, path: str) -> Glossary:
    """A glossary from the first sheet that has a column `concept`. Raises ReadError."""
    from openpyxl import load_workbook

    refuse_bombs(data, path=path, kind="XLSX", largest=_LARGEST)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        for sheet in book.worksheets:
            rows = _rows(sheet, path)
            first = next(rows, None)
            if first and "concept" in {cell.strip().casefold() for cell in first[1]}:
                concepts = concepts_of(_again(first, rows), path=path)
                return Glossary(concepts, re.split(r"[\\/]", path)[-1], hashlib.sha256(data).hexdigest()[:12])
    except _UNREADABLE as error:
        raise ReadError(f"not a readable XLSX file: {error}", path=path, hint="save it again in a spreadsheet program") from None
    raise ReadError("no sheet has a column 'concept'", path=path, hint="the columns are told in the documentation of tables")


def to_xlsx(glossary: Glossary) -> bytes:
    """One sheet, one term a row, under a header that stays; Arabic cells read from the right."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    book.properties.creator = "Muqabala"
    book.properties.created = book.properties.modified = _WHEN
    sheet: Any = book.active
    sheet.title = "terms"
    for k, row in enumerate(to_rows(glossary, by_term=True), 1):
        for j, text in enumerate(row, 1):
            cell = sheet.cell(k, j)
            cell.value = text
            cell.data_type = "s"  # =1+1 is a text here
            right = bool(re.match("[\u0590-\u08ff]", text))
            cell.alignment = Alignment(readingOrder=2 if right else 1, horizontal="right" if right else "left", vertical="top")
            if k == 1:
                cell.font = Font(bold=True)
                sheet.column_dimensions[cell.column_letter].width = 30 if text in {"term", "definition", "source", "forms"} else 16
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    out = io.BytesIO()
    book.save(out)
    fixed = io.BytesIO()
    without_times(out, fixed)
    return fixed.getvalue()


def _again(first: Row, rows: Iterator[Row]) -> Iterator[Row]:
    yield first
    yield from rows


def _rows(sheet: Any, path: str) -> Iterator[Row]:
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(), 1):
        if number > _ROWS:
            raise ReadError(f"more than {_ROWS} rows", path=path, line=number)
        for cell in row:
            if cell.data_type == "f":
                raise ReadError(f"a formula in {cell.coordinate}", path=path, line=number, hint="paste its value instead")
        texts = ["" if cell.value is None else str(cell.value) for cell in row]
        if any(text.strip() for text in texts) and not texts[0].startswith("#"):
            yield number, texts
