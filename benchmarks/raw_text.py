"""From raw text: the segmentation of gold texts is thrown away, and the share of gold beads whose text comes back is counted.

    python -m benchmarks.raw_text GOLD_FOLDER [--resegment] [--beads 6] [--left commas]

Segments are joined to paragraphs of so many gold beads, parallel on both sides; the command line segments and aligns the two texts.
A gold bead is recovered when one bead has its text on both sides, white space aside; `or in parts` counts those too whose text is
that of several beads in a row: our segments may be finer than gold's. `offered` are those beads that begin and end where our
segments do, whatever they are aligned with; `shown` is the share that comes back, in parts, of the beads both ends of which show
a stop (full stop, question mark, colon, semicolon) on one side at least, or are a paragraph's. `--left` takes marks of the source
away first, see `gold.MODES`.

With `--resegment` three more columns tell how sure cuts are: how many borders between beads at which a segment was split stand at
the end of a gold bead on one side at least (of others gold knows nothing), the mean of the probabilities they come with, and the
share that stands at the end of the same gold bead on both sides.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from dataclasses import replace
from itertools import groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.gold import MODES, GoldText, gold_texts, without

if TYPE_CHECKING:
    from corpora import Bead

_STOP = re.compile(r"""[.!?؟。！？…:;؛：；][\s"'»”’)\]」』）]*$""")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--resegment", action="store_true")
    parser.add_argument("--beads", type=int, default=6)
    parser.add_argument("--left", choices=MODES, default="joined")
    options = parser.parse_args()
    print(f"{'set':24} texts  recovered  or in parts  offered  shown{'   cuts  said  right' if options.resegment else ''}")
    for group, texts in groupby(gold_texts(options.folder), key=lambda text: text.group):
        rows = [measure(_left(text, options.left), options.beads, resegment=options.resegment) for text in texts]
        shares = [sum(values) / len(values) for values in zip(*(shares for shares, _ in rows), strict=True)]
        line = f"{group:24} {len(rows):5}  {shares[0]:9.4f}  {shares[1]:11.4f}  {shares[2]:7.4f}  {shares[3]:.4f}"
        if cuts := [cut for _, found in rows for cut in found]:
            said, right = (sum(values) / len(cuts) for values in zip(*cuts, strict=True))
            line += f"  {len(cuts):5}  {said:.2f}   {right:.2f}"
        print(line, flush=True)


def _left(text: GoldText, mode: str) -> GoldText:
    return replace(text, source=[without(line, mode, text.languages[0]) for line in text.source])


def measure(text: GoldText, size: int, *, resegment: bool) -> tuple[tuple[float, float, float, float], list[tuple[float, bool]]]:
    """Share of gold beads that come back from paragraphs of `size` gold beads, as one bead, as one or more, that could come back,
    and that do of those whose ends are shown; and of the cuts that gold can judge how probable and whether they are right.
    """
    beads = sorted((b for b in text.beads if b.source and b.target), key=lambda b: b.source)
    paragraphs = [beads[q : q + size] for q in range(0, len(beads), size)]
    with tempfile.TemporaryDirectory() as name:
        paths = []
        for side, lines, language in (("source", text.source, text.languages[0]), ("target", text.target, text.languages[1])):
            joined = [_text(lines, (k for bead in part for k in getattr(bead, side))) for part in paragraphs]
            path = Path(name) / f"{side}.{language}.txt"
            path.write_text("\n\n".join(joined) + "\n", encoding="utf-8")
            paths.append(str(path))
        command = [sys.executable, "-m", "muqabala", "align", *paths, "--from", text.languages[0], "--to", text.languages[1]]
        command += ["--format", "jsonl", *(["--resegment"] if resegment else [])]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rows = [json.loads(line) for line in printed.split("\n") if line]
    borders = _borders(rows)
    exact = set(pairwise(borders))
    wanted = _spans(beads, text)
    whole = sum(span in exact for span in wanted) / len(wanted)
    parts = sum(span[0] in borders and span[1] in borders for span in wanted) / len(wanted)
    ends = [_segment_ends(rows, side) for side in ("source", "target")]
    offered = sum(all({a, b} <= known for a, b, known in zip(*span, ends, strict=True)) for span in wanted) / len(wanted)
    ends_shown = [True] + [
        number % size == 0 or number == len(beads) or any(_STOP.search(_text(lines, side)) for lines, side in _sides(text, bead))
        for number, bead in enumerate(beads, start=1)
    ]
    seen = [span for span, shown in zip(wanted, pairwise(ends_shown), strict=True) if all(shown)]
    shown = sum(span[0] in borders and span[1] in borders for span in seen) / max(len(seen), 1)
    return (whole, parts, offered, shown), _judged(rows, borders, {(0, 0), *(end for _, end in wanted)})


def _judged(rows: list[dict], borders: list[tuple[int, int]], gold: set[tuple[int, int]]) -> list[tuple[float, bool]]:
    """Of the borders between beads where a segment begins that was split off: how probable, and whether gold has the same one.

    Those that stand within a gold bead on both sides are not judged.
    """
    ends = [{border[side] for border in gold} for side in (0, 1)]
    out = []
    for border, row in zip(borders, rows, strict=False):  # each border stands before a row
        begins = [row["provenance"][side].get("begins", [1])[:1] for side in ("source", "target")]
        least = min((value for values in begins for value in values), default=1)
        if least < 1 and any(place in known for place, known in zip(border, ends, strict=True)):
            out.append((least, border in gold))
    return out


def _sides(text: GoldText, bead: Bead) -> list[tuple[list[str], tuple[int, ...]]]:
    return [(text.source, bead.source), (text.target, bead.target)]


def _segment_ends(rows: list[dict], side: str) -> set[int]:
    """Letters of a side before each segment and behind the last."""
    out, at = {0}, 0
    for text, starts in ((row[side]["text"], row[side]["starts"]) for row in rows):
        out |= {at + len(_letters(text[:start])) for start in starts}
        at += len(_letters(text))
    return out | {at}


def _borders(rows: list[dict]) -> list[tuple[int, int]]:
    """Letters of both sides before each bead and behind the last."""
    out, at = [(0, 0)], [0, 0]
    for row in rows:
        at = [n + len(_letters(row[side]["text"])) for n, side in zip(at, ("source", "target"), strict=True)]
        out.append((at[0], at[1]))
    return out


def _spans(beads: list[Bead], text: GoldText) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Letters of both sides before and behind each gold bead; the beads follow each other, nulls are left out of the text."""
    out, before = [], (0, 0)
    for bead in beads:
        sizes = [len(_letters(_text(lines, side))) for lines, side in _sides(text, bead)]
        behind = before[0] + sizes[0], before[1] + sizes[1]
        out.append((before, behind))
        before = behind
    return out


def _text(lines: list[str], numbers) -> str:
    return " ".join(lines[k] for k in numbers)


def _letters(text: str) -> str:
    return "".join(text.split())


if __name__ == "__main__":
    main()
