"""What a corpus is in numbers: units, words, lengths, bead types, confidence, findings, review."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpora.units import Unit

_TENTHS = 10
_RATIO_STEPS = tuple(0.4 * 1.15**k for k in range(14))  # bounds of the histogram of target by source characters
_MOST_TYPES = 12


@dataclass(slots=True)
class Statistics:
    """Counts over a corpus.

    Attributes:
        units, documents: how many.
        words, characters: of source and target.
        types: bead types (`1-1`, `1-2`) and how many there are of each.
        confidence: beads by tenths of confidence, lowest first.
        lengths: units by words of the source: up to 5, 10, 20, 40, 80, more.
        ratios: units by target/source characters, between the bounds `ratio_bounds`.
        statuses, splits, severities: how many of each.
        codes, concepts: findings by code, and term findings by concept.
        flags: why units are left out, by the first words of the reason.
        reviewed: of each document, beads that a person decided on and beads.
    """

    units: int = 0
    documents: int = 0
    words: list[int] = field(default_factory=lambda: [0, 0])
    characters: list[int] = field(default_factory=lambda: [0, 0])
    types: Counter[str] = field(default_factory=Counter)
    confidence: list[int] = field(default_factory=lambda: [0] * _TENTHS)
    lengths: list[int] = field(default_factory=lambda: [0] * 6)
    ratios: list[int] = field(default_factory=lambda: [0] * (len(_RATIO_STEPS) + 1))
    ratio_bounds: tuple[float, ...] = tuple(round(step, 2) for step in _RATIO_STEPS)
    statuses: Counter[str] = field(default_factory=Counter)
    splits: Counter[str] = field(default_factory=Counter)
    severities: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    concepts: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    reviewed: dict[str, list[int]] = field(default_factory=dict)

    def add(self, unit: Unit) -> None:
        """Count a unit."""
        self.units += 1
        sides = unit.source, unit.target
        for at, side in enumerate(sides):
            self.words[at] += len(side.text.split())
            self.characters[at] += len(side.text)
        self.types[f"{len(unit.source.segments)}-{len(unit.target.segments)}"] += 1
        self.confidence[min(int(unit.confidence * _TENTHS), _TENTHS - 1)] += 1
        words = len(unit.source.text.split())
        self.lengths[sum(words > bound for bound in (5, 10, 20, 40, 80))] += 1
        if unit.is_two_sided:
            ratio = len(unit.target.text) / max(len(unit.source.text), 1)
            self.ratios[sum(ratio > bound for bound in _RATIO_STEPS)] += 1
        self.statuses[unit.status] += 1
        if unit.split:
            self.splits[unit.split] += 1
        for finding in unit.findings:
            self.severities[finding.severity.value] += 1
            self.codes[finding.code] += 1
            if finding.concept:
                self.concepts[f"{finding.concept}: {finding.code}"] += 1
        for flag in unit.flags:
            self.flags[flag_kind(flag)] += 1
        seen = self.reviewed.setdefault(unit.document, [0, 0])
        seen[0] += unit.status not in {"machine", "locked"}
        seen[1] += 1
        self.documents = len(self.reviewed)

    def facts(self) -> dict[str, Any]:
        """The counts as plain data, the most frequent first."""
        out: dict[str, Any] = {}
        for own in fields(self):
            value = getattr(self, own.name)
            out[own.name] = dict(value.most_common()) if isinstance(value, Counter) else value
        return out


def statistics_of(units: Iterable[Unit]) -> Statistics:
    """Count all units."""
    out = Statistics()
    for unit in units:
        out.add(unit)
    return out


def flag_kind(flag: str) -> str:
    """A reason without its value: `length ratio 5.2` is `length ratio`, `in test: p1-b2` is `in test`."""
    head = flag.split(":", maxsplit=1)[0].split(" of ", maxsplit=1)[0]
    first, _, last = head.rpartition(" ")
    return first if first and last.replace(".", "").isdecimal() else head
