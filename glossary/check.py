"""Check beads against a glossary.

| code | severity | fires when |
| --- | --- | --- |
| `term missing` | error | the source side has a concept and the target side none of its approved terms |
| `term forbidden` | error | the target side has a forbidden term of a concept that the source side has |
| `term forbidden` | warning | the same where the source side does not have the concept, and for deprecated and superseded terms |

A concept counts on the source side where the longest term found there is one of its own; where two concepts share a word, one of
them rendered is enough.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from corpora import Finding, Severity
from corpora.languages import primary
from glossary.matching import Matcher
from glossary.model import Status

if TYPE_CHECKING:
    from corpora import Bitext
    from glossary.model import Glossary, Match


class Checker:
    """A glossary made ready for one pair of languages."""

    def __init__(self, glossary: Glossary, source: str, target: str) -> None:
        self._glossary = glossary
        self._target = next((code for code in sorted(glossary.languages) if primary(code) == primary(target)), target)
        self._find_source, self._find_target = Matcher(glossary, source).find, Matcher(glossary, target).find

    def findings(self, source: str, target: str) -> tuple[Finding, ...]:
        """What is wrong with the terms of one bead, by position; nothing where a side is empty."""
        if not source or not target:
            return ()
        ours, theirs = self._find_source(source, overlaps=False), self._find_target(target)
        has = {match.concept for match in self._find_source(source)}
        refused = self._refused(theirs, has)
        explained = {finding.concept for finding in refused}
        return (*self._missing(ours, theirs, explained), *refused)

    def _missing(self, ours: list[Match], theirs: list[Match], explained: set[str]) -> list[Finding]:
        rendered = {match.concept for match in theirs if match.status.is_approved}
        satisfied = {(match.start, match.end) for match in ours if match.concept in rendered}
        spans: dict[str, list[tuple[int, int]]] = {}
        for match in ours:
            if match.concept not in rendered | explained and (match.start, match.end) not in satisfied:
                spans.setdefault(match.concept, []).append((match.start, match.end))
        return [
            Finding("term missing", Severity.ERROR, tuple(where), (), concept, expected)
            for concept, where in spans.items()
            if (expected := self._glossary.by_id[concept].approved(self._target))
        ]

    def _refused(self, theirs: list[Match], has: set[str]) -> list[Finding]:
        approved = {(match.start, match.end) for match in theirs if match.status.is_approved}
        out = []
        for match in theirs:
            inside = any(start <= match.start and match.end <= end for start, end in approved)
            if match.status.is_approved or inside:
                continue
            grave = match.status is Status.FORBIDDEN and match.concept in has
            expected = self._glossary.by_id[match.concept].approved(self._target)
            severity = Severity.ERROR if grave else Severity.WARNING
            out.append(Finding("term forbidden", severity, (), ((match.start, match.end),), match.concept, expected, match.term))
        return out


def check(bitext: Bitext, glossary: Glossary) -> Bitext:
    """The bitext with the findings of its beads; findings of earlier runs of these checks are replaced."""
    checker = Checker(glossary, bitext.source.language, bitext.target.language)
    beads = []
    for bead in bitext.beads:
        kept = tuple(finding for finding in bead.findings if finding.code not in {"term missing", "term forbidden"})
        found = checker.findings(bitext.source.text(bead.source), bitext.target.text(bead.target))
        beads.append(replace(bead, findings=(*kept, *found)))
    return replace(bitext, beads=tuple(beads))
