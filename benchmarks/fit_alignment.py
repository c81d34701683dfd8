"""Fit the aligner's weights on gold data and write the weights file.

    python -m benchmarks.fit_alignment GOLD_FOLDER [-o align/data/weights.json] [--no-cross-validation]

What GOLD_FOLDER holds is told in `gold.py`.

What the pieces of segments say of a bead's end (`align.finer`) is weighed beside scores by weights of the second pass that did not
see the text. It takes 5 GB of memory.

The likelihood is that of a semi-Markov CRF with a margin on wrong beads (soft-margin, Gimpel and Smith 2010); every set weighs
1 / sqrt(its size); in the second pass those of news, whose gold is right by the way it is made, weigh half as much again. Same
data, same file.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize

from align import evaluate
from align.aligner import Model, Settled, calibrate
from align.belief import NAMES as BELIEF
from align.features import (
    FIRST,
    SECOND,
    TERMS,
    first_features,
    first_scores,
    second_features,
    term_features,
)
from align.finer import Look, finer_looks, met_ends, read_pair
from align.habits import Habits
from align.likely import LEAST, TEMPERATURE, likely_beads, whole_lattice
from align.recursions import forward_backward
from align.side import Pair
from align.weights import Weights, format_weights
from benchmarks.gold import REPLACED, GoldText, digest_of, gold_texts, texts_cut_at_clauses
from corpora import Bead
from glossary import Matcher, starter_glossary

if TYPE_CHECKING:
    from align.lattice import Lattice

MARGIN, DELETION_MARGIN, RIDGE = 0.5, 0.25, 1.0
NEWS = 1.5  # weight of the sets of news beside that of others in the second pass
INNER = 6  # parts of the texts that are left out in turn to weigh what the pieces say
SIZES = (1, 2, 3, 5, 8, 15, 40, 400)  # gold beads of the parts that the belief is fitted on


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
    """A text's lattice with features, the gold edges in it, what the edges score already, and the look at its pieces."""

    group: str
    lattice: Lattice
    features: np.ndarray
    gold: np.ndarray
    known: np.ndarray | float = 0.0
    look: Look = field(default_factory=Look)


def read(text: GoldText) -> Text:
    """A gold text, read by the encoder, with the starter glossary's terms. Some 80 MB of memory for a hundred segments a side."""
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


def fit(examples: list[Example], start: np.ndarray, news: float = 1.0) -> np.ndarray:
    """Weights that maximise the margin likelihood of the gold paths; `news` is the weight of sets of news."""
    sizes: dict[str, float] = {}
    for example in examples:
        sizes[example.group] = sizes.get(example.group, 0) + example.gold.sum()
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
            value += scale[example.group] * (whole - best)
            slope = slope + scale[example.group] * (x.T @ (p - q).astype(np.float64))
        return value, slope

    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 150, "ftol": 1e-7})
    return found.x


def fit_first(texts: list[Text], start: np.ndarray) -> np.ndarray:
    """First-pass weights, on whole lattices."""
    examples = []
    for text in texts:
        lattice = whole_lattice(text.pair, start.astype(np.float32))
        gold = gold_edges(text, lattice)
        # the first pass needs the gist only: keep what is not hopeless, so that fitting is quick
        score = first_scores(text.pair.source, text.pair.target, lattice, start.astype(np.float32))
        keep = gold | (lattice.posterior(score * 0.25) > 1e-6)
        lattice = lattice.keep(keep)
        features = first_features(text.pair.source, text.pair.target, lattice).astype(np.float64)
        examples.append(Example(text.group, lattice, features, gold[keep]))
    return fit(examples, start)


def second_example(text: Text, first: np.ndarray) -> Example:
    """What the first pass leaves of a text, its gold edges, and the look at its pieces."""
    pair = text.pair
    lattice = whole_lattice(pair, first.astype(np.float32))
    gold = gold_edges(text, lattice)
    score = first_scores(pair.source, pair.target, lattice, first.astype(np.float32))
    likely = lattice.posterior(score * TEMPERATURE) > LEAST
    seen = lattice.keep(likely)
    found = seen, seen.posterior(score[likely])
    habits = Habits.of([pair], [found])
    keep = gold | likely
    lattice = lattice.keep(keep)
    features = second_features(pair.source, pair.target, lattice, habits).astype(np.float64)
    look = finer_looks([pair], [found], [None], first.astype(np.float32))[0]
    return Example(text.group, lattice, features, gold[keep], look=look)


