"""The statements that lie on the desk: kept in memory while they are the newest, with what they were before the last acts."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from corpora import MuqabalaError
from corpora.order import in_order
from muqabala.project import shelf
from muqabala.project.ledger import Event, bead_name, touched
from muqabala.review.views import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from muqabala.project.ledger import PairState
    from muqabala.project.store import Store

_KEPT = 64  # statements
_BEFORE = 1_500_000  # beads in the earlier states of each, which share them
_FEWEST = 20  # earlier states of each at least


class Sheets:
    """Statements by pair.

    Args:
        store: of the project.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._sheets: dict[int, Sheet] = {}
        self._before: dict[int, dict[int, PairState]] = {}

    def get(self, pair: int) -> Sheet:
        """A statement as it is now. Raises MuqabalaError where it is not aligned."""
        known = self._sheets.get(pair)
        if known is None or known.state.event != shelf.last_event(self._store, pair):
            state = shelf.state(self._store, pair)
            if not state.source:
                raise MuqabalaError(f"pair {pair} is not aligned", hint="muqabala run does it")
            known = Sheet(state, shelf.side(self._store, state.source), shelf.side(self._store, state.target))
            self._sheets[pair] = known
        return known

    def after(self, before: Sheet, state: PairState) -> Sheet:
        """A statement in its new state; its sides are read again where they are others."""
        if (state.source, state.target) == (before.state.source, before.state.target):
            return replace(before, state=state)
        return Sheet(state, shelf.side(self._store, state.source), shelf.side(self._store, state.target))

    def keep(self, pair: int, sheet: Sheet, states: dict[int, PairState]) -> None:
        """Keep a statement, and by the numbers of events the states before them."""
        self._sheets.pop(pair, None)
        self._sheets[pair] = sheet
        before = self._before.setdefault(pair, {})
        before |= states
        most = max(_FEWEST, _BEFORE // max(len(sheet.state.beads), 1))
        while len(before) > most:
            del before[next(iter(before))]
        while len(self._sheets) > _KEPT:
            gone = next(iter(self._sheets))
            del self._sheets[gone]
            self._before.pop(gone, None)

    def without(self, pair: int, event: int, log: Sequence[Line]) -> PairState | None:
        """The state of a statement once an event counts no more, where it follows from what is known; else None: replay it.

        It follows where no other event that came to count or ceased to since is about the beads of this one: these are as they were
        before it, all others as they are.

        Args:
            pair: its number.
            event: the event that is to count no more.
            log: the statement's events.
        """
        then, now = self._before.get(pair, {}).get(event), self.get(pair).state
        if then is None or (then.source, then.target) != (now.source, now.target):
            return None
        after = counting([*log, Line(log[-1].id + 1, "", "undone", event)])
        earlier = set(counting([line for line in log if line.id < event]))
        others = earlier ^ {k for k in after if k < event} | {
            k for k in after if k > event
        }  # counting now and not then, or the other way
        events = self._events([event, *others])
        about = touched(meant(self._store, events[event]))
        ranges = [touched(events[k]) for k in others]
        if about is None or any(other is None or other & about for other in ranges):
            return None
        names = {bead_name(pair, number) for number in about}
        kept = [bead for bead in now.beads if bead.id not in names]
        return replace(now, beads=tuple(in_order([*kept, *(bead for bead in then.beads if bead.id in names)])))

    def _events(self, numbers: Iterable[int]) -> dict[int, Event]:
        rows = self._store.rows(
            "SELECT id, at, by, kind, data FROM event WHERE id IN (SELECT value FROM json_each(?))", json.dumps(sorted(numbers))
        )
        return {row["id"]: Event(row["id"], row["at"], row["by"], row["kind"], json.loads(row["data"])) for row in rows}


def meant(store: Store, event: Event) -> Event:
    """The event that is taken back, or done again, by an undoing; any other is itself."""
    while event.kind == "undone":
        row = store.row("SELECT id, at, by, kind, data FROM event WHERE id = ?", event.data["event"])
        if row is None:
            return replace(event, kind="")
        event = Event(row["id"], row["at"], row["by"], row["kind"], json.loads(row["data"]))
    return event


class Line:
    """An event without its data: number, person, kind, and of an undoing the event that it undoes."""

    __slots__ = ("by", "id", "kind", "undoes")

    def __init__(self, number: int, by: str, kind: str, undoes: int) -> None:
        self.id, self.by, self.kind, self.undoes = number, by, kind, undoes


def log_of(store: Store, pair: int) -> list[Line]:
    """The events of a pair in order."""
    rows = store.rows(
        "SELECT id, by, kind, CASE kind WHEN 'undone' THEN json_extract(data, '$.event') ELSE 0 END FROM event"
        " WHERE pair = ? ORDER BY id",
        pair,
    )
    return [Line(*row) for row in rows]


def undone(log: Sequence[Line]) -> set[int]:
    """The events that do not count any more; an undoing may itself be undone."""
    dead: set[int] = set()
    for line in reversed(log):
        if line.kind == "undone" and line.id not in dead:
            dead.add(line.undoes)
    return dead


def counting(log: Sequence[Line]) -> list[int]:
    """The events, without undoings, that count."""
    dead = undone(log)
    return [line.id for line in log if line.kind != "undone" and line.id not in dead]
