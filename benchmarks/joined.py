"""Texts whose segments are joined, to learn and to measure where they are to be cut again."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.gold import GoldText, without
from corpora.clauses import OPENINGS, SIGNS, border_signs, capitals_of, is_spaced, shown_ends, strengths, words_of

if TYPE_CHECKING:
    from corpora import Bead

NUMBERED = "numbered"
"""What is left of the punctuation beside `gold.MODES`: no stops, but a number before each bead, "3." on the other side."""

_RUNS = (1, 2, 2, 3, 3, 4, 6, 8)
_SOME = 0.2  # share of neighbouring beads that lose the stop between them
_GOING_ON = re.compile("[;؛；](?=.)"), re.compile("[:：](?=.)")
_LAST_STOP = re.compile(r"[.!?؟。！？…]+(?=[\"»”’)）」]*$)")


@dataclass(frozen=True)
class Problem:
    """Both sides of a text, the one whose words are tried first; of each gold bead the letters before it and whether it is 1-1."""

    languages: tuple[str, str]
    ours: list[str]
    theirs: list[str]
    before: list[tuple[int, int]]
    single: list[bool]


def one_joined(text: GoldText, side: str, mode: str) -> Problem:
    """A text of which one side is joined."""
    dice = random.Random(f"{text.name} {side} {mode}")
    beads = _in_order(text)
    lines, partners = (text.source, text.target) if side == "source" else (text.target, text.source)
    other = "target" if side == "source" else "source"
    language, another = text.languages if side == "source" else text.languages[::-1]
    ours, theirs, before = [], [], []
    letters = [0, 0]
    while len(before) < len(beads):
        parts = []
        for bead in beads[len(before) : len(before) + dice.choice(_RUNS)]:
            before.append((letters[0], letters[1]))
            left = "stops" if mode == NUMBERED else mode
            here, there = (f"{len(before)} ", f"{len(before)}. ") if mode == NUMBERED else ("", "")
            parts.append(here + " ".join(without(lines[k], left, language) for k in getattr(bead, side)))
            added = [partners[k] for k in getattr(bead, other)]
            theirs += [there + added[0], *added[1:]]
            letters = [letters[0] + letters_of(parts[-1]), letters[1] + letters_of(there) + sum(map(letters_of, added))]
        ours.append((" " if is_spaced(language) else "").join(parts))
    return Problem((language, another), ours, theirs, before, [False] * len(before))


def both_joined(text: GoldText, mode: str) -> Problem:
    """A text of which both sides are joined at the same beads."""
    dice = random.Random(f"{text.name} both {mode}")
    at = 1 if shown_ends(text.languages[1]) < shown_ends(text.languages[0]) else 0
    sides = [(lines, language) for lines, language in zip((text.source, text.target), text.languages, strict=True)]
    shown = [[_ends_without_a_stop(line) for line in read_signs(lines, language)[1]] for lines, language in sides]
    out: list[list[str]] = [[], []]
    before, single, letters = [], [], [0, 0]
    left = 0  # beads that the next is to be joined with
    for number, bead in enumerate(_in_order(text)):
        if mode == "some":
            join = number > 0 and dice.random() < _SOME
        else:
            join = left > 0
            left = left - 1 if join else dice.choice(_RUNS) - 1
        before.append((letters[0], letters[1]))
        single.append(
            len(bead.source) == len(bead.target) == 1
            and not _goes_on(text.source[bead.source[0]], text.target[bead.target[0]])
            and not (shown[0][bead.source[0]] or shown[1][bead.target[0]])
        )
        lost = [0, 0]
        for k, chosen in enumerate((bead.source, bead.target)):
            lines, language = sides[k]
            texts = [lines[line] if mode == "some" else without(lines[line], mode, language) for line in chosen]
            texts = texts if mode == "some" else [" ".join(texts)]
            letters[k] += sum(map(letters_of, texts))
            if join:
                last = out[k].pop()
                bare = _LAST_STOP.sub("", last) if mode == "some" else last
                lost[k] = letters_of(last) - letters_of(bare)
                texts[0] = f"{bare} {texts[0]}"
            out[k] += texts
        letters = [letters[0] - lost[0], letters[1] - lost[1]]
        before[-1] = (before[-1][0] - lost[0], before[-1][1] - lost[1])
    ordered = [(a, b) if at == 0 else (b, a) for a, b in before]
    languages = text.languages if at == 0 else text.languages[::-1]
    return Problem((languages[0], languages[1]), out[at], out[1 - at], ordered, single)


def _in_order(text: GoldText) -> list[Bead]:
    return sorted((bead for bead in text.beads if bead.source and bead.target), key=lambda bead: bead.source)


def _goes_on(one: str, other: str) -> bool:
    """Whether both go on behind a colon or semicolon: some cut there, some do not, so neither is wrong."""
    return any(mark.search(one) and mark.search(other) for mark in _GOING_ON)


def _ends_without_a_stop(signs: list[tuple[int, int, int]]) -> bool:
    """Whether a sentence ends within a line without a stop, as its capitals show: some lines of news have a headline in front."""
    return any(SIGNS[sign] in {"none", "closing"} and OPENINGS[opening] == "starter" for sign, opening, _ in signs)


def letters_of(text: str) -> int:
    """Characters that are not white space."""
    return len("".join(text.split()))


def read_signs(texts: list[str], language: str) -> tuple[list[list[str]], list[list[tuple[int, int, int]]], list[list[int]]]:
    """Words of each text, the signs between them, and how much they speak for the end of a sentence."""
    words = [words_of(line, language) for line in texts]
    capitals = capitals_of(words, language)
    signs = [border_signs(one, language, capitals) for one in words]
    return words, signs, [strengths(one, language) for one in signs]
