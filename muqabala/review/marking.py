"""The glossary's terms in beads, as the page underlines them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from glossary import Glossary, Matcher
    from muqabala.review.views import Sheet


def marks_of(sheet: Sheet, names: Sequence[str], matchers: tuple[Matcher, Matcher], glossary: Glossary) -> dict[str, Any]:
    """By bead and side: spans, concept, term, status, and what the other side may say."""
    known = {bead.id: bead for bead in sheet.state.beads}
    others = sheet.target.language, sheet.source.language
    out: dict[str, Any] = {}
    for name in names:
        if name not in known:
            continue
        sides = zip(("source", "target"), sheet.texts(known[name]), matchers, others, strict=True)
        out[name] = {
            side: [
                {
                    "span": [m.start, m.end],
                    "concept": m.concept,
                    "term": m.term,
                    "status": m.status.value,
                    "approved": list(glossary.by_id[m.concept].approved(other)),
                }
                for m in matcher.find(text, overlaps=False)
            ]
            for side, text, matcher, other in sides
        }
    return out
