"""Terms: an approved one missing, a refused one used, one concept rendered in two ways, an acronym that nobody explained.

A concept counts on the source side where the longest term found there is one of its own; where two concepts share a word, one of
them rendered is enough. What is spelled as the term and means something else there (`Match.sure`) alarms nobody.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from corpora import Finding, Severity
from corpora.languages import primary
from glossary.english import is_acronym
from glossary.matching import Matcher, longest
from glossary.model import Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from glossary.checks.pair import Pair
    from glossary.model import Glossary, Match


class _Finder:
    """The matches of a side, found once for all checks of a statement."""

    def __init__(self, matcher: Matcher) -> None:
        self._find = lru_cache(maxsize=4096)(lambda text: matcher.find(text, unsure=True))

    def all(self, text: str) -> list[Match]:
        """Matches, and what is spelled as a term and means something else."""
        return self._find(text)

    def sure(self, text: str) -> list[Match]:
        """Matches."""
        return [match for match in self._find(text) if match.sure]


class TermChecks:
    """A glossary made ready for one pair of languages."""

    def __init__(self, glossary: Glossary, source: str, target: str) -> None:
        self._glossary = glossary
        self._source, self._target = (_written(glossary, language) for language in (source, target))
        self._find_source, self._find_target = _Finder(Matcher(glossary, source)), _Finder(Matcher(glossary, target))
        own = (term.text for concept in glossary.concepts for term in concept.in_language(self._target))
        self.acronyms = frozenset(word.rstrip("s") for text in own for word in text.split() if is_acronym(word))

    def missing(self, pair: Pair) -> list[Finding]:
        """The source has a concept and the target none of its approved terms; only probable where a verb may stand for it."""
        if not pair.is_two_sided:
            return []
        ours = longest(self._find_source.sure(pair.source))
        theirs = self._find_target.all(pair.target)
        has = {match.concept for match in self._find_source.sure(pair.source)}
        explained = {match.concept for match in self._refused_in(theirs) if match.concept in has}
        rendered = {match.concept for match in theirs if match.status.is_approved}
        satisfied = {(match.start, match.end) for match in ours if match.concept in rendered}
        plain = {match.concept for match in ours if not match.derived}
        spans: dict[str, list[tuple[int, int]]] = {}
        for match in ours:
            if match.concept not in rendered | explained and (match.start, match.end) not in satisfied:
                spans.setdefault(match.concept, []).append((match.start, match.end))
        return [
            Finding("term missing", Severity.ERROR if concept in plain else Severity.INFO, tuple(where), (), concept, expected)
            for concept, where in spans.items()
            if (expected := self._glossary.by_id[concept].approved(self._target))
        ]

    def refused(self, pair: Pair) -> list[Finding]:
        """The target has a term that is not to be used; grave where it is forbidden and the source has the concept."""
        if not pair.is_two_sided:
            return []
        has = {match.concept for match in self._find_source.all(pair.source)}
        out = []
        for match in self._refused_in(self._find_target.sure(pair.target)):
            grave = match.status is Status.FORBIDDEN and match.concept in has
            expected = self._glossary.by_id[match.concept].approved(self._target)
            severity = Severity.ERROR if grave else Severity.WARNING
            out.append(Finding("term forbidden", severity, (), ((match.start, match.end),), match.concept, expected, match.term))
        return out

    def kept(self, pair: Pair) -> list[Finding]:
        """The source has a term that is not to be translated, and the target does not have it as it is."""
        if not pair.is_two_sided:
            return []
        wanted = [match for match in self._find_source.sure(pair.source) if match.status is Status.KEPT]
        return [
            Finding("term translated", Severity.ERROR, ((match.start, match.end),), (), match.concept, (match.term,))
            for match in wanted
            if match.term.casefold() not in pair.target.casefold()
        ]

    def renderings(self, pairs: Sequence[Pair]) -> dict[str, Counter[str]]:
        """For each concept of the source how often each approved term renders it; acronyms do not count."""
        return {
            concept: Counter(match.term for _, match in uses if not is_acronym(match.term))
            for concept, uses in self._uses(pairs).items()
        }

    def usual(self, concept: str, counts: Mapping[str, int]) -> str:
        """The term that renders a concept most; among equal ones the preferred."""
        preferred = self._glossary.by_id[concept].approved(self._target)[:1] if concept in self._glossary.by_id else ()
        return max(sorted(counts), key=lambda term: (counts[term], term in preferred))

    def inconsistent(self, pairs: Sequence[Pair], *, elsewhere: Mapping[str, str] | None = None) -> dict[int, list[Finding]]:
        """Beads that render a concept by another approved term than most of the statement does.

        Args:
            pairs: of the statement.
            elsewhere: the terms that are usual in all statements of a project, by concept; they count before this one's own.
        """
        out: dict[int, list[Finding]] = defaultdict(list)
        for concept, uses in self._uses(pairs).items():
            counts = Counter(match.term for _, match in uses if not is_acronym(match.term))
            known = (elsewhere or {}).get(concept)
            if not counts or (known is None and len(counts) < 2):
                continue
            usual = known or self.usual(concept, counts)
            for k, match in uses:
                if match.term != usual and not is_acronym(match.term):
                    span = ((match.start, match.end),)
                    out[k].append(Finding("term inconsistent", Severity.INFO, (), span, concept, (usual,), match.term))
        return out

    def _uses(self, pairs: Sequence[Pair]) -> dict[str, list[tuple[int, Match]]]:
        """For each concept of the source the approved terms of the target, with the pairs they stand in."""
        used: dict[str, list[tuple[int, Match]]] = defaultdict(list)
        for k, pair in enumerate(pairs):
            if pair.is_two_sided:
                has = {match.concept for match in self._find_source.sure(pair.source)}
                for match in longest(self._find_target.sure(pair.target)):
                    if match.concept in has and match.status.is_approved:
                        used[match.concept].append((k, match))
        return used

    def unexplained(self, pairs: Sequence[Pair]) -> dict[int, list[Finding]]:
        """The first bead in which an acronym of the target stands before its long form ever did."""
        explained: set[str] = set()
        out: dict[int, list[Finding]] = defaultdict(list)
        for k, pair in enumerate(pairs):
            matches = self._find_target.sure(pair.target)
            explained |= {match.concept for match in matches if not is_acronym(match.term)}
            for match in matches:
                long = tuple(t for t in self._glossary.by_id[match.concept].approved(self._target) if not is_acronym(t))
                if is_acronym(match.term) and match.concept not in explained and long:
                    explained.add(match.concept)
                    span = ((match.start, match.end),)
                    out[k].append(Finding("acronym unexplained", Severity.INFO, (), span, match.concept, long, match.term))
        return out

    @staticmethod
    def _refused_in(theirs: list[Match]) -> list[Match]:
        """Matches that are not to be used, but for those inside an approved term."""
        approved = {(match.start, match.end) for match in theirs if match.status.is_approved}
        return [
            match
            for match in theirs
            if not match.status.is_approved and not any(a <= match.start and match.end <= b for a, b in approved)
        ]


def _written(glossary: Glossary, language: str) -> str:
    """A language as the glossary writes it (ar-SY for ar)."""
    return next((code for code in glossary.languages if primary(code) == primary(language)), language)
