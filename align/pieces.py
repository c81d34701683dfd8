"""Segments cut finer than they came. Only the aligner sees the pieces."""

from __future__ import annotations

import re
from itertools import pairwise

from corpora.segmentation import sentence_ends

_STOP_INSIDE = re.compile(r"[.!?؟۔…:。！？：](?:(?<=[。！？：])|\S{0,40}\s)")
"""Bounded, so that a text of stops takes no longer than others; all stops come first, so that the search for one is quick."""
_ANY_LANGUAGE = "und"


def sentences(text: str) -> list[str]:
    """The sentences of a segment, by rules that every language follows; abbreviations are not known.

    The text as it is where there is one at most.
    """
    if not _STOP_INSIDE.search(text):
        return [text]
    ends = sentence_ends(text, _ANY_LANGUAGE)
    pieces = [piece for a, b in pairwise([0, *ends, len(text)]) if (piece := text[a:b].strip())]
    return pieces if len(pieces) > 1 else [text]
