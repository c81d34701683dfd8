"""New term pairs from aligned text: phrases of both languages that keep company across beads.

Candidates are runs of one to four words without a stopword at either end, counted by bead: Arabic by the shortest key of each word
(so that forms of a phrase count together), English by its words in lower case with the last one singular. Pairs are ranked by the
log-likelihood ratio of their company in beads (Dunning 1993), halved for each word that one side has more than the other; a phrase
is offered with its best partner only, and not where a longer pair accounts for nearly all of its uses.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from corpora.languages import primary
from glossary import arabic, english, languages
from glossary.checks.pair import words as word_lists
from glossary.lexicon import folded, lemmas
from glossary.matching import Matcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from corpora import Bitext
    from glossary.model import Glossary

Phrase = tuple[str, ...]
_LONGEST = 4
_LEAST = 3  # beads a pair must share
_SAME = 0.8  # share of a phrase's uses inside a longer pair that makes it no pair of its own
_MOST_BEADS = 3_000  # company is counted in the square of a bead's phrases; of more texts every n-th bead is read
_EXAMPLES = 3
_ENGLISH_PAUSE = re.compile(r"[^\w\s'\u2019-]")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A pair of phrases in their most frequent spelling.

    Attributes:
        source, target: the phrases.
        statistic: log-likelihood ratio, corrected for length; higher is surer.
        together: beads that have both.
        source_count, target_count: beads that have each.
        examples: texts of beads that have both.
    """

    source: str
    target: str
    statistic: float
    together: int
    source_count: int
    target_count: int
    examples: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class _Side:
    beads: dict[Phrase, set[int]] = field(default_factory=lambda: defaultdict(set))
    spellings: dict[Phrase, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, bead: int, text: str, language: str) -> None:
        for phrase, spelling in _phrases(text, language):
            self.beads[phrase].add(bead)
            self.spellings[phrase][spelling] += 1

    def frequent(self) -> None:
        for phrase in [phrase for phrase, beads in self.beads.items() if len(beads) < _LEAST]:
            del self.beads[phrase], self.spellings[phrase]


def suggest(bitexts: Iterable[Bitext], glossary: Glossary, *, most: int = 100) -> list[Suggestion]:
    """Term pairs that the glossary does not have, the surest first.

    Args:
        bitexts: aligned texts; beads with two sides count.
        glossary: what is known already.
        most: how many to give.
    """
    texts, codes = _texts(bitexts)
    sides = _Side(), _Side()
    for k, pair in enumerate(texts):
        for side, text, language in zip(sides, pair, codes, strict=True):
            side.add(k, text, language)
    for side in sides:
        side.frequent()
    known = [_known(glossary, language) for language in codes]
    out = []
    for phrase, other, value in _best(sides, len(texts)):
        source, target = sides[0].spellings[phrase].most_common(1)[0][0], sides[1].spellings[other].most_common(1)[0][0]
        if known[0](source) & known[1](target):
            continue
        both = sorted(sides[0].beads[phrase] & sides[1].beads[other])
        examples = tuple(texts[k] for k in sorted(both, key=lambda k: len(texts[k][0]))[:_EXAMPLES])
        counts = len(sides[0].beads[phrase]), len(sides[1].beads[other])
        out.append(Suggestion(source, target, round(value, 2), len(both), *counts, examples))
        if len(out) == most:
            break
    return out


