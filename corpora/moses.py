"""The Moses pair: two plain text files, line i of one is line i of the other. One-sided beads are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpora.model import Bitext


def to_moses(bitext: Bitext) -> tuple[str, str]:
    """Source lines and target lines."""
    pairs = [bitext.texts(k) for k in range(len(bitext.beads))]
    kept = [pair for pair in pairs if all(pair)]
    return "".join(f"{source}\n" for source, _ in kept), "".join(f"{target}\n" for _, target in kept)
