"""Words said twice, and a negation that the other side does not have."""

from __future__ import annotations

import re
from itertools import pairwise

from corpora import Finding, Severity
from glossary.arabic import WORD
from glossary.checks.pair import Pair, on_side, words
from glossary.lexicon import folded

_ENGLISH = re.compile(r"[A-Za-z]+(?:['\u2019][A-Za-z]+)?")
_OTHER = re.compile(r"[^\W\d_]+")
_NO_NEGATION = re.compile(r"[وف]?لا (?:[يتن]?زال|بد|سيما|شك|غرو)|no\.? ?\d|no less|no later|not only|no doubt", re.IGNORECASE)
_LEAST = 200  # letters of a bead in which one negation may be lost and another take its place


def doubled_words(pair: Pair) -> list[Finding]:
    """The same word twice in a row, where the language does not say so (جدا جدا, had had)."""
    findings = []
    for side, text, language in pair.sides():
        known = words("doubled", language).get("", frozenset())
        found = [
            (one.start(), two.end())
            for one, two in pairwise(_words(text, language))
            if one[0] == two[0] and text[one.end() : two.start()].isspace() and not _may_be_twice(one, language, known)
        ]
        if found:
            findings.append(on_side("doubled word", Severity.WARNING, side, tuple(found), found=text[slice(*found[0])]))
    return findings


def negation(pair: Pair) -> list[Finding]:
    """A plain negation on one side and nothing of the kind on the other; only probable."""
    if not pair.is_two_sided:
        return []
    (_, ours, source), (_, theirs, target) = pair.sides()
    if not (words("negation", source) and words("negation", target)) or len(ours) + len(theirs) > 2 * _LEAST:
        return []
    left, right = _negators(ours, source), _negators(theirs, target)
    findings = []
    if left and not _has_any(theirs, target):
        findings.append(on_side("negation lost", Severity.INFO, "source", left, found=ours[slice(*left[0])]))
    if right and not _has_any(ours, source):
        findings.append(on_side("negation lost", Severity.INFO, "target", right, found=theirs[slice(*right[0])]))
    return findings


def _may_be_twice(match: re.Match[str], language: str, known: frozenset[str]) -> bool:
    """Names and what the language says twice."""
    return _plain(match[0], language) in known or (match.start() > 0 and match[0][:1].isupper())


def _words(text: str, language: str) -> list[re.Match[str]]:
    pattern = WORD if language == "ar" else _ENGLISH if language == "en" else _OTHER
    return list(pattern.finditer(text))


def _plain(word: str, language: str) -> str:
    return folded(word) if language == "ar" else word.casefold().replace("\u2019", "'")


def _negators(text: str, language: str) -> tuple[tuple[int, int], ...]:
    strong = words("negation", language)["strong"]
    return tuple(
        match.span()
        for match in _words(text, language)
        if _is_one(_plain(match[0], language), strong, language) and not _NO_NEGATION.match(text, match.start())
    )


def _is_one(word: str, listed: frozenset[str], language: str) -> bool:
    if language == "ar":
        return word in listed or (word[:1] in "وفأ" and word[1:] in listed)
    return word in listed or word.endswith("n't")


def _has_any(text: str, language: str) -> bool:
    lists = words("negation", language)
    listed = lists["strong"] | lists["weak"]
    found = (_plain(match[0], language) for match in _words(text, language))
    return any(_is_one(word, listed, language) or _has_prefix(word, lists["prefixes"], listed, language) for word in found)


def _has_prefix(word: str, prefixes: frozenset[str], listed: frozenset[str], language: str) -> bool:
    if language == "ar":
        bare = word.lstrip("وفبلك")
        return bare in listed or bare.removeprefix("ال") in listed
    return any(word.startswith(prefix) and len(word) > len(prefix) + 3 for prefix in prefixes)
