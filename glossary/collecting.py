"""From what a file holds to concepts: the one place that refuses what no glossary may hold, with the line and what to do."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, TypeVar

from corpora import MuqabalaError, ReadError
from corpora.characters import fold_line
from corpora.languages import checked
from glossary.model import Change, Source

if TYPE_CHECKING:
    from enum import StrEnum

    from glossary.model import Concept

    Choice = TypeVar("Choice", bound="StrEnum")

LONGEST = 500
"""Code points a term may have."""

_FORMULA = re.compile(r"[=@+](?!$)|-[\d(@=]|\t|\r")
_SOURCES = re.compile(r"\s*;\s*")


class Collector:
    """Takes concepts in the order of a file.

    Args:
        path: of the file, for errors.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._lines: dict[str, int] = {}
        self._concepts: list[Concept] = []

    def add(self, concept: Concept, line: int) -> None:
        """Take a concept. Raises ReadError: it has no id or no terms, or its id came before."""
        if not concept.id:
            raise self.error("a row without a concept", line, hint="every concept needs an id of its own")
        if concept.id.startswith("#"):
            raise self.error(f"the id '{concept.id[:40]}' begins with #", line, hint="a table would take it for a comment")
        if concept.id in self._lines:
            first = self._lines[concept.id]
            raise self.error(
                f"the concept '{concept.id}' stands here a second time",
                line,
                hint=f"first in line {first}; rename one or join them",
            )
        if not concept.terms:
            raise self.error(f"the concept '{concept.id}' has no term", line, hint="give it one, or take the concept out")
        self._lines[concept.id] = line
        self._concepts.append(concept)

    def term(self, text: str, line: int) -> str:
        """The text of a term as it is kept. Raises ReadError: it can be none."""
        term = fold_line(text)
        if not term:
            raise self.error("an empty term", line, hint="give it a text, or take it out")
        if len(term) > LONGEST:
            raise self.error(f"a term of {len(term)} characters", line, hint=f"at most {LONGEST}; a text belongs into the note")
        if _FORMULA.match(term):
            raise self.error(f"the term '{term[:40]}' looks like a formula", line, hint="a term begins with a letter or a digit")
        if not any(c.isalnum() for c in term):
            raise self.error(f"the term '{term[:40]}' has no letter or digit", line, hint="it could never be found; take it out")
        return term

    def choice(self, kinds: type[Choice], text: str, what: str, line: int) -> Choice:
        """One of a closed list. Raises ReadError: it is none of them."""
        try:
            return kinds(text.strip().casefold())
        except ValueError:
            raise self.error(f"unknown {what} '{text.strip()[:40]}'", line, hint=f"one of {', '.join(kinds)}") from None

    def day(self, text: str, line: int) -> str:
        """An ISO date, or empty. Raises ReadError."""
        day = text.strip()
        try:
            return datetime.date.fromisoformat(day).isoformat() if day else ""
        except ValueError:
            raise self.error(f"'{day[:40]}' is not a date", line, hint="such as 2026-03-01") from None

    def change(self, text: str, line: int) -> Change:
        """A change written `2026-03-01 name: what`. Raises ReadError."""
        match = re.fullmatch(r"(\d{4}-\d\d-\d\d(?:T[\d:.Z+-]+)?)? ?([^:]*)?: (.*)", fold_line(text))
        if match is None:
            raise self.error(f"'{text.strip()[:40]}' is no change", line, hint="such as '2026-03-01 name: definition changed'")
        return Change(self.moment(match[1] or "", line), match[2] or "", match[3])

    def moment(self, text: str, line: int) -> str:
        """An ISO date or time, or empty. Raises ReadError."""
        self.day(text.strip()[:10], line)
        return text.strip()

    def language(self, code: str, line: int) -> str:
        """A language code as it is written in files. Raises ReadError: it is none."""
        try:
            return checked(code.strip())
        except MuqabalaError:
            raise self.error(f"'{code.strip()[:20]}' is not a language code", line, hint="two letters, as in ar, en, fr") from None

    def concepts(self) -> tuple[Concept, ...]:
        """All of them. Raises ReadError: there are none."""
        if not self._concepts:
            raise ReadError("the glossary has no concepts", path=self._path)
        return tuple(self._concepts)

    def error(self, reason: str, line: int | None, *, hint: str | None = None) -> ReadError:
        """The error to raise."""
        return ReadError(reason, path=self._path, line=line or None, hint=hint)


def parse_sources(text: str) -> tuple[Source, ...]:
    """Sources separated by semicolons."""
    return tuple(Source.parse(part) for part in _SOURCES.split(fold_line(text)) if part)


def change_text(change: Change) -> str:
    """A change as one line, read back by `Collector.change`."""
    return f"{change.when} {change.who}".strip() + f": {change.what}"
