"""Strict F1 on the news in every pair of its languages: `python -m benchmarks.news_pairs GOLD_FOLDER`.

Half of the pairs are fitted on, in the other half nobody ever was; the documents are the same. Each pair is measured on eighteen
texts that are cut at the punctuation of clauses and on six that are cut at any space.
"""

from __future__ import annotations

import sys
from itertools import combinations
from multiprocessing import Pool
from pathlib import Path

from align import align_texts, evaluate
from benchmarks.gold import NTREX_PAIRS, REPLACED, GoldText, texts_cut_anywhere, texts_cut_at_clauses

LANGUAGES = ("ar", "en", "fr", "es", "ru", "zh")


def main() -> None:
    folder = Path(sys.argv[1])
    fitted = {frozenset(pair.split("-")) for pair in NTREX_PAIRS}
    others = ["-".join(pair) for pair in combinations(LANGUAGES, 2) if frozenset(pair) not in fitted]
    print("pair   fitted on  at clauses  at any space")
    with Pool(2) as pool:
        for pair in (*NTREX_PAIRS, *others):
            anywhere = [text for text in texts_cut_anywhere(folder, [pair]) if text.group != REPLACED]
            shares = [pool.map(score, texts) for texts in (texts_cut_at_clauses(folder, [pair]), anywhere)]
            means = [sum(values) / len(values) for values in shares]
            print(f"{pair:6} {'no' if pair in others else 'yes':>9}  {means[0]:10.4f}  {means[1]:12.4f}", flush=True)


def score(text: GoldText) -> float:
    """Strict F1 of the shipped weights."""
    return evaluate(text.beads, align_texts(text.source, text.target)).strict_f1


if __name__ == "__main__":
    main()
