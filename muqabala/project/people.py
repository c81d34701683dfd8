"""Who decided what, and how far people agree where several decided on the same bead."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from muqabala.project.agreement import Agreement, agreement
from muqabala.project.blind import agreement_of

if TYPE_CHECKING:
    from muqabala.project.project import Project

_MACHINE = "muqabala"
_STATUS = {"edited": "accepted", "realigned": "accepted"}  # whoever changes a bead accepts what comes of it


@dataclass(frozen=True, slots=True)
class Review:
    """What people did.

    Attributes:
        people: decisions of each, most first.
        decided: how far they agree on the beads that several decided on, each perhaps seeing what others did.
        blind: how far they agree on the beads that several judged without seeing it.
    """

    people: dict[str, int] = field(default_factory=dict)
    decided: Agreement = field(default_factory=Agreement)
    blind: Agreement = field(default_factory=Agreement)


def review_of(project: Project) -> Review:
    """Count the decisions that stand."""
    undone = {json.loads(row["data"])["event"] for row in project.store.rows("SELECT data FROM event WHERE kind = 'undone'")}
    people: Counter[str] = Counter()
    last: dict[tuple[int, int], dict[str, str]] = {}
    rows = project.store.each(
        "SELECT id, by, kind, pair, data FROM event WHERE kind IN ('decided', 'edited', 'realigned', 'waived') ORDER BY id"
    )
    for row in rows:
        by = row["by"] or "unnamed"
        if row["id"] in undone or by == _MACHINE:
            continue
        data = json.loads(row["data"])
        numbers = data.get("beads") or [new["number"] for new in data.get("new", ())] or [data.get("bead", 0)]
        people[by] += len(numbers)
        if row["kind"] != "waived":
            for number in numbers:
                last.setdefault((row["pair"], number), {})[by] = _STATUS.get(row["kind"], data.get("status", ""))
    return Review(dict(people.most_common()), agreement(last.values()), agreement_of(project))
