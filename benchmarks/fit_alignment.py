"""Fit the aligner's weights on gold data and write the weights file.

    python -m benchmarks.fit_alignment GOLD_FOLDER [-o align/data/weights.json] [--no-cross-validation]

What GOLD_FOLDER holds is told in `gold.py`.

The likelihood is that of a semi-Markov CRF with a margin on wrong beads (soft-margin, Gimpel and Smith 2010); every set weighs
1 / sqrt(its size). Same data, same file.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from align import evaluate
from align.aligner import align_sides, calibrate
from align.band import around_path, find_band
from align.features import FIRST, SECOND, first_features, first_scores, freedom, second_features
from align.lattice import NARROW, Lattice, build_lattice
from align.recursions import forward_backward
from align.side import Side, read_side
from align.weights import Weights
from benchmarks.gold import GoldText, digest_of, gold_texts
from corpora import Bead

MARGIN, DELETION_MARGIN, RIDGE = 0.5, 0.25, 1.0
TEMPERATURE, LEAST = 0.5, 3e-6
NTREX_PAIRS = ("ar-en", "ar-fr", "en-es", "ru-en", "en-zh", "fr-ru", "zh-ar", "es-fr")


@dataclass(frozen=True)
class Document:
    """A gold bitext, read by the encoder."""

    group: str
    name: str
    source: Side
    target: Side
    gold: frozenset[tuple[tuple[int, ...], tuple[int, ...]]]

    @property
    def beads(self) -> list[Bead]:
        """The gold beads."""
        return [Bead(*pair) for pair in sorted(self.gold)]


@dataclass(frozen=True)
class Example:
    """A document's lattice with features and the gold edges in it."""

    group: str
    lattice: Lattice
    features: np.ndarray
    gold: np.ndarray


def load(folder: Path) -> list[Document]:
    """All gold documents below a folder, read by the encoder."""
    return [Document(t.group, t.name, read_side(t.source), read_side(t.target), _complete(t)) for t in gold_texts(folder)]


def _complete(text: GoldText) -> frozenset[tuple[tuple[int, ...], tuple[int, ...]]]:
    """The gold beads as a path needs them: a null for each segment without partner."""
    gold = {(b.source, b.target) for b in text.beads if b.source and b.target}
    linked = [{k for pair in gold for k in pair[own]} for own in (0, 1)]
    alone = [((k,), ()) for k in range(len(text.source)) if k not in linked[0]]
    return frozenset([*gold, *alone, *(((), (k,)) for k in range(len(text.target)) if k not in linked[1])])


def gold_edges(document: Document, lattice: Lattice) -> np.ndarray:
    """Which edges of a lattice are gold beads."""
    i, j = lattice.ends
    a, b = lattice.sizes
    rows = zip(i.tolist(), j.tolist(), a.tolist(), b.tolist(), strict=True)
    return np.array([(tuple(range(i - a, i)), tuple(range(j - b, j))) in document.gold for i, j, a, b in rows])


def whole_lattice(document: Document, weights: np.ndarray) -> Lattice:
    """The lattice of the first pass, as the aligner builds it."""
    band = find_band(document.source, document.target)
    if (band[1] - band[0]).max() > 40:
        wide = build_lattice(document.source, document.target, band, types=NARROW)
        path = wide.path(first_scores(document.source, document.target, wide, weights))
        band = around_path(wide.borders(path), len(document.source), len(document.target))
    return build_lattice(document.source, document.target, band)


def fit(examples: list[Example], start: np.ndarray) -> np.ndarray:
    """Weights that maximise the margin likelihood of the gold paths."""
    sizes: dict[str, float] = {}
    for example in examples:
        sizes[example.group] = sizes.get(example.group, 0) + example.gold.sum()
    scale = {group: 100 / size**0.5 / 10 for group, size in sizes.items()}

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = 0.5 * RIDGE * float(weights @ weights), RIDGE * weights
        for example in examples:
            lattice, x = example.lattice, example.features
            a, b = lattice.sizes
            margin = np.where(example.gold, 0, np.where((a > 0) & (b > 0), MARGIN, DELETION_MARGIN))
            score = x @ weights
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


