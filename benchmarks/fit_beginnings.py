"""Fit the weights that tell words that sentences begin with, and write their file.

    python -m benchmarks.fit_beginnings GOLD_FOLDER [-o align/data/beginnings.npz]

What GOLD_FOLDER holds is told in `gold.py`; the lines of the news are taken as they are. A logistic regression over the vectors of
the words around a border, marks and capitals left out, on what is most alike in them; whether a line begins there is what is to be
found. Printed for each text and language, left out of the fit: how often a word that begins a line has more than one that does not.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from align.beginnings import BEFORE, BEHIND, bare
from align.encoder import use_encoder
from benchmarks.gold import digest_of, gold_sets, news_as_it_is
from corpora.clauses import words_of

AXES, RIDGE, RIDGE_OF_ONE = 100, 3.0, 100.0


@dataclass(frozen=True)
class Told:
    """The words of a text's lines, of one side.

    Attributes:
        fold: of the text, as in `fit_cuts`.
        language: of its words.
        words: numbers of them.
        first: whether each begins a line.
    """

    fold: str
    language: str
    words: np.ndarray
    first: np.ndarray


@dataclass(frozen=True)
class Words:
    """All texts.

    Attributes:
        told: the sides.
        vectors: (D, 512) of each distinct word, read alone.
        mean: (512,) of all words.
        axes: (512, AXES) along which they differ most, the widest with a spread of 3.
    """

    told: list[Told]
    vectors: np.ndarray
    mean: np.ndarray
    axes: np.ndarray


def read_words(folder: Path) -> Words:
    """The words of all gold texts."""
    lines = [
        (f"{t.group}/{t.name}", t.languages[k], side) for t in gold_sets(folder) for k, side in enumerate((t.source, t.target))
    ]
    lines += news_as_it_is(folder)
    numbers: dict[str, int] = {}
    told = []
    for fold, language, side in lines:
        found = [[word for word in map(bare, words_of(line, language)) if word] for line in side]
        words = [numbers.setdefault(word, len(numbers)) for one in found for word in one]
        told.append(Told(fold, language, np.array(words), np.array([k == 0 for one in found for k in range(len(one))])))
    vectors = use_encoder().encode(list(numbers))
    counts = np.bincount(np.concatenate([one.words for one in told]))[:, None]
    mean = ((vectors * counts).sum(axis=0) / counts.sum()).astype(np.float32)
    centred = vectors - mean
    spread, axes = np.linalg.eigh((centred * counts).T @ centred / counts.sum())
    return Words(told, vectors, mean, axes[:, : -AXES - 1 : -1] / spread[-1] ** 0.5 * 3)


@dataclass(frozen=True)
class Weights:
    """What is fitted: the mean (512,) of the words' vectors, weights (words around a border, 512) for "all" and each language."""

    mean: np.ndarray
    by_language: dict[str, np.ndarray]

    def of(self, language: str) -> tuple[np.ndarray, np.ndarray]:
        """The mean and the weights for a language."""
        return self.mean, self.by_language.get(language, self.by_language["all"])


def fit(words: Words, *without: str) -> Weights:
    """The weights, fitted without the texts of some folds."""
    chosen = [one for one in words.told if one.fold not in without]
    known = np.vstack([(words.vectors - words.mean) @ words.axes, np.zeros(words.axes.shape[1])]).astype(np.float32)
    x = np.vstack([known[_around(one.words)].reshape(len(one.words), -1) for one in chosen])
    x = np.hstack([x, np.ones((len(x), 1), dtype=np.float32)])
    y = np.concatenate([one.first for one in chosen]).astype(np.float32)
    language = np.repeat([one.language for one in chosen], [len(one.words) for one in chosen])
    shared = _logistic(x, y, np.zeros(len(y), dtype=np.float32), RIDGE)
    found = {"all": shared}
    for name in sorted({*language.tolist()}):
        mine = x[language == name]
        found[name] = shared + _logistic(mine, y[language == name], mine @ shared.astype(np.float32), RIDGE_OF_ONE)
    return Weights(
        words.mean,
        {name: (w[:-1].reshape(BEFORE + BEHIND, -1) @ words.axes.T).astype(np.float32) for name, w in found.items()},
    )


def write(weights: Weights, path: Path, fitted_on: str) -> None:
    """The file that `align.beginnings` reads."""
    np.savez(path, mean=weights.mean, fitted_on=fitted_on, **weights.by_language)


def _logistic(x: np.ndarray, y: np.ndarray, known: np.ndarray, ridge: float) -> np.ndarray:
    """Weights of a logistic regression beside odds that are known."""

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        z = known + x @ weights.astype(np.float32)
        slope = x.T @ (1 / (1 + np.exp(-z.clip(-50))) - y) + ridge * weights
        return float((np.logaddexp(0, z) - y * z).sum() + ridge / 2 * weights @ weights), slope.astype(np.float64)

    return minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 80}).x


def _around(words: np.ndarray) -> np.ndarray:
    """Numbers (W, 4) of the words around the border before each; -1 beyond the ends."""
    padded = np.pad(words, (BEFORE, BEHIND - 1), constant_values=-1)
    return np.lib.stride_tricks.sliding_window_view(padded, BEFORE + BEHIND)


def odds(words: Words, one: Told, weights: np.ndarray) -> np.ndarray:
    """Log odds of the words of a text, less their mean."""
    says = np.vstack([(words.vectors - words.mean) @ weights.T, np.zeros(len(weights))])
    found = says[_around(one.words), np.arange(len(weights))].sum(axis=1)
    return found - found.mean()


def _area(says: np.ndarray, first: np.ndarray) -> float:
    """Under the curve: how often a beginning has more than another word."""
    rank = np.argsort(np.argsort(says))
    count = first.sum()
    return float((rank[first].sum() - count * (count - 1) / 2) / count / (~first).sum())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=Path("align/data/beginnings.npz"))
    options = parser.parse_args()
    words = read_words(options.folder)
    for fold, texts in groupby(words.told, key=lambda one: one.fold):
        weights = fit(words, fold)
        for language, sides in groupby(sorted(texts, key=lambda one: one.language), key=lambda one: one.language):
            rows = [(odds(words, one, weights.of(language)[1]), one.first) for one in sides]
            says, first = (np.concatenate(values) for values in zip(*rows, strict=True))
            print(f"{fold:24} {language} {len(first):6} words {first.sum():5} begin  {_area(says, first):.3f}", flush=True)
    write(fit(words), options.output, digest_of(options.folder))


if __name__ == "__main__":
    main()
