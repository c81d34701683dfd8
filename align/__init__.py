"""Sentence alignment: segments of two languages in, beads with calibrated confidence out."""

from typing import TYPE_CHECKING

from align.evaluation import Scores, evaluate
from align.evidence import Evidence

__all__ = ["Alignment", "Evidence", "Scores", "align_document", "align_texts", "evaluate", "signature"]


if TYPE_CHECKING:
    from align.aligner import Alignment, align_document, align_texts, signature


def __getattr__(name: str) -> object:
    """Import the aligner with its numeric libraries only when it is used."""
    if name in {"Alignment", "align_document", "align_texts", "signature"}:
        from align import aligner

        return getattr(aligner, name)
    raise AttributeError(f"module 'align' has no attribute {name!r}")
