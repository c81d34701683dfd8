"""The phrase lists of `data/*.toml`, which linguists edit."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any

from corpora.characters import UNSEEN

_MARKS = re.compile(f"[\u064b-\u0652\u0670\u0640{UNSEEN}]")
_PUNCTUATION = re.compile(r"^[\s\W_]+")
_HAMZA = str.maketrans("أإآ", "ااا")


@cache
def load(name: str) -> dict[str, Any]:
    """A data file by name, parsed."""
    return tomllib.loads((files("corpora") / "data" / f"{name}.toml").read_text(encoding="utf-8"))


def plain(text: str) -> str:
    """The text to compare phrases in: no case, vowel marks, tatweel, marks of direction, alef forms; no punctuation in front."""
    text = unicodedata.normalize("NFC", text).casefold().translate(_HAMZA)
    return _PUNCTUATION.sub("", _MARKS.sub("", text))


@cache
def openings(table: str, language: str) -> tuple[str, ...]:
    """The phrases of a table of `statements.toml`, ready to compare; English ones count in every language."""
    stored = load("statements")[table]
    return tuple(plain(phrase) for phrase in dict.fromkeys([*stored.get(language, []), *stored["en"]]))
