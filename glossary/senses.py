"""Expressions in which a legal word means something else: أحكام النظام are provisions, not judgments."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from glossary import arabic
from glossary.lexicon import folded

if TYPE_CHECKING:
    from collections.abc import Sequence

_GAP = 1  # words that may come between


@dataclass(frozen=True, slots=True)
class Sense:
    """An expression of one language.

    Attributes:
        words: as they are compared, each with what may stand before it.
        place: which of them means something else here.
        rendering: how that is rendered in other languages, in lower case.
    """

    words: tuple[str, ...]
    place: int
    rendering: frozenset[str]


def other_meaning(words: Sequence[str], at: int, language: str) -> frozenset[str]:
    """How words[at] is rendered where it stands in one of the expressions; empty where it does not."""
    index = _by_word(language)
    here = [sense for surface in _surfaces(words[at], language) for sense in index.get(surface, ())]
    fitting = (sense.rendering for sense in here if _stands(sense, words, at, language))
    return frozenset().union(*fitting)


def _stands(sense: Sense, words: Sequence[str], at: int, language: str) -> bool:
    """The words before and behind the starred one stand there too, at most `_GAP` words further off than they should."""
    for step in (-1, 1):
        others = sense.words[sense.place + 1 :] if step > 0 else sense.words[: sense.place][::-1]
        place, gaps = at, _GAP
        for other in others:
            place += step
            while gaps and 0 <= place < len(words) and other not in _surfaces(words[place], language):
                place, gaps = place + step, gaps - 1
            if not 0 <= place < len(words) or other not in _surfaces(words[place], language):
                return False
    return True


def _surfaces(word: str, language: str) -> frozenset[str]:
    return arabic.surfaces(word) if language == "ar" else frozenset({word.casefold()})


@cache
def _by_word(language: str) -> dict[str, list[Sense]]:
    index: dict[str, list[Sense]] = {}
    for sense in senses(language):
        index.setdefault(sense.words[sense.place], []).append(sense)
    return index


@cache
def senses(language: str) -> tuple[Sense, ...]:
    """The expressions of a language, from `data/senses.tsv`."""
    text = (files("glossary") / "data" / "senses.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.split("\n") if line and not line.startswith("#")]
    return tuple(
        _sense(expression, frozenset(rendering.casefold().split("|")), language)
        for code, expressions, rendering in rows[1:]
        if code == language
        for expression in expressions.split("|")
    )


def _sense(expression: str, rendering: frozenset[str], language: str) -> Sense:
    words = expression.split()
    place = next(k for k, word in enumerate(words) if word.startswith("*"))
    fold = folded if language == "ar" else str.casefold
    return Sense(tuple(fold(word.lstrip("*")) for word in words), place, rendering)
