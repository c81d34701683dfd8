"""Duplicates: exact, normalised (marks, hamza, case, digits, punctuation), and near (MinHash by rensa, then compared exactly)."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING

from corpora.characters import ascii_digits

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpora.units import Unit

NEAR = 0.8
"""Share of character runs that two texts have in common (Jaccard) from which on they are near-duplicates."""

_RUN = 4  # characters in a run
_LEAST = 20  # characters from which on a text has near-duplicates; shorter ones are equal or not
_PERMUTATIONS, _BANDS = 128, 32  # texts of similarity .8 are found with probability 1 - (1 - .8 ** 4) ** 32
_SEED = 42
_FOLDED = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ؤ": "و", "ئ": "ي", "ة": "ه", "ک": "ك", "ی": "ي", "ء": None, "ـ": None}
)
_NOT_WORDS = re.compile(r"[\W_]+")


def normalised(text: str) -> str:
    """What two texts have in common that differ in marks, hamza, case, digits, punctuation or spaces only."""
    letters = unicodedata.normalize("NFKD", text.translate(_FOLDED)).casefold()
    plain = "".join(c for c in letters if not unicodedata.combining(c) and c != "\N{ARABIC TATWEEL}")
    return _NOT_WORDS.sub(" ", ascii_digits(plain.translate(_FOLDED))).strip()


def key_of(text: str) -> int:
    """A number for a text, the same for equal texts and hardly ever for others (64 bits)."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


class Duplicates:
    """Tells of each unit which earlier one it repeats.

    Args:
        how: `none`, `exact`, `normalised` or `near`; each finds what the ones before it find.
    """

    def __init__(self, how: str) -> None:
        self._how = how
        self._known: dict[int, str] = {}
        self._near = NearTexts() if how == "near" else None
        self._names: list[str] = []

    def earlier(self, unit: Unit) -> str:
        """The flag of a unit that repeats an earlier one (`duplicate of p0001-b0002`), or empty; the unit is kept in mind."""
        if self._how == "none":
            return ""
        texts = unit.source.text, unit.target.text
        if self._how != "exact":
            texts = normalised(texts[0]), normalised(texts[1])
        key = key_of("\0".join(texts))
        if key in self._known:
            return f"duplicate of {self._known[key]}"
        self._known[key] = unit.id
        if self._near is not None:
            found = self._near.find(*texts)
            self._near.add(*texts)
            self._names.append(unit.id)
            if found is not None:
                return f"near-duplicate of {self._names[found]}"
        return ""


def are_near(texts: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether texts, as `normalised` gives them, are near each other on every side."""
    if min(map(len, (*texts, *others))) < _LEAST:
        return False
    return all(_jaccard(_runs(own), _runs(other)) >= NEAR for own, other in zip(texts, others, strict=True))


def band_keys(texts: tuple[str, ...]) -> list[int]:
    """Numbers of which near texts have one in common, nearly always; none for short ones."""
    if min(map(len, texts)) < _LEAST:
        return []
    digest = _sketch(texts).digest()  # type: ignore[attr-defined]
    rows = _PERMUTATIONS // _BANDS
    return [key_of(f"{k}:{digest[k : k + rows]}") for k in range(0, _PERMUTATIONS, rows)]


class NearTexts:
    """Texts, or pairs of texts, by number, found by others that are near them on every side."""

    def __init__(self) -> None:
        from rensa import RMinHashLSH

        self._index = RMinHashLSH(threshold=NEAR, num_perm=_PERMUTATIONS, num_bands=_BANDS)
        self._texts: list[tuple[str, ...]] = []

    def add(self, *texts: str) -> None:
        """Keep texts, as `normalised` gives them, under the next number."""
        number = len(self._texts)
        self._texts.append(texts)
        if min(map(len, texts)) >= _LEAST:
            self._index.insert(number, _sketch(texts))

    def find(self, *texts: str) -> int | None:
        """The number of the first kept texts that these are near to, or None."""
        if min(map(len, texts)) < _LEAST:
            return None
        runs = [_runs(text) for text in texts]
        for number in sorted(self._index.query(_sketch(texts))):
            others = self._texts[number]
            if all(_jaccard(own, _runs(other)) >= NEAR for own, other in zip(runs, others, strict=True)):
                return int(number)
        return None


def _sketch(texts: Iterable[str]) -> object:
    from rensa import RMinHash

    sketch = RMinHash(num_perm=_PERMUTATIONS, seed=_SEED)
    sketch.update([f"{at}{run}" for at, text in enumerate(texts) for run in sorted(_runs(text))])
    return sketch


def _runs(text: str) -> set[str]:
    return {text[k : k + _RUN] for k in range(max(1, len(text) - _RUN + 1))}


def _jaccard(a: set[str], b: set[str]) -> float:
    return len(a & b) / max(len(a | b), 1)
