"""How much words look like those that sentences begin with, whatever marks stand between them.

A logistic regression over the vectors of the words around a border, each read alone by the encoder: two before, two behind. What
holds in all languages is fitted first, then what is different in each.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from align.encoder import use_encoder
from corpora.languages import primary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.network import Floats

BEFORE, BEHIND = 2, 2
"""Words around a border that are looked at."""
_WORDS = 4096  # read together


def bare(word: str) -> str:
    """A word without the marks around it and its capitals; empty where it is nothing but marks."""
    marks = "".join({c for c in word if not c.isalnum()})
    return word.strip(marks).lower()


@lru_cache(maxsize=2)  # both sides of a bitext, which are asked again after one of them is cut
def beginnings(words: tuple[str, ...], language: str) -> Floats:
    """For each of a text's words (W,) the log odds that a sentence begins with it, less their mean; words that are marks have 0."""
    out = odds_of_beginning(words, *beginning_weights(primary(language)))
    out.flags.writeable = False
    return out


def odds_of_beginning(words: Sequence[str], mean: Floats, weights: Floats) -> Floats:
    """See `beginnings`; with the mean of the words' vectors (512,), and weights (words, 512) of those around a border, in order."""
    found = [bare(word) for word in words]
    places = np.flatnonzero([bool(word) for word in found])
    out = np.zeros(len(words), dtype=np.float32)
    if not len(places):
        return out
    distinct, kind = np.unique(np.array([word for word in found if word], dtype=object), return_inverse=True)
    says = np.zeros((len(distinct) + 1, len(weights)), dtype=np.float32)  # of the last, which is no word
    for q in range(0, len(distinct), _WORDS):
        read = use_encoder().encode(distinct[q : q + _WORDS].tolist())
        says[q : q + len(read)] = (read - mean) @ weights.T
    around = np.pad(kind, (BEFORE, BEHIND - 1), constant_values=-1)
    odds = sum(says[around[k : k + len(kind)], k] for k in range(BEFORE + BEHIND))
    out[places] = odds - odds.mean()
    return out


@cache
def beginning_weights(language: str) -> tuple[Floats, Floats]:
    """The mean and the weights this version ships for a language; where it has none, those of all."""
    with np.load(str(files("align") / "data" / "beginnings.npz")) as stored:
        return stored["mean"], stored[language if language in stored else "all"]
