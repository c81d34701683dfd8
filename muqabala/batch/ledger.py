"""The ledger of a batch: every pair and its state, in one SQLite file, so that a run that was broken off goes on.

What is recorded as done is on the disk: a kill of a worker, of the run or of the machine loses what was being worked on,
nothing else.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from corpora import MuqabalaError, WriteError
from muqabala.batch.manifest import Task

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from muqabala.batch.work import Outcome

FILE = "ledger.db"
_SCHEMA = """
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE pair (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    task TEXT NOT NULL,                -- JSON
    state TEXT NOT NULL DEFAULT 'waiting',  -- waiting, done, failed
    attempts INTEGER NOT NULL DEFAULT 0,
    error TEXT NOT NULL DEFAULT '',
    counts TEXT NOT NULL DEFAULT '{}',
    kept TEXT,                         -- until its partition is written
    left_out TEXT
) STRICT;
CREATE INDEX pair_by_state ON pair (state, row);
CREATE TABLE part (number INTEGER PRIMARY KEY, written INTEGER NOT NULL DEFAULT 0) STRICT;
"""


class Ledger:
    """An open ledger.

    Args:
        path: the file; made where it is missing.

    Raises:
        WriteError: it cannot be written.
        MuqabalaError: it is none.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._told():
            self._db = sqlite3.connect(path, isolation_level=None, timeout=30)
            self._db.execute("PRAGMA trusted_schema = OFF")
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            if not self._db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                self._db.executescript(f"BEGIN; {_SCHEMA} COMMIT;")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._db.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) and "full" in str(error):
                raise WriteError("the disk is full", path=self.path) from None
            if isinstance(error, sqlite3.OperationalError) and "no such" not in str(error):
                raise WriteError(f"cannot be written: {error}", path=self.path) from None
            raise MuqabalaError("it is no ledger of a batch", path=self.path) from None

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """A transaction, whole or not at all."""
        with self._told():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def fact(self, name: str) -> str:
        """What is kept under a name, or empty."""
        with self._told():
            row = self._db.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
            return row[0] if row else ""

    def begin(self, tasks: Iterable[Task], facts: dict[str, str], size: int) -> None:
        """Take a manifest in, once, in one transaction.

        Args:
            tasks: its rows.
            facts: what the batch is; kept with it.
            size: pairs in a partition.

        Raises:
            MuqabalaError: two rows have one id.
        """
        with self.change() as db:
            count = 0
            try:
                for task in tasks:
                    row = json.dumps(asdict(task), ensure_ascii=False, default=str)
                    db.execute("INSERT INTO pair (row, id, task) VALUES (?, ?, ?)", (task.row, task.id, row))
                    count += 1
            except sqlite3.IntegrityError:
                raise MuqabalaError(f"two pairs have the id '{task.id}'", hint="every row of the manifest needs its own") from None
            db.executemany("INSERT INTO part (number) VALUES (?)", [(k,) for k in range(-(-count // size))])
            db.executemany("INSERT OR REPLACE INTO fact VALUES (?, ?)", list(facts.items()))
            db.execute("INSERT OR REPLACE INTO fact VALUES ('size', ?)", (str(size),))

    @property
    def size(self) -> int:
        """Pairs in a partition."""
        return int(self.fact("size"))

    def states(self) -> Counter[str]:
        """How many pairs are in each state."""
        return Counter(dict(self._db.execute("SELECT state, count(*) FROM pair GROUP BY state").fetchall()))

    def waiting(self, part: int | None = None) -> Iterator[tuple[Task, int]]:
        """The pairs that wait, in order, of all partitions or of one, with how often each was tried; read in pages."""
        first, last = (0, 1 << 60) if part is None else (part * self.size, (part + 1) * self.size)
        while True:
            rows = self._db.execute(
                "SELECT row, task, attempts FROM pair WHERE state = 'waiting' AND row >= ? AND row < ? ORDER BY row LIMIT 500",
                (first, last),
            ).fetchall()
            if not rows:
                return
            for row, task, attempts in rows:
                yield Task(**json.loads(task)), attempts
                first = row + 1

    def record(self, outcome: Outcome, *, attempts: int, most: int) -> bool:
        """Keep what came of a pair; returns whether it is settled, and not to be tried again.

        Args:
            outcome: of the pair.
            attempts: how often it was tried now.
            most: how often it may be tried.
        """
        settled = not outcome.error or outcome.final or attempts >= most
        state = "waiting" if not settled else "failed" if outcome.error else "done"
        with self.change() as db:
            db.execute(
                "UPDATE pair SET state = ?, attempts = ?, error = ?, counts = ?, kept = ?, left_out = ? WHERE row = ?",
                (state, attempts, outcome.error, json.dumps(outcome.counts), outcome.kept, outcome.left, outcome.row),
            )
        return settled

    def settle_part(self, part: int, outcomes: Iterable[Outcome]) -> None:
        """A partition whose pairs were all settled elsewhere, and that is written."""
        with self.change() as db:
            for o in outcomes:
                state = "failed" if o.error else "done"
                db.execute(
                    "UPDATE pair SET state = ?, attempts = attempts + 1, error = ?, counts = ? WHERE row = ?",
                    (state, o.error, json.dumps(o.counts), o.row),
                )
            db.execute("UPDATE part SET written = 1 WHERE number = ?", (part,))

    def unwritten(self) -> list[int]:
        """The partitions that are not written."""
        return [row[0] for row in self._db.execute("SELECT number FROM part WHERE written = 0 ORDER BY number")]

    def is_settled(self, part: int) -> bool:
        """Whether no pair of a partition waits."""
        query = "SELECT NOT EXISTS (SELECT 1 FROM pair WHERE state = 'waiting' AND row >= ? AND row < ?)"
        return bool(self._db.execute(query, (part * self.size, (part + 1) * self.size)).fetchone()[0])

    def lines(self, part: int) -> tuple[str, str]:
        """The lines of a partition: those that are kept, and those that are left out."""
        rows = self._db.execute(
            "SELECT coalesce(kept, ''), coalesce(left_out, '') FROM pair WHERE row >= ? AND row < ? ORDER BY row",
            (part * self.size, (part + 1) * self.size),
        ).fetchall()
        return "".join(row[0] for row in rows), "".join(row[1] for row in rows)

    def written(self, part: int) -> None:
        """A partition is written: its lines are in its file now."""
        with self.change() as db:
            db.execute("UPDATE part SET written = 1 WHERE number = ?", (part,))
            db.execute(
                "UPDATE pair SET kept = NULL, left_out = NULL WHERE row >= ? AND row < ?",
                (part * self.size, (part + 1) * self.size),
            )

    def try_again(self) -> int:
        """Let the failed pairs wait again, and their partitions be written anew; returns how many there are."""
        with self.change() as db:
            rows = [row[0] for row in db.execute("SELECT row FROM pair WHERE state = 'failed'")]
            parts = sorted({row // self.size for row in rows})
            for part in parts:  # what was written is done again: its lines are not kept
                db.execute(
                    "UPDATE pair SET state = 'waiting', attempts = 0, error = '', counts = '{}' WHERE row >= ? AND row < ?",
                    (part * self.size, (part + 1) * self.size),
                )
                db.execute("UPDATE part SET written = 0 WHERE number = ?", (part,))
            if rows:
                db.execute("DELETE FROM fact WHERE name = 'duplicates'")
        return len(rows)

    def parts(self) -> int:
        """How many partitions there are."""
        return int(self._db.execute("SELECT count(*) FROM part").fetchone()[0])

    def remember(self, name: str, value: str) -> None:
        """Keep a fact."""
        with self.change() as db:
            db.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, value))

    def failures(self) -> Iterator[tuple[str, int, str]]:
        """The failed pairs: id, how often they were tried, why."""
        yield from self._db.execute("SELECT id, attempts, error FROM pair WHERE state = 'failed' ORDER BY row")

    def counts(self) -> dict[str, int]:
        """The counts of all pairs together."""
        total: Counter[str] = Counter()
        for (text,) in self._db.execute("SELECT counts FROM pair WHERE state = 'done'"):
            total.update(json.loads(text))
        return dict(total)

    def retried(self) -> int:
        """How many pairs were tried more than once."""
        return int(self._db.execute("SELECT count(*) FROM pair WHERE attempts > 1").fetchone()[0])


def told(value: Any) -> str:
    """A fact as text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
