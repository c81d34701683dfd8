"""What the database holds, as our nouns: documents, statements, segments, pairs, events, beads, findings."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from corpora import (
    Bead,
    Bitext,
    BitextSide,
    Block,
    BlockKind,
    Finding,
    Metadata,
    MuqabalaError,
    Origin,
    Segment,
    Severity,
    Statement,
)
from corpora.order import in_order
from muqabala.project.ledger import Event, PairState, applied, bead_name, bead_number, doubts_from, replayed
from muqabala.project.store import dump

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from muqabala.project.project import Project
    from muqabala.project.store import Store


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was added.

    Attributes:
        id, name: its number and its name in the project.
        path: where its file was, as the database holds it.
        part: of a file that holds both sides, the side and the document's name in it.
        statement: id of what was read from it last.
        language, sha256: of that.
    """

    id: int
    name: str
    path: str
    part: str
    statement: int
    language: str
    sha256: str
    size: int
    modified: int
    licence: str


@dataclass(frozen=True, slots=True)
class Pairing:
    """Two documents that belong together.

    Attributes:
        how, confidence: what said so, and how sure.
        source_segmentation, target_segmentation: of its alignment, 0 before there is one.
        problem: why it could not be aligned.
    """

    id: int
    source: Document
    target: Document
    how: str
    confidence: float
    source_segmentation: int
    target_segmentation: int
    signature: str
    belief: float
    checked: str
    problem: str
    last: int


_COLUMNS = ("id", "name", "path", "part", "statement", "language", "sha256", "size", "modified", "licence")
_DOCUMENT = "SELECT d.*, s.language, s.sha256 FROM document d JOIN statement s ON s.id = d.statement"
_PAIR = (
    "SELECT p.*, "
    + ", ".join(f"{side}.{name} AS {side}_{name}" for side in ("ours", "theirs") for name in _COLUMNS)
    + f" FROM pair p JOIN ({_DOCUMENT}) ours ON ours.id = p.source JOIN ({_DOCUMENT}) theirs ON theirs.id = p.target"
)


def documents(store: Store) -> list[Document]:
    """All documents, in the order they came."""
    return [Document(*(row[name] for name in _COLUMNS)) for row in store.rows(f"{_DOCUMENT} ORDER BY d.id")]


def pairs(store: Store, *, where: str = "p.active = 1", values: Sequence[Any] = ()) -> list[Pairing]:
    """The pairs of a condition (on `p`), in the order they were made."""
    return [_pairing(row) for row in store.rows(f"{_PAIR} WHERE {where} ORDER BY p.id", *values)]


def pairing(store: Store, pair: int) -> Pairing:
    """One pair. Raises MuqabalaError."""
    found = pairs(store, where="p.active = 1 AND p.id = ?", values=(pair,))
    if not found:
        raise MuqabalaError(f"there is no pair {pair}")
    return found[0]


def _pairing(row: sqlite3.Row) -> Pairing:
    ends = [Document(*(row[f"{side}_{name}"] for name in _COLUMNS)) for side in ("ours", "theirs")]
    return Pairing(
        row["id"],
        ends[0],
        ends[1],
        row["how"],
        row["confidence"],
        row["source_segmentation"] or 0,
        row["target_segmentation"] or 0,
        row["signature"],
        row["belief"],
        row["checked"],
        row["problem"],
        row["last_number"],
    )


def add_statement(store: Store, document: int, statement: Statement, doubts: Sequence[str]) -> int:
    """Keep what was read from a document; returns its id."""
    blocks = [[block.kind.value, block.start, block.end] for block in statement.blocks]
    return store.write(
        "INSERT INTO statement (document, language, sha256, text, blocks, cues, metadata, origin, doubts)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        document,
        statement.language,
        statement.origin.sha256,
        statement.text,
        dump(blocks),
        dump(statement.cues),
        dump(asdict(statement.metadata)),
        dump(asdict(statement.origin)),
        dump(list(doubts)),
    )


def statement(store: Store, number: int) -> Statement:
    """A statement as it was read."""
    row = store.row("SELECT * FROM statement WHERE id = ?", number)
    if row is None:
        raise MuqabalaError(f"there is no statement {number}")
    blocks = tuple(Block(BlockKind(kind), start, end) for kind, start, end in json.loads(row["blocks"]))
    cues = tuple((a, b, low, high) for a, b, low, high in json.loads(row["cues"]))
    return Statement(row["text"], row["language"], blocks, *_front(row), cues)


def _front(row: sqlite3.Row) -> tuple[Metadata, Origin]:
    told = json.loads(row["metadata"])
    return Metadata(**told | {"issuer": tuple(told["issuer"])}), Origin(**json.loads(row["origin"]))


