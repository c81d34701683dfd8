"""Tables and lines: TSV and JSON lines with everything there is, CSV with what a reader wants."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from corpora.exports.writer import FileWriter
from corpora.records import COLUMNS, tsv_row
from corpora.units import to_line

if TYPE_CHECKING:
    from corpora.units import Unit

FORMULA = re.compile(r"[=+@-]")
"""What a spreadsheet may take a cell for that begins with it."""

CSV_COLUMNS = ("id", "document", "source", "target", "status", "note", "score", "confidence", "findings", "split")


class JsonLinesWriter(FileWriter):
    """A record a line; it reads back to the same units."""

    suffix = "jsonl"
    two_sided = False

    def write(self, unit: Unit) -> None:
        """A line."""
        self.put(to_line(unit))


class TsvWriter(FileWriter):
    """A record a line under a header; nothing is quoted, because no cell holds a tab or line break."""

    suffix = "tsv"
    two_sided = False

    def begin(self) -> None:
        """The header."""
        self.put("\t".join(COLUMNS) + "\n")

    def write(self, unit: Unit) -> None:
        """A line."""
        self.put("\t".join(str(cell) for cell in tsv_row(unit.to_record())) + "\n")


class CsvWriter(FileWriter):
    """RFC 4180 with a header, for data frames. Texts are in quotes: a spreadsheet that takes those as text finds no formula."""

    suffix = "csv"
    two_sided = False

    def begin(self) -> None:
        """The header."""
        self.put(",".join(CSV_COLUMNS) + "\r\n")

    def write(self, unit: Unit) -> None:
        """A row."""
        row = plain_row(unit)
        if FORMULA.match(unit.source.text) or FORMULA.match(unit.target.text):
            self.notices["cells that a spreadsheet may take for formulas"] += 1
        out = io.StringIO()
        csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC).writerow(row)
        self.put(out.getvalue())


def plain_row(unit: Unit) -> list[str | float]:
    """What a reader wants of a unit, under `CSV_COLUMNS`."""
    told = "; ".join(f"{f.severity.value}: {f.code}" + (f" ({f.concept})" if f.concept else "") for f in unit.findings)
    return [
        unit.id, unit.document, unit.source.text, unit.target.text, unit.status, unit.note,
        unit.score, unit.confidence, told, unit.split,
    ]  # fmt: skip