def fit_ends(texts: list[Text], examples: list[Example], start: np.ndarray) -> float:
    """Weight of what the pieces say beside the score, both by weights of the second pass that did not see the text."""
    folds = sorted({fold_of(text) for text in texts})
    seen = []
    for inner in range(INNER):
        left = set(folds[inner::INNER])
        inside = [fold_of(text) not in left for text in texts]
        second = fit([example for example, kept in zip(examples, inside, strict=True) if kept], start, NEWS)
        for text, example, kept in zip(texts, examples, inside, strict=True):
            if not kept:
                ends = met_ends(text.pair, example.lattice, score := example.features @ second, example.look, second)
                seen.append(replace(example, features=np.stack([score, ends], axis=1)))
    scale, weight = fit(seen, np.ones(2), NEWS)
    return float(weight / scale)


def fit_all(texts: list[Text], start: Weights) -> Weights:
    """All weights but those of the belief, each on what the ones before it give."""
    texts = [text for text in texts if text.group != REPLACED]
    first = fit_first(texts, start.first)
    examples = [second_example(text, first) for text in texts]
    second = fit(examples, start.second, NEWS)
    ends = fit_ends(texts, examples, second)
    terms = []
    for text, example in zip(texts, examples, strict=True):
        source, target = text.pair.source, text.pair.target
        if any(source.terms) and any(target.terms):
            score = example.features @ second
            known = score + met_ends(text.pair, example.lattice, score, example.look, second) * ends
            features = term_features(source, target, example.lattice).astype(np.float64)
            terms.append(replace(example, features=features, known=known))
    return replace(
        start,
        first=first,
        second=second,
        ends=ends,
        terms=fit(terms, np.zeros(len(TERMS)), NEWS) if terms else np.zeros(len(TERMS)),
    )


def small(weights: Weights) -> Weights:
    """The weights in the precision they are used in."""
    parts = {name: getattr(weights, name).astype(np.float32) for name in ("first", "second", "terms", "belief")}
    return replace(weights, **parts)


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


def fold_of(text: Text | GoldText) -> str:
    """Texts that share lines are left out together."""
    return text.name.rsplit(".", 1)[-1] if text.group.startswith("news") else f"{text.group}/{text.name}"


Judged = list[tuple[float, float, bool]]  # posterior, likeness, whether right


def calibration_of(rows: Judged) -> tuple[float, float, float]:
    """The calibration that maps posterior and likeness to being right."""
    p, likeness, right = np.array(rows, dtype=float).T
    p = np.clip(p, 1e-6, 1 - 1e-6)
    x = np.stack([np.log(p / (1 - p)), np.ones(len(p)), likeness - 1], axis=1)
    return tuple(float(v) for v in fit_logistic(x, right, ridge=0.01))


def expected_calibration_error(confidence: np.ndarray, right: np.ndarray, bins: int = 10) -> float:
    """Mean distance of confidence and share of right beads over ten bins of equal width, weighted by their size."""
    bin_of = np.minimum((confidence * bins).astype(int), bins - 1)
    parts = [abs(confidence[bin_of == k].mean() - right[bin_of == k].mean()) * (bin_of == k).mean() for k in set(bin_of.tolist())]
    return float(sum(parts))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=Path("align/data/weights.json"))
    parser.add_argument("--no-cross-validation", action="store_true")
    parser.add_argument("--plot", type=Path, help="reliability of the left-out confidences, as SVG")
    options = parser.parse_args()
    texts = [read(text) for text in gold_texts(options.folder)]
    weights = small(fit_all(texts, _starting_point()))
    if not options.no_cross_validation:
        rows, translated = cross_validate(texts, texts_cut_at_clauses(options.folder), weights)
        weights = replace(weights, calibration=calibration_of(rows))
        report_calibration("confidence", rows, weights.calibration)
        report_calibration("confidence with a machine translation", translated, weights.calibration)
        if options.plot:
            from benchmarks.reliability import plot

            options.plot.write_text(plot(rows, weights.calibration), encoding="utf-8")
    weights = replace(weights, belief=fit_belief(texts, weights), fitted_on=digest_of(options.folder))
    options.output.write_text(format_weights(weights), encoding="utf-8")


