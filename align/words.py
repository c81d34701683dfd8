"""The words of one side as the word links see them: each by itself and in its neighbourhood."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from align.rowwise import centre_rows

if TYPE_CHECKING:
    from align.encoder import TokenSums, UseEncoder
    from align.network import Floats, Ints

_MOST_WORDS = 512
_NEIGHBOUR = 0.25  # weight of a word's neighbourhood beside the word itself


@dataclass(frozen=True, slots=True)
class Words:
    """W words of N segments; D of them are distinct by themselves, R in their neighbourhood.

    A word's own vector and its neighbourhood's, joined, are a unit vector.

    Attributes:
        own: (D, width) of the words by themselves.
        around: (R, width) of their neighbourhoods.
        kinds: (W, 2) the row of each word in either.
        first: (N + 1,) each segment's first word.
    """

    own: Floats
    around: Floats
    kinds: Ints
    first: Ints

    def cut(self, first: int, last: int) -> Words:
        """Those of segments first .. last - 1."""
        borders = self.first[first : last + 1]
        return replace(self, kinds=self.kinds[borders[0] : borders[-1]], first=borders - borders[0])

    def pick(self, rows: Ints) -> Words:
        """Those of these segments (n,) one behind the other."""
        first, counts = self.first[rows], np.diff(self.first)[rows]
        borders = np.concatenate([[0], np.cumsum(counts)])
        return replace(self, kinds=self.kinds[np.arange(borders[-1]) + np.repeat(first - borders[:-1], counts)], first=borders)

    def vectors(self, first: int, last: int) -> Floats:
        """The vectors (words, width) of words first .. last - 1 by themselves."""
        return _rows(self.own, self.kinds[first:last, 0])

    def surroundings(self, first: int, last: int) -> tuple[Floats, Ints]:
        """The neighbourhoods (G, width) that words first .. last - 1 go through, and which of them each word has.

        Words two and two have the same, so what is computed of these is computed half as often.
        """
        kinds = self.kinds[first:last, 1]
        opens = np.ones(len(kinds), dtype=bool)
        opens[1:] = kinds[1:] != kinds[:-1]
        return _rows(self.around, kinds[opens]), np.cumsum(opens) - 1


def _rows(vectors: Floats, picked: Ints) -> Floats:
    """The vectors of these rows; where the rows are neighbours, as most are, without a copy."""
    if len(picked) and (np.diff(picked) == 1).all():
        return vectors[picked[0] : picked[-1] + 1]
    return vectors[picked]


def read_words(encoder: UseEncoder, sums: TokenSums, count: int) -> Words:
    """The words of a side of so many segments, centred; of a very long segment evenly so many as are worth it."""
    kept = _sample(sums.word_segment, count)
    own = encoder.head(sums.words, sums.word_tokens)
    runs, of_word = neighbourhoods(sums.word_kind, sums.word_segment, len(sums.words))
    tokens = np.append(sums.word_tokens, 0)[runs].sum(axis=1)
    around = encoder.head(sums.words, tokens, np.where(runs < len(sums.words), runs, -1))
    kinds = np.stack([sums.word_kind[kept], of_word[kept]], axis=1)
    for vectors, pick, weight in ((own, kinds[:, 0], 1 - _NEIGHBOUR), (around, kinds[:, 1], _NEIGHBOUR)):
        counts = np.bincount(pick, minlength=len(vectors)).astype(np.float32)
        centre_rows(vectors, counts @ vectors / np.float32(max(len(pick), 1)), weight**0.5)
    return Words(own, around, kinds, np.searchsorted(sums.word_segment[kept], np.arange(count + 1)))


def neighbourhoods(kind: Ints, segment: Ints, none: int) -> tuple[Ints, Ints]:
    """Distinct runs (R, 4) of words by kind, and the run (W,) of each word.

    Words two and two from the start of a segment share a run: they and the word to each side. `none` stands where there is no word.
    """
    opens = (np.arange(len(kind)) - np.searchsorted(segment, segment)) % 2 == 0
    first, run = np.flatnonzero(opens), np.cumsum(opens) - 1
    behind = np.concatenate([[none], kind, [none, none]])[first[:, None] + np.arange(4)]
    behind[np.bincount(run, minlength=len(first)) == 1, 3] = none
    halves = [np.unique(behind[:, k] * (none + 1) + behind[:, k + 1], return_inverse=True)[1] for k in (0, 2)]
    _, chosen, same = np.unique(halves[0] * (len(kind) + 1) + halves[1], return_index=True, return_inverse=True)
    return behind[chosen], same[run]


def _sample(segment: Ints, count: int) -> Ints:
    """Indices of the words to link: all, but of a segment with more than `_MOST_WORDS` evenly so many."""
    bounds = np.searchsorted(segment, np.arange(count + 1))
    if not count or np.diff(bounds).max() <= _MOST_WORDS:
        return np.arange(len(segment))
    parts = [np.linspace(a, b - 1, min(b - a, _MOST_WORDS)).astype(np.int64) for a, b in pairwise(bounds.tolist())]
    return np.concatenate(parts)
