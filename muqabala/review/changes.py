"""A statement as it stands against what the machine made of it: what people changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpora import MuqabalaError
from muqabala.project import shelf
from muqabala.project.ledger import PairState, applied
from muqabala.review.views import Sheet

if TYPE_CHECKING:
    from corpora import Bead
    from muqabala.project.store import Store

    Spans = tuple[tuple[int, int], ...]


def changes_of(store: Store, pair: int, now: Sheet) -> dict[str, Any]:
    """The beads of the machine that are no more, those that are there instead, texts written anew, and how much was right.

    Beads are compared by the places of their segments in the texts, so that sentences that were split or joined are told apart.

    Raises:
        MuqabalaError: the machine has not aligned it.
    """
    before = _machine(store, pair, now.state)
    old, new = ({_place(sheet, bead): bead for bead in sheet.state.beads} for sheet in (before, now))
    gone = [_texts(before, bead) for place, bead in old.items() if place not in new]
    come = [_texts(now, bead) | {"status": bead.status} for place, bead in new.items() if place not in old]
    edited = [
        {"id": bead.id, "before": list(now.whole(bead)), "after": list(now.texts(bead))}
        for bead in now.state.beads
        if any(text is not None for text in bead.edited)
    ]
    two_sided = [{place for place in places if all(place)} for places in (old, new)]
    same = len(two_sided[0] & two_sided[1])
    return {
        "kept": len(old) - len(gone),
        "gone": gone,
        "new": come,
        "edited": edited,
        "f1": round(2 * same / (len(two_sided[0]) + len(two_sided[1])), 4) if any(two_sided) else 1.0,
    }


def _machine(store: Store, pair: int, now: PairState) -> Sheet:
    """The statement as the machine aligned these texts first."""
    texts = [_statement(store, number) for number in (now.source, now.target)]
    for event in shelf.events(store, pair):
        if event.kind == "aligned" and [_statement(store, event.data[side]) for side in ("source", "target")] == texts:
            state = applied(pair, PairState(), event)
            return Sheet(state, shelf.side(store, state.source), shelf.side(store, state.target))
    raise MuqabalaError(f"pair {pair} is not aligned")


def _statement(store: Store, segmentation: int) -> int:
    return int(store.value("SELECT statement FROM segmentation WHERE id = ?", segmentation))


def _place(sheet: Sheet, bead: Bead) -> tuple[Spans, Spans]:
    """Where the segments of a bead stand in both texts."""
    ours, theirs = (
        tuple((side.segments[k].start, side.segments[k].end) for k in numbers)
        for side, numbers in ((sheet.source, bead.source), (sheet.target, bead.target))
    )
    return ours, theirs


def _texts(sheet: Sheet, bead: Bead) -> dict[str, Any]:
    source, target = sheet.whole(bead)
    return {"id": bead.id, "source": source, "target": target, "type": f"{len(bead.source)}-{len(bead.target)}"}
