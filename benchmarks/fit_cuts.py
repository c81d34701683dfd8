"""Fit the weights by which segments are cut where the other side says so, and write their file.

    python -m benchmarks.fit_cuts GOLD_FOLDER [-o align/data/cuts.json] [--no-cross-validation]

What GOLD_FOLDER holds is told in `gold.py`. Runs of one to eight gold beads are joined to one segment on one side of a text; its
punctuation is kept, its stops are made commas, its stops are taken out, or all marks are. What is to be found is where the gold
beads end. Inside a bead any cut is as right as none: its borders are not known.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from align import align_texts
from align.cutting import FEATURES, Run, Steps, border_posterior, likely_steps, step_features
from align.recursions import forward_backward
from align.resegmentation import Pieces, may_be_cut, partners_of, piece_size, read_run, stretches
from benchmarks.gold import MODES, REPLACED, GoldText, digest_of, gold_texts, without
from corpora.clauses import border_signs, is_spaced, words_of

RUNS = (1, 2, 2, 3, 3, 4, 6, 8)
RIDGE, LEAST, TEMPERATURE = 1.0, 1e-5, 0.5
NEWS = 1  # news texts of each pair but Arabic-English that are fitted on


@dataclass(frozen=True)
class Example:
    """A stretch of a text: its steps, which of them the gold beads allow, and the word each gold border stands before."""

    group: str
    fold: str
    mode: str
    run: Run
    steps: Steps
    features: np.ndarray
    allowed: np.ndarray
    gold: dict[int, int]


def problem(text: GoldText, side: str, mode: str) -> tuple[list[str], list[str], list[tuple[int, int]], str]:
    """Joined segments of one side, segments of the other, of each gold bead the letters and segments before it, our language."""
    dice = random.Random(f"{text.name} {side} {mode}")
    beads = sorted((b for b in text.beads if b.source and b.target), key=lambda b: b.source)
    lines, partners = (text.source, text.target) if side == "source" else (text.target, text.source)
    other, language = ("target", text.languages[0]) if side == "source" else ("source", text.languages[1])
    ours, theirs, before, letters = [], [], [], 0
    while len(before) < len(beads):
        parts = []
        for bead in beads[len(before) : len(before) + dice.choice(RUNS)]:
            before.append((letters, len(theirs)))
            parts.append(" ".join(without(lines[k], mode, language) for k in getattr(bead, side)))
            letters += len("".join(parts[-1].split()))
            theirs += [partners[k] for k in getattr(bead, other)]
        ours.append((" " if is_spaced(language) else "").join(parts))
    return ours, theirs, before, language


def examples_of(task: tuple[GoldText, str, str, str]) -> list[Example]:
    """The stretches of a text of which one side is joined."""
    text, side, mode, fold = task
    ours, theirs, before, language = problem(text, side, mode)
    marked = may_be_cut(align_texts(ours, theirs), ours, "source")
    words = [words_of(line, language) for line in ours]
    size = piece_size(sum(map(len, words)), len(theirs)) if is_spaced(language) else 1
    pieces = Pieces.of(words, [border_signs(one, language) for one in words], marked, size=size)
    texts = ["".join(pieces.words[a:b]).strip() for a, b in pieces.spans]
    ranges = partners_of([(bead.source, bead.target) for bead in align_texts(texts, theirs)], len(texts))
    word_of = {n: k for k, n in enumerate(accumulate((len("".join(word.split())) for word in pieces.words), initial=0))}
    gold = {segment: word_of.get(letters, -1) for letters, segment in before}
    out = []
    for first, last in stretches(pieces, ranges):
        low, high = ranges[first, 0], ranges[last - 1, 1]
        begin = pieces.spans[first][0]
        if high - low < 2:
            continue
        run = read_run(pieces, (first, last), theirs[low:high], ranges[first:last] - low)
        here = {j - low: word - begin for j, word in gold.items() if low <= j < high and 0 <= word - begin <= len(run)}
        out.append(_example(text.group, fold, mode, run, {int(j): int(word) for j, word in here.items()}))
    return out


def _example(group: str, fold: str, mode: str, run: Run, gold: dict[int, int]) -> Example:
    steps = likely_steps(run, [(word, j) for j, word in gold.items() if run.open[word]])
    x1, x2, j1, j2 = steps.spans
    borders, words = np.array(sorted(gold.items()), dtype=np.int64).reshape(-1, 2).T
    ours = [np.searchsorted(np.maximum.accumulate(words), side, side="right") for side in (x1, np.maximum(x2 - 1, x1))]
    theirs = [np.searchsorted(borders, side, side="right") for side in (j1, np.maximum(j2 - 1, j1))]
    allowed = (x2 > x1) & (j2 > j1) & (ours[0] == ours[1]) & (theirs[0] == theirs[1]) & (ours[0] == theirs[0])
    features = step_features(run, steps)
    _, posterior = forward_backward(steps.to, steps.source, features @ _starting_point() * TEMPERATURE, len(steps.place))
    keep = (posterior > LEAST) | (allowed & (posterior > LEAST**2))
    kept = Steps(steps.place, steps.source[keep], steps.to[keep])
    light = Run(run.sums[:0], run.tokens, run.characters, run.signs, run.ends, run.open, run.windows, run.there[:0], run.back[:0],
                run.typical, None)  # type: ignore[arg-type]  # fmt: skip
    return Example(group, fold, mode, light, kept, features[keep].astype(np.float32), allowed[keep], gold)


def _starting_point() -> np.ndarray:
    start = {
        "c": 8,
        "links inside": 2,
        "coverage mean": 4,
        "d2": -2,
        "cut": -2,
        "end of a segment": 1,
        "words alone": -1,
        "segment alone": -1,
    }
    return np.array([float(start.get(name, 0)) for name in FEATURES])


def fit(examples: list[Example]) -> np.ndarray:
    """Weights that maximise the likelihood of what the gold beads allow; every set weighs the root of its size."""
    sizes: dict[str, int] = defaultdict(int)
    for example in examples:
        sizes[example.group] += len(example.gold)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = 0.5 * RIDGE * float(weights @ weights), RIDGE * weights
        for example in examples:
            x, steps = example.features.astype(np.float64), example.steps
            score, nodes = x @ weights, len(steps.place)
            whole, p = forward_backward(steps.to, steps.source, score, nodes)
            best, q = forward_backward(steps.to, steps.source, np.where(example.allowed, score, score - 20.0), nodes)
            scale = 10 / sizes[example.group] ** 0.5
            value += scale * (whole - best)
            slope = slope + scale * (x.T @ (p - q).astype(np.float64))
        return value, slope

    return minimize(loss, _starting_point(), jac=True, method="L-BFGS-B", options={"maxiter": 100, "ftol": 1e-6}).x


def found_cuts(example: Example, weights: np.ndarray) -> list[tuple[float, int, bool]]:
    """Probability of each cut, the border of the other side it stands for, and whether gold has it there."""
    posterior = border_posterior(example.run, example.steps, example.features.astype(np.float64) @ weights)
    best: dict[int, tuple[float, int]] = {}
    for (word, j), p in zip(example.steps.place.tolist(), posterior.tolist(), strict=True):
        best[j] = max(best.get(j, (0.0, 0)), (p, word))
    return [(p, j, example.gold.get(j) == word) for j, (p, word) in best.items() if p > 0]


def report(rows: list[tuple[Example, list[tuple[float, int, bool]]]], least: Iterable[float]) -> None:
    """Print precision and recall by set and by what is left of the punctuation."""
    tables: dict[str, list[tuple[Example, list[tuple[float, int, bool]]]]] = defaultdict(list)
    for example, cuts in rows:
        tables[f"{example.group}: {example.mode}"].append((example, cuts))
        tables[f"all: {example.mode}"].append((example, cuts))
    for name, part in tables.items():
        asked = sum(sum(not e.run.ends[word] for word in e.gold.values()) for e, _ in part)
        cells = []
        for threshold in least:
            known = [right for e, cuts in part for p, j, right in cuts if p >= threshold and j in e.gold]
            more = sum(p >= threshold and j not in e.gold for e, cuts in part for p, j, _ in cuts)
            cells.append(f">={threshold}: {sum(known) / max(len(known), 1):.3f} {sum(known) / max(asked, 1):.3f} (+{more})")
        print(f"{name:32} {asked:5} asked  " + "  ".join(cells))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=Path("align/data/cuts.json"))
    parser.add_argument("--no-cross-validation", action="store_true")
    options = parser.parse_args()
    texts = [text for text in gold_texts(options.folder) if text.group != REPLACED and not _left_aside(text)]
    tasks = [(text, side, mode, _fold_of(text)) for text in texts for side in ("source", "target") for mode in MODES]
    with Pool(2) as pool:
        examples = [example for found in pool.imap(examples_of, tasks) for example in found]
    if not options.no_cross_validation:
        rows = []
        for fold in sorted({example.fold for example in examples}):
            weights = fit([example for example in examples if example.fold != fold])
            rows += [(example, found_cuts(example, weights)) for example in examples if example.fold == fold]
        report(rows, (0.2, 0.3, 0.4, 0.5, 0.7))
    stored = {name: round(float(value), 5) for name, value in zip(FEATURES, fit(examples), strict=True)}
    written = json.dumps({"fitted_on": digest_of(options.folder), "weights": stored}, indent=1)
    options.output.write_text(written + "\n", encoding="utf-8")


def _left_aside(text: GoldText) -> bool:
    return text.group == "news, other pairs" and int(text.name.rsplit(".", 1)[-1]) >= NEWS


def _fold_of(text: GoldText) -> str:
    """Texts that share lines are left out together."""
    return text.name.rsplit(".", 1)[-1] if text.group.startswith("news") else f"{text.group}/{text.name}"


if __name__ == "__main__":
    main()
