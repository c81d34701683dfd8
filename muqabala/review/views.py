"""A statement as the page sees it: beads with their texts, risk, doubts and findings, as plain data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpora.languages import direction
from corpora.page import explain, explain_doubt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corpora import Bead, BitextSide, Finding
    from muqabala.project.ledger import PairState


_KEPT = 8  # statements whose beads are kept as JSON


@dataclass(frozen=True, slots=True)
class Sheet:
    """A statement as it lies on the desk: its state, and both sides' segments."""

    state: PairState
    source: BitextSide
    target: BitextSide

    def texts(self, bead: Bead) -> tuple[str, str]:
        """Both sides of a bead as they were edited last."""
        whole = self.whole(bead)
        return tuple(own if own is not None else text for own, text in zip(bead.edited, whole, strict=True))  # type: ignore[return-value]

    def whole(self, bead: Bead) -> tuple[str, str]:
        """Both sides of a bead as the segments have them."""
        return self.source.text(bead.source), self.target.text(bead.target)


def side_view(side: BitextSide, name: str) -> dict[str, Any]:
    """One side of a statement: its language and what it says of itself."""
    told = {"language": side.language, "dir": direction(side.language), "document": name, "title": side.metadata.title}
    return told | {"date": side.metadata.date, "segments": len(side.segments)}


def bead_view(sheet: Sheet, bead: Bead, findings: Sequence[Finding]) -> dict[str, Any]:
    """A bead as the page shows it."""
    return {
        "id": bead.id,
        "source": [_segment_view(sheet.source, k) for k in bead.source],
        "target": [_segment_view(sheet.target, k) for k in bead.target],
        "edited": list(bead.edited),
        "kind": sheet.source.segments[bead.source[0]].kind.value if bead.source else "",
        "confidence": round(bead.confidence, 3),
        "status": bead.status,
        "note": bead.note,
        "risk": risk_of(bead, findings),
        "doubts": [
            {"code": d.code, "value": d.value, "source": list(d.source), "target": list(d.target), "text": explain_doubt(d)}
            for d in bead.doubts
        ],
        "findings": [
            {
                "code": f.code,
                "severity": f.severity.value,
                "concept": f.concept,
                "found": f.found,
                "text": explain(f),
                "expected": list(f.expected),
                "source": [list(span) for span in f.source],
                "target": [list(span) for span in f.target],
            }
            for f in findings
        ],
    }


def _segment_view(side: BitextSide, number: int) -> list[Any]:
    """Number and text of a segment; where it was split off another also how sure that is."""
    segment = side.segments[number]
    return [number, segment.text, *([segment.begins] if segment.begins < 1 else ())]


class Written:
    """The views of beads as JSON, kept while they are the same: a statement is written once, not for all who open it."""

    def __init__(self) -> None:
        self._sides: dict[int, tuple[BitextSide, BitextSide]] = {}
        self._lines: dict[int, dict[str, tuple[Bead, Sequence[Finding], str]]] = {}

    def beads(self, pair: int, sheet: Sheet, beads: Sequence[Bead], findings: Mapping[str, Sequence[Finding]]) -> str:
        """The JSON of a list of beads of a statement."""
        if self._sides.get(pair) != (sheet.source, sheet.target):
            self._sides[pair] = (sheet.source, sheet.target)
            self._lines[pair] = {}
        known = self._lines[pair]
        out = []
        for bead in beads:
            own = findings.get(bead.id, ())
            line = known.get(bead.id)
            if line is None or line[0] is not bead or line[1] != own:
                line = known[bead.id] = (
                    bead,
                    own,
                    json.dumps(bead_view(sheet, bead, own), ensure_ascii=False, separators=(",", ":")),
                )
            out.append(line[2])
        while len(self._lines) > _KEPT:
            gone = next(iter(self._lines))
            del self._lines[gone], self._sides[gone]
        return f"[{','.join(out)}]"


def risk_of(bead: Bead, findings: Sequence[Finding]) -> float:
    """How much a bead wants to be looked at, 0 to 1: unsure, alarming, one-sided or unusual ones first; decided ones last."""
    if bead.status not in {"machine", "needs review"}:
        return 0.0
    grave = 0.5 * any(f.severity.value == "error" for f in findings) + 0.05 * any(f.severity.value == "warning" for f in findings)
    unusual = 0.15 * (not (bead.source and bead.target)) + 0.05 * (len(bead.source) + len(bead.target) > 3)
    asked = 1.0 if bead.status == "needs review" else 0.0
    return round(min(1.0, (1 - bead.confidence) + grave + unusual + asked), 3)
