"""Who decided what, and how far people agree where several decided on the same bead."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from muqabala.project.project import Project

_MACHINE = "muqabala"
_STATUS = {"edited": "accepted", "realigned": "accepted"}  # whoever changes a bead accepts what comes of it


@dataclass(frozen=True, slots=True)
class Review:
    """What people did.

    Attributes:
        people: decisions of each, most first.
        twice: beads on which two or more people decided.
        agreement: share of pairs of decisions on the same bead that are the same; -1 where there is none.
        kappa: agreement beyond chance (Cohen 1960, over all pairs of decisions); -1 where there is none.
    """

    people: dict[str, int] = field(default_factory=dict)
    twice: int = 0
    agreement: float = -1.0
    kappa: float = -1.0


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
    pairs = [pair for said in last.values() for pair in combinations([said[by] for by in sorted(said)], 2)]
    if not pairs:
        return Review(dict(people.most_common()))
    same = sum(a == b for a, b in pairs) / len(pairs)
    shares = Counter(status for pair in pairs for status in pair)
    chance = sum((count / (2 * len(pairs))) ** 2 for count in shares.values())
    kappa = (same - chance) / (1 - chance) if chance < 1 else 1.0
    return Review(dict(people.most_common()), sum(len(said) > 1 for said in last.values()), round(same, 4), round(kappa, 4))
