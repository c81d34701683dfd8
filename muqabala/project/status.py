"""How a project stands, in numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpora.page import DOUBTFUL
from muqabala.project import shelf

if TYPE_CHECKING:
    from muqabala.project.project import Project

_UNBELIEVED = 0.5


@dataclass(frozen=True, slots=True)
class Status:
    """How a project stands.

    Attributes:
        documents: how many there are of each language.
        alone: names of documents without partner.
        pairs, aligned: pairs in all, and those that have beads.
        problems: names of pairs that could not be aligned, and why.
        unbelieved: names of pairs that do not look like translations of each other.
        doubts: documents whose reading is doubtful, and why.
        beads: how many there are of each status.
        doubtful: beads that nobody looked at and the machine doubts.
        findings: how many there are of each severity.
    """

    documents: dict[str, int] = field(default_factory=dict)
    alone: tuple[str, ...] = ()
    pairs: int = 0
    aligned: int = 0
    problems: dict[str, str] = field(default_factory=dict)
    unbelieved: tuple[str, ...] = ()
    doubts: dict[str, list[str]] = field(default_factory=dict)
    beads: dict[str, int] = field(default_factory=dict)
    doubtful: int = 0
    findings: dict[str, int] = field(default_factory=dict)


def status_of(project: Project) -> Status:
    """The numbers of now."""
    import json

    store = project.store
    known = shelf.documents(store)
    pairs = shelf.pairs(store)
    taken = {document.id for pair in pairs for document in (pair.source, pair.target)}
    active = "FROM bead b JOIN pair p ON p.id = b.pair AND p.active = 1"
    counts = {row[0]: row[1] for row in store.rows(f"SELECT b.status, count(*) {active} GROUP BY b.status ORDER BY b.status")}
    doubtful = store.value(f"SELECT count(*) {active} WHERE b.confidence < ? AND b.status = 'machine'", DOUBTFUL)
    findings = store.rows(
        "SELECT f.severity, count(*) FROM finding f JOIN pair p ON p.id = f.pair AND p.active = 1"
        " GROUP BY f.severity ORDER BY f.severity"
    )
    doubts = store.rows(
        "SELECT d.name, s.doubts FROM document d JOIN statement s ON s.id = d.statement WHERE s.doubts != '[]' ORDER BY 1"
    )
    languages = sorted({document.language for document in known})
    return Status(
        {language: sum(document.language == language for document in known) for language in languages},
        tuple(document.name for document in known if document.id not in taken),
        len(pairs),
        sum(pair.source_segmentation > 0 for pair in pairs),
        {pair.source.name: pair.problem for pair in pairs if pair.problem},
        tuple(pair.source.name for pair in pairs if 0 <= pair.belief < _UNBELIEVED),
        {row["name"]: json.loads(row["doubts"]) for row in doubts},
        counts,
        doubtful,
        {row[0]: row[1] for row in findings},
    )
