"""What a check looks at: both texts of a bead, and their languages."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from corpora import Finding, Severity
from corpora.characters import Seen
from corpora.languages import primary

if TYPE_CHECKING:
    from corpora.apparatus import Mark

Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A bead's two texts; one may be empty.

    Attributes:
        apparatus: signs of notes and the like, in the source and in the target, that only one side of the statement has.
    """

    source: str
    target: str
    source_language: str
    target_language: str
    apparatus: tuple[tuple[Mark, ...], tuple[Mark, ...]] = ((), ())

    @property
    def is_two_sided(self) -> bool:
        """Both sides have a text."""
        return bool(self.source.strip() and self.target.strip())

    def sides(self) -> tuple[tuple[str, str, str], ...]:
        """`source` and `target`, each with its text and the primary part of its language."""
        return (
            ("source", self.source, primary(self.source_language)),
            ("target", self.target, primary(self.target_language)),
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """A pair as readers see it, without marks of direction and the like, and the way back to its texts."""

    pair: Pair
    source: Seen
    target: Seen

    @classmethod
    def of(cls, pair: Pair) -> Shown:
        """From the texts as they are."""
        source, target = Seen.of(pair.source), Seen.of(pair.target)
        return cls(replace(pair, source=source.text, target=target.text), source, target)

    def found(self, findings: list[Finding]) -> list[Finding]:
        """What was found in it, with spans of the texts as they are."""
        if not (self.source.left_out or self.target.left_out):
            return findings
        return [
            replace(
                one,
                source=tuple(self.source.span(*span) for span in one.source),
                target=tuple(self.target.span(*span) for span in one.target),
            )
            for one in findings
        ]


def on_side(code: str, severity: Severity, side: str, spans: Spans, **details: Any) -> Finding:
    """A finding about one side only."""
    return Finding(code, severity, spans if side == "source" else (), spans if side == "target" else (), **details)


@cache
def words(table: str, language: str) -> dict[str, frozenset[str]]:
    """Word lists of `data/checks.toml`."""
    text = (files("glossary") / "data" / "checks.toml").read_text(encoding="utf-8")
    stored = tomllib.loads(text).get(table, {}).get(language, {})
    lists = stored if isinstance(stored, dict) else {"": stored}
    return {name: frozenset(entries) for name, entries in lists.items()}
