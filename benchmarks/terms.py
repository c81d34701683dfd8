"""How well and how fast terms are found: `python -m benchmarks.terms FOLDER`, a folder with glossary.tsv, ar.jsonl, en.jsonl.

A match counts where it overlaps a labelled occurrence of its concept, each occurrence once; `undecided` spans count neither way.
Concepts that nobody labelled in a language (their terms are those of another concept too) are left out there. The spelling-stressed
copies change every word of the texts as other writers, typesetters and keyboards do; the glossary stays as it is.
"""

from __future__ import annotations

import argparse
import json
import random
import time
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from glossary import Concept, Glossary, Matcher, Term, read_glossary

if TYPE_CHECKING:
    from collections.abc import Callable

VOWELS = "\N{ARABIC FATHA}\N{ARABIC DAMMA}\N{ARABIC KASRA}\N{ARABIC SUKUN}\N{ARABIC SHADDA}"
SHAPES = {"isolated": {}, "initial": {}, "medial": {}, "final": {}}
for _code in range(0xFE80, 0xFEFD):
    _kind, _, _plain = unicodedata.decomposition(chr(_code)).partition(" ")
    if _plain and " " not in _plain:
        SHAPES[_kind.strip("<>")][chr(int(_plain, 16))] = chr(_code)


def hamza_dropped(text: str) -> list[str]:
    """Alef without hamza, and no seat for it elsewhere."""
    table = {"أ": "ا", "إ": "ا", "آ": "ا", "ؤ": "و", "ئ": "ي", "ء": ""}
    return [table.get(c, c) for c in text]


def alef_hamza_dropped(text: str) -> list[str]:
    return ["ا" if c in "أإآ" else c for c in text]


def maqsura(text: str) -> list[str]:
    """Final ya without dots, as printed in Egypt."""
    return ["ى" if c == "ي" and not _joins(text, k + 1) else c for k, c in enumerate(text)]


def ha(text: str) -> list[str]:
    return ["ه" if c == "ة" else c for c in text]


def tatweel(text: str) -> list[str]:
    return [
        c + "\N{ARABIC TATWEEL}" if _letter(c) and c not in "اأإآدذرزوؤىةء" and _joins(text, k + 1) else c
        for k, c in enumerate(text)
    ]


def vowelled(text: str) -> list[str]:
    dice = random.Random(1)
    return [c + dice.choice(VOWELS) if _letter(c) and not _mark(text, k + 1) else c for k, c in enumerate(text)]


def presentation(text: str) -> list[str]:
    """The shapes of letters, as old typesetting programs and PDF files hold them."""
    out = []
    for k, c in enumerate(text):
        before = k > 0 and text[k - 1] in SHAPES["initial"]
        behind = _joins(text, k + 1) and c in SHAPES["initial"]
        shape = {(0, 0): "isolated", (0, 1): "initial", (1, 0): "final", (1, 1): "medial"}[before, behind]
        out.append(SHAPES[shape].get(c, c))
    return out


STRESSES: dict[str, Callable[[str], list[str]]] = {
    "as written": list,
    "hamza of alef dropped": alef_hamza_dropped,
    "every hamza dropped": hamza_dropped,
    "ya as alef maqsura": maqsura,
    "ta marbuta as ha": ha,
    "tatweel": tatweel,
    "full vowelling": vowelled,
    "presentation forms": presentation,
}


def _letter(c: str) -> bool:
    return "\u0621" <= c <= "\u064a" and c != "\N{ARABIC TATWEEL}"


def _joins(text: str, k: int) -> bool:
    return k < len(text) and (_letter(text[k]) and text[k] != "ء")


def _mark(text: str, k: int) -> bool:
    return k < len(text) and unicodedata.category(text[k]) == "Mn"


