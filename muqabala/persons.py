"""Names that both sides of a corpus have, found by how they sound, as a table that pseudonyms can be given in.

A hint for a person who knows the texts: places and organisations are among them, and names that only one side has are not.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpora.characters import seen
from corpora.languages import primary
from corpora.names import skeletons

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from corpora.units import Unit

_WORD = re.compile(r"[^\W\d_]+")
_JOINS = frozenset(
    {"al", "el", "bin", "ibn", "ben", "bint", "abu", "abd", "de", "da", "van", "von", "بن", "ابن", "بنت", "أبو", "عبد"}
)
_LEAST = 3  # consonants that a name of one word has in common with its spelling on the other side
_PROCLITICS = "وفبكل"


@dataclass
class Name:
    """A name in the spelling of one side.

    Attributes:
        count: how often it was found.
        others: its spellings on the other side, by how often.
        beads: where it was found first.
    """

    count: int = 0
    others: Counter[str] = field(default_factory=Counter)
    beads: list[str] = field(default_factory=list)


@dataclass
class Names:
    """The names of a corpus, as the side with capital letters writes them, most frequent first.

    Attributes:
        capitals, other: languages of the side with capital letters, and of the other.
    """

    capitals: str = ""
    other: str = ""
    found: dict[str, Name] = field(default_factory=dict)


def names_of(units: Callable[[], Iterable[Unit]]) -> Names:
    """The names that both sides of a corpus have.

    Args:
        units: gives the corpus from its beginning, as often as it is asked.
    """
    small: set[str] = set()
    capitals: Counter[str] = Counter()
    for unit in units():
        for side in (unit.source, unit.target):
            small.update(word for word in _WORD.findall(seen(side.text)) if word.islower())
            capitals[side.language] += any(c.isupper() for c in side.text)
    names = Names()
    for unit in units():
        ours, theirs = unit.source, unit.target
        if capitals[ours.language] > capitals[theirs.language]:
            ours, theirs = theirs, ours
        names.capitals, names.other = theirs.language, ours.language
        for spelled, other in _shared(seen(theirs.text), seen(ours.text), small):
            name = names.found.setdefault(spelled, Name())
            name.count += 1
            name.others[other] += 1
            name.beads = [*name.beads, unit.id][:3]
    names.found = dict(sorted(names.found.items(), key=lambda item: (-item[1].count, item[0])))
    return names


def to_table(names: Names) -> str:
    """A table for `Pseudonyms`, with counts and places; spellings that only add what Arabic joins to a word are left out."""
    lines = [f"{primary(names.other)}\t{primary(names.capitals)}\tpseudonym\tcount\tbeads"]
    for spelled, name in names.found.items():
        own = [text for text, _ in name.others.most_common() if not (text[0] in _PROCLITICS and text[1:] in name.others)]
        lines.append(f"{'|'.join(own)}\t{spelled}\t\t{name.count}\t{' '.join(name.beads)}")
    return "\n".join(lines) + "\n"


def _shared(capitals: str, other: str, small: set[str]) -> Iterator[tuple[str, str]]:
    """The names in a text with capital letters whose words the other text has next to each other, in order."""
    words = [(match.start(), match.end(), skeletons(match.group())) for match in _WORD.finditer(other)]
    for run in _runs(capitals, small):
        best: list[tuple[int, int]] = []
        for start in range(len(words)):
            chain = _chain(run, words, start)
            if _weight(run, chain) > _weight(run, best):
                best = chain
        if _weight(run, best) >= _LEAST:
            (first, at), (last, end) = best[0], best[-1]
            yield capitals[run[first][0] : run[last][1]], other[words[at][0] : words[end][1]]


def _chain(
    run: Sequence[tuple[int, int, str]], words: Sequence[tuple[int, int, tuple[str, ...]]], start: int
) -> list[tuple[int, int]]:
    """Places of a run's words and of words that sound like them, the first of these at `start`, with at most one between two."""
    chain: list[tuple[int, int]] = []
    at = start
    for k, (_, _, sound) in enumerate(run):
        reach = range(at, min(at + (2 if chain else 1), len(words)))
        hit = next((j for j in reach if sound and sound in words[j][2]), None)
        if hit is not None:
            chain.append((k, hit))
            at = hit + 1
    return chain


def _weight(run: Sequence[tuple[int, int, str]], chain: Sequence[tuple[int, int]]) -> int:
    return sum(len(run[k][2]) for k, _ in chain)


def _runs(text: str, small: set[str]) -> Iterator[list[tuple[int, int, str]]]:
    """Runs of words with a capital letter that are never written small: start, end, consonants of each."""
    run: list[tuple[int, int, str]] = []
    for match in _WORD.finditer(text):
        word = match.group()
        if run and text[run[-1][1] : match.start()] not in {" ", "-", "\u2019", "'"}:
            yield run
            run = []
        if word[0].isupper() and word.lower() not in small - _JOINS:
            run.append((match.start(), match.end(), "".join(skeletons(word)[:1])))
        elif not (run and word in _JOINS):
            if run:
                yield run
            run = []
        else:
            run.append((match.start(), match.end(), ""))
    if run:
        yield run
