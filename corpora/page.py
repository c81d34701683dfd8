"""A bitext as a page to read: both sides next to each other, doubtful beads and findings marked. No script, nothing external."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from corpora.languages import NAMES, direction, primary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from corpora.model import Bitext, BitextSide, Doubt, Finding

DOUBTFUL = 0.8
"""Beads below this confidence are marked: about one in ten of them is wrong or worse."""


def to_html(bitext: Bitext) -> str:
    """The page."""
    rows = []
    for k, bead in enumerate(bitext.beads):
        spans = [[s for f in bead.findings for s in f.source], [s for f in bead.findings for s in f.target]]
        rows.append({
            "id": bitext.bead_id(k),
            "kind": f"{len(bead.source)}-{len(bead.target)}",
            "confidence": round(bead.confidence * 100),
            "doubtful": bead.confidence < DOUBTFUL,
            "one_sided": not (bead.source and bead.target),
            "block": _block(bitext, k),
            "source": marked(bitext.texts(k)[0], spans[0], _cuts(bitext.source, bead.source, bead.edited[0])),
            "target": marked(bitext.texts(k)[1], spans[1], _cuts(bitext.target, bead.target, bead.edited[1])),
            "findings": [{"severity": f.severity.value, "text": explain(f), "expected": f.expected} for f in bead.findings],
            "doubts": [explain_doubt(d) for d in bead.doubts if bead.confidence < DOUBTFUL or d.code == "crossing"],
        })  # fmt: skip
    sides = [_side(bitext.source), _side(bitext.target)]
    counts = {
        "unbelieved": 0 <= bitext.belief < 0.5,
        "beads": len(rows),
        "doubtful": sum(bead.confidence < DOUBTFUL for bead in bitext.beads),
        "one_sided": sum(not (bead.source and bead.target) for bead in bitext.beads),
        "errors": sum(f.severity.value == "error" for bead in bitext.beads for f in bead.findings),
    }
    expected = (bitext.target.language, direction(bitext.target.language))
    return _template().render(rows=rows, sides=sides, counts=counts, signature=bitext.signature, expected=expected)  # type: ignore[no-any-return]


def explain(finding: Finding) -> str:
    """A finding in words, without what it expects."""
    words = {
        "term missing": "approved term missing",
        "term forbidden": f"term not to be used: {finding.found}",
        "term translated": "term not to be translated",
        "term inconsistent": f"elsewhere rendered otherwise: {finding.found}",
        "acronym unexplained": f"acronym without its long form before: {finding.found}",
        "number differs": f"number on one side only: {finding.found}",
        "numbers of one side": f"only this side has such numbers (how many): {finding.found}",
        "date differs": f"another date: {finding.found}",
        "time differs": f"another time: {finding.found}",
        "name differs": f"name not found on the other side: {finding.found}",
        "untranslated": f"not translated: {finding.found}",
        "wrong language": f"another language{': ' if finding.found else ''}{finding.found}",
        "empty side": "nothing on the other side",
        "length outlier": f"{finding.found} times the usual length",
        "punctuation": f"punctuation: {finding.found}",
        "brackets": f"not opened or not closed: {finding.found}",
        "mixed digits": f"digits of two kinds: {finding.found}",
        "direction marks": f"stray mark of direction: {finding.found}",
        "doubled word": f"said twice: {finding.found}",
        "negation lost": f"a negation on one side only: {finding.found}",
    }.get(finding.code, finding.code)
    return f"{finding.concept}: {words}" if finding.concept else words


def explain_doubt(doubt: Doubt) -> str:
    """Why a bead is doubtful, in words."""
    rival = f"rival: {_segments(doubt.source)} with {_segments(doubt.target)}, {doubt.value * 100:.0f} %"
    right = f"at the right word with {doubt.value * 100:.0f} %"
    words = {
        "length": f"lengths: one side {doubt.value:.1f} times as long as the other lets expect",
        "weak similarity": f"weak similarity: {doubt.value:.2f}",
        "numbers differ": f"numbers on one side only: {doubt.value:.0f}",
        "linked elsewhere": "its words are found on the other side",
        "repeated line": f"{doubt.value:.0f} lines like it have no partner",
        "rival boundary": rival,
        "cut": f"segment {_segments(doubt.source + doubt.target)} was split off the one before: {right}",
        "crossing": "stands elsewhere on the other side",
    }
    return words.get(doubt.code, doubt.code)


def _segments(numbers: tuple[int, ...]) -> str:
    """Segments as a reader counts them, from 1."""
    if not numbers:
        return "none"
    return f"{numbers[0] + 1}" if len(numbers) == 1 else f"{numbers[0] + 1}\u2013{numbers[-1] + 1}"


def marked(text: str, spans: Iterable[tuple[int, int]], cuts: Mapping[int, float] | None = None) -> list[tuple[str, bool, int]]:
    """The text in pieces, each with whether a span covers it, and how surely a segment was split before it: per cent, or 0."""
    whole, places = list(spans), cuts or {}
    edges = sorted({0, len(text), *(edge for span in whole for edge in span if 0 < edge < len(text)), *places})
    return [(text[a:b], any(s <= a and b <= e for s, e in whole), round(places.get(a, 0) * 100)) for a, b in pairwise(edges)]


def _cuts(side: BitextSide, own: tuple[int, ...], edited: str | None) -> dict[int, float]:
    """Where in the text of a bead segments begin that were split off others, and how surely; none where a person wrote it anew."""
    out, at = {}, 0
    for segment in [side.segments[k] for k in own] if edited is None else ():
        if segment.begins < 1 and segment.text:
            out[at] = segment.begins
        at += len(segment.text) + 1
    return out


def _block(bitext: Bitext, index: int) -> str:
    bead = bitext.beads[index]
    side, own = (bitext.source, bead.source) if bead.source else (bitext.target, bead.target)
    return side.segments[own[0]].kind.value


def _side(side: Any) -> dict[str, Any]:
    return {
        "language": side.language,
        "name": NAMES.get(primary(side.language), side.language),
        "direction": direction(side.language),
        "metadata": side.metadata,
        "file": PurePath(side.origin.path).name,
    }


@cache
def _template() -> Any:
    from jinja2 import Environment, StrictUndefined

    source = (files("corpora") / "data" / "bitext.html.j2").read_text(encoding="utf-8")
    return Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True).from_string(source)
