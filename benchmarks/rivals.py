"""Other aligners on the same segments, where they are installed.

- `galechurch` (PyPI): lengths only (Gale and Church 1993).
- `sentalign` (PyPI): the recursion of Vecalign (Thompson and Koehn 2019), given this project's encoder.
- `hunalign` (a program on the PATH): lengths and identical words, without a dictionary.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from corpora import Bead

if TYPE_CHECKING:
    from collections.abc import Callable

    Aligner = Callable[[list[str], list[str]], list[Bead]]

_VECALIGN_SIZE = 10  # segments of both sides of its largest bead


def installed() -> dict[str, Aligner]:
    """The aligners that are on this machine, by name."""
    found: dict[str, Aligner] = {}
    if find_spec("galechurch"):
        found["galechurch"] = _galechurch
    if find_spec("sentalign"):
        found["vecalign, our encoder"] = _vecalign
    if shutil.which("hunalign"):
        found["hunalign"] = _hunalign
    return found


def _galechurch(source: list[str], target: list[str]) -> list[Bead]:
    import galechurch

    beads = galechurch.align(source, target).beads
    return [Bead(tuple(range(b.source_start, b.source_end)), tuple(range(b.target_start, b.target_end))) for b in beads]


def _vecalign(source: list[str], target: list[str]) -> list[Bead]:
    from sentalign import sentalign

    from align.encoder import use_encoder

    encoder = use_encoder()
    found = sentalign(source, target, lambda texts: encoder.encode(list(texts)), alignment_max_size=_VECALIGN_SIZE)
    return [Bead(tuple(sorted(a.src_indices)), tuple(sorted(a.tgt_indices))) for a in found.alignments]


def _hunalign(source: list[str], target: list[str]) -> list[Bead]:
    with tempfile.TemporaryDirectory() as name:
        paths = [Path(name) / side for side in ("dictionary", "source", "target")]
        for path, lines in zip(paths, ([], source, target), strict=True):
            path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        done = subprocess.run(["hunalign", *map(str, paths)], check=True, capture_output=True, text=True)
    rungs = [tuple(map(int, line.split("\t")[:2])) for line in done.stdout.split("\n") if line.count("\t") == 2]
    return [Bead(tuple(range(i, k)), tuple(range(j, m))) for (i, j), (k, m) in pairwise(rungs)]
