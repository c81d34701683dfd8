"""Fit how far an alignment is to be believed as a whole, on parts of texts beside their own translation and beside another's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize

from align.aligner import Model
from align.side import Pair
from benchmarks.examples import Text, fold_of
from benchmarks.gold import REPLACED
from benchmarks.reliability import expected_calibration_error

if TYPE_CHECKING:
    from align.weights import Weights

SIZES = (1, 2, 3, 5, 8, 15, 40, 400)  # gold beads of the parts


def fit_belief(texts: list[Text], weights: Weights) -> np.ndarray:
    """Weights of the belief; prints how well it does on texts left out in fifths."""
    texts = [text for text in texts if text.group != REPLACED]
    x, truth, owner = impressions(texts, weights, np.random.default_rng(1))
    right = []
    for fold in range(5):
        out = owner % 5 == fold
        w = fit_logistic(x[~out], truth[~out])
        right += list(zip(1 / (1 + np.exp(-x[out] @ w)), truth[out], strict=True))
    p, y = (np.array(column) for column in zip(*right, strict=True))
    print(
        f"belief: {len(y)} parts, right {((p > 0.5) == y).mean():.4f}, error of calibration {expected_calibration_error(p, y):.4f}"
    )
    return fit_logistic(x, truth)


def impressions(texts: list[Text], weights: Weights, dice: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features of the belief for parts of texts beside their own translation and beside a part of another; truth; text."""
    model = Model(weights)
    rows, truth, owner = [], [], []
    for at, text in enumerate(texts):
        others = [other for other in texts if other.languages == text.languages and fold_of(other) != fold_of(text)]
        for size in SIZES:
            part = _part(text, size, dice)
            pairs = [(part, True)]
            if others:
                other = _part(others[dice.integers(len(others))], size, dice)
                pairs.append((_mixed(part, other), False))
            elif size < len(text.gold) // 3:
                pairs.append((_mixed(part, _part(text, size, dice, away_from=part)), False))
            for pair, right in pairs:
                rows.append(model.align(pair)[1].features)
                truth.append(right)
                owner.append(at)
    return np.array(rows, dtype=np.float64), np.array(truth), np.array(owner)


def _mixed(part: Pair, other: Pair) -> Pair:
    """The source of one pair beside the target of another."""
    pieces = (part.pieces[0], other.pieces[1]) if part.pieces and other.pieces else None
    return Pair(part.source, other.target, None, pieces)


def _part(text: Text, size: int, dice: np.random.Generator, *, away_from: Pair | None = None) -> Pair:
    """So many neighbouring two-sided beads of a text; where asked, none of those in another part."""
    beads = sorted(pair for pair in text.gold if all(pair))
    while True:
        first = int(dice.integers(max(1, len(beads) - size + 1)))
        chosen = beads[first : first + size]
        rows = min(b[0][0] for b in chosen), max(b[0][-1] for b in chosen) + 1
        columns = min(b[1][0] for b in chosen), max(b[1][-1] for b in chosen) + 1
        part = replace(text.pair.cut(rows, columns), translated=None)
        if away_from is None or not {*part.target.texts} & {*away_from.target.texts}:
            return part


def fit_logistic(x: np.ndarray, truth: np.ndarray, ridge: float = 0.1) -> np.ndarray:
    """Weights of a logistic regression."""

    def loss(w: np.ndarray) -> float:
        z = x @ w
        return float(np.sum(np.logaddexp(0, z) - truth * z) + ridge * w @ w)

    return minimize(loss, np.zeros(x.shape[1]), method="BFGS").x
