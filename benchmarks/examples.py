"""Gold bitexts as what weights are fitted on: lattices with their features and the edges that are gold."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from align.features import first_features, first_scores, second_features
from align.finer import Look, finer_looks, read_pair
from align.habits import USUAL_FREEDOM, Habits
from align.lengths import first_look
from align.likely import LEAST, TEMPERATURE, whole_lattice
from corpora import Bead
from glossary import Matcher, starter_glossary

if TYPE_CHECKING:
    from align.lattice import Lattice
    from align.side import Pair
    from benchmarks.gold import GoldText

_NOT_GOLD = 1000.0  # what a bead that is not gold costs the gold path: more than any difference of scores


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
    """What the first pass leaves of a text, and its gold beads.

    Of a segment without partner only the likely nulls are kept and the one on the gold path: with those at all other places words
    would be linked in wider windows, which shows the segments without partner to the fit and to nobody else.
    """
    small = first.astype(np.float32)
    ((pair,), _) = first_look([text.pair], small)
    lattice = whole_lattice(pair, small)
    gold = gold_edges(text, lattice)
    score = first_scores(pair.source, pair.target, lattice, small)
    likely = lattice.posterior(score * TEMPERATURE) > LEAST
    seen = lattice.keep(likely)
    found = seen, seen.posterior(score[likely])
    habits = Habits.of([pair], [found])
    keep = likely | (gold & (np.minimum(*lattice.sizes) > 0))
    keep[lattice.path(np.where(gold, score, score - _NOT_GOLD))] = True
    lattice = lattice.keep(keep)
    features = second_features(pair.source, pair.target, lattice, habits)
    look = finer_looks([pair], [found], small)[0]
    return Example(text.group, lattice, features, gold[keep], freedom=habits.freedom, look=look)


def fold_of(text: Text | GoldText) -> str:
    """Texts that share lines are left out together."""
    if text.group.startswith("news"):
        return text.name.rsplit(".", 1)[-1]
    return f"{text.group.partition(', ')[0]}/{text.name.partition('.')[0]}"
