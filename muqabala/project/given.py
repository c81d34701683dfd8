"""Files that hold both sides into a project: ready-made bitexts, aligned as they say, and documents in two languages."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from corpora import Bead, Bitext, BitextSide, Block, BlockKind, Metadata, Origin, ReadError, Segment, Statement
from corpora.imports import read_foreign, status_of
from corpora.languages import primary
from corpora.reading import read_document
from corpora.segmentation import segment
from muqabala.project import shelf
from muqabala.project.ledger import row_of
from muqabala.project.running import GIVEN, carried, numbered

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from corpora.imports import Foreign, Row
    from muqabala.project.project import Project

IN_ONE = "in one file"


@dataclass(frozen=True, slots=True)
class _Given:
    """One document of a file: both sides as statements with their segments, and the beads."""

    name: str
    statements: tuple[Statement, Statement]
    sides: tuple[BitextSide, BitextSide]
    beads: tuple[Bead, ...]


@dataclass(frozen=True, slots=True)
class File:
    """A file that is added.

    Attributes:
        path: where it is.
        name: that it asks for.
        data: what it holds.
        stamp: its size and time.
        licence: of it.
        by: who adds it.
        encoding: of it; detected where not given.
    """

    path: Path
    name: str
    data: bytes
    stamp: tuple[int, int]
    licence: str = ""
    by: str = ""
    encoding: str | None = None


def add_bilingual(project: Project, file: File) -> tuple[list[str], Sequence[str]]:
    """Bring a document that holds both languages of the project into it, as two; returns their names, and what is doubtful.

    Raises:
        ReadError: it cannot be read, or does not hold both.
    """
    ours = project.settings.source, project.settings.target
    read = [
        read_document(file.path, file.data, language=own, beside=other, encoding=file.encoding) for own, other in (ours, ours[::-1])
    ]
    statements = [replace(one, origin=replace(one.origin, path=file.name)) for one, _ in read]
    segments = [segment(statement) for statement in statements]
    if not all(segments):
        raise ReadError("there is no text in both languages in it", path=file.path, hint=f"the project is {ours[0]} and {ours[1]}")
    with project.store.change():
        _, _, names = _keep_both(project, file, "", list(zip(statements, segments, strict=True)), IN_ONE)
    return names, read[0][1]


def add_bitext(project: Project, file: File) -> list[str]:
    """Bring a file that holds both sides into the project, in one transaction; returns the names of its documents.

    Raises:
        ReadError: it cannot be read, or is of other languages.
    """
    ours = project.settings.source, project.settings.target
    foreign = read_foreign(file.path, file.data, source=ours[0], target=ours[1])
    swapped = tuple(map(primary, (foreign.target, foreign.source))) == tuple(map(primary, ours))
    if not swapped and any(
        code and primary(code) != primary(own) for code, own in zip((foreign.source, foreign.target), ours, strict=True)
    ):
        told = f"it is in '{foreign.source}' and '{foreign.target}'"
        raise ReadError(told, path=file.path, hint=f"the project is {ours[0]} and {ours[1]}")
    digest = hashlib.sha256(file.data).hexdigest()
    names = []
    with project.store.change():
        for document, rows in groupby(sorted(foreign.rows, key=lambda row: row.document), key=lambda row: row.document):
            given = _given(foreign, list(rows), document, ours, Origin(file.name, digest, "utf-8", foreign.kind), swapped=swapped)
            if given is not None:
                names += _keep(project, given, file)
    if not names:
        raise ReadError("there is no text in both languages in it", path=file.path, hint=f"the project is {ours[0]} and {ours[1]}")
    return names


def _given(
    foreign: Foreign, rows: Sequence[Row], name: str, languages: tuple[str, str], origin: Origin, *, swapped: bool
) -> _Given | None:
    texts = [[row.source for row in rows], [row.target for row in rows]]
    if swapped:
        texts.reverse()
    if not all(any(side) for side in texts):
        return None
    statements, sides, places = [], [], []
    for lines, language in zip(texts, languages, strict=True):
        text = ""
        segments: list[Segment] = []
        place: list[tuple[int, ...]] = []
        for line in lines:
            place.append((len(segments),) if line else ())
            if line:
                segments.append(Segment(line, len(text), len(text) + len(line)))
                text += line + "\n"
        blocks = tuple(Block(BlockKind.PARAGRAPH, part.start, part.end) for part in segments)
        statements.append(Statement(text, language, blocks, Metadata(title=name), origin))
        sides.append(BitextSide(language, tuple(segments), Metadata(title=name), origin))
        places.append(place)
    beads = [
        Bead(source, target, 0.0, 1.0, _status(foreign.kind, row), note=row.note or "")
        for row, source, target in zip(rows, *places, strict=True)
        if source or target
    ]
    return _Given(name, (statements[0], statements[1]), (sides[0], sides[1]), tuple(beads))


def _status(kind: str, row: Row) -> str:
    """What a file's state is worth at first sight: a decision where it says so itself."""
    if row.state is None or row.state in {"translated", ""}:
        return "machine"
    return status_of(kind, row.state) or "machine"


