"""How a project stands, and its statements with their progress and risk: what the first page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpora.languages import direction
from corpora.page import DOUBTFUL
from muqabala.project import shelf
from muqabala.project.status import status_of

if TYPE_CHECKING:
    from muqabala.project.project import Project

_COUNTS = (
    "SELECT pair, count(*) AS beads, sum(status != 'machine') AS decided,"
    " sum(status = 'machine' AND confidence < ?) AS doubtful,"
    " sum(CASE WHEN status = 'machine' THEN 1 - confidence ELSE 0 END) AS risk,"
    " sum(status = 'needs review') AS open FROM bead GROUP BY pair"
)
_ERRORS = "SELECT pair, count(*) FROM finding WHERE severity = 'error' GROUP BY pair"


def overview(project: Project) -> dict[str, Any]:
    """The statements of a project, its documents without partner, its languages."""
    store = project.store
    counts = {row["pair"]: row for row in store.rows(_COUNTS, DOUBTFUL)}
    errors: dict[int, int] = {row[0]: row[1] for row in store.rows(_ERRORS)}
    pairs = []
    for pair in shelf.pairs(store):
        own = counts.get(pair.id)
        row: dict[str, Any] = {name: (own[name] if own else 0) for name in ("beads", "decided", "doubtful", "open")}
        row |= {"pair": pair.id, "source": pair.source.name, "target": pair.target.name, "belief": pair.belief}
        row |= {"risk": round(own["risk"], 2) if own else 0.0, "errors": errors.get(pair.id, 0), "problem": pair.problem}
        pairs.append(row)
    now = status_of(project)
    languages = {
        side: {"code": code, "dir": direction(code)}
        for side, code in (("source", project.settings.source), ("target", project.settings.target))
    }
    return {"languages": languages, "pairs": pairs, "documents": now.documents, "alone": list(now.alone), "beads": now.beads}
