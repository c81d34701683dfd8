"""Which concepts occur in bitexts, how they are rendered, and which never do; and what a change of the glossary would change."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from glossary.checker import Checker, Profile
from glossary.matching import Matcher, longest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpora import Bitext
    from glossary.model import Glossary

_EXAMPLES = 3


@dataclass(slots=True)
class Use:
    """How a concept occurs.

    Attributes:
        occurrences: matches on the source side.
        forms: texts found on the source side, with counts.
        renderings: terms of the concept found opposite, with counts; the empty one where there is none.
        examples: beads, by name, and both texts.
    """

    concept: str
    occurrences: int = 0
    forms: Counter[str] = field(default_factory=Counter)
    renderings: Counter[str] = field(default_factory=Counter)
    examples: list[tuple[str, str, str]] = field(default_factory=list)


def coverage(bitexts: Iterable[Bitext], glossary: Glossary) -> list[Use]:
    """The use of every concept over all bitexts, most frequent first, then those that never occur."""
    uses = {concept.id: Use(concept.id) for concept in glossary.concepts}
    matcher = cache(lambda language: Matcher(glossary, language))
    for bitext in bitexts:
        finders = matcher(bitext.source.language), matcher(bitext.target.language)
        for k in range(len(bitext.beads)):
            source, target = bitext.texts(k)
            _count(uses, finders, _name(bitext, k), source, target)
    return sorted(uses.values(), key=lambda use: -use.occurrences)


def _count(uses: dict[str, Use], finders: tuple[Matcher, Matcher], name: str, source: str, target: str) -> None:
    ours = longest(finders[0].find(source))
    theirs = finders[1].find(target, unsure=True)
    for concept in dict.fromkeys(match.concept for match in ours):
        use = uses[concept]
        found = [source[match.start : match.end] for match in ours if match.concept == concept]
        use.occurrences += len(found)
        use.forms.update(found)
        use.renderings.update({match.term for match in theirs if match.concept == concept} or {""})
        if len(use.examples) < _EXAMPLES:
            use.examples.append((name, source, target))


def _name(bitext: Bitext, index: int) -> str:
    """A bead with its file, where it is known."""
    path = bitext.source.origin.path
    return f"{path}:{bitext.bead_id(index)}" if path else bitext.bead_id(index)


@dataclass(frozen=True, slots=True)
class Impact:
    """A finding that a new version of the glossary brings or takes away."""

    bead: str
    is_new: bool
    code: str
    concept: str
    source: str
    target: str


def impact(bitexts: Iterable[Bitext], old: Glossary, new: Glossary) -> list[Impact]:
    """What checking with the new version would find that the old one does not, and the reverse; terms only."""
    names = ("term missing", "term forbidden", "term translated")
    profile = Profile()
    out: list[Impact] = []
    for bitext in bitexts:
        languages = bitext.source.language, bitext.target.language
        checkers = [Checker(glossary, *languages, profile=profile) for glossary in (old, new)]
        for k in range(len(bitext.beads)):
            texts = bitext.texts(k)
            found = [{(f.code, f.concept) for f in checker.findings(*texts) if f.code in names} for checker in checkers]
            name = _name(bitext, k)
            out += [Impact(name, is_new, *which, *texts) for is_new, which in _changed(*found)]
    return out


def _changed(before: set[tuple[str, str]], after: set[tuple[str, str]]) -> list[tuple[bool, tuple[str, str]]]:
    return [*((True, which) for which in sorted(after - before)), *((False, which) for which in sorted(before - after))]
