"""Who is where in the project, and how long they work: what each page tells every few seconds."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from muqabala.review.desk import Desk

_GONE = 20.0  # seconds after which somebody who said nothing is not there any more
_STEP = 10  # seconds that one word of a page counts for at most
_ACTS = ("decided", "edited", "realigned", "resegmented", "commented", "waived", "suggested", "judged", "adjudicated", "undone")


_DAY = (
    "SELECT kind, count(*), sum(CASE WHEN kind = 'decided' THEN json_array_length(data, '$.beads') ELSE 0 END) FROM event"
    " WHERE by = ? AND at >= ? AND at < ? AND kind IN (SELECT value FROM json_each(?)) GROUP BY kind ORDER BY kind"
)
_WORK = (
    "SELECT w.pair, d.name AS source, w.seconds FROM work w JOIN pair p ON p.id = w.pair JOIN document d ON d.id = p.source"
    " WHERE w.by = ? AND w.day = ? ORDER BY w.seconds DESC"
)
_EVERYBODY = (
    "SELECT by, count(*), max(at) FROM event WHERE kind IN (SELECT value FROM json_each(?)) AND by NOT IN ('', 'muqabala')"
    " GROUP BY by ORDER BY by"
)


@dataclass(slots=True)
class _Place:
    pair: int
    bead: str
    at: float


class Company:
    """The people on a project's pages.

    Args:
        desk: the project, which keeps how long they worked.
        clock: gives seconds that only grow.
    """

    def __init__(self, desk: Desk, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._project = desk.project
        self._lock = desk.lock
        self._clock = clock
        self._places: dict[str, _Place] = {}

    def here(self, name: str, pair: int, bead: str, *, active: bool) -> None:
        """Somebody is at a bead; `active`: they have touched keys or mouse lately, so that the time counts as work."""
        with self._lock:
            now, last = self._clock(), self._places.get(name)
            self._places[name] = _Place(pair, bead, now)
            seconds = min(round(now - last.at), _STEP) if last is not None and now - last.at < _GONE else 0
            if active and seconds:
                self._project.store.write(
                    "INSERT INTO work VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET seconds = seconds + excluded.seconds",
                    name,
                    self._project.now()[:10],
                    pair,
                    seconds,
                )

    def others(self, name: str, pair: int | None = None) -> list[dict[str, Any]]:
        """The other people who are there now, on one pair or on all: name, pair, bead."""
        with self._lock:
            now = self._clock()
            return [
                {"name": other, "pair": place.pair, "bead": place.bead}
                for other, place in sorted(self._places.items())
                if other != name and now - place.at < _GONE and pair in {None, place.pair}
            ]

    def day(self, name: str, day: str) -> dict[str, Any]:
        """What somebody did on a day (ISO 8601, UTC): acts by kind, beads decided on, seconds, and the pairs by seconds."""
        store = self._project.store
        with self._lock:
            rows = store.rows(_DAY, name, day, day + "~", json.dumps(_ACTS))
            work = store.rows(_WORK, name, day)
        return {
            "name": name,
            "day": day,
            "acts": {row[0]: row[1] for row in rows},
            "beads": sum(row[2] for row in rows),
            "seconds": sum(row["seconds"] for row in work),
            "pairs": [dict(row) for row in work],
        }

    def everybody(self) -> list[dict[str, Any]]:
        """All who ever worked on the project: acts and seconds in all, and when they did something last."""
        store = self._project.store
        with self._lock:
            seconds = Counter({row[0]: row[1] for row in store.rows("SELECT by, sum(seconds) FROM work GROUP BY by")})
            rows = store.rows(_EVERYBODY, json.dumps(_ACTS))
        return [{"name": row[0], "acts": row[1], "last": row[2], "seconds": seconds[row[0]]} for row in rows]