def _starting_point() -> Weights:
    """Weights that align most text, so that the first lattices hold the gold: similarity good, odd types and lengths bad."""
    first, second = np.zeros(len(FIRST)), np.zeros(len(SECOND))
    for name, value in {"extra segments": -1.5, "deletion": -1.0, "c": 10.0, "d2": -4.0, "d2 w": -3.0}.items():
        first[FIRST.index(name)] = value
    second[: len(first)] = first
    return Weights(first, second, np.zeros(len(TERMS)), np.zeros(len(BELIEF)))


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


def settled(pair: Pair, weights: Weights) -> Settled:
    """The best path through a pair."""
    likely = likely_beads(pair, weights.first)
    habits = Habits.of([pair], [likely])
    return Model(weights).settle(pair, likely[0], habits, finer_looks([pair], [likely], [None], weights.first)[0])


def cross_validate(texts: list[Text], more: list[GoldText], start: Weights) -> tuple[Judged, Judged]:
    """Leave one text out; print strict F1 by set, plain and with more evidence; return the left-out posteriors of both.

    `more` are texts that are only evaluated.
    """
    scores: dict[str, dict[str, list[float]]] = {"": {}, "with a machine translation": {}, "with the starter glossary": {}}
    rows: dict[str, Judged] = {kind: [] for kind in scores}
    for fold in sorted({fold_of(text) for text in texts}):
        weights = small(fit_all([text for text in texts if fold_of(text) != fold], start))
        left_out = [text for text in texts if fold_of(text) == fold]
        for at, text in enumerate(chain(left_out, (read(text) for text in more if fold_of(text) == fold))):
            for kind, pair in _given(text.pair).items():
                found = settled(pair, weights)
                score = evaluate(text.beads, [Bead(*sides) for sides in found.pairs]).strict_f1
                scores[kind].setdefault(text.group, []).append(score)
                seen = zip(found.posterior[found.path].tolist(), found.likeness.tolist(), found.pairs, strict=True)
                if at < len(left_out):
                    rows[kind] += [(posterior, likeness, sides in text.gold) for posterior, likeness, sides in seen]
                print(f"  {text.group} {text.name} {kind}: {score:.4f}", flush=True)
    for kind, groups in scores.items():
        for group, values in groups.items():
            print(f"{group} {kind}: {np.mean(values):.4f}")
    kept = [np.mean(scores[""][group]) for group in {text.group for text in texts} - {REPLACED}]
    print(f"average of the {len(kept)} sets that are fitted on: {np.mean(kept):.4f}")
    return rows[""], rows["with a machine translation"]


def _given(pair: Pair) -> dict[str, Pair]:
    """The pair with nothing more than its texts, and with each further evidence there is."""
    bare = [replace(side, terms=((),) * len(side)) for side in (pair.source, pair.target)]
    out = {"": Pair(*bare, None, pair.pieces)}
    if pair.translated is not None:
        out["with a machine translation"] = Pair(*bare, pair.translated, pair.pieces)
    if any(pair.source.terms) and any(pair.target.terms):
        out["with the starter glossary"] = Pair(pair.source, pair.target, None, pair.pieces)
    return out


def report_calibration(name: str, rows: Judged, calibration: tuple[float, float, float]) -> None:
    """Print the error of expectation and where the errors are."""
    posterior, likeness, right = (np.array(column) for column in zip(*rows, strict=True))
    confidence = calibrate(posterior, likeness, calibration)
    worst = np.argsort(confidence, kind="stable")[: len(rows) // 10]
    share = (~right[worst]).sum() / max(1, (~right).sum())
    print(f"{name}: expected calibration error {expected_calibration_error(confidence, right):.4f}, {len(rows)} beads")
    print(f"{name}: the worst 10 % of beads hold {share:.3f} of the errors")


if __name__ == "__main__":
    main()
