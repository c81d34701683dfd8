"""Punctuation by each language's own rules, brackets and quotes, digits of two kinds, marks of direction."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpora import Finding, Severity
from glossary.checks.pair import Pair, on_side

if TYPE_CHECKING:
    from collections.abc import Sequence

_LATIN_MARK = re.compile(r"(?<=[\u0621-\u0652])[,;?]|(?<=[\u0621-\u0652] )\?")
_ARABIC_MARK = re.compile("[\u060c\u061b\u061f]")
_QUESTION = re.compile("[?\u061f][\"'\u00bb\u201d\u2019)\\s]*$")
_END = re.compile("[.!\u06d4\u2026][\"'\u00bb\u201d\u2019)\\s]*$")
_PAIRS = {")": "(", "]": "[", "}": "{", "\u00bb": "\u00ab"}
_EITHER, _SOON = '"\u201c\u201d', 8  # quotes that open or close; beads between an opening one and its closing one
_ITEM = re.compile(r"\s*[\w\u0621-\u064a]{1,4}\)")
_LATER_ITEM = re.compile(r"(?<=[.;:,!?\u061f\u061b\u060c])\s+(?:\w{1,3}\s)?[\w\u0621-\u064a]{1,4}\)")  # "; and 2)"
_FACE = re.compile(r"(?<![^\s.!?\u061f\u2026])[:;=]-?[()\[\]]+(?!\w)")
_INDIC = re.compile("[\u0660-\u0669\u06f0-\u06f9]+")
_ASCII = re.compile(r"(?<![A-Za-z0-9./:_@-])[0-9]+(?![A-Za-z0-9/:_@-])")
_OVERRIDES = "\u202d\u202e"
_OPENING = dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c") | dict.fromkeys("\u2066\u2067\u2068", "\u2069")


def punctuation(pair: Pair) -> list[Finding]:
    """Marks of another language (, ; ? in Arabic, their Arabic forms elsewhere); a question that is none on the other side."""
    findings = []
    for side, text, language in pair.sides():
        pattern = _LATIN_MARK if language == "ar" else None if language in {"fa", "ur"} else _ARABIC_MARK
        spans = tuple(match.span() for match in pattern.finditer(text)) if pattern else ()
        if spans:
            findings.append(on_side("punctuation", Severity.WARNING, side, spans, found=text[slice(*spans[0])]))
    if pair.is_two_sided:
        asks = [bool(_QUESTION.search(text)) for _, text, _ in pair.sides()]
        ends = [bool(_END.search(text)) for _, text, _ in pair.sides()]
        if (asks[0] and ends[1]) or (ends[0] and asks[1]):
            found = "?" if asks[1] else "."
            findings.append(Finding("punctuation", Severity.WARNING, _last(pair.source), _last(pair.target), found=found))
    return findings


def brackets(pair: Pair) -> list[Finding]:
    """Brackets and quotes that are opened and not closed, or the reverse, on one side only."""
    odd = [_unbalanced(text) for _, text, _ in pair.sides()]
    if pair.is_two_sided and len(odd[0]) == len(odd[1]):
        return []  # a quotation that goes on in the next segment is open on both sides
    findings = []
    for (side, text, _), spans in zip(pair.sides(), odd, strict=True):
        if spans:
            findings.append(on_side("brackets", Severity.WARNING, side, spans, found=text[slice(*spans[0])]))
    return findings


def carried_on(pairs: Sequence[Pair]) -> set[tuple[int, str]]:
    """The beads and sides of a statement in which a bracket or quote is opened that one soon behind it closes, and these."""
    out: set[tuple[int, str]] = set()
    for side in ("source", "target"):
        opened: tuple[int, str] | None = None
        for k, text in enumerate(getattr(pair, side) for pair in pairs):
            odd = _unbalanced(text)
            if len(odd) != 1:
                continue
            place = odd[0][0]
            if _opens(text, place):
                opened = k, text[place]
            elif opened and k - opened[0] <= _SOON and _closes(text[place], opened[1]):
                out |= {(opened[0], side), (k, side)}
                opened = None
    return out


def _opens(text: str, place: int) -> bool:
    """Whether a bracket or quote is the first of its two; the same sign may be either, which the spaces around it tell."""
    if text[place] not in _EITHER:
        return text[place] in _PAIRS.values()
    return not text[place - 1 : place].strip() or text[place - 1] in _PAIRS.values()


def _closes(sign: str, opening: str) -> bool:
    return _PAIRS.get(sign) == opening or (sign in _EITHER and opening in _EITHER)


def mixed_digits(pair: Pair) -> list[Finding]:
    """Arabic-Indic and European digits in one text."""
    findings = []
    for side, text, language in pair.sides():
        indic, european = ([m.span() for m in pattern.finditer(text)] for pattern in (_INDIC, _ASCII))
        if indic and european and language == "ar":
            fewer = tuple(indic if len(indic) < len(european) else european)
            findings.append(on_side("mixed digits", Severity.WARNING, side, fewer, found=text[slice(*fewer[0])]))
        elif indic and language not in {"ar", "fa", "ur"}:
            findings.append(on_side("mixed digits", Severity.WARNING, side, tuple(indic), found=text[slice(*indic[0])]))
    return findings


def direction_marks(pair: Pair) -> list[Finding]:
    """Overrides of direction, and embeddings or isolates that are not closed."""
    findings = []
    for side, text, _ in pair.sides():
        spans = _stray(text)
        if spans:
            names = ", ".join(f"U+{ord(text[a]):04X}" for a, _ in spans[:3])
            findings.append(on_side("direction marks", Severity.WARNING, side, tuple(spans), found=names))
    return findings


def _last(text: str) -> tuple[tuple[int, int], ...]:
    end = len(text.rstrip())
    return ((max(0, end - 1), end),)


def _unbalanced(text: str) -> tuple[tuple[int, int], ...]:
    open_: list[tuple[str, int]] = []
    odd = []
    item = _ITEM.match(text)
    text = _FACE.sub(lambda face: " " * len(face[0]), text)
    items = {found.end() - 1 for found in _LATER_ITEM.finditer(text)}
    for at in range(item.end() if item else 0, len(text)):
        c = text[at]
        if c in _PAIRS.values():
            open_.append((c, at))
        elif c in _PAIRS:
            if open_ and open_[-1][0] == _PAIRS[c]:
                open_.pop()
            elif at not in items:
                odd.append((at, at + 1))
    odd += [(at, at + 1) for _, at in open_]
    for kind in ('"', "\u201c\u201d"):  # which of them opens is a matter of taste in Arabic
        quotes = [at for at, c in enumerate(text) if c in kind and not text[max(0, at - 1) : at].isdigit()]
        if len(quotes) % 2:
            odd.append((quotes[-1], quotes[-1] + 1))
    return tuple(sorted(odd))


def _stray(text: str) -> list[tuple[int, int]]:
    open_: list[int] = []
    odd = [(at, at + 1) for at, c in enumerate(text) if c in _OVERRIDES]
    for at, c in enumerate(text):
        if c in _OPENING:
            open_.append(at)
        elif c in _OPENING.values():
            if open_ and _OPENING[text[open_[-1]]] == c:
                open_.pop()
            else:
                odd.append((at, at + 1))
    return sorted({*odd, *((at, at + 1) for at in open_)})
