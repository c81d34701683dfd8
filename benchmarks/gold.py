"""Gold bitexts to fit and measure on: read from a folder, or made of line-aligned texts by merging, splitting, deleting.

A folder of gold holds one folder a set with documents `NAME.LANG`, `NAME.LANG2`, `NAME.gold` and, where there is a machine
translation of the source, `NAME.mt.LANG2`, line by line. It may hold `ntrex/`: texts of the
same lines in several languages, `LANG.txt`, and `documents.txt` with the document of each line.
"""

from __future__ import annotations

import hashlib
import random
import re
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path
from typing import TYPE_CHECKING

from corpora import Bead
from corpora.ids import parse_ids

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

NTREX_PAIRS = ("ar-en", "ar-fr", "en-es", "ru-en", "en-zh", "fr-ru", "zh-ar", "es-fr")
PARTS = 6
REPLACED = "news, lines replaced"
"""The set whose translations have lines of another place: where both sides go on with something else, nothing is to be paired.

The confidence is calibrated on it too. The weights are not fitted on it: other sets would lose (docs/alignment-lab.md)."""

AT_CLAUSES = "news, cut at clauses"
"""What the names of the sets of news begin with whose lines are split at the punctuation of clauses, by pair."""

_REPLACED_PARTS, _STRANGERS = 1, 0.06  # parts that it is made of, share of their lines that is replaced
_STOPS = re.compile(r"[.!?؟。！？…]+(?=[\"»”\s]|$)")
_MARKS = re.compile("[.!?؟؛;:،,。！？，；：、…]+")
MODES = ("joined", "commas", "stops", "all")
"""What may be left of a text's punctuation: everything, commas for stops, all but stops, nothing."""

_DRAWS = 3  # how often each text that is cut at clauses is made


@dataclass(frozen=True)
class GoldText:
    """Two segmented texts and the beads that are right; `translation` is a machine's of the source, or empty."""

    group: str
    name: str
    languages: tuple[str, str]
    source: list[str]
    target: list[str]
    beads: list[Bead]
    translation: tuple[str, ...] = ()


def gold_texts(folder: Path) -> list[GoldText]:
    """All gold below a folder, in order of their names."""
    return [*gold_sets(folder), *(texts_cut_anywhere(folder) if (folder / "ntrex").is_dir() else [])]


def counts_by_set(folder: Path, measure: Callable[[GoldText], tuple[int, ...]]) -> dict[str, list[int]]:
    """What is counted of each gold text, summed over each set."""
    texts, sums = gold_texts(folder), dict[str, list[int]]()
    with Pool(2) as pool:
        for text, counts in zip(texts, pool.imap(measure, texts), strict=True):
            sums[text.group] = [a + b for a, b in zip(sums.get(text.group, [0] * len(counts)), counts, strict=True)]
    return sums


def gold_sets(folder: Path) -> list[GoldText]:
    """The same without the news."""
    texts = []
    for gold in sorted(folder.glob("*/*.gold")):
        sides = sorted(p for p in gold.parent.glob(gold.stem + ".??") if p.suffix != ".gold")
        source, target = (p.read_text(encoding="utf-8").split("\n")[:-1] for p in sides)
        languages = sides[0].suffix[1:], sides[1].suffix[1:]
        beads = parse_ids(gold.read_text(encoding="utf-8"))
        translated = gold.with_suffix(f".mt.{languages[1]}")
        mt = tuple(translated.read_text(encoding="utf-8").split("\n")[:-1]) if translated.exists() else ()
        texts.append(GoldText(gold.parent.name, gold.stem, languages, source, target, beads, mt))
    return texts


def news_as_it_is(folder: Path) -> list[tuple[str, str, list[str]]]:
    """The lines of the news: number of the part, language, lines."""
    if not (folder / "ntrex").is_dir():
        return []
    parts, lines = _parts_and_lines(folder / "ntrex")
    return [
        (str(part), language, [lines[language][k] for k in rows]) for part, rows in enumerate(parts) for language in sorted(lines)
    ]


