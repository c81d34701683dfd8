"""Blind double review."""

from __future__ import annotations

from fastapi import APIRouter

from muqabala.review.bodies import Draw, Verdict
from muqabala.review.routes.asking import Answer, TheActor, TheDouble, TheLead, TheReviewer


def blind() -> APIRouter:
    """Samples, verdicts, what comes of them."""
    router = APIRouter(prefix="/blind", tags=["blind review"])

    @router.get("")
    def mine(double: TheDouble, who: TheReviewer) -> Answer:
        """The beads that one has still to judge, and how far the sample is."""
        return double.mine(who)

    @router.post("")
    def draw(body: Draw, double: TheDouble, who: TheLead) -> Answer:
        """Draw a sample that two people or more judge, none seeing what the others say; it takes the place of the last one."""
        return double.draw(body.count, body.reviewers, who)

    @router.post("/judge")
    def judge(body: Verdict, double: TheDouble, who: TheActor) -> Answer:
        """Say of a bead of the sample whether its sides belong together; the last word of a person counts."""
        return double.judge(body.bead, body.verdict, body.note, who)

    @router.get("/outcome")
    def outcome(double: TheDouble, who: TheReviewer) -> Answer:
        """Agreement, kappa, the share of right beads, and where the reviewers differ."""
        return double.outcome(who)

    @router.post("/settle")
    def settle(body: Verdict, double: TheDouble, who: TheLead) -> Answer:
        """Settle a bead on which the reviewers differ; it gets the decision."""
        return double.settle(body.bead, body.verdict, body.note, who)

    return router
