"""A corpus that was changed in another tool comes back: three ways, base, ours and theirs; nothing is overwritten silently.

The base is the project as it was when the file was made: the file says at which event that was, and the ledger is replayed up to
it. What only they changed is taken; what only we changed stays; what both changed otherwise is a conflict and is listed. Where a
file has lost its number there is no base: theirs is taken only for beads that nobody has touched here, the rest are conflicts.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corpora import MuqabalaError
from corpora.characters import fold_line
from corpora.imports import read_foreign, state_of, status_of
from corpora.reading import read_bytes
from muqabala.project import shelf
from muqabala.project.ledger import bead_number, replayed

if TYPE_CHECKING:
    from pathlib import Path

    from corpora import Bead, BitextSide
    from corpora.imports import Foreign, Row
    from muqabala.project.ledger import PairState
    from muqabala.project.project import Project


@dataclass(frozen=True, slots=True)
class Conflict:
    """What both sides changed, or what cannot be taken: the bead, which field, and the three values."""

    bead: str
    field: str
    base: str
    ours: str
    theirs: str
    reason: str = "changed here, too"


@dataclass(frozen=True, slots=True)
class Returned:
    """What came back.

    Attributes:
        rows: rows of the file.
        texts, statuses, notes: names of the beads whose text, status or note was taken.
        unknown: rows that name no bead of this project, by their names or places.
        conflicts: what was not taken.
        had_base: the file said which state of the project it was made of.
    """

    rows: int = 0
    texts: list[str] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    had_base: bool = True


def import_file(project: Project, path: Path, *, by: str, try_only: bool = False) -> Returned:
    """Take the changes of a file into the project, in one transaction.

    Args:
        project: the project.
        path: PO, XLIFF, TMX, TSV, CSV, XLSX or JSON lines that the project was exported as.
        by: who made the changes.
        try_only: tell what would be taken, and take nothing.

    Raises:
        ReadError: the file cannot be read.
        MuqabalaError: it does not come from this project.
    """
    data = read_bytes(path)
    foreign = read_foreign(path, data, source=project.settings.source, target=project.settings.target)
    last = project.store.value("SELECT coalesce(max(id), 0) FROM event")
    if foreign.state > last:
        raise MuqabalaError("it was made of a later state of the project, or of another one", path=path)
    out = Returned(rows=len(foreign.rows), had_base=bool(foreign.state))
    by_pair: dict[int, list[Row]] = {}
    for row in foreign.rows:
        try:
            by_pair.setdefault(bead_number(row.id)[0], []).append(row)
        except MuqabalaError:
            out.unknown.append(row.id or f"row {row.place}")
    if not by_pair:
        raise MuqabalaError(
            "no row of it names a bead", path=path, hint="muqabala add brings in a bitext that is not from a project"
        )
    with project.store.change():
        for pair, rows in by_pair.items():
            _merge(project, pair, rows, foreign, out, by, try_only=try_only)
        if (out.texts or out.statuses or out.notes) and not try_only:
            digest = hashlib.sha256(data).hexdigest()
            shelf.record(project, "imported", {"file": path.name, "sha256": digest, "state": foreign.state}, by=by)
    return out


def _merge(project: Project, pair: int, rows: list[Row], foreign: Foreign, out: Returned, by: str, *, try_only: bool) -> None:
    store = project.store
    if store.value("SELECT active FROM pair WHERE id = ?", pair) is None:
        out.unknown.extend(row.id for row in rows)
        return
    now = shelf.state(store, pair)
    events = shelf.events(store, pair)
    then = replayed(pair, [event for event in events if event.id <= foreign.state]) if foreign.state else None
    sides = {
        state: _sides(project, state)
        for state in {(now.source, now.target), (then.source, then.target) if then else (0, 0)}
        if state[0]
    }
    changes: list[tuple[str, dict[str, Any]]] = []
    current = {bead.id: bead for bead in now.beads}
    base = {bead.id: bead for bead in then.beads} if then else {}
    for row in rows:
        ours = current.get(row.id)
        if ours is None:
            old = base.get(row.id)
            if old is None:
                out.unknown.append(row.id)
            elif _texts(old, sides, then) != (fold_line(row.source), fold_line(row.target)):
                before = " | ".join(_texts(old, sides, then))
                out.conflicts.append(Conflict(row.id, "bead", before, "", f"{row.source} | {row.target}", "aligned anew here"))
            continue
        changes += _row_changes(row, base.get(row.id), ours, sides, then, now, foreign, out)
    if not try_only:
        for kind, data in changes:
            shelf.decide(project, pair, kind, data, by=by)


def _sides(project: Project, state: tuple[int, int]) -> tuple[BitextSide, BitextSide]:
    return shelf.side(project.store, state[0]), shelf.side(project.store, state[1])


def _texts(bead: Bead, sides: dict[tuple[int, int], tuple[BitextSide, BitextSide]], state: PairState | None) -> tuple[str, str]:
    if state is None or not state.source:
        return "", ""
    source, target = sides[state.source, state.target]
    edited = bead.edited
    return (
        source.text(bead.source) if edited[0] is None else edited[0],
        target.text(bead.target) if edited[1] is None else edited[1],
    )


def _row_changes(
    row: Row,
    base: Bead | None,
    ours: Bead,
    sides: dict[tuple[int, int], tuple[BitextSide, BitextSide]],
    then: PairState | None,
    now: PairState,
    foreign: Foreign,
    out: Returned,
) -> list[tuple[str, dict[str, Any]]]:
    """The events that a row means, and its conflicts."""
    number = bead_number(ours.id)[1]
    here = _texts(ours, sides, now)
    before = _texts(base, sides, then) if base else None
    untouched = ours.status == "machine" and not ours.note
    out_events: list[tuple[str, dict[str, Any]]] = []
    new = list(ours.edited)
    for at, (name, theirs) in enumerate((("source", fold_line(row.source)), ("target", fold_line(row.target)))):
        if not theirs and here[at]:
            continue  # a format that leaves a side out, or an emptied cell: never an edit
        outcome = _three_ways(before[at] if before else None, here[at], theirs, untouched=untouched)
        if outcome == "take":
            new[at] = theirs if theirs != sides[now.source, now.target][at].text((ours.source, ours.target)[at]) else None
        elif outcome == "conflict":
            out.conflicts.append(Conflict(ours.id, name, before[at] if before else "", here[at], theirs))
    if tuple(new) != ours.edited:
        out.texts.append(ours.id)
        out_events.append(("edited", {"bead": number, "source": new[0], "target": new[1]}))
    decision = _decision(row, base, ours, foreign.kind, out, untouched=untouched)
    if decision:
        out.statuses.append(ours.id)
        out_events.append(("decided", {"beads": [number], "status": decision}))
    if row.note is not None:
        outcome = _three_ways(base.note if base else None, ours.note, fold_line(row.note), untouched=untouched)
        if outcome == "take":
            out.notes.append(ours.id)
            out_events.append(("commented", {"bead": number, "text": fold_line(row.note)}))
        elif outcome == "conflict":
            out.conflicts.append(Conflict(ours.id, "note", base.note if base else "", ours.note, row.note))
    return out_events


def _three_ways(base: str | None, ours: str, theirs: str, *, untouched: bool) -> str:
    """`take`, `keep` or `conflict`. Without a base, theirs is taken where nobody has touched the bead here."""
    if theirs in {ours, base}:
        return "keep"
    if base is None:
        return "take" if untouched else "conflict"
    return "take" if ours == base else "conflict"


def _decision(row: Row, base: Bead | None, ours: Bead, kind: str, out: Returned, *, untouched: bool) -> str | None:
    """The status that a row's state means, where it says another one than it was given."""
    if not row.state:
        return None
    given = state_of(kind, base.status) if base else None
    here = state_of(kind, ours.status)
    if row.state in {given, here}:
        return None
    wanted = status_of(kind, row.state)
    if wanted is None:
        out.conflicts.append(Conflict(ours.id, "status", given or "", here or "", row.state, "is no decision"))
        return None
    if given is None and wanted == "machine":
        return None  # no decision, and nothing says that there was one
    if (given is None and not untouched) or (given is not None and here != given):
        out.conflicts.append(Conflict(ours.id, "status", given or "", here or "", row.state))
        return None
    return wanted
