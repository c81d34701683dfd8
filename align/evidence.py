"""What may be known of a document besides its two texts, segment by segment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpora import MuqabalaError

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Evidence:
    """More evidence than the texts; what is empty is not there.

    Attributes:
        translation: a machine translation of each source segment in the target's language.
        source_terms: for each source segment the concepts whose terms it holds.
        target_terms: the same of the target.
    """

    translation: Sequence[str] = ()
    source_terms: Sequence[tuple[str, ...]] = ()
    target_terms: Sequence[tuple[str, ...]] = ()

    def check(self, count: int, width: int) -> None:
        """Raise MuqabalaError where it is not of so many source and target segments."""
        for what, rows, wanted in (
            ("translation", self.translation, count),
            ("source terms", self.source_terms, count),
            ("target terms", self.target_terms, width),
        ):
            if rows and len(rows) != wanted:
                hint = "it has one line a segment, as `muqabala segment` prints them" if what == "translation" else None
                raise MuqabalaError(f"{len(rows)} lines of {what} for {wanted} segments", hint=hint)

    def of(self, rows: Sequence[int], columns: Sequence[int]) -> Evidence:
        """That of the given source and target segments."""
        return Evidence(
            [self.translation[k] for k in rows] if self.translation else (),
            [self.source_terms[k] for k in rows] if self.source_terms else (),
            [self.target_terms[k] for k in columns] if self.target_terms else (),
        )