def _keep_both(
    project: Project, file: File, inner: str, parts: Sequence[tuple[Statement, Sequence[Segment]]], how: str
) -> tuple[int, list[int], list[str]]:
    """Write a document of the file, of this name within it: two documents with their statements, and the pair of these.

    Returns:
        the pair, the segmentations, the names of the two.
    """
    store, path = project.store, project.stored(file.path)
    numbers, segmentations, names = [], [], []
    for role, (statement, segments) in zip(("source", "target"), parts, strict=True):
        part = f"{role} {inner}".strip()
        own = "/".join(piece for piece in (file.name, inner) if piece) + f"#{statement.language}"
        known = store.row("SELECT id, name FROM document WHERE path = ? AND part = ?", path, part)
        if known is None:
            taken = store.value("SELECT count(*) FROM document WHERE name = ?", own)
            own = f"{own}-{store.value('SELECT max(id) FROM document') + 1}" if taken else own
            columns = "name, path, part, size, modified, licence"
            number = store.write(
                f"INSERT INTO document ({columns}) VALUES (?, ?, ?, ?, ?, ?)", own, path, part, *file.stamp, file.licence
            )
        else:
            number, own = known["id"], known["name"]
        read = shelf.add_statement(store, number, statement, ())
        segmentations.append(shelf.add_segmentation(store, read, segments, statement.language))
        store.write("UPDATE document SET statement = ?, size = ?, modified = ? WHERE id = ?", read, *file.stamp, number)
        shelf.record(project, "added", {"statement": read, "sha256": statement.origin.sha256}, by=file.by, document=number)
        numbers.append(number)
        names.append(own)
    pair = store.value("SELECT id FROM pair WHERE source = ? AND target = ?", *numbers)
    if pair is None:
        pair = store.write("INSERT INTO pair (source, target, active, how, confidence) VALUES (?, ?, 1, ?, 1.0)", *numbers, how)
        shelf.record(project, "paired", {"how": how, "confidence": 1.0}, by=file.by or "muqabala", pair=pair)
    return pair, segmentations, names


def _keep(project: Project, given: _Given, file: File) -> list[str]:
    """Write a document of a bitext: two documents with their statements, the pair, and its alignment."""
    store = project.store
    parts = [(statement, side.segments) for statement, side in zip(given.statements, given.sides, strict=True)]
    pair, segmentations, names = _keep_both(project, file, given.name, parts, GIVEN)
    before = shelf.state(store, pair)
    old = [shelf.side(store, k) for k in (before.source, before.target)] if before.source else []
    kept, _ = carried(before, old, given.sides)
    bitext = Bitext(*given.sides, given.beads, f"given {file.path.suffix.lstrip('.')}")
    fresh = {(bead.source, bead.target): bead for bead in given.beads}
    beads = [
        replace(bead, confidence=1.0, status=fresh[bead.source, bead.target].status if bead.status == "machine" else bead.status)
        for bead in numbered(pair, bitext, before, kept, (set(), set()))
    ]
    data = {"source": segmentations[0], "target": segmentations[1], "signature": bitext.signature, "belief": -1.0}
    shelf.decide(project, pair, "aligned", data | {"beads": [row_of(bead) for bead in beads]}, by=file.by or "muqabala")
    return names