def digest_of(folder: Path) -> str:
    """Digest of all gold data, by name and content."""
    seen = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        seen.update(path.relative_to(folder).as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return seen.hexdigest()[:16]


def texts_cut_anywhere(folder: Path, pairs: Sequence[str] = NTREX_PAIRS) -> list[GoldText]:
    """The news, lines without the punctuation of clauses split at a space; behind them those whose lines are replaced."""
    parts, lines = _parts_and_lines(folder / "ntrex")
    out, replaced = [], []
    for pair in pairs:
        left, right = pair.split("-")
        for part, rows in enumerate(parts):
            dice = random.Random(f"{pair} {part}")
            source, target, beads = disturb([lines[left][k] for k in rows], [lines[right][k] for k in rows], dice)
            group = "news" if pair == "ar-en" else "news, other pairs"
            out.append(GoldText(group, f"{pair}.{part}", (left, right), source, target, beads))
            if part < _REPLACED_PARTS:
                dice = random.Random(f"replaced {pair} {part}")
                strangers, theirs = _replaced([lines[right][k] for k in rows], dice)
                source, target, beads = disturb([lines[left][k] for k in rows], theirs, dice, strangers)
                replaced.append(GoldText(REPLACED, f"{pair}.{part}", (left, right), source, target, beads))
    return [*out, *replaced]


def _parts_and_lines(folder: Path) -> tuple[list[list[int]], dict[str, list[str]]]:
    """Numbers of the lines of every sixth document, from the first, the second ... on; the lines of each language."""
    names = (folder / "documents.txt").read_text(encoding="utf-8").split()
    order = list(dict.fromkeys(names))
    chosen = [set(order[part::PARTS]) for part in range(PARTS)]
    lines = {p.stem: p.read_text(encoding="utf-8").split("\n") for p in folder.glob("??.txt")}
    return [[k for k, name in enumerate(names) if name in part] for part in chosen], lines


def texts_cut_at_clauses(folder: Path, pairs: Sequence[str] = NTREX_PAIRS) -> list[GoldText]:
    """The same news, three draws a pair, lines split at the punctuation of clauses only, as texts come to be segmented."""
    if not (folder / "ntrex").is_dir():
        return []
    parts, lines = _parts_and_lines(folder / "ntrex")
    out = []
    for pair in pairs:
        left, right = pair.split("-")
        for draw in range(_DRAWS):
            for part, rows in enumerate(parts):
                dice = random.Random(f"clauses {pair} {draw} {part}")
                texts = [[lines[side][k] for k in rows] for side in (left, right)]
                source, target, beads = disturb(*texts, dice, at_clauses=True)
                out.append(GoldText(f"{AT_CLAUSES}, {pair}", f"{pair}.{draw}.{part}", (left, right), source, target, beads))
    return out


def without(text: str, mode: str, language: str) -> str:
    """A segment with less punctuation; as it was where nothing else would be left."""
    out = {
        "joined": lambda: text,
        "commas": lambda: _STOPS.sub("،" if language == "ar" else ",", text),
        "stops": lambda: _STOPS.sub(" ", text),
        "all": lambda: _MARKS.sub(" ", text),
    }[mode]()
    return " ".join(out.split()) or text


def _replaced(lines: list[str], dice: random.Random) -> tuple[set[int], list[str]]:
    """The lines, some of them (by number) replaced by others that stand at least twenty lines away."""
    chosen = {k for k in range(len(lines)) if dice.random() < _STRANGERS}
    away = [dice.randrange(20, len(lines) - 20) for _ in lines]
    return chosen, [lines[(k + away[k]) % len(lines)] if k in chosen else line for k, line in enumerate(lines)]


def disturb(
    source: list[str], target: list[str], dice: random.Random, strangers: set[int] | None = None, *, at_clauses: bool = False
) -> tuple[list[str], list[str], list[Bead]]:
    """Merge (.1), split (.12) and delete (.04) segments of two line-aligned sides; the beads say what belongs together.

    No line is split on both sides: where both are cut at the same clause, two beads are as right as the one of the line.
    `strangers` are lines of the target that belong to no line of the source. Lines are split at the punctuation of clauses; those
    without any at a space, unless they are to be split `at_clauses` only.
    """
    sides, owners = [], []
    cut: set[int] = set()
    for side in (source, target):
        texts: list[str] = []
        owner: list[set[float]] = []
        k = 0
        while k < len(side):
            throw = dice.random()
            if throw < 0.04:
                k += 1
                continue
            if throw < 0.14 and k + 1 < len(side):
                size = 3 if dice.random() < 0.2 else 2
                texts.append(" ".join(side[k : k + size]))
                owner.append(set(range(k, min(k + size, len(side)))))
                k += size
                continue
            parts = halves(side[k], dice, at_clauses=at_clauses) if throw < 0.26 and k not in cut else [side[k]]
            if len(parts) > 1:
                cut.add(k)
            texts += parts
            owner += [{k}] * len(parts)
            k += 1
        sides.append(texts)
        owners.append(owner)
    theirs = [{k + 0.5 if k in (strangers or ()) else k for k in owned} for owned in owners[1]]
    return sides[0], sides[1], _components(owners[0], theirs)


def halves(text: str, dice: random.Random, *, at_clauses: bool) -> list[str]:
    """A segment split at the punctuation of a clause, or at a space if it has none and need not be split `at_clauses`."""
    cuts = [m.end() for m in re.finditer(r"[,;:،؛，；：–—-]\s*|\s+", text) if 0.2 < m.end() / len(text) < 0.8]
    strong = [c for c in cuts if re.match(r"[,;:،؛，；：–—-]", text[:c].rstrip()[-1:])]
    pool = strong if at_clauses else strong or cuts
    if not pool:
        return [text]
    cut = dice.choice(pool)
    return [text[:cut].strip(), text[cut:].strip()]


def _components(source: list[set[float]], target: list[set[float]]) -> list[Bead]:
    beads, i, j = [], 0, 0
    while i < len(source) or j < len(target):
        a, b = i, j
        lines: set[float] = set()
        if i < len(source) and (j >= len(target) or min(source[i]) <= min(target[j])):
            lines |= source[i]
        else:
            lines |= target[j]
        grown = True
        while grown:
            grown = False
            while i < len(source) and source[i] & lines:
                lines |= source[i]
                i, grown = i + 1, True
            while j < len(target) and target[j] & lines:
                lines |= target[j]
                j, grown = j + 1, True
        if i > a and j > b:
            beads.append(Bead(tuple(range(a, i)), tuple(range(b, j))))
        else:  # a null names one segment
            beads += [Bead((k,), ()) for k in range(a, i)] + [Bead((), (k,)) for k in range(b, j)]
    return beads
