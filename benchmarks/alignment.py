"""Strict and lax F1 on every set of a folder of gold: this project through the command line, and other aligners beside it.

    python -m benchmarks.alignment GOLD_FOLDER [--rivals] [--json]

Each text is aligned by `muqabala align --lines --format ids` in a process of its own; F1 is that of `muqabala evaluate`, averaged
over the texts of a set. What GOLD_FOLDER holds is told in `gold.py`, the rivals in `rivals.py`. Weights fitted on the folder
flatter themselves on it: figures for texts nobody fitted on are printed by the cross-validation of `fit_alignment`.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from align import evaluate
from benchmarks.gold import REPLACED, GoldText, gold_texts
from benchmarks.rivals import installed
from corpora.ids import format_ids


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rivals", action="store_true", help="other aligners too, in this process")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rivals = installed() if options.rivals else {}
    sets: dict[str, list[dict[str, float]]] = {}
    for text in gold_texts(options.folder):
        row = measure(text)
        for name, align in rivals.items():
            row[name] = evaluate(text.beads, align(text.source, text.target)).strict_f1
        in_pairs = text.group.startswith("news") and text.group != REPLACED
        group = f"news {'-'.join(text.languages)}" if in_pairs else text.group
        sets.setdefault(group, []).append(row)
        if text.translation:
            sets.setdefault(f"{group}, --mt", []).append(measure(text, mt=True))
    rows = {name: {key: sum(row[key] for row in rows) / len(rows) for key in rows[0]} for name, rows in sets.items()}
    if options.json:
        print(json.dumps(rows, indent=1))
        return
    print(f"{'set':24} texts  strict F1  lax F1  segments  seconds  segments/s  {'  '.join(rivals)}")
    for name, row in rows.items():
        rate = row["segments"] / row["seconds"]
        numbers = f"{row['strict_f1']:9.4f}  {row['lax_f1']:6.4f}  {row['segments']:8.0f}  {row['seconds']:7.2f}  {rate:10.0f}"
        others = "  ".join(f"{row[rival]:{max(6, len(rival))}.4f}" for rival in rivals if rival in row)
        print(f"{name:24} {len(sets[name]):5}  {numbers}  {others}")
    print(f"peak memory of one process: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MiB")


def measure(text: GoldText, *, mt: bool = False) -> dict[str, float]:
    """Scores, segments of both sides, and seconds from start to end of one call."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for side, lines in (("source", text.source), ("target", text.target), ("mt", text.translation)):
            (folder / side).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        (folder / "gold").write_text(format_ids(text.beads), encoding="utf-8")
        began = time.perf_counter()
        more = ["--from", text.languages[0], "--to", text.languages[1], *(["--mt", folder / "mt"] if mt else [])]
        _call("align", folder / "source", folder / "target", "--lines", *more, "--format", "ids", "-o", folder / "test")
        seconds = time.perf_counter() - began
        scores = json.loads(_call("evaluate", folder / "gold", folder / "test", "--json"))
    return {**scores, "segments": len(text.source) + len(text.target), "seconds": seconds}


def _call(*arguments: object) -> str:
    command = [sys.executable, "-m", "muqabala", *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()
