"""Blind double review on the desk: what each reviewer sees of a sample, and what a lead sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpora import MuqabalaError
from muqabala.project import blind
from muqabala.project.agreement import agreement
from muqabala.project.ledger import bead_number
from muqabala.review.people import ForbiddenError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from muqabala.project.blind import Sample
    from muqabala.review.desk import Desk
    from muqabala.review.people import Reviewer


class Double:
    """The blind reviews of a project.

    Args:
        desk: the project.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def mine(self, reviewer: Reviewer) -> dict[str, Any]:
        """The beads that a reviewer has still to judge, without what anybody thinks of them, and how far the sample is."""
        with self._desk.lock:
            sample = blind.last_sample(self._desk.project)
            if sample is None:
                return {"sample": 0, "judges": False, "beads": [], "of": 0, "reviewers": []}
            judges = reviewer.name in sample.reviewers
            left = sample.left(reviewer.name) if judges else []
            return {
                "sample": sample.id,
                "judges": judges,
                "beads": [view for bead in left[:20] if (view := self._view(bead))],
                "left": len(left),
                "of": len(sample.beads),
                "reviewers": [{"name": name, "left": len(sample.left(name))} for name in sample.reviewers],
            }

    def draw(self, count: int, reviewers: Sequence[str], reviewer: Reviewer) -> dict[str, Any]:
        """A new sample."""
        with self._desk.lock:
            sample = blind.draw(self._desk.project, count, reviewers, by=reviewer.name)
            return {"sample": sample.id, "of": len(sample.beads)}

    def judge(self, bead: str, verdict: str, note: str, reviewer: Reviewer) -> dict[str, Any]:
        """What a reviewer says of a bead."""
        with self._desk.lock:
            sample = blind.judge(self._desk.project, bead, verdict, by=reviewer.name, note=note)
            return {"left": len(sample.left(reviewer.name))}

    def settle(self, bead: str, verdict: str, note: str, reviewer: Reviewer) -> dict[str, Any]:
        """What a lead says of a bead on which the reviewers differ."""
        with self._desk.lock:
            return self._outcome(blind.settle(self._desk.project, bead, verdict, by=reviewer.name, note=note))

    def outcome(self, reviewer: Reviewer) -> dict[str, Any]:
        """Agreement and differences: for a lead who does not judge at any time, for others once all is judged.

        Raises:
            ForbiddenError: it is too early.
            MuqabalaError: there is no sample.
        """
        with self._desk.lock:
            sample = blind.last_sample(self._desk.project)
            if sample is None:
                raise MuqabalaError("there is no sample to judge", hint="a lead draws one")
            waits = reviewer.role != "lead" or reviewer.name in sample.reviewers
            if waits and not sample.is_judged:
                raise ForbiddenError("what the others say is shown once all have judged all beads")
            return self._outcome(sample)

    def _outcome(self, sample: Sample) -> dict[str, Any]:
        found = agreement({by: verdict for by, (verdict, _) in said.items()} for said in sample.said.values())
        right, known, low, high = sample.right
        differing = [
            (self._view(bead) or {"bead": bead})
            | {
                "said": [{"by": by, "verdict": verdict, "note": note} for by, (verdict, note) in sample.said[bead].items()],
                "settled": sample.settled.get(bead, ""),
            }
            for bead in sample.differing
        ]
        return {
            "sample": sample.id,
            "of": len(sample.beads),
            "twice": found.twice,
            "share": found.share,
            "kappa": found.kappa,
            "right": {"right": right, "of": known, "low": round(low, 4), "high": round(high, 4)},
            "reviewers": [{"name": name, "left": len(sample.left(name))} for name in sample.reviewers],
            "differing": differing,
        }

    def _view(self, bead: str) -> dict[str, Any] | None:
        """Both sides of a bead, and of those before and behind it; None where it is no more."""
        pair = bead_number(bead)[0]
        try:
            sheet = self._desk.opened(pair)
        except MuqabalaError:
            return None
        at = next((k for k, other in enumerate(sheet.state.beads) if other.id == bead), None)
        if at is None:
            return None
        near = [sheet.texts(sheet.state.beads[k]) if 0 <= k < len(sheet.state.beads) else ("", "") for k in (at - 1, at, at + 1)]
        return {"bead": bead, "pair": pair} | {
            side: {"before": near[0][k], "text": near[1][k], "after": near[2][k]} for k, side in enumerate(("source", "target"))
        }
