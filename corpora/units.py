"""Units: beads on their own, as a corpus holds them; each knows its document and its provenance.

A unit is a record of `corpora.records` with names. A corpus is a stream of units, in the order of their documents.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from corpora import records
from corpora.errors import ReadError
from corpora.model import Severity
from corpora.reading import open_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from corpora.model import Bitext, Finding


@dataclass(frozen=True, slots=True)
class UnitSide:
    """One side of a unit.

    Attributes:
        language: its code.
        text: one line.
        segments: numbers of its segments in the document.
        parts: the segments' texts; they join to the text unless a person wrote that anew.
    """

    language: str
    text: str
    segments: tuple[int, ...] = ()
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """One bead of a corpus.

    Attributes:
        id, document: names.
        findings: what the checks noticed.
        flags: why it is left out of a corpus, or would be; reasons by their names.
        split: `train`, `dev`, `test`, or empty.
        record: all that is known of it, as in JSON lines.
    """

    id: str
    document: str
    source: UnitSide
    target: UnitSide
    score: float = 0.0
    confidence: float = 0.0
    status: str = "machine"
    findings: tuple[Finding, ...] = ()
    note: str = ""
    flags: tuple[str, ...] = ()
    split: str = ""
    record: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_two_sided(self) -> bool:
        """Whether it has text on both sides."""
        return bool(self.source.text and self.target.text)

    @property
    def errors(self) -> int:
        """How many of its findings alarm."""
        return sum(finding.severity is Severity.ERROR for finding in self.findings)

    def to_record(self) -> dict[str, Any]:
        """The record with what has changed since."""
        out = dict(self.record)
        for name, value in (("flags", list(self.flags)), ("split", self.split)):
            out.pop(name, None)
            if value:
                out[name] = value
        for name, side in (("source", self.source), ("target", self.target)):
            if side.text != out[name]["text"]:
                out[name] = {**out[name], "text": side.text}
        return out


def units_of(bitext: Bitext) -> Iterator[Unit]:
    """The beads of a bitext as units."""
    for k in range(len(bitext.beads)):
        yield unit_from(records.bead_record(bitext, k), findings=bitext.beads[k].findings)


def unit_from(record: Mapping[str, Any], *, findings: tuple[Finding, ...] | None = None) -> Unit:
    """A unit of a record.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: it is none.
    """
    provenance = record.get("provenance", {})
    sides = [_side(record[name], provenance.get(name, {})) for name in ("source", "target")]
    if findings is None:
        findings = tuple(records.finding_from(row) for row in record.get("findings", ()))
    return Unit(
        str(record["id"]),
        str(record.get("document", "")),
        sides[0],
        sides[1],
        float(record.get("score", 0)),
        float(record.get("confidence", 0)),
        str(record.get("status", "machine")),
        findings,
        str(record.get("note", "")),
        tuple(str(flag) for flag in record.get("flags", ())),
        str(record.get("split", "")),
        record,
    )


def _side(side: Mapping[str, Any], provenance: Mapping[str, Any]) -> UnitSide:
    text = str(side["text"])
    whole = str(provenance.get("unedited", text))
    numbers = tuple(int(k) for k in side["segments"])
    starts = [int(k) for k in side.get("starts", [0] if numbers else [])]
    ends = [*(start - 1 for start in starts[1:]), len(whole)]
    parts = tuple(whole[a:b] for a, b in zip(starts, ends, strict=False))
    return UnitSide(str(side["lang"]), text, numbers, parts)


def read_units(path: str | Path) -> Iterator[Unit]:
    """The units of a corpus in JSON lines, one at a time. Raises ReadError with the line."""
    for number, line in enumerate(open_text(path), 1):
        if not line.strip():
            continue
        try:
            yield unit_from(json.loads(line))
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
            reason = "not JSON" if isinstance(error, json.JSONDecodeError) else f"not a unit: {error}"
            raise ReadError(reason, path=path, line=number) from None


def by_document(units: Iterable[Unit]) -> Iterator[tuple[str, list[Unit]]]:
    """The units of each document, as they follow each other."""
    for document, group in groupby(units, key=lambda unit: unit.document):
        yield document, list(group)


def bitext_from(units: Iterable[Unit]) -> Bitext:
    """The bitext of one document's units; segments that none of them has are empty. Raises ReadError."""
    return records.bitext_from([(k + 1, unit.to_record()) for k, unit in enumerate(units)], "", gaps=True)


def with_texts(unit: Unit, source: str, target: str) -> Unit:
    """The unit with other texts."""
    return replace(unit, source=replace(unit.source, text=source), target=replace(unit.target, text=target))


def to_line(unit: Unit) -> str:
    """The unit as a line of JSON lines."""
    return json.dumps(unit.to_record(), ensure_ascii=False, separators=(", ", ": ")) + "\n"
