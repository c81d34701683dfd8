"""Gold bitexts as what weights are fitted on: lattices with their features and the edges that are gold. And the fit.

The likelihood is that of a semi-Markov CRF with a margin on wrong beads (soft-margin, Gimpel and Smith 2010); every set weighs
1 / sqrt(its size), those of news, whose gold is right by the way it is made, so many times as much as asked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize

from align.features import first_features, first_scores, second_features
from align.finer import Look, finer_looks, read_pair
from align.habits import USUAL_FREEDOM, Habits
from align.likely import LEAST, TEMPERATURE, whole_lattice
from align.recursions import forward_backward
from corpora import Bead
from glossary import Matcher, starter_glossary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.lattice import Lattice
    from align.side import Pair
    from benchmarks.gold import GoldText

MARGIN, DELETION_MARGIN, RIDGE = 0.5, 0.25, 1.0


@dataclass(frozen=True)
class Text:
    """A gold bitext, read by the encoder."""

    group: str
    name: str
    languages: tuple[str, str]
    pair: Pair
    gold: frozenset[tuple[tuple[int, ...], tuple[int, ...]]]

    @property
    def beads(self) -> list[Bead]:
        """The gold beads."""
        return [Bead(*pair) for pair in sorted(self.gold)]


@dataclass(frozen=True)
class Example:
    """What is fitted on of a text.

    Attributes:
        group: the set it belongs to.
        lattice: of E edges.
        features: (E, any) of these.
        gold: (E,) which of them are gold.
        known: (E,) what they score already.
        freedom: how freely the text was translated.
        look: at its pieces.
        weight: of the text beside others of its set.
    """

    group: str
    lattice: Lattice
    features: np.ndarray
    gold: np.ndarray
    known: np.ndarray | float = 0.0
    freedom: float = USUAL_FREEDOM
    look: Look = field(default_factory=Look)
    weight: float = 1.0


def read(text: GoldText) -> Text:
    """A gold text, read by the encoder, with the starter glossary's terms. Some 30 MB of memory for a hundred segments a side."""
    matchers = {code: _matcher(code) for code in text.languages}
    terms: list[list[tuple[str, ...]]] = [[], []]
    if all(matchers.values()):
        for at, (language, lines) in enumerate(zip(text.languages, (text.source, text.target), strict=True)):
            terms[at] = [tuple(m.concept for m in matchers[language].find(line, overlaps=False)) for line in lines]
    pair = read_pair(text.source, text.target, terms=(terms[0], terms[1]), translation=text.translation)
    return Text(text.group, text.name, text.languages, pair, _complete(text))


@cache
def _matcher(language: str) -> Matcher | None:
    glossary = starter_glossary()
    return Matcher(glossary, language) if language in glossary.languages else None


def _complete(text: GoldText) -> frozenset[tuple[tuple[int, ...], tuple[int, ...]]]:
    """The gold beads as a path needs them: a null for each segment without partner."""
    gold = {(b.source, b.target) for b in text.beads if b.source and b.target}
    linked = [{k for pair in gold for k in pair[own]} for own in (0, 1)]
    alone = [((k,), ()) for k in range(len(text.source)) if k not in linked[0]]
    return frozenset([*gold, *alone, *(((), (k,)) for k in range(len(text.target)) if k not in linked[1])])


def gold_edges(text: Text, lattice: Lattice) -> np.ndarray:
    """Which edges of a lattice are gold beads."""
    i, j = lattice.ends
    a, b = lattice.sizes
    rows = zip(i.tolist(), j.tolist(), a.tolist(), b.tolist(), strict=True)
    return np.array([(tuple(range(i - a, i)), tuple(range(j - b, j))) in text.gold for i, j, a, b in rows])


def first_example(text: Text, weights: np.ndarray) -> Example:
    """The whole lattice of a text but what these weights find hopeless: the first pass needs the gist only."""
    small = weights.astype(np.float32)
    lattice = whole_lattice(text.pair, small)
    gold = gold_edges(text, lattice)
    score = first_scores(text.pair.source, text.pair.target, lattice, small)
    keep = gold | (lattice.posterior(score * 0.25) > 1e-6)
    lattice = lattice.keep(keep)
    return Example(text.group, lattice, first_features(text.pair.source, text.pair.target, lattice), gold[keep])


def second_example(text: Text, first: np.ndarray) -> Example:
    """What the first pass leaves of a text, and its gold edges."""
    pair, small = text.pair, first.astype(np.float32)
    lattice = whole_lattice(pair, small)
    gold = gold_edges(text, lattice)
    score = first_scores(pair.source, pair.target, lattice, small)
    likely = lattice.posterior(score * TEMPERATURE) > LEAST
    seen = lattice.keep(likely)
    found = seen, seen.posterior(score[likely])
    habits = Habits.of([pair], [found])
    keep = gold | likely
    lattice = lattice.keep(keep)
    features = second_features(pair.source, pair.target, lattice, habits)
    look = finer_looks([pair], [found], [None], small)[0]
    return Example(text.group, lattice, features, gold[keep], freedom=habits.freedom, look=look)


def fit(examples: Sequence[Example], start: np.ndarray, news: float = 1.0) -> np.ndarray:
    """Weights that maximise the margin likelihood of the gold paths; `news` is the weight of sets of news."""
    sizes: dict[str, float] = {}
    for example in examples:
        sizes[example.group] = sizes.get(example.group, 0) + example.weight * example.gold.sum()
    scale = {group: (news if group.startswith("news") else 1) * 10 / size**0.5 for group, size in sizes.items()}

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = 0.5 * RIDGE * float(weights @ weights), RIDGE * weights
        for example in examples:
            lattice, x = example.lattice, example.features
            a, b = lattice.sizes
            margin = np.where(example.gold, 0, np.where((a > 0) & (b > 0), MARGIN, DELETION_MARGIN))
            score = x @ weights + example.known
            nodes = len(lattice.rows)
            whole, p = forward_backward(lattice.to, lattice.source, score + margin, nodes)
            # gold beads that no monotone path holds together are summed over what the lattice allows
            allowed = np.where(example.gold, score, score - 20.0)
            best, q = forward_backward(lattice.to, lattice.source, allowed, nodes)
            share = scale[example.group] * example.weight
            value += share * (whole - best)
            slope = slope + share * (x.T @ (p - q).astype(np.float64))
        return value, slope

    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 150, "ftol": 1e-7})
    return found.x


def fold_of(text: Text | GoldText) -> str:
    """Texts that share lines are left out together."""
    return text.name.rsplit(".", 1)[-1] if text.group.startswith("news") else f"{text.group}/{text.name}"
