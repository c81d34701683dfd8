"""Findings that a person has waived, with the reason: remembered in a file, left out of later checks, offered as variants.

The file is JSON lines, one waiver a line: code, concept, and the texts found on both sides at the finding's spans (compared without
case and marks), the bead's texts for whoever reads it later, reason, by, when.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING

from corpora import MuqabalaError, ReadError
from glossary.lexicon import folded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpora import Bitext, Finding


@dataclass(frozen=True, slots=True)
class Waiver:
    """One finding that is right as it is.

    Attributes:
        code, concept: of the finding.
        source, target: the words it is about on each side, or empty.
        rendering: how the concept is rendered here, where the person said so: a candidate for an admitted term.
        reason, by, when: why, who, and the ISO date.
    """

    code: str
    concept: str = ""
    source: str = ""
    target: str = ""
    rendering: str = ""
    reason: str = ""
    by: str = ""
    when: str = ""


def waive(
    bitext: Bitext, bead: str, code: str, *, concept: str = "", rendering: str = "", reason: str, by: str, when: str
) -> Waiver:
    """The waiver of a finding.

    Args:
        bitext: checked.
        bead: name of the bead.
        code: of the finding.
        concept: of the finding, where a bead has several of one code.
        rendering: words of the target side that render the concept.
        reason: why it is right as it is.
        by: who says so.
        when: ISO date.

    Raises:
        MuqabalaError: no such bead or finding, no reason, or the rendering is not in the target.
    """
    if not reason.strip():
        raise MuqabalaError("a waiver needs a reason")
    index = next((k for k in range(len(bitext.beads)) if bitext.bead_id(k) == bead), None)
    if index is None:
        raise MuqabalaError(f"no bead '{bead}'")
    texts = bitext.texts(index)
    if rendering and _plain(rendering) not in _plain(texts[1]):
        raise MuqabalaError(f"'{rendering}' is not in the target of {bead}")
    for finding in bitext.beads[index].findings:
        if finding.code == code and concept in {"", finding.concept}:
            return Waiver(code, finding.concept, *_words(finding, *texts), rendering, reason.strip(), by, when)
    raise MuqabalaError(f"{bead} has no finding '{code}'", hint="check it first; the codes are those check prints")


def without_waived(bitext: Bitext, waivers: Iterable[Waiver]) -> Bitext:
    """The bitext without findings that were waived: same code, concept and words."""
    known = {_key(waiver) for waiver in waivers}
    beads = []
    for k, bead in enumerate(bitext.beads):
        texts = bitext.texts(k)
        kept = [f for f in bead.findings if _key(Waiver(f.code, f.concept, *_words(f, *texts))) not in known]
        beads.append(replace(bead, findings=tuple(kept)))
    return replace(bitext, beads=tuple(beads))


def variants(waivers: Iterable[Waiver]) -> list[tuple[str, str, int]]:
    """Concepts with renderings that waivers speak for, and how often: new admitted terms to consider, most frequent first."""
    counts: Counter[tuple[str, str]] = Counter()
    for waiver in waivers:
        if waiver.concept and (waiver.rendering or (waiver.code.startswith("term") and waiver.target)):
            counts[waiver.concept, waiver.rendering or waiver.target] += 1
    return [(concept, text, count) for (concept, text), count in counts.most_common()]


def to_lines(waivers: Iterable[Waiver]) -> str:
    """The file."""
    return "".join(json.dumps(asdict(waiver), ensure_ascii=False) + "\n" for waiver in waivers)


def parse_waivers(text: str, *, path: str = "") -> list[Waiver]:
    """Waivers from the lines of a file. Raises ReadError with the line."""
    names = {field.name for field in fields(Waiver)}
    out = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            out.append(Waiver(**{str(name): str(value) for name, value in row.items() if name in names}))
        except (ValueError, TypeError, AttributeError, RecursionError):
            raise ReadError("not a waiver", path=path or None, line=number) from None
    return out


def _words(finding: Finding, source: str, target: str) -> tuple[str, str]:
    return tuple(" ".join(text[a:b] for a, b in spans) for text, spans in ((source, finding.source), (target, finding.target)))  # type: ignore[return-value]


def _key(waiver: Waiver) -> tuple[str, str, str, str]:
    return waiver.code, waiver.concept, _plain(waiver.source), _plain(waiver.target)


def _plain(text: str) -> str:
    return " ".join(folded(word) for word in text.casefold().split())