def _texts(bitexts: Iterable[Bitext]) -> tuple[list[tuple[str, str]], tuple[str, str]]:
    texts: list[tuple[str, str]] = []
    codes = ("", "")
    for bitext in bitexts:
        codes = primary(bitext.source.language), primary(bitext.target.language)
        pairs = (bitext.texts(k) for k in range(len(bitext.beads)))
        texts += [pair for pair in pairs if all(pair)]
    known = list(dict.fromkeys(texts))
    step = max(1, -(-len(known) // _MOST_BEADS))
    return known[::step], codes


def _known(glossary: Glossary, language: str) -> Callable[[str], set[str]]:
    """Which concepts a phrase is a term of."""
    matcher = Matcher(glossary, language)

    def concepts(text: str) -> set[str]:
        return {match.concept for match in matcher.find(text, unsure=True) if match.end - match.start >= 0.8 * len(text)}

    return concepts


def _best(sides: tuple[_Side, _Side], total: int) -> Iterator[tuple[Phrase, Phrase, float]]:
    """Pairs that are each other's best, the surest first, without those that a longer pair accounts for."""
    scored: dict[tuple[Phrase, Phrase], float] = {}
    by_bead: dict[int, list[Phrase]] = defaultdict(list)
    for phrase, beads in sides[1].beads.items():
        for bead in beads:
            by_bead[bead].append(phrase)
    for phrase, beads in sides[0].beads.items():
        company = Counter(other for bead in beads for other in by_bead[bead])
        for other, together in company.items():
            if together >= _LEAST:
                value = _log_likelihood(together, len(beads), len(sides[1].beads[other]), total)
                if value > 0:
                    scored[phrase, other] = value * 0.5 ** max(0, abs(len(phrase) - len(other)) - 1)
    best: tuple[dict[Phrase, float], dict[Phrase, float]] = ({}, {})
    for pair, value in scored.items():
        for k, phrase in enumerate(pair):
            best[k][phrase] = max(best[k].get(phrase, 0.0), value)
    mutual = [(*pair, value) for pair, value in scored.items() if value >= best[0][pair[0]] and value >= best[1][pair[1]]]
    mutual.sort(key=lambda row: (-row[2], row[0], row[1]))
    return (row for row in mutual if not _is_part(row, mutual, sides))


def _is_part(row: tuple[Phrase, Phrase, float], rows: list[tuple[Phrase, Phrase, float]], sides: tuple[_Side, _Side]) -> bool:
    phrase, other, _ = row
    beads = sides[0].beads[phrase] & sides[1].beads[other]
    for longer, theirs, _ in rows:
        if (longer, theirs) == (phrase, other) or not (_within(phrase, longer) and _within(other, theirs)):
            continue
        if len(beads & sides[0].beads[longer] & sides[1].beads[theirs]) >= _SAME * len(beads):
            return True
    return False


def _within(phrase: Phrase, longer: Phrase) -> bool:
    return any(longer[k : k + len(phrase)] == phrase for k in range(len(longer) - len(phrase) + 1))


def _log_likelihood(together: int, ours: int, theirs: int, total: int) -> float:
    """Dunning's G2 of a two by two table, 0 where they avoid each other."""
    if together * total <= ours * theirs:
        return 0.0
    table = (together, ours - together, theirs - together, total - ours - theirs + together)
    sums = (ours * theirs, ours * (total - theirs), (total - ours) * theirs, (total - ours) * (total - theirs))
    return 2 * sum(
        count * math.log(count * total / expected) for count, expected in zip(table, sums, strict=True) if count and expected
    )


def _phrases(text: str, language: str) -> list[tuple[Phrase, str]]:
    spans = _spans(text, language)
    keys = [_key(text[a:b], language) for a, b in spans]
    stop = _stopwords(language)
    found = []
    for first in range(len(spans)):
        if keys[first] in stop or len(keys[first]) < 2:
            continue
        for last in range(first, min(first + _LONGEST, len(spans))):
            if last > first and _ENGLISH_PAUSE.search(text, spans[last - 1][1], spans[last][0]):
                break
            if keys[last] in stop or len(keys[last]) < 2:
                continue
            found.append((tuple(keys[first : last + 1]), text[spans[first][0] : spans[last][1]]))
    return found


def _spans(text: str, language: str) -> list[tuple[int, int]]:
    if language == "ar":
        return [match.span() for match in arabic.WORD.finditer(text)]
    return english.word_spans(text) if language == "en" else languages.word_spans(text, language)


@lru_cache(maxsize=1 << 17)
def _key(word: str, language: str) -> str:
    """One key of a word, the same for most of its forms."""
    if language == "ar":
        found = arabic.keys(word)
        listed = [key for key in found if key in lemmas(key)] or [folded(word)]
        return min(listed, key=lambda key: (len(key), key))
    plain = word.casefold()
    return english.singular(plain) if language == "en" else plain


def _stopwords(language: str) -> frozenset[str]:
    return word_lists("stopwords", language).get("", frozenset())
