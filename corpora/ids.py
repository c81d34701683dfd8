"""`[0, 1]:[2]` lines: the standard of sentence alignment research."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpora.errors import ReadError
from corpora.model import Bead

if TYPE_CHECKING:
    from collections.abc import Iterable

_LINE = re.compile(r"\s*\[([\d,\s]*)\]\s*:\s*\[([\d,\s]*)\]\s*(?::.*)?")


def format_ids(beads: Iterable[Bead]) -> str:
    """One bead a line."""
    return "".join(f"{list(bead.source)}:{list(bead.target)}\n" for bead in beads)


def parse_ids(text: str, *, path: str = "") -> list[Bead]:
    """Read beads; blank lines are skipped, a third column (a cost, as Vecalign writes) is ignored.

    Raises:
        ReadError: a line is not of this form.
    """
    beads = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise ReadError("not of the form [0, 1]:[2]", path=path or None, line=number)
        source, target = (tuple(int(k) for k in re.findall(r"\d+", side)) for side in match.groups())
        beads.append(Bead(source, target))
    return beads
