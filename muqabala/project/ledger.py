"""The ledger of a pair: its events, and the beads that follow from them. The events are the truth; this is pure replay.

| kind | data |
| --- | --- |
| `aligned` | segmentations `source` and `target`, `signature`, `belief`, `beads` with the numbers they got or kept |
| `scored` | `signature`, `scores`: similarity of each bead, by number |
| `decided` | `beads`, `status` (`accepted`, `needs review`, `rejected`, or `machine` for none) |
| `edited` | `bead`, `source` and `target`: new texts, null where the segments stand |
| `realigned` | `old`: beads that end, `new`: beads with their numbers, over the same segments |
| `resegmented` | `side`, `segmentation` (the new one), `kind`: `split` segment `at` in two, or `join` it with the next |
| `commented` | `bead`, `text` |
| `waived` | `bead`, `code`, `concept`, words, `reason` (changes no bead) |
| `undone` | `event`: of this pair, which counts no more |

Of documents there are `added` (a file was read) and of pairs `paired` and `unpaired`; these change no bead.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from corpora import Bead, Doubt, MuqabalaError
from corpora.order import in_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DECIDED = ("accepted", "needs review", "rejected", "machine")
"""What `decided` may say."""

CONFIRMED = frozenset({"accepted", "edited", "realigned"})
"""The statuses of beads that a new alignment leaves as they are."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the ledger."""

    id: int
    at: str
    by: str
    kind: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PairState:
    """What the events of a pair amount to.

    Attributes:
        source, target: ids of the segmentations, 0 before the first alignment.
        beads: in reading order; each has its name as id.
        last: the highest number that any bead ever had.
        event: id of the last event that is in it.
    """

    source: int = 0
    target: int = 0
    signature: str = ""
    belief: float = -1.0
    beads: tuple[Bead, ...] = field(default=())
    last: int = 0
    event: int = 0

    def bead(self, name: str) -> Bead:
        """The bead of that name. Raises MuqabalaError."""
        found = next((bead for bead in self.beads if bead.id == name), None)
        if found is None:
            raise MuqabalaError(f"there is no bead '{name}' now")
        return found


def bead_name(pair: int, number: int) -> str:
    """The name of a bead in its project: p0012-b0034."""
    return f"p{pair:04d}-b{number:04d}"


def bead_number(name: str) -> tuple[int, int]:
    """Pair and number of a bead's name. Raises MuqabalaError."""
    pair, _, number = name.partition("-")
    if pair[:1] == "p" and number[:1] == "b" and pair[1:].isdecimal() and number[1:].isdecimal():
        return int(pair[1:]), int(number[1:])
    raise MuqabalaError(f"'{name}' is not the name of a bead", hint="such as p0012-b0034")


def replayed(pair: int, events: Iterable[Event]) -> PairState:
    """The state after all events that were not undone."""
    kept = list(events)
    undone: set[int] = set()
    for event in reversed(kept):  # an undoing may itself be undone
        if event.kind == "undone" and event.id not in undone:
            undone.add(int(event.data["event"]))
    state = PairState()
    for event in kept:
        if event.id in undone:  # the names it gave are never given again
            state = replace(state, event=event.id, last=max([state.last, *_given(event)]))
        else:
            state = applied(pair, state, event)
    return state


def _given(event: Event) -> list[int]:
    """The numbers of the beads that an event makes or keeps."""
    rows = {"aligned": "beads", "realigned": "new"}.get(event.kind)
    return [row["number"] for row in event.data[rows]] if rows else []


def applied(pair: int, state: PairState, event: Event) -> PairState:
    """The state after one more event.

    Raises:
        MuqabalaError: the event does not fit the state.
    """
    data = event.data
    match event.kind:
        case "aligned":
            beads = [_bead(pair, row) for row in data["beads"]]
            state = replace(
                state,
                source=data["source"],
                target=data["target"],
                signature=data["signature"],
                belief=data["belief"],
                beads=tuple(beads),
            )
            numbers = [row["number"] for row in data["beads"]]
        case "realigned":
            state, numbers = _realigned(pair, state, data)
        case "scored":
            scores = {bead_name(pair, int(number)): score for number, score in data["scores"].items()}
            beads = [replace(bead, score=scores.get(bead.id, bead.score)) for bead in state.beads]
            state, numbers = replace(state, beads=tuple(beads), signature=data["signature"]), []
        case "resegmented":
            state, numbers = _resegmented(state, data), []
        case "decided":
            state, numbers = _changed(pair, state, data["beads"], status=data["status"]), data["beads"]
        case "edited":
            status = "machine" if data["source"] is None and data["target"] is None else "edited"
            state, numbers = _changed(pair, state, [data["bead"]], edited=(data["source"], data["target"]), status=status), []
        case "commented":
            state, numbers = _changed(pair, state, [data["bead"]], note=data["text"]), []
        case _:
            numbers = []
    return replace(state, last=max([state.last, *numbers]), event=event.id)