def add_segmentation(store: Store, statement: int, segments: Sequence[Segment], language: str) -> int:
    """Keep the segments of a statement with their words; returns the segmentation's id, the known one where it is the same."""
    from muqabala.project.words import word_keys

    spans = [  # those that nobody split keep the digest that older versions gave them
        [part.start, part.end, part.kind.value, part.cut, part.text, *([part.begins] if part.begins < 1 else ())]
        for part in segments
    ]
    digest = hashlib.sha256(dump(spans).encode()).hexdigest()[:16]
    known = store.value("SELECT id FROM segmentation WHERE statement = ? AND digest = ?", statement, digest)
    if known:
        return int(known)
    made = store.write("INSERT INTO segmentation (statement, digest) VALUES (?, ?)", statement, digest)
    first = (store.value("SELECT max(id) FROM segment") or 0) + 1
    store.write_many(
        "INSERT INTO segment (id, segmentation, number, start, stop, kind, cut, begins, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(first + k, made, k, s.start, s.end, s.kind.value, int(s.cut), s.begins, s.text) for k, s in enumerate(segments)],
    )
    store.write_many(
        "INSERT INTO word (rowid, keys) VALUES (?, ?)",
        [(first + k, word_keys(part.text, language)) for k, part in enumerate(segments)],
    )
    return made


def segments(store: Store, segmentation: int) -> tuple[Segment, ...]:
    """The segments of a segmentation, in order."""
    kept = store.rows(
        "SELECT text, start, stop, kind, cut, begins FROM segment WHERE segmentation = ? ORDER BY number", segmentation
    )
    return tuple(Segment(text, start, end, BlockKind(kind), bool(cut), begins) for text, start, end, kind, cut, begins in kept)


def side(store: Store, segmentation: int) -> BitextSide:
    """One side of a bitext: the segments of a segmentation and what its statement says of itself."""
    row = store.row(
        "SELECT s.language, s.metadata, s.origin FROM segmentation g JOIN statement s ON s.id = g.statement WHERE g.id = ?",
        segmentation,
    )
    if row is None:
        raise MuqabalaError(f"there is no segmentation {segmentation}")
    return BitextSide(row["language"], segments(store, segmentation), *_front(row))


def last_segmentation(store: Store, statement: int) -> int:
    """The first segmentation of a statement: the one that no translation changed."""
    return int(store.value("SELECT min(id) FROM segmentation WHERE statement = ?", statement) or 0)


def record(project: Project, kind: str, data: Any, *, by: str, document: int | None = None, pair: int | None = None) -> int:
    """Write an event; returns its id."""
    return project.store.write(
        "INSERT INTO event (at, by, kind, document, pair, data) VALUES (?, ?, ?, ?, ?, ?)",
        project.now(),
        by,
        kind,
        document,
        pair,
        dump(data),
    )


def events(store: Store, pair: int, *, after: int = 0) -> list[Event]:
    """The events of a pair behind a given one, in order."""
    rows = store.rows("SELECT id, at, by, kind, data FROM event WHERE pair = ? AND id > ? ORDER BY id", pair, after)
    return [Event(row["id"], row["at"], row["by"], row["kind"], json.loads(row["data"])) for row in rows]


def state(store: Store, pair: int) -> PairState:
    """What the events of a pair amount to, from the tables."""
    row = store.row("SELECT * FROM pair WHERE id = ?", pair)
    if row is None:
        raise MuqabalaError(f"there is no pair {pair}")
    return PairState(
        row["source_segmentation"] or 0,
        row["target_segmentation"] or 0,
        row["signature"],
        row["belief"],
        tuple(beads(store, pair)),
        row["last_number"],
        last_event(store, pair),
    )


def beads(store: Store, pair: int) -> list[Bead]:
    """The beads of a pair, in reading order, without findings."""
    return in_order([
        Bead(
            tuple(json.loads(row["source"])),
            tuple(json.loads(row["target"])),
            row["score"],
            row["confidence"],
            row["status"],
            doubts=doubts_from(json.loads(row["doubts"])),
            id=bead_name(pair, row["number"]),
            edited=(row["edited_source"], row["edited_target"]),
            note=row["note"],
        )
        for row in store.rows("SELECT * FROM bead WHERE pair = ? ORDER BY number", pair)
    ])  # fmt: skip


def last_event(store: Store, pair: int) -> int:
    """The id of a pair's last event, 0 where there is none."""
    return int(store.value("SELECT coalesce(max(id), 0) FROM event WHERE pair = ?", pair))


def decide(
    project: Project,
    pair: int,
    kind: str,
    data: Mapping[str, Any],
    *,
    by: str,
    known: PairState | None = None,
    result: PairState | None = None,
) -> PairState:
    """Write an event about a pair and what follows from it, in one transaction; returns the new state.

    Args:
        project: the project.
        pair: its number.
        kind: of the event, see `ledger`.
        data: what it says.
        by: who says it.
        known: the state before, where the caller has it; it is used while it is the newest one.
        result: what the beads are after the event, where the caller knows it.

    Raises:
        MuqabalaError: the event does not fit the state; nothing is written then.
    """
    with project.store.change():
        fresh = known is not None and known.event == last_event(project.store, pair)
        before = known if known is not None and fresh else state(project.store, pair)
        number = record(project, kind, data, by=by, pair=pair)
        if result is not None:
            after = replace(result, last=before.last, event=number)
        elif kind == "undone":
            after = replayed(pair, events(project.store, pair))
        else:
            after = applied(pair, before, Event(number, "", by, kind, data))
        keep_state(project.store, pair, before, after)
    return after


