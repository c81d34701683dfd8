"""What a reviewer does with the beads of a statement."""

from __future__ import annotations

from fastapi import APIRouter

from muqabala.review import acts
from muqabala.review.bodies import (
    Act,
    Beads,
    Comment,
    Decide,
    Divide,
    Edit,
    Merge,
    One,
    Realign,
    Resegment,
    Shift,
    Suggest,
    Surer,
    Waive,
)
from muqabala.review.routes.asking import Answer, PairNumber, TheActor, TheDesk


def acting() -> APIRouter:
    """What changes a statement's beads."""
    router = APIRouter(
        prefix="/pairs/{pair}", tags=["acts"], responses={409: {"description": "Somebody else changed it meanwhile."}}
    )

    @router.post("/decide")
    def decide(pair: PairNumber, body: Decide, desk: TheDesk, who: TheActor) -> Answer:
        """Accept or reject beads, ask for a review, or take a decision back."""
        make = lambda s: acts.decided(s.state, body.beads, body.status, note=body.note)  # noqa: E731
        return desk.act(pair, make, by=who.name, version=body.version, about=body.beads)

    @router.post("/accept-surer")
    def surer(pair: PairNumber, body: Surer, desk: TheDesk, who: TheActor) -> Answer:
        """Accept all beads above a confidence that nobody decided on."""
        return desk.accept_surer(pair, body.confidence, by=who.name, version=body.version, preview=body.preview)

    @router.post("/merge")
    def merge(pair: PairNumber, body: Merge, desk: TheDesk, who: TheActor) -> Answer:
        """A bead and its neighbour become one."""
        make = lambda s: acts.merged(s.state, body.bead, body.towards)  # noqa: E731
        return desk.act(pair, make, by=who.name, version=body.version, about=[body.bead])

    @router.post("/link")
    def link(pair: PairNumber, body: Beads, desk: TheDesk, who: TheActor) -> Answer:
        """Beads become one, wherever they stand."""
        return desk.act(pair, lambda s: acts.joined(s.state, body.beads), by=who.name, version=body.version, about=body.beads)

    @router.post("/shift")
    def shift(pair: PairNumber, body: Shift, desk: TheDesk, who: TheActor) -> Answer:
        """A sentence at the edge of a bead goes to its neighbour."""
        make = lambda s: acts.shifted(s.state, body.bead, body.side, body.towards)  # noqa: E731
        return desk.act(pair, make, by=who.name, version=body.version, about=[body.bead])

    @router.post("/divide")
    def divide(pair: PairNumber, body: Divide, desk: TheDesk, who: TheActor) -> Answer:
        """A bead becomes two."""
        make = lambda s: acts.divided(s.state, body.bead, body.source, body.target)  # noqa: E731
        return desk.act(pair, make, by=who.name, version=body.version, about=[body.bead])

    @router.post("/unlink")
    def unlink(pair: PairNumber, body: One, desk: TheDesk, who: TheActor) -> Answer:
        """The two sides of a bead have no partner any more."""
        return desk.act(pair, lambda s: acts.unlinked(s.state, body.bead), by=who.name, version=body.version, about=[body.bead])

    @router.post("/edit")
    def edit(pair: PairNumber, body: Edit, desk: TheDesk, who: TheActor) -> Answer:
        """Write a side anew over the segments, which stay."""
        make = lambda s: acts.edited(s.state, body.bead, {body.side: body.text}, s.whole(s.state.bead(body.bead)))  # noqa: E731
        return desk.act(pair, make, by=who.name, version=body.version, about=[body.bead])

    @router.post("/comment")
    def comment(pair: PairNumber, body: Comment, desk: TheDesk, who: TheActor) -> Answer:
        """Say something of a bead."""
        make = lambda s: acts.commented(s.state, body.bead, body.text)  # noqa: E731
        return desk.act(pair, make, by=who.name, version=body.version, about=[body.bead])

    @router.post("/waive")
    def waive(pair: PairNumber, body: Waive, desk: TheDesk, who: TheActor) -> Answer:
        """A finding is right as it is, with a reason."""
        told = (body.bead, body.code, body.concept, body.reason, body.rendering)
        return desk.waive(pair, *told, by=who.name, version=body.version)

    @router.post("/resegment")
    def resegment(pair: PairNumber, body: Resegment, desk: TheDesk, who: TheActor) -> Answer:
        """Split a sentence in two, or join it with the next."""
        return desk.resegment(pair, body.bead, body.side, body.segment, body.offset, by=who.name, version=body.version)

    @router.post("/suggest")
    def suggest(pair: PairNumber, body: Suggest, desk: TheDesk, who: TheActor) -> Answer:
        """Words of both sides as a candidate for the glossary."""
        return desk.suggest_term(pair, body.bead, body.source, body.target, by=who.name)

    @router.post("/realign")
    def realign(pair: PairNumber, body: Realign, desk: TheDesk, who: TheActor) -> Answer:
        """Align again around what people fixed; by default only tell what would change."""
        return desk.realign(pair, by=who.name, version=body.version, preview=body.preview)

    @router.post("/undo")
    def undo(pair: PairNumber, body: Act, desk: TheDesk, who: TheActor) -> Answer:  # noqa: ARG001  its version is not needed
        """Take back one's last act on the statement."""
        return desk.undo(pair, by=who.name)

    @router.post("/redo")
    def redo(pair: PairNumber, body: Act, desk: TheDesk, who: TheActor) -> Answer:  # noqa: ARG001
        """Do again what was taken back last."""
        return desk.undo(pair, by=who.name, redo=True)

    return router