def fit_both(documents: list[Document], start: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """First-pass weights on whole lattices, then second-pass weights on what survives."""
    whole = []
    for d in documents:
        lattice = whole_lattice(d, start[0])
        gold = gold_edges(d, lattice)
        # the first pass needs the gist only: keep what is not hopeless, so that fitting is quick
        keep = gold | (lattice.posterior(first_scores(d.source, d.target, lattice, start[0].astype(np.float32)) * 0.25) > 1e-6)
        lattice = lattice.keep(keep)
        whole.append(Example(d.group, lattice, first_features(d.source, d.target, lattice).astype(np.float64), gold[keep]))
    first = fit(whole, start[0])
    second = []
    for d in documents:
        lattice = whole_lattice(d, first)
        gold = gold_edges(d, lattice)
        score = first_scores(d.source, d.target, lattice, first.astype(np.float32))
        likely = lattice.posterior(score * TEMPERATURE) > LEAST
        seen = lattice.keep(likely)
        free = freedom([(seen, seen.posterior(score[likely]))])
        keep = gold | likely
        lattice = lattice.keep(keep)
        features = second_features(d.source, d.target, lattice, free).astype(np.float64)
        second.append(Example(d.group, lattice, features, gold[keep]))
    return first, fit(second, start[1])


def fold_of(document: Document) -> str:
    """Documents that share text are left out together."""
    return document.name.rsplit(".", 1)[-1] if document.group.startswith("news") else f"{document.group}/{document.name}"


def calibration_of(rows: list[tuple[float, bool]]) -> tuple[float, float]:
    """Factor and offset of the logistic that maps logit(posterior) to being right."""
    p = np.clip(np.array([r[0] for r in rows]), 1e-6, 1 - 1e-6)
    x, y = np.log(p / (1 - p)), np.array([r[1] for r in rows], dtype=float)

    def loss(w: np.ndarray) -> float:
        z = w[0] * x + w[1]
        return float(np.sum(np.logaddexp(0, z) - y * z))

    return tuple(float(v) for v in minimize(loss, np.array([1.0, 0.0]), method="BFGS").x)


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
    options = parser.parse_args()
    documents = load(options.folder)
    start = _starting_point()
    first, second = fit_both(documents, start)
    calibration = (1.0, 0.0)
    if not options.no_cross_validation:
        calibration = cross_validate(documents, (first, second))
    stored = {
        "fitted_on": digest_of(options.folder),
        "calibration": [round(v, 5) for v in calibration],
        "first": dict(zip(FIRST, (round(float(v), 5) for v in first), strict=True)),
        "second": dict(zip(SECOND, (round(float(v), 5) for v in second), strict=True)),
    }
    options.output.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


def _starting_point() -> tuple[np.ndarray, np.ndarray]:
    """Weights that align most text, so that the first lattices hold the gold: similarity good, odd types and lengths bad."""
    first, second = np.zeros(len(FIRST)), np.zeros(len(SECOND))
    for name, value in {"extra segments": -1.5, "deletion": -1.0, "c": 10.0, "d2": -4.0, "d2 w": -3.0}.items():
        first[FIRST.index(name)] = value
    second[: len(first)] = first
    return first, second


def cross_validate(documents: list[Document], start: tuple[np.ndarray, np.ndarray]) -> tuple[float, float]:
    """Leave one document out; print strict F1 by set; return the calibration of the held-out posteriors."""
    scores: dict[str, list[float]] = {}
    rows: list[tuple[float, bool]] = []
    for fold in sorted({fold_of(d) for d in documents}):
        rest = [d for d in documents if fold_of(d) != fold]
        first, second = fit_both(rest, start)
        weights = Weights(first.astype(np.float32), second.astype(np.float32), (1.0, 0.0), "", "")
        for d in documents:
            if fold_of(d) == fold:
                beads = align_sides(d.source, d.target, weights=weights)
                scores.setdefault(d.group, []).append(evaluate(d.beads, beads).strict_f1)
                rows += [(b.confidence, (b.source, b.target) in d.gold) for b in beads]
                print(f"  {d.group} {d.name}: {scores[d.group][-1]:.4f}", flush=True)
    for group, values in scores.items():
        print(f"{group}: {np.mean(values):.4f}")
    print(f"average of {len(scores)} sets: {np.mean([np.mean(v) for v in scores.values()]):.4f}")
    calibration = calibration_of(rows)
    confidence = calibrate(np.array([r[0] for r in rows]), calibration)
    right = np.array([r[1] for r in rows])
    worst = np.argsort(confidence)[: len(rows) // 10]
    print(f"calibration {calibration}; expected calibration error {expected_calibration_error(confidence, right):.4f}")
    print(f"worst 10 % of beads hold {(~right[worst]).sum() / max(1, (~right).sum()):.3f} of the errors")
    return calibration


if __name__ == "__main__":
    main()