def keep_state(store: Store, pair: int, before: PairState, after: PairState) -> None:
    """The tables as the events say: what changed is written, findings of beads that are no more are left out."""
    old = {bead.id: bead for bead in before.beads}
    changed = [bead for bead in after.beads if (known := old.get(bead.id)) is not bead and known != bead]
    gone = [(pair, bead_number(name)[1]) for name in old.keys() - {bead.id for bead in after.beads}]
    store.write(
        "UPDATE pair SET source_segmentation = ?, target_segmentation = ?, signature = ?, belief = ?, last_number = ?, checked = ''"
        " WHERE id = ?",
        after.source or None,
        after.target or None,
        after.signature,
        after.belief,
        after.last,
        pair,
    )
    store.write_many("DELETE FROM bead WHERE pair = ? AND number = ?", gone)
    store.write_many("DELETE FROM finding WHERE pair = ? AND bead = ?", gone)
    store.write_many(
        "INSERT OR REPLACE INTO bead VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                pair,
                bead_number(bead.id)[1],
                dump(bead.source),
                dump(bead.target),
                bead.score,
                bead.confidence,
                bead.status,
                dump([[d.code, d.value, list(d.source), list(d.target)] for d in bead.doubts]),
                *bead.edited,
                bead.note,
            )
            for bead in changed
        ],
    )


def keep_findings(
    store: Store, pair: int, beads: Iterable[Bead], checked: str, renderings: Mapping[str, Mapping[str, int]]
) -> None:
    """The findings of a pair's beads, what checked them, and how the pair renders concepts."""
    store.write("DELETE FROM rendering WHERE pair = ?", pair)
    store.write_many(
        "INSERT INTO rendering VALUES (?, ?, ?, ?)",
        [(pair, concept, term, count) for concept, terms in renderings.items() for term, count in terms.items()],
    )
    store.write("DELETE FROM finding WHERE pair = ?", pair)
    store.write_many("INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?)", _finding_rows(pair, beads))
    store.write("UPDATE pair SET checked = ? WHERE id = ?", checked, pair)


def findings(store: Store, pair: int, numbers: Sequence[int] | None = None) -> dict[str, list[Finding]]:
    """The findings of a pair's beads, all of them or those of some numbers, by their names."""
    found: dict[str, list[Finding]] = {}
    some = "" if numbers is None else " AND bead IN (SELECT value FROM json_each(?))"
    for row in store.rows(f"SELECT * FROM finding WHERE pair = ?{some} ORDER BY rowid", pair, *([dump(numbers)] if some else [])):
        source, target, expected, text = json.loads(row["data"])
        ours, theirs = (tuple((int(a), int(b)) for a, b in spans) for spans in (source, target))
        finding = Finding(row["code"], Severity(row["severity"]), ours, theirs, row["concept"], tuple(expected), text)
        found.setdefault(bead_name(pair, row["bead"]), []).append(finding)
    return found


def replace_findings(store: Store, pair: int, beads: Sequence[Bead]) -> None:
    """The findings of some beads of a pair, in place of those they had."""
    store.write_many("DELETE FROM finding WHERE pair = ? AND bead = ?", [(pair, bead_number(bead.id)[1]) for bead in beads])
    store.write_many("INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?)", _finding_rows(pair, beads))


def _finding_rows(pair: int, beads: Iterable[Bead]) -> list[tuple[Any, ...]]:
    return [
        (pair, bead_number(bead.id)[1], f.code, f.severity.value, f.concept, dump([f.source, f.target, f.expected, f.found]))
        for bead in beads
        for f in bead.findings
    ]


def bitext(store: Store, pair: Pairing) -> Bitext:
    """The bitext of a pair as it stands now. Raises MuqabalaError where it is not aligned."""
    if not pair.source_segmentation:
        raise MuqabalaError(f"pair {pair.id} is not aligned yet", hint="muqabala run does it")
    found = findings(store, pair.id)
    sides = side(store, pair.source_segmentation), side(store, pair.target_segmentation)
    now = tuple(replace(bead, findings=tuple(found.get(bead.id, ()))) for bead in beads(store, pair.id))
    return Bitext(*sides, now, pair.signature, pair.belief, pair.source.name)


def bitexts(store: Store) -> Iterator[Bitext]:
    """The bitexts of all aligned pairs, one at a time, in the order of their sources' names."""
    for pair in sorted(pairs(store, where="p.active = 1 AND p.source_segmentation IS NOT NULL"), key=lambda p: p.source.name):
        yield bitext(store, pair)
