"""A side that is empty, copied, or in another language."""

from __future__ import annotations

import re
import unicodedata

from corpora import Finding, Severity
from corpora.languages import primary
from glossary.checks.pair import Pair, on_side

_SCRIPTS = {"ar": "ARABIC", "ru": "CYRILLIC", "zh": "CJK", "ja": "CJK", "ko": "HANGUL", "th": "THAI"}
_ADDRESS = re.compile(r"(?<!\S)\S[^\s./@]*[./@]\S*[A-Za-z]\S*")  # from the beginning of a word on: words may be long
_LETTERS = 20  # a shorter side may be a name
_RUN = {
    "ARABIC": re.compile("(?<![\u0621-\u0652])[\u0621-\u0652]{2,}+(?:[\\s،]++[\u0621-\u0652]{2,}+){2,}+"),
    "LATIN": re.compile(r"(?<![a-z])[a-z]{2,}+(?:[\s,]++[a-z]{2,}+){3,}+"),
}


def empty_side(pair: Pair) -> list[Finding]:
    """A segment without a translation, or a translation of nothing."""
    if pair.is_two_sided or not (pair.source.strip() or pair.target.strip()):
        return []
    side, text, _ = pair.sides()[0 if pair.source.strip() else 1]
    return [on_side("empty side", Severity.WARNING, side, ((0, len(text)),))]


def untranslated(pair: Pair) -> list[Finding]:
    """A translation that is the source, or has a run of its words in it."""
    if not pair.is_two_sided or primary(pair.source_language) == primary(pair.target_language):
        return []
    wordy = any(len(word) > 3 and word.isalpha() for word in pair.target.split())
    if wordy and _plain(pair.source) == _plain(pair.target):
        alone = _script(pair.source_language) != _script(pair.target_language) or pair.source.strip().count(" ") >= 3
        severity = Severity.ERROR if alone else Severity.INFO
        return [Finding("untranslated", severity, ((0, len(pair.source)),), ((0, len(pair.target)),), found=pair.target[:60])]
    script = _script(pair.source_language)
    if script == _script(pair.target_language) or script not in _RUN:
        return []
    spans = tuple(match.span() for match in _RUN[script].finditer(pair.target) if match[0] in pair.source)
    return [Finding("untranslated", Severity.WARNING, (), spans, found=pair.target[slice(*spans[0])][:60])] if spans else []


def wrong_language(pair: Pair) -> list[Finding]:
    """A side most of whose letters are of another script, or whose words are of another language (only probable)."""
    findings = []
    for side, whole, language in pair.sides():
        text = _ADDRESS.sub(" ", whole)
        letters = _letters(text)
        if letters < _LETTERS:
            continue
        script = _script(language)
        own = sum(_is_of(c, script) for c in text if c.isalpha())
        if own * (6 if script == "CJK" else 2) < letters:
            findings.append(on_side("wrong language", Severity.ERROR, side, ((0, len(whole)),), expected=(language,)))
        elif letters >= 3 * _LETTERS and (found := _detected(text)) not in {language, "fa", "ur"}:
            findings.append(on_side("wrong language", Severity.INFO, side, ((0, len(whole)),), expected=(language,), found=found))
    return findings


def _detected(text: str) -> str:
    from corpora.languages import detect

    return detect(text)


def _letters(text: str) -> int:
    return sum(c.isalpha() for c in text)


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def _script(language: str) -> str:
    return _SCRIPTS.get(primary(language), "LATIN")


def _is_of(c: str, script: str) -> bool:
    name = unicodedata.name(c, "")
    return script in name or (script == "CJK" and ("HIRAGANA" in name or "KATAKANA" in name))
