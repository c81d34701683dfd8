"""The quality of units: what is measured, and what is decided by it, are two functions. Nothing is dropped here, only flagged."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from corpora.languages import primary, seems
from corpora.scripts import LETTERS, script_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpora.units import Unit, UnitSide

_SAMPLE = 20_000  # units that tell the usual ratio of lengths
_LEAST_LETTERS = 40  # of a side whose language is told
_MARGIN = 10.0  # log odds of another language that count: no sentence of the development news is that sure of a wrong one
_WRITTEN = frozenset("ar de en es fr it nl pl pt ru th tr".split())  # in letters of one script


@dataclass(frozen=True, slots=True)
class Limits:
    """What leaves a unit out of a corpus.

    Attributes:
        confidence: machine beads less sure than this.
        length_ratio: one side so many times as long as the corpus lets expect.
        letters: the least share of letters on a side.
        errors: findings that alarm.
        language: sides in another language than they should be.
        copied: a target that is the source.
    """

    confidence: float = 0.5
    length_ratio: float = 4.0
    letters: float = 0.5
    errors: bool = True
    language: bool = True
    copied: bool = True


@dataclass(frozen=True, slots=True)
class Measures:
    """What is measured of a unit.

    Attributes:
        empty: the sides without text, `source` or `target`.
        copied: whether both sides are the same text with letters in it.
        ratio: how many times one side is longer than the other lets expect.
        letters: share of letters among the characters that are no spaces, of the side that has fewer.
        languages: what the sides seem to be where that is another language than they should be; empty where they are right.
        confidence: of the alignment.
        decided: whether a person has confirmed it.
        rejected: whether a person has rejected it.
        errors: findings that alarm.
    """

    empty: tuple[str, ...]
    copied: bool
    ratio: float
    letters: float
    languages: tuple[str, str]
    confidence: float
    decided: bool
    rejected: bool
    errors: int


def usual_ratio(units: Iterable[Unit]) -> float:
    """The usual ratio of target to source characters, by the median of the first units; 1 where there are none."""
    ratios = []
    for unit in units:
        if unit.is_two_sided:
            ratios.append((len(unit.target.text) + 8) / (len(unit.source.text) + 8))
            if len(ratios) == _SAMPLE:
                break
    return median(ratios) if ratios else 1.0


def measure(unit: Unit, usual: float) -> Measures:
    """Measure a unit; `usual` is the corpus' ratio of lengths."""
    sides = unit.source, unit.target
    ratio = (len(unit.target.text) + 8) / (len(unit.source.text) + 8) / usual
    same = unit.source.text.casefold() == unit.target.text.casefold() and any(c.isalpha() for c in unit.source.text)
    codes = primary(unit.source.language), primary(unit.target.language)
    return Measures(
        empty=tuple(name for name, side in zip(("source", "target"), sides, strict=True) if not side.text),
        copied=same and codes[0] != codes[1],
        ratio=math.exp(abs(math.log(ratio))),
        letters=min(_letters(side.text) for side in sides),
        languages=(other_language(unit.source, codes), other_language(unit.target, codes)),
        confidence=unit.confidence,
        decided=unit.status in {"accepted", "edited", "realigned", "locked"},
        rejected=unit.status == "rejected",
        errors=unit.errors,
    )


def flags_of(measures: Measures, limits: Limits) -> tuple[str, ...]:
    """Why a unit is left out, each reason with its value; empty where it is kept."""
    found = [f"empty {name}" for name in measures.empty]
    if measures.rejected:
        found.append("rejected")
    if measures.empty:
        return tuple(found)
    if limits.copied and measures.copied:
        found.append("copied")
    if measures.ratio > limits.length_ratio:
        found.append(f"length ratio {measures.ratio:.1f}")
    if measures.letters < limits.letters:
        found.append(f"letters {measures.letters:.2f}")
    if limits.language:
        found += [f"{name} in {code}" for name, code in zip(("source", "target"), measures.languages, strict=True) if code]
    if not measures.decided and measures.confidence < limits.confidence:
        found.append(f"confidence {measures.confidence:.2f}")
    if limits.errors and measures.errors:
        found.append(f"errors {measures.errors}")
    return tuple(found)


def _letters(text: str) -> float:
    signs = [c for c in text if not c.isspace()]
    return sum(c.isalpha() or "\u064b" <= c <= "\u0652" for c in signs) / max(len(signs), 1)


def other_language(side: UnitSide, codes: tuple[str, str]) -> str:
    """The language (or `another script`) that a side seems to be in, empty where it seems right or too short to tell."""
    own = primary(side.language)
    letters = [c for c in side.text if c.isalpha()]
    if len(letters) < 10:
        return ""
    if own in _WRITTEN:
        expected = LETTERS[script_of(own)]
        if sum(bool(expected.match(c)) for c in letters) < 0.5 * len(letters):
            return "another script"
        if own == "ar":
            return ""  # no other language of the encoder is written in it
    if len(letters) < _LEAST_LETTERS:
        return ""
    told, margin = seems(side.text, own)
    return told if margin > _MARGIN and (told in codes or len(letters) > 2 * _LEAST_LETTERS) else ""
