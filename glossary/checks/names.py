"""Names of the Latin side whose consonants nothing on the Arabic side sounds like; a hint only."""

from __future__ import annotations

import re
from functools import lru_cache

from corpora import Finding, Severity
from corpora.names import skeletons
from glossary.arabic import WORD
from glossary.checks.pair import Pair, on_side

_NAME = re.compile(r"(?<![\w'\u2019.-])[A-Z][a-z\u00e0-\u024f]{3,}(?![\w'\u2019-])")
_LEAST = 3  # consonants; two meet by chance
_ALIKE = 60  # per cent of rapidfuzz's ratio of two skeletons


def names(pair: Pair) -> list[Finding]:
    """Capitalised words that are no words of English and have no like on the other side."""
    sides = pair.sides()
    arabic = next((text for _, text, language in sides if language == "ar"), "")
    latin = next(((side, text) for side, text, language in sides if language == "en"), None)
    if not pair.is_two_sided or not arabic or latin is None:
        return []
    side, text = latin
    heard = {skeleton for match in WORD.finditer(arabic) for skeleton in skeletons(match[0]) if len(skeleton) > 1}
    found = (match for match in _NAME.finditer(text) if _is_name(match[0]) and match[0] not in arabic)
    spans = tuple(match.span() for match in found if not _sounds(match[0], heard))
    return [on_side("name differs", Severity.INFO, side, spans, found=text[slice(*spans[0])])] if spans else []


def _sounds(word: str, heard: set[str]) -> bool:
    from rapidfuzz.fuzz import ratio

    return any(ratio(own, other) >= _ALIKE for own in skeletons(word) for other in heard)


@lru_cache(maxsize=1 << 15)
def _is_name(word: str) -> bool:
    """Long enough to tell and no word of English."""
    import simplemma

    return all(len(skeleton) >= _LEAST for skeleton in skeletons(word)) and not simplemma.is_known(word.lower(), lang="en")
