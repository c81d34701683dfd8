"""Fit the aligner's weights on gold data and write the weights file.

    python -m benchmarks.fit_alignment GOLD_FOLDER [-o align/data/weights.json] [--no-cross-validation]

What GOLD_FOLDER holds is told in `gold.py`.

The second pass has two sets of weights, see `align.weights`. Those for free translations are fitted on every text, since few are
freely translated, and on texts that `changed.py` makes of those that are not news; those for close ones on what is not free, and on
news in plenty, whose lines are also cut at clauses.
What the pieces of segments say of a bead's end (`align.finer`) is weighed beside scores by weights of the second pass that did not
see the text. It takes 12 GB of memory. Same data, same file.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from align import evaluate
from align.aligner import Model, Settled, calibrate, crossed_within
from align.belief import NAMES as BELIEF
from align.features import FIRST, SECOND, TERMS, term_features
from align.finer import finer_looks, met_ends
from align.habits import Habits
from align.lengths import first_look
from align.weights import Weights, format_weights, share_of_free
from benchmarks.beliefs import fit_belief, fit_logistic
from benchmarks.changed import SEGMENTED, changed_texts, is_changed
from benchmarks.examples import Example, Text, first_example, fold_of, read, second_example
from benchmarks.gold import AT_CLAUSES, REPLACED, digest_of, gold_sets, gold_texts, texts_cut_at_clauses
from benchmarks.likelihood import fit
from benchmarks.reliability import expected_calibration_error, plot

if TYPE_CHECKING:
    from align.side import Pair

NEWS, NEWS_CLOSE = 1.5, 6.0  # weight of the sets of news beside that of others, for free translations and for close ones
CHANGED = 0.02  # weight of a text that was changed beside the one it was made of
INNER = 6  # parts of the texts that are left out in turn to weigh what the pieces say
PROCESSES = 2

Judged = list[tuple[float, float, bool]]  # posterior, likeness, whether right


def fit_all(texts: list[Text], start: Weights) -> Weights:
    """All weights but those of the belief, each on what the ones before it give."""
    texts = [text for text in texts if text.group != REPLACED]
    given = [first_example(text, start.first) for text in texts if is_gold(text.group)]
    first = fit(given, start.first)
    examples = [second_example(text, first) for text in texts]
    found = replace(start, first=first, **fit_second(examples, start))
    found = replace(found, ends=fit_ends(texts, examples, found))
    terms = []
    for text, example in zip(texts, examples, strict=True):
        source, target = text.pair.source, text.pair.target
        if any(source.terms) and any(target.terms) and is_gold(text.group):
            score, ends = scored(text, example, found)
            features = term_features(source, target, example.lattice)
            terms.append(replace(example, features=features, known=score + ends * found.ends))
    return replace(found, terms=fit(terms, np.zeros(len(TERMS)), NEWS) if terms else np.zeros(len(TERMS)))


def is_gold(group: str) -> bool:
    """Whether it is one of the sets that the average is taken of, or that of lines replaced."""
    return not group.startswith(AT_CLAUSES) and not is_changed(group)


def fit_second(examples: list[Example], start: Weights) -> dict[str, np.ndarray]:
    """Weights of the second pass for close and free translations."""
    close, free = [], []
    for example in examples:
        weight = CHANGED if is_changed(example.group) else 1.0
        share = 1 - share_of_free(example.freedom)
        close += [replace(of_set(example), weight=share * weight)] if share and not example.group.endswith(SEGMENTED) else []
        free += [replace(example, weight=weight)] if not example.group.startswith(AT_CLAUSES) else []
    return {"close": fit(close, start.close, NEWS_CLOSE), "free": fit(free, start.free, NEWS)}


def of_set(example: Example) -> Example:
    """The example, as one of the news where it is of their lines cut at clauses."""
    if not example.group.startswith(AT_CLAUSES):
        return example
    return replace(example, group="news" if example.group.endswith("ar-en") else "news, other pairs")


def fit_ends(texts: list[Text], examples: list[Example], start: Weights) -> float:
    """Weight of what the pieces say beside the score, both by weights of the second pass that did not see the text."""
    folds = sorted({fold_of(text) for text in texts})
    seen = []
    for inner in range(INNER):
        left = set(folds[inner::INNER])
        inside = [fold_of(text) not in left for text in texts]
        weights = replace(start, **fit_second([e for e, kept in zip(examples, inside, strict=True) if kept], start))
        for text, example, kept in zip(texts, examples, inside, strict=True):
            if not kept and not is_changed(text.group):
                seen.append(replace(of_set(example), features=np.stack(scored(text, example, weights), axis=1)))
    scale, weight = fit(seen, np.ones(2), NEWS)
    return float(weight / scale)


def scored(text: Text, example: Example, weights: Weights) -> tuple[np.ndarray, np.ndarray]:
    """What each edge scores (E,), and what the pieces say of its end (E,)."""
    second = weights.second(example.freedom)
    score = example.features @ second
    return score, met_ends(text.pair, example.lattice, score, example.look, second)


def small(weights: Weights) -> Weights:
    """The weights in the precision they are used in."""
    parts = {name: getattr(weights, name).astype(np.float32) for name in ("first", "close", "free", "terms", "belief")}
    return replace(weights, **parts)


def calibration_of(rows: Judged) -> tuple[float, float, float]:
    """The calibration that maps posterior and likeness to being right."""
    p, likeness, right = np.array(rows, dtype=float).T
    p = np.clip(p, 1e-6, 1 - 1e-6)
    x = np.stack([np.log(p / (1 - p)), np.ones(len(p)), likeness - 1], axis=1)
    factor, offset, unlike = fit_logistic(x, right, ridge=0.01)
    return float(factor), float(offset), float(unlike)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=Path("align/data/weights.json"))
    parser.add_argument("--no-cross-validation", action="store_true")
    parser.add_argument("--plot", type=Path, help="reliability of the left-out confidences, as SVG")
    options = parser.parse_args()
    made = [*texts_cut_at_clauses(options.folder), *changed_texts(gold_sets(options.folder))]
    texts = [read(text) for text in (*gold_texts(options.folder), *made)]
    weights = fit_all(texts, _starting_point())
    if not options.no_cross_validation:
        rows, translated = cross_validate(texts, weights)
        weights = replace(weights, calibration=calibration_of(rows))
        report_calibration("confidence", rows, weights.calibration)
        report_calibration("confidence with a machine translation", translated, weights.calibration)
        if options.plot:
            options.plot.write_text(plot(rows, weights.calibration), encoding="utf-8")
    weights = small(weights)
    gold = [text for text in texts if is_gold(text.group)]
    weights = replace(weights, belief=fit_belief(gold, weights), fitted_on=digest_of(options.folder))
    options.output.write_text(format_weights(weights), encoding="utf-8")


def _starting_point() -> Weights:
    """Weights that align most text, so that the first lattices hold the gold: similarity good, odd types and lengths bad."""
    first, second = np.zeros(len(FIRST)), np.zeros(len(SECOND))
    for name, value in {"extra segments": -1.5, "deletion": -1.0, "c": 10.0, "d2": -4.0, "d2 w": -3.0}.items():
        first[FIRST.index(name)] = value
    second[: len(first)] = first
    return Weights(first, second, second, np.zeros(len(TERMS)), np.zeros(len(BELIEF)))


def cross_validate(texts: list[Text], start: Weights) -> tuple[Judged, Judged]:
    """Leave one text out; print strict F1 by set, plain and with more evidence; return the left-out posteriors of both."""
    scores: dict[str, dict[str, list[float]]] = {"": {}, "with a machine translation": {}, "with the starter glossary": {}}
    rows: dict[str, Judged] = {kind: [] for kind in scores}
    folds = sorted({fold_of(text) for text in texts})
    with get_context("fork").Pool(PROCESSES, _share, (texts, start)) as pool:
        for left_out in pool.imap(_left_out, folds, chunksize=1):
            for text, kind, score, judged in left_out:
                group, name = text
                scores[kind].setdefault(group, []).append(score)
                rows[kind] += judged if is_gold(group) else []
                print(f"  {group} {name} {kind}: {score:.4f}", flush=True)
    for kind, groups in scores.items():
        for group, values in groups.items():
            print(f"{group} {kind}: {np.mean(values):.4f}")
    sets = {text.group for text in texts if is_gold(text.group)} - {REPLACED}
    print(f"average of {len(sets)} sets: {np.mean([np.mean(scores[''][group]) for group in sets]):.4f}")
    return rows[""], rows["with a machine translation"]


_shared: list[tuple[list[Text], Weights]] = []  # what the processes of the cross-validation have in common


def _share(texts: list[Text], start: Weights) -> None:
    _shared.append((texts, start))


def _left_out(fold: str) -> list[tuple[tuple[str, str], str, float, Judged]]:
    """Set and name of each text that is left out, the evidence, strict F1, and how its beads were judged."""
    texts, start = _shared[0]
    weights = small(fit_all([text for text in texts if fold_of(text) != fold], start))
    out = []
    for text in texts:
        for kind, pair in _given(text).items() if fold_of(text) == fold else ():
            found = settled(pair, weights)
            model = Model(weights)
            score = evaluate(text.beads, crossed_within(pair, model.align(pair)[0], model)).strict_f1
            seen = zip(found.posterior[found.path].tolist(), found.likeness.tolist(), found.pairs, strict=True)
            judged = [(posterior, likeness, sides in text.gold) for posterior, likeness, sides in seen]
            out.append(((text.group, text.name), kind, score, judged))
    return out


def _given(text: Text) -> dict[str, Pair]:
    """The pair with nothing more than its texts, and with each further evidence there is; that of a changed text not."""
    pair = text.pair
    bare = [replace(side, terms=((),) * len(side)) for side in (pair.source, pair.target)]
    out = {"": replace(pair, source=bare[0], target=bare[1], translated=None)}
    if is_changed(text.group):
        return out
    if pair.translated is not None:
        out["with a machine translation"] = replace(out[""], translated=pair.translated)
    if any(pair.source.terms) and any(pair.target.terms):
        out["with the starter glossary"] = replace(pair, translated=None)
    return out


def settled(pair: Pair, weights: Weights) -> Settled:
    """The best path through a pair."""
    (pair,), (likely,) = first_look([pair], weights.first)
    habits = Habits.of([pair], [likely])
    return Model(weights).settle(pair, likely[0], habits, finer_looks([pair], [likely], weights.first)[0])


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
