"""Concepts and terms."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Status(StrEnum):
    """What the glossary says of a term."""

    PREFERRED = "preferred"
    ADMITTED = "admitted"
    DEPRECATED = "deprecated"
    SUPERSEDED = "superseded"
    FORBIDDEN = "forbidden"

    @property
    def is_approved(self) -> bool:
        """True for terms a translation may use."""
        return self in {Status.PREFERRED, Status.ADMITTED}


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a concept in one language, in its citation form; `forms` are further forms a rule cannot find."""

    text: str
    language: str
    status: Status = Status.PREFERRED
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Concept:
    """What the terms of all languages mean together, and where they are taken from."""

    id: str
    terms: tuple[Term, ...]
    domain: str = ""
    source: str = ""
    note: str = ""

    def approved(self, language: str) -> tuple[str, ...]:
        """The terms a translation into this language may use, the preferred one first."""
        own = [term for term in self.terms if term.language == language and term.status.is_approved]
        return tuple(term.text for term in sorted(own, key=lambda term: term.status is not Status.PREFERRED))


@dataclass(frozen=True, slots=True)
class Match:
    """A term found at text[start:end], in code points; not `sure` where the same letters mean something else here."""

    start: int
    end: int
    concept: str
    term: str
    status: Status
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Glossary:
    """Concepts in the order of their file; `digest` names their content."""

    concepts: tuple[Concept, ...]
    name: str = ""
    digest: str = ""
    by_id: dict[str, Concept] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {concept.id: concept for concept in self.concepts})

    @property
    def languages(self) -> frozenset[str]:
        """Languages it has terms in."""
        return frozenset(term.language for concept in self.concepts for term in concept.terms)
