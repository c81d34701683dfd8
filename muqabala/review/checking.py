"""Beads checked again as they change; what only the whole statement shows is checked by the next run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from corpora import Bitext
from glossary.waivers import without_waived
from muqabala.project import shelf
from muqabala.project.running import waivers_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from corpora import Bead
    from muqabala.project.project import Project
    from muqabala.review.views import Sheet


def check(project: Project, pair: int, sheet: Sheet, beads: Iterable[Bead]) -> None:
    """Check beads by themselves and keep what is found, without what was waived."""
    checker = project.checker(sheet.source.language, sheet.target.language)
    checked = [replace(bead, findings=checker.findings(*texts), edited=texts) for bead in beads for texts in [sheet.texts(bead)]]
    if checked:
        left = without_waived(Bitext(sheet.source, sheet.target, tuple(checked)), waivers_of(project))
        shelf.replace_findings(project.store, pair, left.beads)


def about_waiver(sheet: Sheet, waiver: Mapping[str, Any]) -> list[Bead]:
    """The beads of a statement that a waiver may be about: those with its words on both sides."""
    words = [str(waiver.get(side, "")).casefold().split() for side in ("source", "target")]
    out = []
    for bead in sheet.state.beads:
        texts = [text.casefold() for text in sheet.texts(bead)]
        if all(all(word in text for word in own) for own, text in zip(words, texts, strict=True)):
            out.append(bead)
    return out
