"""Fit the weights by which segments are cut where the other side says so, and write their file.

    python -m benchmarks.fit_cuts GOLD_FOLDER [-o align/data/cuts.json] [--no-cross-validation | --folds FOLDER]

What GOLD_FOLDER holds is told in `gold.py`. Three sets of weights are fitted. "Beside segments": runs of one to eight gold beads
are joined to one segment on one side of a text; its punctuation is kept, its stops are made commas, its stops are taken out, or
all marks are; of news, without stops, also with numbers before all beads. "Past marks": those whose stops are taken out. "Beside
pieces": the same runs are joined on both sides, or some neighbouring beads only, which lose the stop between them. What is to be
found is where the gold beads end. Inside a bead of several segments any cut is as right as none: its borders are not known.

With `--folds` the weights that were fitted without a text, and those of words that sentences begin with, are written too: what is
in FOLDER/ar-en-law/001, put into align/data, has not seen that text.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from align import align_texts
from align.beginnings import odds_of_beginning
from align.cutting import FEATURES, Steps, border_posterior, likely_steps, piece_posterior, step_features
from align.recursions import forward_backward
from align.resegmentation import (
    even_places,
    likely_places,
    may_be_cut,
    may_be_cut_together,
    partners_of,
    piece_size,
    stretches,
)
from align.strips import Pieces, Run, read_run
from benchmarks import fit_beginnings
from benchmarks.gold import MODES, REPLACED, GoldText, digest_of, gold_texts
from benchmarks.joined import NUMBERED, both_joined, letters_of, one_joined, read_signs
from corpora import Bead
from corpora.clauses import is_spaced

RIDGE, LEAST, TEMPERATURE = 1.0, 1e-5, 0.5
TOGETHER = ("some", "stops", "all")
SETS: dict[tuple[str, ...], dict[str, tuple[str, ...]]] = {
    ("source", "target"): {"beside segments": (*MODES, NUMBERED), "past marks": ("stops", "all", NUMBERED)},
    ("both",): {"beside pieces": TOGETHER},
}
"""What is fitted, by the sides that are joined: of what is left of their punctuation."""
BOTH = "both, "
NEWS = 1  # news texts of each pair but Arabic-English that are fitted on


@dataclass(frozen=True)
class Example:
    """A stretch of a text.

    Attributes:
        group, fold, mode: what it is of.
        run, steps, features: what the model sees.
        allowed: which of the steps the gold beads allow.
        gold: words and pieces before which gold beads begin.
        asked: how many of all such borders, seen by the model or not, are inside a segment.
        loose: first and last of the pieces of beads whose inner borders are not known.
    """

    group: str
    fold: str
    mode: str
    run: Run
    steps: Steps
    features: np.ndarray
    allowed: np.ndarray
    gold: frozenset[tuple[int, int]]
    asked: int
    loose: tuple[tuple[int, int], ...]


def examples_of(task: tuple[GoldText, str, str, str, fit_beginnings.Weights]) -> list[Example]:
    """The stretches of a text of which one side ("source", "target") or "both" are joined; how words begin is known from others."""
    text, side, mode, fold, others = task
    problem = both_joined(text, mode) if side == "both" else one_joined(text, side, mode)
    words, signs, said = zip(*map(read_signs, (problem.ours, problem.theirs), problem.languages), strict=True)
    beads = [(bead.source, bead.target) for bead in align_texts(problem.ours, problem.theirs)]
    if side == "both":
        marks, marked = may_be_cut_together(beads, len(problem.ours), said[1])
    else:
        marks, marked = may_be_cut([Bead(*bead) for bead in beads], problem.ours, "source"), [False] * len(problem.theirs)
    begins = [
        odds_of_beginning([word for one in side for word in one], *others.of(language))
        for side, language in zip(words, problem.languages, strict=True)
    ]
    theirs = Pieces.of(
        words[1],
        signs[1],
        [likely_places(values) if mark else None for values, mark in zip(said[1], marked, strict=True)],
        begins[1],
    )
    size = piece_size(sum(map(len, words[0])), len(theirs.spans)) if is_spaced(problem.languages[0]) else 1
    ours = Pieces.of(
        words[0],
        signs[0],
        [even_places(len(one), size) if mark else None for one, mark in zip(words[0], marks, strict=True)],
        begins[0],
    )
    found = align_texts(ours.texts(0, len(ours.spans)), theirs.texts(0, len(theirs.spans)), keep_order=True)
    ranges = partners_of([(bead.source, bead.target) for bead in found], len(ours.spans))
    word_of = {n: k for k, n in enumerate(accumulate(map(letters_of, ours.words), initial=0))}
    piece_of = {n: k for k, n in enumerate(accumulate(map(letters_of, theirs.texts(0, len(theirs.spans))), initial=0))}
    borders = [(word_of.get(a, -1), piece_of.get(b, -1)) for a, b in problem.before]
    out = []
    for first, last in stretches(ours, ranges):
        low, high = int(ranges[first, 0]), int(ranges[last - 1, 1])
        begin, end = ours.spans[first][0], ours.spans[last - 1][1]
        if high - low < 2 or not (ours.open[begin + 1 : end] & (ours.signs[begin + 1 : end, 0] >= 0)).any():
            continue
        run = read_run(ours, (first, last), theirs, (low, high), ranges[first:last] - low)
        here = [
            (word - begin, piece - low, one)
            for (word, piece), one in zip(borders, problem.single, strict=True)
            if begin <= word < end
        ]
        out.append(_example((text.group, fold, f"{BOTH}{mode}" if side == "both" else mode), run, here))
    return out


def _example(names: tuple[str, str, str], run: Run, borders: list[tuple[int, int, bool]]) -> Example:
    """`borders` are words, pieces (or a number that is none) and whether the bead that begins there is 1-1."""
    words, pieces = len(run.ours), len(run.theirs)
    seen = sorted((word, piece, one) for word, piece, one in borders if 0 <= piece < pieces)
    gold = frozenset((word, piece) for word, piece, _ in seen)
    steps = likely_steps(run, [(word, piece) for word, piece in gold if run.ours.open[word]])
    x1, x2, j1, j2 = steps.spans
    starts = np.array([(word, piece) for word, piece, _ in seen], dtype=np.int64).reshape(-1, 2)
    begins = [np.maximum.accumulate(side) if len(side) else side for side in starts.T]
    ours, theirs = (
        [np.searchsorted(known, at, side="right") for at in (first, np.maximum(last - 1, first))]
        for known, first, last in zip(begins, (x1, j1), (x2, j2), strict=True)
    )
    allowed = (x2 > x1) & (j2 > j1) & (ours[0] == ours[1]) & (theirs[0] == theirs[1]) & (ours[0] == theirs[0])
    whole = _whole_units(seen, borders, run)
    if whole.any():
        bounds = [np.concatenate([[0], known, [size]]) for known, size in zip(begins, (words, pieces), strict=True)]
        unit = ours[0]
        covered = (x1 == bounds[0][unit]) & (x2 == bounds[0][unit + 1]) & (j1 == bounds[1][unit]) & (j2 == bounds[1][unit + 1])
        allowed &= covered | ~whole[unit]
    features = step_features(run, steps)
    _, posterior = forward_backward(steps.to, steps.source, features @ _starting_point() * TEMPERATURE, len(steps.place))
    keep = (posterior > LEAST) | (allowed & (posterior > LEAST**2))
    kept = Steps(steps.place, steps.source[keep], steps.to[keep])
    asked = sum(not run.ours.ends[word] or not (0 <= piece <= pieces and run.theirs.ends[piece]) for word, piece, _ in borders)
    loose = [(a, b) for a, b, one in zip([0, *starts[:, 1]], [*starts[:, 1], pieces], whole, strict=True) if not one]
    return Example(*names, run.light(), kept, features[keep].astype(np.float32), allowed[keep], gold, asked, tuple(loose))


def _whole_units(seen: list[tuple[int, int, bool]], borders: list[tuple[int, int, bool]], run: Run) -> np.ndarray:
    """Of each unit between the borders that are seen, the first before them all, whether it is one step: it has only 1-1 beads."""
    out = [False]
    for k, (word, piece, _) in enumerate(seen):
        behind, end = (seen[k + 1][0], seen[k + 1][1]) if k + 1 < len(seen) else (len(run.ours), len(run.theirs))
        singles = all(one for at, _, one in borders if word <= at < behind)
        out.append(singles and run.theirs.ends[piece + 1 : end].sum() < 3)
    if len(out) > 1:
        out[-1] &= not run.ours.ends[seen[-1][0] :][1:-1].any()  # the stretch may end inside a bead
    return np.array(out)


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
        sizes[example.group] += max(len(example.gold), 1)

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


def found_cuts(example: Example, weights: np.ndarray) -> list[tuple[float, bool | None]]:
    """Probability of each cut, of each piece where both sides are joined, and whether gold has it; None where it does not know."""
    run = example.run
    posterior = border_posterior(run, example.steps, example.features.astype(np.float64) @ weights)
    if example.mode.startswith(BOTH):
        known = {piece for _, piece in example.gold}
        found = [(p, piece, piece in known) for piece, p in enumerate(piece_posterior(run, example.steps, posterior).tolist())]
    else:
        best: dict[int, tuple[float, int]] = {}
        for (word, piece), p in zip(example.steps.place.tolist(), posterior.tolist(), strict=True):
            best[piece] = max(best.get(piece, (0.0, 0)), (p, word))
        found = [(p, piece, (word, piece) in example.gold) for piece, (p, word) in best.items()]
    return [(p, None if any(a < piece < b for a, b in example.loose) else right) for p, piece, right in found if p > 0]


def report(rows: list[tuple[Example, list[tuple[float, bool | None]]]], least: Iterable[float]) -> None:
    """Print precision and recall by set and by what is left of the punctuation."""
    tables: dict[str, list[tuple[Example, list[tuple[float, bool | None]]]]] = defaultdict(list)
    for example, cuts in rows:
        tables[f"{example.group}: {example.mode}"].append((example, cuts))
        tables[f"all: {example.mode}"].append((example, cuts))
    for name, part in tables.items():
        asked = sum(example.asked for example, _ in part)
        cells = []
        for threshold in least:
            found = [right for _, cuts in part for p, right in cuts if p >= threshold]
            known = [right for right in found if right is not None]
            more = len(found) - len(known)
            cells.append(f">={threshold}: {sum(known) / max(len(known), 1):.3f} {sum(known) / max(asked, 1):.3f} (+{more})")
        print(f"{name:36} {asked:5} asked  " + "  ".join(cells))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=Path("align/data/cuts.json"))
    parser.add_argument("--no-cross-validation", action="store_true")
    parser.add_argument("--folds", type=Path, help="a folder for the weights of the cross-validation")
    options = parser.parse_args()
    texts = [text for text in gold_texts(options.folder) if text.group != REPLACED and not _left_aside(text)]
    words = fit_beginnings.read_words(options.folder)
    others = {fold: fit_beginnings.fit(words, fold) for fold in sorted({*map(_fold_of, texts)})}
    digest = digest_of(options.folder)
    folds = [] if options.no_cross_validation else [*others]
    stored: dict[str, dict[str, Any]] = {"": {"fitted_on": digest}}
    stored |= {fold: {"fitted_on": f"{digest} without {fold}"} for fold in folds}
    for sides, sets in SETS.items():
        tasks = [
            (text, side, mode, _fold_of(text), others[_fold_of(text)])
            for text in texts
            for side in sides
            for mode in dict.fromkeys(mode for modes in sets.values() for mode in modes)
            if mode != NUMBERED or text.group.startswith("news")
        ]
        with Pool(2) as pool:
            examples = [example for found in pool.imap(examples_of, tasks) for example in found]
        for name, modes in sets.items():
            chosen = [example for example in examples if example.mode.removeprefix(BOTH) in modes]
            print(f"{name}: {len(chosen)} stretches", flush=True)
            with Pool(2, _examples.extend, (chosen,)) as pool:
                fitted = dict(zip(["", *folds], pool.imap(_fit_without, ["", *folds]), strict=True))
            for fold, weights in fitted.items():
                used = {feature: round(float(value), 5) for feature, value in zip(FEATURES, weights, strict=True)}
                stored[fold][name] = {feature: value for feature, value in used.items() if value}
            options.output.write_text(json.dumps(stored[""], indent=1) + "\n", encoding="utf-8")
            if folds:
                report([(example, found_cuts(example, fitted[example.fold])) for example in chosen], (0.2, 0.3, 0.4, 0.5, 0.7))
    for fold in folds if options.folds else []:
        (options.folds / fold).mkdir(parents=True, exist_ok=True)
        (options.folds / fold / "cuts.json").write_text(json.dumps(stored[fold], indent=1) + "\n", encoding="utf-8")
        fit_beginnings.write(others[fold], options.folds / fold / "beginnings.npz", stored[fold]["fitted_on"])


_examples: list[Example] = []  # of the processes that fit


def _fit_without(fold: str) -> np.ndarray:
    """Weights fitted on all texts but those of a fold."""
    return fit([example for example in _examples if example.fold != fold])


def _left_aside(text: GoldText) -> bool:
    return text.group == "news, other pairs" and int(text.name.rsplit(".", 1)[-1]) >= NEWS


def _fold_of(text: GoldText) -> str:
    """Texts that share lines are left out together."""
    return text.name.rsplit(".", 1)[-1] if text.group.startswith("news") else f"{text.group}/{text.name}"


if __name__ == "__main__":
    main()
