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
from align.network import WIDTH
from corpora.languages import primary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from align.network import Floats, Ints

BEFORE, BEHIND = 2, 2
"""Words around a border that are looked at."""
_WORDS = 4096  # read together
_AXES, _RIDGE, _STEPS = 100, 30.0, 8
_LEARNT_FROM = 20_000  # words at most: all of a text would take 2 KB each


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
    places, kind, vectors = _read(words)
    out = np.zeros(len(words), dtype=np.float32)
    if len(places):
        odds = _added_up(kind, (vectors - mean) @ weights.T.astype(np.float32))
        out[places] = odds - odds.mean()
    return out


def learnt(words: Sequence[str], begins: Floats, said: NDArray[np.float64]) -> Floats:
    """What `begins` (W,) tells of a text's words, and what the text does: `said` (W,) is how probably each begins a sentence.

    A logistic regression as the one behind `begins`, which is its starting point and all that it leaves where there is little
    text, along the axes in which the words of the text differ most.
    """
    places, kind, vectors = _read(words)
    share = float(said[places].mean()) if len(places) else 0.0
    if not 0 < share < 1:
        return begins
    counts = np.bincount(kind, minlength=len(vectors)).astype(np.float32)
    centred = vectors - counts @ vectors / counts.sum()
    spread, axes = np.linalg.eigh((centred * counts[:, None]).T @ centred / counts.sum())
    along = np.vstack([centred @ axes[:, : -_AXES - 1 : -1] / max(float(spread[-1]), 1e-6) ** 0.5 * 3, np.zeros(_AXES)])
    along = along.astype(np.float32)
    around = np.stack(_around(kind), axis=1)[:: -(-len(kind) // _LEARNT_FROM)]
    x = np.hstack([along[around].reshape(len(around), -1), np.ones((len(around), 1), dtype=np.float32)])
    chosen = places[:: -(-len(kind) // _LEARNT_FROM)]
    weights = _logistic(x, said[chosen].astype(np.float32), begins[chosen] + np.float32(np.log(share / (1 - share))))
    out = begins.copy()
    out[places] += _added_up(kind, along[:-1] @ weights[:-1].reshape(BEFORE + BEHIND, _AXES).T)
    out[places] -= out[places].mean()
    return out


def _logistic(x: Floats, y: Floats, known: Floats) -> Floats:
    """Weights of a logistic regression beside log odds that are known, by Newton's method; the last column of x is constant."""
    ridge = np.append(np.full(x.shape[1] - 1, _RIDGE), 1e-3)
    weights = np.zeros(x.shape[1], dtype=np.float32)
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-np.clip(known + x @ weights, -30, 30)))
        slope = x.T @ (p - y) + ridge * weights
        weights = weights - np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + np.diag(ridge), slope).astype(np.float32)
    return weights


def _read(words: Sequence[str]) -> tuple[Ints, Ints, Floats]:
    """Of the words that are not marks the places (P,), the number (P,) of each, and the vectors (D, 512) of the numbers."""
    found = [bare(word) for word in words]
    places = np.flatnonzero([bool(word) for word in found])
    distinct, kind = np.unique(np.array([word for word in found if word], dtype=object), return_inverse=True)
    vectors = np.empty((len(distinct), WIDTH), dtype=np.float32)
    for q in range(0, len(distinct), _WORDS):
        vectors[q : q + _WORDS] = use_encoder().encode(distinct[q : q + _WORDS].tolist())
    return places, kind, vectors


def _around(kind: Ints) -> list[Ints]:
    """Numbers (P,) of the words two and one before the border before each, and of those behind it; -1 beyond the ends."""
    padded = np.pad(kind, (BEFORE, BEHIND - 1), constant_values=-1)
    return [padded[k : k + len(kind)] for k in range(BEFORE + BEHIND)]


def _added_up(kind: Ints, says: Floats) -> Floats:
    """What the words around each border say together; `says` (D, words around) is of each number."""
    says = np.vstack([says, np.zeros(BEFORE + BEHIND, dtype=np.float32)])
    return np.add.reduce([says[number, k] for k, number in enumerate(_around(kind))])  # type: ignore[no-any-return]


@cache
def beginning_weights(language: str) -> tuple[Floats, Floats]:
    """The mean and the weights this version ships for a language; where it has none, those of all."""
    with np.load(str(files("align") / "data" / "beginnings.npz")) as stored:
        return stored["mean"], stored[language if language in stored else "all"]
