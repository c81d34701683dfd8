"""Train, dev and test by document, with no sentence of one in another: what leaks is taken out of the larger part and listed.

Two documents of one issuer share formulas, titles, whole paragraphs. Keeping documents together is therefore not enough: a unit
of train that has a side in common with dev or test, once marks, hamza, case, digits and punctuation are left out, or a
near-duplicate of one, is left out; and so is one of dev that test has.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corpora.duplicates import NearTexts, key_of, normalised

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from corpora.units import Unit

    Units = Callable[[], Iterable[Unit]]

PARTS = ("train", "dev", "test")
_CONFIRMED = frozenset({"accepted", "edited", "realigned"})


@dataclass(frozen=True, slots=True)
class Proof:
    """That the parts share nothing, counted over the finished parts.

    Attributes:
        units: of each part.
        documents: of each part.
        shared_documents, shared_sides, near: documents, sides and near-duplicates that two parts share; all are 0.
        taken_out: units left out because of a leak, by the part they were in.
    """

    units: dict[str, int]
    documents: dict[str, int]
    shared_documents: int
    shared_sides: int
    near: int
    taken_out: dict[str, int]


def assign_documents(units: Iterable[Unit], *, dev: float, test: float, seed: str = "muqabala") -> dict[str, str]:
    """The part of each document, by name: test first, then dev, so many documents as the shares of units ask for.

    Documents that people have confirmed most of come first, because scores on them mean most; among equal ones a hash of the name
    and the seed decides, so that a document keeps its part when others are added.

    Args:
        units: of the corpus.
        dev: share of units, 0 to 1.
        test: the same.
        seed: of the draw.
    """
    sizes: Counter[str] = Counter()
    confirmed: Counter[str] = Counter()
    for unit in units:
        sizes[unit.document] += 1
        confirmed[unit.document] += unit.status in _CONFIRMED
    total = sum(sizes.values())

    def order(name: str) -> tuple[bool, str]:
        return confirmed[name] < 0.9 * sizes[name], hashlib.sha256(f"{seed}\0{name}".encode()).hexdigest()

    out = dict.fromkeys(sizes, "train")
    waiting = sorted(sizes, key=order)
    for part, share in (("test", test), ("dev", dev)):
        taken = 0
        while share > 0 and len(waiting) > 1 and taken < share * total:
            name = waiting.pop(0)
            out[name] = part
            taken += sizes[name]
    return out


class Leaks:
    """What dev and test hold, to be kept out of the others.

    Args:
        units: of the corpus, whatever their order.
        parts: the part of each document.
    """

    def __init__(self, units: Iterable[Unit], parts: dict[str, str]) -> None:
        self._parts = parts
        self._sides: dict[str, dict[int, str]] = {"dev": {}, "test": {}}
        self._near = {part: (NearTexts(), NearTexts()) for part in self._sides}
        self._names: dict[str, list[str]] = {"dev": [], "test": []}
        for unit in units:
            part = parts.get(unit.document, "train")
            if part in self._sides:
                self._names[part].append(unit.id)
                for at, text in enumerate((unit.source.text, unit.target.text)):
                    plain = normalised(text)
                    self._sides[part].setdefault(key_of(f"{at}{plain}"), unit.id)
                    self._near[part][at].add(plain)

    def flag(self, unit: Unit) -> str:
        """`in test: p0001-b0002` where a unit of train or dev has something in common with a part it must not, or empty."""
        own = self._parts.get(unit.document, "train")
        for part in {"train": ("test", "dev"), "dev": ("test",)}.get(own, ()):
            for at, text in enumerate((unit.source.text, unit.target.text)):
                plain = normalised(text)
                name = self._sides[part].get(key_of(f"{at}{plain}"))
                if name:
                    return f"in {part}: {name}"
                found = self._near[part][at].find(plain)
                if found is not None:
                    return f"near in {part}: {self._names[part][found]}"
        return ""


def split(units: Units, *, dev: float, test: float, seed: str = "muqabala") -> Iterator[Unit]:
    """The units with their parts; those that leak carry a flag and no part."""
    parts = assign_documents(units(), dev=dev, test=test, seed=seed)
    leaks = Leaks(units(), parts)
    for unit in units():
        flag = leaks.flag(unit)
        if flag:
            yield replace(unit, flags=(*unit.flags, flag), split="")
        else:
            yield replace(unit, split=parts[unit.document])


def prove(units: Units) -> Proof:
    """Count what the parts of a finished corpus share; units that were taken out because of a leak are counted by their flags."""
    counts: Counter[str] = Counter()
    documents: dict[str, set[str]] = {part: set() for part in PARTS}
    keys: dict[str, set[int]] = {part: set() for part in PARTS}
    taken: Counter[str] = Counter()
    for unit in units():
        if unit.split:
            counts[unit.split] += 1
            documents[unit.split].add(unit.document)
            keys[unit.split].update(key_of(f"{at}{normalised(t)}") for at, t in enumerate((unit.source.text, unit.target.text)))
        for flag in unit.flags:
            if flag.startswith(("in ", "near in ")):
                taken[flag.split(":")[0]] += 1
    pairs = [("train", "dev"), ("train", "test"), ("dev", "test")]
    return Proof(
        {part: counts[part] for part in PARTS},
        {part: len(documents[part]) for part in PARTS},
        sum(len(documents[a] & documents[b]) for a, b in pairs),
        sum(len(keys[a] & keys[b]) for a, b in pairs),
        _near_pairs(units),
        dict(sorted(taken.items())),
    )


def _near_pairs(units: Units) -> int:
    """How many units of train and dev are near one of a later part, by a fresh index over the finished parts."""
    parts = {unit.document: unit.split for unit in units() if unit.split}
    kept = (unit for unit in units() if unit.split)
    leaks = Leaks(kept, parts)
    return sum(bool(leaks.flag(unit)) for unit in units() if unit.split)
