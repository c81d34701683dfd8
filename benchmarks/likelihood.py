"""The fit of the aligner's weights to examples.

The likelihood is that of a semi-Markov CRF with a margin on wrong beads (soft-margin, Gimpel and Smith 2010); every set weighs
1 / sqrt(its size), those of news, whose gold is right by the way it is made, so many times as much as asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize

from align.recursions import forward_backward

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.examples import Example

MARGIN, DELETION_MARGIN, RIDGE = 0.5, 0.25, 1.0


def fit(examples: Sequence[Example], start: np.ndarray, news: float = 1.0) -> np.ndarray:
    """Weights that maximise the margin likelihood of the gold paths; `news` is the weight of sets of news."""
    sizes: dict[str, float] = {}
    for example in examples:
        sizes[example.group] = sizes.get(example.group, 0) + example.weight * example.gold.sum()
    scale = {group: (news if group.startswith("news") else 1) * 10 / size**0.5 for group, size in sizes.items()}

    margins = [_margin(example) for example in examples]

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = 0.5 * RIDGE * float(weights @ weights), RIDGE * weights
        small = weights.astype(np.float32)
        for example, margin in zip(examples, margins, strict=True):
            lattice, x = example.lattice, example.features
            score = (x @ small).astype(np.float64) + example.known
            nodes = len(lattice.rows)
            whole, p = forward_backward(lattice.to, lattice.source, score + margin, nodes)
            # gold beads that no monotone path holds together are summed over what the lattice allows
            allowed = np.where(example.gold, score, score - 20.0)
            best, q = forward_backward(lattice.to, lattice.source, allowed, nodes)
            share = scale[example.group] * example.weight
            value += share * (whole - best)
            slope = slope + share * ((p - q) @ x).astype(np.float64)
        return value, slope

    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 150, "ftol": 1e-7})
    return found.x


def _margin(example: Example) -> np.ndarray:
    a, b = example.lattice.sizes
    return np.where(example.gold, 0, np.where((a > 0) & (b > 0), MARGIN, DELETION_MARGIN))
