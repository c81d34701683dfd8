"""The script each language is written in, and its letters."""

from __future__ import annotations

import re

from corpora.languages import primary

_RANGES = {
    "arabic": "\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc",
    "cyrillic": "\u0400-\u052f",
    "greek": "\u0370-\u03ff",
    "hebrew": "\u0590-\u05f4",
    "thai": "\u0e01-\u0e4f",
    "kana and han": "\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff",
    "hangul": "\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3",
    "latin": "A-Za-z\u00c0-\u024f\u1e00-\u1eff",
}
_SCRIPTS = {
    **dict.fromkeys(("ar", "fa", "ku", "ps", "ug", "ur"), "arabic"),
    **dict.fromkeys(("be", "bg", "mk", "ru", "sr", "uk"), "cyrillic"),
    **dict.fromkeys(("ja", "zh"), "kana and han"),
    "el": "greek",
    "he": "hebrew",
    "ko": "hangul",
    "th": "thai",
}
LETTERS = {script: re.compile(f"[{ranges}]") for script, ranges in _RANGES.items()}
"""A letter of each script."""


def script_of(language: str) -> str:
    """A language's script: a key of `LETTERS`."""
    return _SCRIPTS.get(primary(language), "latin")