def touched(event: Event) -> set[int] | None:
    """The numbers of the beads that an event is about; None where it may be about all."""
    match event.kind:
        case "decided":
            return set(event.data["beads"])
        case "edited" | "commented" | "waived" | "suggested":
            return {event.data["bead"]}
        case "realigned":
            return {*event.data["old"], *(row["number"] for row in event.data["new"])}
        case "scored":
            return set()
    return None


def row_of(bead: Bead) -> dict[str, Any]:
    """A bead as an event holds it."""
    row: dict[str, Any] = {
        "number": bead_number(bead.id)[1],
        "source": list(bead.source),
        "target": list(bead.target),
        "score": bead.score,
        "confidence": bead.confidence,
        "status": bead.status,
    }
    if bead.doubts:
        row["doubts"] = [[d.code, d.value, list(d.source), list(d.target)] for d in bead.doubts]
    if any(text is not None for text in bead.edited):
        row["edited"] = list(bead.edited)
    if bead.note:
        row["note"] = bead.note
    return row


def doubts_from(rows: Iterable[Any]) -> tuple[Doubt, ...]:
    """Doubts from an event's or a table's lists."""
    return tuple(Doubt(code, value, tuple(source), tuple(target)) for code, value, source, target in rows)


def _bead(pair: int, row: Mapping[str, Any]) -> Bead:
    source, target = row.get("edited", (None, None))
    return Bead(
        tuple(row["source"]),
        tuple(row["target"]),
        row.get("score", 0.0),
        row.get("confidence", 1.0),
        row["status"],
        doubts=doubts_from(row.get("doubts", ())),
        id=bead_name(pair, row["number"]),
        edited=(source, target),
        note=row.get("note", ""),
    )


def _changed(pair: int, state: PairState, numbers: Iterable[int], **values: Any) -> PairState:
    names = {bead_name(pair, number) for number in numbers}
    missing = names - {bead.id for bead in state.beads}
    if missing:
        raise MuqabalaError(f"there is no bead '{min(missing)}' now")
    return replace(state, beads=tuple(replace(bead, **values) if bead.id in names else bead for bead in state.beads))


def _resegmented(state: PairState, data: Mapping[str, Any]) -> PairState:
    """The beads over other segments of one side: one of them is two now, or two are one."""
    at, side = int(data["at"]), data["side"]
    if data["kind"] == "join":
        owners = [bead.id for bead in state.beads if {at, at + 1} & set(getattr(bead, side))]
        if len(owners) != 1:
            raise MuqabalaError("segments of two beads cannot be joined", hint="merge the beads first")
        renumbered = {k: k - (k > at) for bead in state.beads for k in getattr(bead, side)}
    else:
        renumbered = {k: k + (k > at) for bead in state.beads for k in getattr(bead, side)}
    beads = []
    for bead in state.beads:
        own = getattr(bead, side)
        new = sorted({renumbered[k] for k in own} | ({at + 1} if data["kind"] == "split" and at in own else set()))
        beads.append(replace(bead, source=tuple(new)) if side == "source" else replace(bead, target=tuple(new)))
    number = int(data["segmentation"])
    state = replace(state, source=number) if side == "source" else replace(state, target=number)
    return replace(state, beads=tuple(beads))


def _realigned(pair: int, state: PairState, data: Mapping[str, Any]) -> tuple[PairState, list[int]]:
    """Other beads in place of some, over exactly their segments."""
    old = {bead_name(pair, number) for number in data["old"]}
    ended = [bead for bead in state.beads if bead.id in old]
    new = [_bead(pair, row) for row in data["new"]]
    if len(ended) < len(old):
        raise MuqabalaError(f"there is no bead '{min(old - {bead.id for bead in ended})}' now")
    for side in ("source", "target"):
        before, after = (sorted(k for bead in beads for k in getattr(bead, side)) for beads in (ended, new))
        if before != after:
            raise MuqabalaError(f"the new beads do not have the {side} segments of the old ones, each once")
    if not all(bead.source or bead.target for bead in new):
        raise MuqabalaError("a bead without segments")
    beads = [bead for bead in state.beads if bead.id not in old] + new
    return replace(state, beads=tuple(in_order(beads))), [row["number"] for row in data["new"]]
