"""What a person decides about beads: each decision an event, undone by another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpora import MuqabalaError
from corpora.characters import fold_line
from muqabala.project import shelf
from muqabala.project.ledger import DECIDED, bead_number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from muqabala.project.project import Project

_UNDONE = ("decided", "edited", "realigned", "commented", "waived", "undone")


def decide(project: Project, beads: Iterable[str], status: str, *, note: str = "", by: str) -> None:
    """Give beads a status, and a note where there is one; all of them or none.

    Raises:
        MuqabalaError: no such bead or status.
    """
    if status not in DECIDED:
        raise MuqabalaError(f"'{status}' is no decision", hint=f"one of {', '.join(DECIDED)}")
    by_pair: dict[int, list[int]] = {}
    for name in beads:
        pair, number = bead_number(name)
        by_pair.setdefault(pair, []).append(number)
    with project.store.change():
        for pair, numbers in by_pair.items():
            shelf.pairing(project.store, pair)
            shelf.decide(project, pair, "decided", {"beads": numbers, "status": status}, by=by)
            for number in numbers if note else ():
                shelf.decide(project, pair, "commented", {"bead": number, "text": fold_line(note)}, by=by)


def undo(project: Project, pair: int, event: int, *, by: str) -> None:
    """Let an event count no more.

    Raises:
        MuqabalaError: it is no decision on this pair, or later ones need it.
    """
    known = next((e for e in shelf.events(project.store, pair) if e.id == event), None)
    if known is None or known.kind not in _UNDONE:
        raise MuqabalaError(f"event {event} is no decision on pair {pair}")
    try:
        shelf.decide(project, pair, "undone", {"event": event}, by=by)
    except MuqabalaError as error:
        raise MuqabalaError(f"event {event} cannot be undone alone: {error.reason}", hint="undo the later ones first") from None
