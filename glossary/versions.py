"""What changed between two versions of a glossary, concept by concept, and how a change enters the history."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from glossary.collecting import change_text
from glossary.model import Change, Concept, Glossary, Term

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Difference:
    """One change of a concept.

    Attributes:
        concept: its id.
        what: `concept added`, `concept removed`, `term added`, `term removed`, or `FIELD changed`.
        language, term: of the term it is about, or empty.
        before, after: the values, as text.
    """

    concept: str
    what: str
    language: str = ""
    term: str = ""
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        about = f"{self.language} '{self.term}': " if self.term else ""
        change = f": {self.before or 'nothing'} -> {self.after or 'nothing'}" if self.before or self.after else ""
        return f"{about}{self.what}{change}"


def diff(old: Glossary, new: Glossary) -> list[Difference]:
    """All changes from one version to the next, in the order of the new one; removed concepts last. Histories do not count."""
    out: list[Difference] = []
    for concept in new.concepts:
        before = old.by_id.get(concept.id)
        out += [Difference(concept.id, "concept added")] if before is None else _changes(before, concept)
    return [*out, *(Difference(concept.id, "concept removed") for concept in old.concepts if concept.id not in new.by_id)]


def record(old: Glossary, new: Glossary, *, when: str, who: str) -> Glossary:
    """The new version with the old one's history and what changed since.

    Args:
        old: the version before.
        new: the version after.
        when: an ISO 8601 date.
        who: who answers for the change.
    """
    changes: dict[str, list[Change]] = {}
    for difference in diff(old, new):
        changes.setdefault(difference.concept, []).append(Change(when, who.replace(":", " ").strip(), str(difference)))
    return replace(new, concepts=tuple(_with_history(concept, old, changes.get(concept.id, [])) for concept in new.concepts))


def _with_history(concept: Concept, old: Glossary, changes: list[Change]) -> Concept:
    before = old.by_id[concept.id].history if concept.id in old.by_id else ()
    kept = [*before, *(change for change in concept.history if change not in before)]
    return replace(concept, history=(*kept, *changes))


def _changes(before: Concept, after: Concept) -> Iterator[Difference]:
    for name in ("domain", "definition", "sources", "note", "images", "own"):
        one, other = getattr(before, name), getattr(after, name)
        if one != other:
            yield Difference(after.id, f"{name} changed", "", "", _shown(one), _shown(other))
    known = {(term.language, term.text): term for term in before.terms}
    kept = {(term.language, term.text) for term in after.terms}
    for term in after.terms:
        if (term.language, term.text) not in known:
            yield Difference(after.id, f"{term.status.value} term added", term.language, term.text)
        else:
            yield from _term_changes(after.id, known[term.language, term.text], term)
    for term in before.terms:
        if (term.language, term.text) not in kept:
            yield Difference(after.id, f"{term.status.value} term removed", term.language, term.text)


def _term_changes(concept: str, before: Term, after: Term) -> Iterator[Difference]:
    for field in fields(Term):
        one, other = getattr(before, field.name), getattr(after, field.name)
        if one != other:
            name = field.name.replace("_", " ")
            yield Difference(concept, f"{name} changed", after.language, after.text, _shown(one), _shown(other))


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return " | ".join(change_text(part) if isinstance(part, Change) else str(part) for part in value)
    return "" if value is None else str(value)
