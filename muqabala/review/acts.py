"""What a reviewer may do with beads, each act as events of the ledger. Nothing is confirmed implicitly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpora import MuqabalaError
from corpora.characters import fold_line
from muqabala.project.ledger import DECIDED, bead_number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corpora import Bead
    from muqabala.project.ledger import PairState

    Events = list[tuple[str, dict[str, Any]]]

LONGEST = 20_000
"""Characters of the longest text that a reviewer may write."""


def decided(state: PairState, beads: Sequence[str], status: str, *, note: str = "") -> Events:
    """Give beads a status, with a note where there is one."""
    if status not in DECIDED:
        raise MuqabalaError(f"'{status}' is no decision")
    numbers = [bead_number(state.bead(name).id)[1] for name in beads]
    if not numbers:
        raise MuqabalaError("no bead is named")
    out: Events = [("decided", {"beads": numbers, "status": status})]
    return out + [("commented", {"bead": number, "text": _line(note)}) for number in numbers if note.strip()]


def surer_than(state: PairState, confidence: float) -> list[str]:
    """The two-sided beads that nobody has decided on and the machine is so sure of."""
    return [
        bead.id
        for bead in state.beads
        if bead.status == "machine" and bead.source and bead.target and bead.confidence >= confidence
    ]


def joined(state: PairState, beads: Sequence[str]) -> Events:
    """One bead of several, wherever they stand."""
    if len(set(beads)) < 2:
        raise MuqabalaError("two beads or more are needed")
    ends = [state.bead(name) for name in dict.fromkeys(beads)]
    sides = [sorted(k for bead in ends for k in getattr(bead, side)) for side in ("source", "target")]
    return _changed(state, ends, [(sides[0], sides[1])])


def merged(state: PairState, bead: str, towards: int) -> Events:
    """A bead and the one before (-1) or behind (1) it become one."""
    return joined(state, [bead, _neighbour(state, bead, towards).id])


def shifted(state: PairState, bead: str, side: str, towards: int) -> Events:
    """The first segment of a bead's side goes to the bead before it (-1), or its last to the one behind it (1)."""
    own, other = state.bead(bead), _neighbour(state, bead, towards)
    run = list(getattr(own, _side(side)))
    if not run:
        raise MuqabalaError("this side of the bead is empty")
    moved = run.pop(0 if towards < 0 else -1)
    taken = sorted([*getattr(other, side), moved])
    sides = {bead: {"source": list(b.source), "target": list(b.target)} for bead, b in ((own.id, own), (other.id, other))}
    sides[own.id][side], sides[other.id][side] = run, taken
    new = [(s["source"], s["target"]) for s in sides.values() if s["source"] or s["target"]]
    return _changed(state, [own, other], new)


def divided(state: PairState, bead: str, source: int, target: int) -> Events:
    """A bead becomes two: the first has so many source and target segments."""
    own = state.bead(bead)
    parts = [(own.source[:source], own.target[:target]), (own.source[source:], own.target[target:])]
    if not all(a or b for a, b in parts):
        raise MuqabalaError("one of the parts would be empty")
    return _changed(state, [own], [(list(a), list(b)) for a, b in parts])


def unlinked(state: PairState, bead: str) -> Events:
    """The two sides of a bead have no partner any more."""
    own = state.bead(bead)
    if not (own.source and own.target):
        raise MuqabalaError("the bead has one side only")
    return _changed(state, [own], [(list(own.source), []), ([], list(own.target))])


def edited(state: PairState, bead: str, texts: Mapping[str, str | None], whole: tuple[str, str]) -> Events:
    """A side written anew over the segments; the text of the segments takes the change back.

    Args:
        state: before.
        bead: its name.
        texts: by side, None to take a change back.
        whole: the texts of the bead's segments.
    """
    own = state.bead(bead)
    new = list(own.edited)
    for at, side in enumerate(("source", "target")):
        if side in texts:
            text = texts[side]
            line = None if text is None else _line(text)
            new[at] = None if line is None or line == whole[at] else line
    if tuple(new) == own.edited:
        raise MuqabalaError("nothing was changed")
    return [("edited", {"bead": bead_number(bead)[1], "source": new[0], "target": new[1]})]


def commented(state: PairState, bead: str, text: str) -> Events:
    """What there is to say of a bead."""
    return [("commented", {"bead": bead_number(state.bead(bead).id)[1], "text": _line(text)})]


def _changed(state: PairState, old: Sequence[Bead], new: Sequence[tuple[list[int], list[int]]]) -> Events:
    rows = [
        {"number": state.last + k, "source": source, "target": target, "score": 0.0, "confidence": 1.0, "status": "realigned"}
        for k, (source, target) in enumerate(new, 1)
    ]
    return [("realigned", {"old": [bead_number(bead.id)[1] for bead in old], "new": rows})]


def _neighbour(state: PairState, bead: str, towards: int) -> Bead:
    at = next((k for k, other in enumerate(state.beads) if other.id == bead), None)
    if at is None:
        raise MuqabalaError(f"there is no bead '{bead}' now")
    if not 0 <= at + towards < len(state.beads):
        raise MuqabalaError("there is no bead on that side")
    return state.beads[at + towards]


def _side(side: str) -> str:
    if side not in {"source", "target"}:
        raise MuqabalaError(f"'{side}' is no side")
    return side


def _line(text: str) -> str:
    if len(text) > LONGEST:
        raise MuqabalaError(f"a text of more than {LONGEST} characters")
    return fold_line(text)
