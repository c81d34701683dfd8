"""Blind double review: several people judge the same random beads, none seeing what the others say; a lead settles what differs.

The events are `sampled` (who judges which beads), `judged` and `adjudicated`. Of one person and bead the last judgement counts.
These belong to no pair and change no bead; what a lead settles does, by a `decided` of its own.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corpora import MuqabalaError
from muqabala.project import shelf
from muqabala.project.agreement import Agreement, agreement, interval
from muqabala.project.ledger import bead_name, bead_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from muqabala.project.project import Project

VERDICTS = {"right": "accepted", "wrong": "rejected", "unsure": "needs review"}
"""What may be said of a bead, and the decision that a lead's word amounts to."""


@dataclass
class Sample:
    """A sample and what was said of it.

    Attributes:
        id: the number of its event.
        beads: names, in the order they are judged.
        reviewers: who judges them.
        said: of each bead, by reviewer, verdict and note.
        settled: of beads, the lead's verdict.
    """

    id: int
    beads: tuple[str, ...]
    reviewers: tuple[str, ...]
    said: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)
    settled: dict[str, str] = field(default_factory=dict)

    def left(self, reviewer: str) -> list[str]:
        """The beads that a reviewer has still to judge."""
        return [bead for bead in self.beads if reviewer not in self.said.get(bead, {})]

    @property
    def is_judged(self) -> bool:
        """Whether all reviewers have judged all beads."""
        return not any(self.left(reviewer) for reviewer in self.reviewers)

    @property
    def differing(self) -> list[str]:
        """The beads on which those who judged them do not agree."""
        return [bead for bead in self.beads if len({verdict for verdict, _ in self.said.get(bead, {}).values()}) > 1]

    def verdict(self, bead: str) -> str:
        """What holds of a bead: the lead's word, or what all reviewers said; empty where neither is there."""
        if bead in self.settled:
            return self.settled[bead]
        said = self.said.get(bead, {})
        verdicts = {verdict for verdict, _ in said.values()}
        return verdicts.pop() if len(verdicts) == 1 and set(self.reviewers) <= said.keys() else ""

    @property
    def right(self) -> tuple[int, int, float, float]:
        """Beads that are right, beads of which it is known, and within what the share of right ones in the project lies (95 %)."""
        known = [verdict for bead in self.beads if (verdict := self.verdict(bead)) in {"right", "wrong"}]
        right = known.count("right")
        return right, len(known), *interval(right, len(known))


def draw(project: Project, count: int, reviewers: Sequence[str], *, by: str, seed: int | None = None) -> Sample:
    """Draw beads for a new sample; it takes the place of the last one.

    Args:
        project: the project.
        count: of beads; fewer where the project has fewer.
        reviewers: two or more names.
        by: who asks for it.
        seed: of the draw; by the clock where not given.

    Raises:
        MuqabalaError: not two names, or there is no bead.
    """
    names = list(dict.fromkeys(name.strip() for name in reviewers if name.strip()))
    if len(names) < 2:
        raise MuqabalaError("a blind review needs two reviewers or more")
    rows = project.store.rows("SELECT b.pair, b.number FROM bead b JOIN pair p ON p.id = b.pair AND p.active = 1 ORDER BY 1, 2")
    if not rows:
        raise MuqabalaError("there are no beads to judge", hint="muqabala run makes them")
    chosen = random.Random(seed).sample(rows, min(count, len(rows)))  # noqa: S311  a sample, no secret
    beads = [bead_name(pair, number) for pair, number in chosen]
    number = shelf.record(project, "sampled", {"beads": beads, "reviewers": names}, by=by)
    return Sample(number, tuple(beads), tuple(names))


def judge(project: Project, bead: str, verdict: str, *, by: str, note: str = "") -> Sample:
    """Say what a bead of the sample is; the last word of a person counts.

    Raises:
        MuqabalaError: no sample, no bead of it, not one of its reviewers, or no verdict.
    """
    sample = _present(project, bead, verdict)
    if by not in sample.reviewers:
        raise MuqabalaError("you are not one of those who judge this sample")
    shelf.record(project, "judged", {"sample": sample.id, "bead": bead, "verdict": verdict, "note": note}, by=by)
    return _read(project, sample.id)


def settle(project: Project, bead: str, verdict: str, *, by: str, note: str = "") -> Sample:
    """A lead says what a bead is on which the reviewers differ; a bead that is still there gets the decision.

    Raises:
        MuqabalaError: no sample, no bead of it, no verdict, or not all have judged it.
    """
    sample = _present(project, bead, verdict)
    if not set(sample.reviewers) <= sample.said.get(bead, {}).keys():
        raise MuqabalaError("not all have judged it yet")
    pair, number = bead_number(bead)
    with project.store.change():
        shelf.record(project, "adjudicated", {"sample": sample.id, "bead": bead, "verdict": verdict, "note": note}, by=by)
        if project.store.value("SELECT count(*) FROM bead WHERE pair = ? AND number = ?", pair, number):
            shelf.decide(project, pair, "decided", {"beads": [number], "status": VERDICTS[verdict]}, by=by)
    return _read(project, sample.id)


def last_sample(project: Project) -> Sample | None:
    """The sample that is judged now."""
    number = project.store.value("SELECT max(id) FROM event WHERE kind = 'sampled'")
    return _read(project, int(number)) if number else None


def agreement_of(project: Project) -> Agreement:
    """How far the reviewers of all samples agree."""
    said: dict[tuple[int, str], dict[str, str]] = {}
    for row in project.store.each("SELECT by, data FROM event WHERE kind = 'judged' ORDER BY id"):
        data = json.loads(row["data"])
        said.setdefault((data["sample"], data["bead"]), {})[row["by"]] = data["verdict"]
    return agreement(said.values())


def _present(project: Project, bead: str, verdict: str) -> Sample:
    sample = last_sample(project)
    if sample is None:
        raise MuqabalaError("there is no sample to judge", hint="a lead draws one")
    if verdict not in VERDICTS:
        raise MuqabalaError(f"'{verdict}' is no verdict", hint=f"one of {', '.join(VERDICTS)}")
    if bead not in sample.beads:
        raise MuqabalaError(f"the sample has no bead '{bead}'")
    return sample


def _read(project: Project, number: int) -> Sample:
    row = project.store.row("SELECT data FROM event WHERE id = ?", number)
    told: dict[str, Any] = json.loads(row["data"]) if row else {}
    sample = Sample(number, tuple(told.get("beads", ())), tuple(told.get("reviewers", ())))
    rows = project.store.rows(
        "SELECT by, kind, data FROM event WHERE kind IN ('judged', 'adjudicated') AND id > ? ORDER BY id", number
    )
    for row in rows:
        data = json.loads(row["data"])
        if data["sample"] != number:
            continue
        if row["kind"] == "judged":
            sample.said.setdefault(data["bead"], {})[row["by"]] = (data["verdict"], data["note"])
        else:
            sample.settled[data["bead"]] = data["verdict"]
    return sample
