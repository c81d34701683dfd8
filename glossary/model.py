"""Concepts and terms."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum


class Status(StrEnum):
    """What the glossary says of a term."""

    PREFERRED = "preferred"
    ADMITTED = "admitted"
    DEPRECATED = "deprecated"
    SUPERSEDED = "superseded"
    FORBIDDEN = "forbidden"
    KEPT = "do not translate"

    @property
    def is_approved(self) -> bool:
        """True for terms a translation may use."""
        return self in {Status.PREFERRED, Status.ADMITTED, Status.KEPT}


class PartOfSpeech(StrEnum):
    """The word classes of TBX-Basic."""

    NOUN = "noun"
    VERB = "verb"
    ADJECTIVE = "adjective"
    ADVERB = "adverb"
    OTHER = "other"


class Gender(StrEnum):
    """Grammatical gender, as in TBX-Basic."""

    MASCULINE = "masculine"
    FEMININE = "feminine"
    NEUTER = "neuter"
    OTHER = "other"


class Number(StrEnum):
    """Grammatical number of the citation form."""

    SINGULAR = "singular"
    DUAL = "dual"
    PLURAL = "plural"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a concept or term is taken from: an instrument, the place in it, an address.

    As text: `instrument, article 7 <address>`; what follows the last comma before a lower-case word or a digit is the place.
    """

    instrument: str
    article: str = ""
    address: str = ""

    def __str__(self) -> str:
        place = f"{self.instrument}, {self.article}" if self.article else self.instrument
        return f"{place} <{self.address}>" if self.address else place

    @classmethod
    def parse(cls, text: str) -> Source:
        """The source that a text such as `Rome Statute, article 7 <https://...>` names."""
        match = _SOURCE.fullmatch(" ".join(text.split()))
        if match is None:
            return cls(" ".join(text.split()))
        return cls(match["instrument"], match["article"] or "", match["address"] or "")


_SOURCE = re.compile(r"(?P<instrument>[^<>]*?)(?:, (?P<article>[a-z0-9][^<>]*?))?(?: ?<(?P<address>[^<>\s]+)>)?")


@dataclass(frozen=True, slots=True)
class Change:
    """Who changed what, when. `when` is an ISO 8601 date or time; `what` is a sentence without a full stop."""

    when: str
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a concept in one language, in its citation form.

    Attributes:
        forms: further forms a rule cannot find, such as broken plurals.
        context: a sentence it is used in.
        region: where it is used (Levantine, Egyptian, Maghrebi, UN).
        valid_from, valid_until: ISO 8601 dates, inclusive, or empty.
    """

    text: str
    language: str
    status: Status = Status.PREFERRED
    forms: tuple[str, ...] = ()
    part_of_speech: PartOfSpeech | None = None
    gender: Gender | None = None
    number: Number | None = None
    context: str = ""
    region: str = ""
    valid_from: str = ""
    valid_until: str = ""
    source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Concept:
    """What the terms of all languages mean together, and where they are taken from.

    Attributes:
        images: files or addresses of pictures.
        history: every change, the oldest first.
        own: what the users keep beside it: names and texts.
    """

    id: str
    terms: tuple[Term, ...]
    domain: str = ""
    definition: str = ""
    sources: tuple[Source, ...] = ()
    note: str = ""
    images: tuple[str, ...] = ()
    history: tuple[Change, ...] = ()
    own: tuple[tuple[str, str], ...] = ()

    def in_language(self, language: str) -> tuple[Term, ...]:
        """Its terms in a language."""
        return tuple(term for term in self.terms if term.language == language)

    def approved(self, language: str) -> tuple[str, ...]:
        """The terms a translation into this language may use, the preferred ones first."""
        own = [term for term in self.in_language(language) if term.status.is_approved]
        return tuple(term.text for term in sorted(own, key=lambda term: term.status is not Status.PREFERRED))


@dataclass(frozen=True, slots=True)
class Match:
    """A term found at text[start:end], in code points.

    Attributes:
        sure: the letters do not mean something else here.
        derived: it is found by one of its English further forms, which may be a verb: a rendering, but a weak demand for one.
    """

    start: int
    end: int
    concept: str
    term: str
    status: Status
    sure: bool = True
    derived: bool = False


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
    def languages(self) -> tuple[str, ...]:
        """Languages it has terms in, in the order they come."""
        return tuple(dict.fromkeys(term.language for concept in self.concepts for term in concept.terms))
