"""Acronyms that the glossary does not know and nobody explains: a hint for whoever reads the translation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpora import Finding, Severity
from corpora.languages import primary

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from glossary.checks.pair import Pair

_LATIN = frozenset("de en es fr it nl pl pt tr".split())
_ACRONYM = re.compile(r"(?<![\w.&/@#-])[A-Z]{3,6}(?![\w&/@-]|\.[A-Za-z])")
_WORD = re.compile(r"[^\W\d_]+")
_EVERYDAY = frozenset(
    "UN EU US UK USA UAE TV AM PM DNA HIV AIDS CEO ID PDF USB GPS SMS COVID NGO FM OK NATO UNESCO UNICEF BBC CNN".split()
    + "URL HTML XML GMT UTC".split()
)
_ROMAN = re.compile(r"[IVXLCDM]+")
_MOST_CAPITALS = 0.6  # of a text's letters: then it is a heading, and nothing in it an acronym


def plain_acronyms(pairs: Sequence[Pair], known: Container[str]) -> dict[int, list[Finding]]:
    """The first bead of a statement in which an acronym stands that was not explained before.

    It is explained where it stands in parentheses or before some, or where words before it begin with its letters.

    Args:
        pairs: the beads of the statement.
        known: acronyms that the glossary takes care of.
    """
    out: dict[int, list[Finding]] = {}
    seen: set[str] = set()
    initials = ""
    for k, pair in enumerate(pairs):
        text = pair.target
        if primary(pair.target_language) not in _LATIN or _is_heading(text):
            continue
        initials += " " + "".join(word[0] for word in _WORD.findall(text) if word[0].isupper() and not word.isupper())
        for match in _ACRONYM.finditer(text):
            name = match.group()
            if name in seen or name in known or name in _EVERYDAY or _ROMAN.fullmatch(name):
                continue
            seen.add(name)
            around = text[max(match.start() - 1, 0) : match.start()], text[match.end() : match.end() + 2]
            if around[0] == "(" or around[1] == " (" or name in initials:
                continue
            out.setdefault(k, []).append(Finding("acronym unexplained", Severity.INFO, (), (match.span(),), found=name))
    return out


def _is_heading(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return sum(c.isupper() for c in letters) > _MOST_CAPITALS * max(len(letters), 1)
