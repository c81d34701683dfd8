"""Alarms on translations known to be right, and how many known terms `suggest` finds again.

`python -m benchmarks.term_checks TERMS GOLD`: TERMS has glossary.tsv, ar.jsonl, en.jsonl; GOLD the alignment sets (their gold beads
and line-aligned news). `term missing` is judged on the pairs of labelled sentences that translate each other: an alarm is false
where the source does not have the concept or the target does; a concept that another one with the same words satisfies, or that
lies inside a longer term, is missed. Every other finding on gold beads counts as false, though some are slips of the translators.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from pathlib import Path

from corpora import Bead, Bitext, BitextSide, Segment
from corpora.ids import parse_ids
from glossary import Checker, Glossary, Matcher, read_glossary
from glossary.suggestions import suggest


def gold_pairs(folder: Path) -> list[tuple[str, str]]:
    """The two sides of the gold beads of an Arabic-English set."""
    pairs = []
    for gold in sorted(folder.glob("*.gold")):
        source, target = (gold.with_suffix(f".{code}").read_text("utf-8").split("\n") for code in ("ar", "en"))
        beads = parse_ids(gold.read_text("utf-8"))
        pairs += [(" ".join(source[k] for k in b.source), " ".join(target[k] for k in b.target)) for b in beads]
    return [pair for pair in pairs if all(pair)]


def line_pairs(folder: Path, source: str, target: str) -> list[tuple[str, str]]:
    texts = [(folder / f"{code}.txt").read_text("utf-8").removesuffix("\n").split("\n") for code in (source, target)]
    return list(zip(*texts, strict=True))


def labels(path: Path) -> dict[str, dict]:
    return {row["text"].strip(): row for row in map(json.loads, path.read_text("utf-8").splitlines())}


def missing(glossary: Glossary, terms: Path, pairs: list[tuple[str, str]]) -> None:
    ours, theirs = (
        {row["text"].strip(): row for row in map(json.loads, (terms / f"{code}.jsonl").open())} for code in ("ar", "en")
    )
    labelled = {term["concept"] for row in theirs.values() for term in row["terms"]}
    checker = Checker(glossary, "ar", "en")
    counts: Counter[str] = Counter()
    for source, target in pairs:
        one, other = ours.get(source.strip()), theirs.get(target.strip())
        if one is None or other is None:
            continue
        counts["pairs"] += 1
        has = {term["concept"] for term in one["terms"] if term["occurs"]}
        rendered = {term["concept"] for term in other["terms"] if term["occurs"]} | {term["concept"] for term in other["undecided"]}
        alarms = {finding.concept for finding in checker.findings(source, target) if finding.code == "term missing"}
        for concept in (has | alarms) & labelled - {term["concept"] for term in one["undecided"]}:
            due = concept in has - rendered
            raised = concept in alarms
            counts["concepts"] += 1
            counts["right alarms" if due and raised else "missed" if due else "false alarms" if raised else "no alarm due"] += 1
    print("term missing:", ", ".join(f"{count} {what}" for what, count in counts.items()))


def alarms(glossary: Glossary, name: str, pairs: list[tuple[str, str]], languages: tuple[str, str]) -> None:
    checker = Checker(glossary, *languages)
    began = time.perf_counter()
    found = Counter(
        (f.code, f.severity.value) for fs in checker.statement_findings(pairs) for f in fs if not f.code.startswith("term")
    )
    rate = len(pairs) / (time.perf_counter() - began)
    told = ", ".join(f"{code} ({severity}) {count}" for (code, severity), count in sorted(found.items()))
    print(f"{name}, {len(pairs)} beads, {rate:.0f} a second: {told or 'nothing'}")


def rediscovered(glossary: Glossary, name: str, pairs: list[tuple[str, str]]) -> None:
    """Which concepts of the glossary, held out, are among the first suggestions, of those that three beads have on both sides."""
    sides = [BitextSide(code, tuple(Segment(p[k], 0, len(p[k])) for p in pairs)) for k, code in ((0, "ar"), (1, "en"))]
    bitext = Bitext(*sides, tuple(Bead((k,), (k,)) for k in range(len(pairs))))
    matchers = Matcher(glossary, "ar"), Matcher(glossary, "en")

    def concepts(text: str, side: int, share: float) -> set[str]:
        return {match.concept for match in matchers[side].find(text, unsure=True) if match.end - match.start >= share * len(text)}

    together = Counter(concept for source, target in pairs for concept in concepts(source, 0, 0) & concepts(target, 1, 0))
    held = {concept for concept, count in together.items() if count >= 3}
    ranks: dict[str, int] = {}
    for rank, pair in enumerate(suggest([bitext], Glossary(()), most=200), 1):
        for concept in concepts(pair.source, 0, 0.75) & concepts(pair.target, 1, 0.75):
            ranks.setdefault(concept, rank)
    told = ", ".join(f"{sum(ranks.get(c, 999) <= n for c in held)} among the first {n}" for n in (25, 50, 100, 200))
    print(f"suggest, {name}: of {len(held)} held-out concepts {told}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("terms", type=Path)
    parser.add_argument("gold", type=Path)
    arguments = parser.parse_args()
    glossary = read_glossary(arguments.terms / "glossary.tsv")
    law, news = gold_pairs(arguments.gold / "ar-en-law"), line_pairs(arguments.gold / "ntrex", "ar", "en")
    missing(glossary, arguments.terms, [*law, *news])
    alarms(glossary, "law ar-en", law, ("ar", "en"))
    for source, target in (("ar", "en"), ("en", "ar"), ("fr", "en"), ("en", "zh")):
        alarms(glossary, f"news {source}-{target}", line_pairs(arguments.gold / "ntrex", source, target), (source, target))
    rediscovered(glossary, "law", law)
    rediscovered(glossary, "news", news)


if __name__ == "__main__":
    main()
