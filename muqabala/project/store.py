"""The database of a project: one SQLite file, its schema with a version, transactions, errors told as ours."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import contextmanager
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from corpora import MuqabalaError, ReadError, WriteError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

FILE = "muqabala.db"
_APPLICATION = 0x6D716261  # "mqba": this SQLite file is one of ours
_PATIENCE = 30.0  # seconds to wait for another process


def migrations() -> list[str]:
    """The SQL that makes version 1 of nothing, version 2 of version 1 ..."""
    folder = files("muqabala") / "data" / "schema"
    names = sorted((int(entry.name.removesuffix(".sql")), entry) for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [entry.read_text(encoding="utf-8") for _, entry in names]


class Store:
    """An open database. Writing goes through `change`, a transaction that is whole or not at all.

    Args:
        path: the file; it is made where it is missing and `make` is given.
        write: False opens it for reading only, which works in a folder that cannot be written.
        make: it may be a new one.
        threads: several threads use it, one at a time.

    Raises:
        ReadError: it is missing, no database of ours, damaged, or of a newer version.
        WriteError: it cannot be made or written.
    """

    def __init__(self, path: Path, *, write: bool = True, make: bool = False, threads: bool = False) -> None:
        self.path = path
        self._threads = threads
        if not make and not path.is_file():
            raise ReadError("there is no database", path=path, hint="muqabala init makes a project")
        if write and not make and not os.access(path, os.W_OK):
            raise WriteError("cannot be written: no permission", path=path)
        with self._told():
            self._connection = self._connect(write=write)
            self._connection.row_factory = sqlite3.Row
            self._prepare(write=write)

    def _connect(self, *, write: bool) -> sqlite3.Connection:
        if write:
            return sqlite3.connect(self.path, timeout=_PATIENCE, isolation_level=None, check_same_thread=not self._threads)
        address = "file:" + quote(str(self.path.resolve()))
        fixed = not os.access(self.path.parent, os.W_OK) and not self.path.with_name(self.path.name + "-wal").exists()
        return sqlite3.connect(
            f"{address}?immutable=1" if fixed else f"{address}?mode=ro", timeout=_PATIENCE, isolation_level=None, uri=True
        )

    def _prepare(self, *, write: bool) -> None:
        steps = migrations()
        version = self.value("PRAGMA user_version")
        if version and self.value("PRAGMA application_id") != _APPLICATION:
            raise ReadError("is no database of a project", path=self.path)
        if version > len(steps):
            raise ReadError("was made by a newer Muqabala", path=self.path, hint="install that one; this one would damage it")
        if not version and self.value("SELECT count(*) FROM sqlite_schema"):
            raise ReadError("is no database of a project", path=self.path)
        self._connection.execute("PRAGMA foreign_keys = ON")
        self._connection.execute("PRAGMA trusted_schema = OFF")  # a stranger's project runs nothing of its own
        if not write:
            if version < len(steps):
                raise ReadError("was made by an older Muqabala", path=self.path, hint="muqabala run brings it up to date")
            return
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        if version < len(steps):
            self._migrate(steps)

    def _migrate(self, steps: list[str]) -> None:
        with self.change():
            version = self.value("PRAGMA user_version")  # again: another process may have been faster
            for step in steps[version:]:
                for statement in _statements(step):
                    self._connection.execute(statement)
            self._connection.execute(f"PRAGMA user_version = {len(steps)}")
            self._connection.execute(f"PRAGMA application_id = {_APPLICATION}")

    @contextmanager
    def change(self) -> Iterator[None]:
        """A transaction: everything in it is kept, or nothing where something fails. Within another it is part of that."""
        if self._connection.in_transaction:
            yield
            return
        with self._told():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._roll_back()
                raise
            self._connection.execute("COMMIT")

    def _roll_back(self) -> None:
        if self._connection.in_transaction:  # a full disk has ended it already
            self._connection.execute("ROLLBACK")

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """All rows of a query."""
        with self._told():
            return self._connection.execute(sql, values).fetchall()

    def each(self, sql: str, *values: Any) -> Iterator[sqlite3.Row]:
        """The rows of a query one by one."""
        with self._told():
            yield from self._connection.execute(sql, values)

    def row(self, sql: str, *values: Any) -> sqlite3.Row | None:
        """The first row of a query, or None."""
        with self._told():
            found: sqlite3.Row | None = self._connection.execute(sql, values).fetchone()
            return found

    def value(self, sql: str, *values: Any) -> Any:
        """The first cell of a query, or None."""
        row = self.row(sql, *values)
        return row[0] if row else None

    def write(self, sql: str, *values: Any) -> int:
        """Execute a statement; returns the id of the row that was made."""
        with self._told():
            return self._connection.execute(sql, values).lastrowid or 0

    def write_many(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Execute a statement for every row."""
        with self._told():
            self._connection.executemany(sql, rows)

    def close(self) -> None:
        """Close it; the log that stands beside the file is folded into it."""
        self._connection.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise self._problem(error) from error

    def _problem(self, error: sqlite3.Error) -> MuqabalaError:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        match code:
            case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
                return WriteError("another process is writing to it", path=self.path, hint="wait for it, then run this again")
            case sqlite3.SQLITE_FULL:
                return WriteError("the disk is full", path=self.path, hint="what was reported as done is kept")
            case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN:
                return WriteError("cannot be written: no permission", path=self.path)
            case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
                return ReadError("is no database or is damaged", path=self.path)
            case sqlite3.SQLITE_IOERR:
                return WriteError(f"the disk gave an error: {error}", path=self.path)
        raise error


def dump(value: object) -> str:
    """JSON as the database holds it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _statements(script: str) -> Iterator[str]:
    """The statements of an SQL script; a trigger is one."""
    statement = ""
    for line in script.split("\n"):
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
