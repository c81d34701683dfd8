"""A corpus as an SQLite file, for whoever asks in SQL."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

from corpora.exports.writer import Writer

if TYPE_CHECKING:
    from corpora.units import Unit

_TABLE = """
CREATE TABLE unit (
    id TEXT PRIMARY KEY,
    document TEXT NOT NULL,
    source TEXT NOT NULL,
    target TEXT NOT NULL,
    source_lang TEXT NOT NULL,
    target_lang TEXT NOT NULL,
    score REAL NOT NULL,
    confidence REAL NOT NULL,
    status TEXT NOT NULL,
    note TEXT NOT NULL,
    split TEXT NOT NULL,
    provenance TEXT NOT NULL  -- JSON
) STRICT;
CREATE TABLE finding (
    unit TEXT NOT NULL REFERENCES unit (id),
    code TEXT NOT NULL,
    severity TEXT NOT NULL,
    concept TEXT NOT NULL,
    found TEXT NOT NULL
) STRICT;
CREATE TABLE corpus (name TEXT NOT NULL, value TEXT NOT NULL) STRICT;
"""
_TOGETHER = 1000


class DatabaseWriter(Writer):
    """NAME.sqlite."""

    two_sided = False

    def open(self) -> None:
        """The tables."""
        self._connection = sqlite3.connect(self.folder / f"{self.info.name}.sqlite", isolation_level=None)
        self._connection.executescript(_TABLE)
        told = (("signature", self.info.signature), ("licence", self.info.licence), ("state", str(self.info.state or "")))
        self._connection.executemany("INSERT INTO corpus VALUES (?, ?)", [row for row in told if row[1]])
        self._connection.execute("BEGIN")
        self._count = 0

    def write(self, unit: Unit) -> None:
        """A row, and one for each finding."""
        sides = unit.source, unit.target
        values = [unit.id, unit.document, *(s.text for s in sides), *(s.language for s in sides), unit.score, unit.confidence]
        provenance = json.dumps(unit.record.get("provenance", {}), ensure_ascii=False)
        values += [unit.status, unit.note, unit.split, provenance]
        self._connection.execute(f"INSERT INTO unit VALUES ({', '.join('?' * len(values))})", values)
        rows = [(unit.id, f.code, f.severity.value, f.concept, f.found) for f in unit.findings]
        self._connection.executemany("INSERT INTO finding VALUES (?, ?, ?, ?, ?)", rows)
        self._count += 1
        if self._count % _TOGETHER == 0:
            self._connection.execute("COMMIT")
            self._connection.execute("BEGIN")

    def close(self) -> None:
        """Keep it all."""
        self._connection.execute("COMMIT")
        self._connection.close()
