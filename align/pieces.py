"""Segments cut finer than they came: at their sentences, and at their clauses. Only the aligner sees the pieces."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from corpora.segmentation import sentence_ends

if TYPE_CHECKING:
    from collections.abc import Sequence

_STOP_INSIDE = re.compile(r"[.!?؟۔…:]\S*\s|[。！？：]")
_ANY_LANGUAGE = "und"
_CLAUSE = re.compile(r"[,;:،؛–—]+[\"'»”’]*\s+|[，；：]+[\"'»”’]*\s*")
_SHORTEST, _SHORTEST_WIDE = 25, 8  # characters of the pieces on both sides of a clause's end, and where the comma is a wide one
_WIDE = "，；："


def sentences(text: str) -> list[str]:
    """The sentences of a segment, by rules that every language follows; abbreviations are not known."""
    if not _STOP_INSIDE.search(text):
        return [text]
    return _cut(text, sentence_ends(text, _ANY_LANGUAGE))


def clauses(text: str) -> list[str]:
    """The sentences of a segment, each cut behind its commas, semicolons, colons and dashes, but not into scraps."""
    return [piece for sentence in sentences(text) for piece in _cut(sentence, _clause_ends(sentence))]


WAYS = {"sentences": sentences, "clauses": clauses}
"""The ways of cutting segments finer."""
GIST = ("clauses",)
"""Those that are only looked at as the first pass does; more would cost a third of the time and gain little."""


def _clause_ends(text: str) -> list[int]:
    ends = []
    last = 0
    for match in _CLAUSE.finditer(text):
        least = _SHORTEST_WIDE if match[0][0] in _WIDE else _SHORTEST
        if min(match.end() - last, len(text) - match.end()) >= least:
            ends.append(match.end())
            last = match.end()
    return ends


def _cut(text: str, ends: Sequence[int]) -> list[str]:
    """The pieces between the ends that have text; the text as it is where there is one at most."""
    pieces = [piece for a, b in pairwise([0, *ends, len(text)]) if (piece := text[a:b].strip())]
    return pieces if len(pieces) > 1 else [text]
