"""Pairing of documents by what they say alone: `python -m benchmarks.pairing DATA/align/ntrex`.

The documents of two languages are shuffled and their names left out; once all have a partner, once three of ten have none (half of
them on each side). Printed: pairs that exist, pairs found, pairs right, seconds.
"""

import random
import sys
import time
from pathlib import Path

from align.pairing import pair_documents

PAIRS = [("ar", "en"), ("en", "ar"), ("fr", "en"), ("es", "en"), ("ru", "en"), ("zh", "en"), ("ar", "fr"), ("ar", "zh")]


def documents(folder, language):
    names = folder.joinpath("documents.txt").read_text(encoding="utf-8").split("\n")
    lines = folder.joinpath(f"{language}.txt").read_text(encoding="utf-8").split("\n")
    out = {}
    for name, line in zip(names, lines, strict=False):
        if name:
            out.setdefault(name, []).append(line)
    return list(out.values())


def main(folder):
    known = {language: documents(folder, language) for language in {code for pair in PAIRS for code in pair}}
    for source, target in PAIRS:
        for alone in (0.0, 0.3):
            dice = random.Random(7)
            count = len(known[source])
            gone = dice.sample(range(count), int(count * alone))
            sides = []
            for half, language in ((gone[::2], source), (gone[1::2], target)):
                kept = [k for k in range(count) if k not in half]
                dice.shuffle(kept)
                sides.append((kept, [known[language][k] for k in kept]))
            start = time.perf_counter()
            found = pair_documents(sides[0][1], sides[1][1])
            seconds = time.perf_counter() - start
            right = sum(sides[0][0][match.source] == sides[1][0][match.target] for match in found)
            exist = len(set(sides[0][0]) & set(sides[1][0]))
            print(
                f"{source}-{target}  {len(sides[0][0])} and {len(sides[1][0])} documents, {exist} pairs: "
                f"{len(found)} found, {right} right, {seconds:.1f} s"
            )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