def score(matcher: Matcher, rows: list[dict], change: Callable[[str], list[str]] = list) -> tuple[float, float, float, list[str]]:
    """Precision, recall, F1 and the errors."""
    labelled = {term["concept"] for row in rows for term in row["terms"]}
    right, wrong, missed = 0, [], []
    for row in rows:
        pieces = change(row["text"])
        text, starts = "".join(pieces), [0]
        for piece in pieces:
            starts.append(starts[-1] + len(piece))
        gold = [(t["concept"], starts[t["start"]], starts[t["end"]]) for t in row["terms"] if t["occurs"]]
        undecided = [(t["concept"], starts[t["start"]], starts[t["end"]]) for t in row["undecided"]]
        open_ = list(gold)
        for match in matcher.find(text):
            if match.concept not in labelled:
                continue
            hit = next((g for g in open_ if g[0] == match.concept and g[1] < match.end and match.start < g[2]), None)
            if hit:
                open_.remove(hit)
                right += 1
            elif not any(c == match.concept and a < match.end and match.start < b for c, a, b in undecided):
                wrong.append(f"false  {match.concept}: {_shown(text, match.start, match.end)}")
        missed += [f"missed {c}: {_shown(text, a, b)}" for c, a, b in open_]
    precision, recall = right / (right + len(wrong)), right / (right + len(missed))
    return precision, recall, 2 * precision * recall / (precision + recall), [*wrong, *missed]


def _shown(text: str, start: int, end: int) -> str:
    return f"{text[max(0, start - 30) : start]}[{text[start:end]}]{text[end : end + 30]}"


def speed(rows: dict[str, list[dict]], terms: int, sentences: int) -> None:
    """A glossary of phrases of two and three words and of words (three in ten) of the texts; the texts with words shuffled."""
    for language, own in rows.items():
        dice = random.Random(2)
        words = [row["text"].split() for row in own]
        kinds = sorted({word.strip(".,،\"'()") for line in words for word in line if len(word) > 4})
        made = dict.fromkeys(dice.sample(kinds, min(len(kinds), terms * 3 // 10)))
        while len(made) < terms:
            line = dice.choice(words)
            at = dice.randrange(len(line))
            phrase = [word.strip(".,،\"'()") for word in line[at : at + dice.choice((2, 3))]]
            if min(map(len, phrase)) > 2:
                made[" ".join(phrase)] = None
        concepts = tuple(Concept(f"c{k}", (Term(text, language),)) for k, text in enumerate(made))
        began = time.perf_counter()
        matcher = Matcher(Glossary(concepts), language)
        loaded = time.perf_counter()
        matcher.find(own[0]["text"])
        ready = time.perf_counter()
        # the words of each sentence in another order and some of them new, so that no sentence comes twice
        texts = [" ".join(dice.sample(line := dice.choice(words), len(line))) for _ in range(sentences)]
        start = time.perf_counter()
        found = sum(len(matcher.find(text)) for text in texts)
        took = time.perf_counter() - start
        length = sum(text.count(" ") + 1 for text in texts) / sentences
        print(f"{language}  {len(concepts)} terms indexed in {loaded - began:.2f} s (first sentence {ready - loaded:.2f} s)")
        print(f"    {sentences} sentences of {length:.0f} words in {took:.1f} s: {sentences / took:.0f} sentences a second, "
              f"{found / took:.0f} matches a second")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--errors", action="store_true", help="print every error")
    parser.add_argument("--terms", type=int, default=10_000)
    parser.add_argument("--sentences", type=int, default=20_000)
    arguments = parser.parse_args()
    glossary = read_glossary(arguments.folder / "glossary.tsv")
    rows = {}
    for language in ("ar", "en"):
        rows[language] = [json.loads(line) for line in (arguments.folder / f"{language}.jsonl").read_text("utf-8").splitlines()]
        matcher = Matcher(glossary, language)
        for name, change in STRESSES.items() if language == "ar" else [("as written", list)]:
            precision, recall, f1, errors = score(matcher, rows[language], change)
            print(f"{language}  {name:22}  precision {precision:.4f}  recall {recall:.4f}  F1 {f1:.4f}")
            if arguments.errors:
                print(*errors, sep="\n")
    speed(rows, arguments.terms, arguments.sentences)


if __name__ == "__main__":
    main()
