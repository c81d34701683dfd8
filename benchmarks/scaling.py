"""How time and memory grow with the length of a document, and how near the encoder is to its matrix products.

    python -m benchmarks.scaling SOURCE TARGET [--sizes 1000,10000,50000]

SOURCE and TARGET hold one segment a line, line by line translations of each other. Longer documents are made of them: their lines
in random order, again and again, each time without a random tenth of the words, so that no sentence comes twice as it was; one
line in twenty-five is left out on either side. Each size is aligned in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--sizes", default="1000,10000,50000")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    lines = [path.read_text(encoding="utf-8").split("\n")[:-1] for path in (options.source, options.target)]
    if options.one:
        print(json.dumps(measure(*document(*lines, options.one))))
        return
    print(f"{'segments a side':>16} {'seconds':>9} {'ms/segment':>11} {'MiB':>6}  right 1-1 links")
    rows = []
    for size in map(int, options.sizes.split(",")):
        command = [sys.executable, "-m", "benchmarks.scaling", str(options.source), str(options.target), "--one", str(size)]
        row = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        rows.append((size, row["seconds"]))
        rate = row["seconds"] / size * 1000
        print(f"{size:16} {row['seconds']:9.1f} {rate:11.2f} {row['memory']:6.0f}  {row['right']:.4f}", flush=True)
    if len(rows) > 1:
        x, y = np.log(np.array(rows)).T
        print(f"time grows with the {np.polyfit(x, y, 1)[0]:.3f}th power of the length")
    products(lines)


def document(source: list[str], target: list[str], size: int) -> tuple[list[str], list[str], set[tuple[int, int]]]:
    """A document of so many source segments, and the 1-1 beads that are right."""
    dice = random.Random(1)
    ours: list[str] = []
    theirs: list[str] = []
    right: set[tuple[int, int]] = set()
    order: list[int] = []
    while len(ours) < size:
        order = order or dice.sample(range(len(source)), len(source))
        line, throw = order.pop(), dice.random()
        if throw > 0.02:
            ours.append(_thinned(source[line], dice))
        if not 0.02 < throw < 0.04:
            theirs.append(_thinned(target[line], dice))
        if throw >= 0.04:
            right.add((len(ours) - 1, len(theirs) - 1))
    return ours, theirs, right


def _thinned(text: str, dice: random.Random) -> str:
    return " ".join(word for word in text.split() if dice.random() > 0.1) or text


def measure(source: list[str], target: list[str], right: set[tuple[int, int]]) -> dict[str, float]:
    """Seconds of an alignment, once everything is loaded, and the peak memory of this process."""
    from align import align_texts

    align_texts(source[:5], target[:5])
    began = time.perf_counter()
    beads = align_texts(source, target)
    seconds = time.perf_counter() - began
    found = {(b.source[0], b.target[0]) for b in beads if len(b.source) == len(b.target) == 1}
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "memory": memory, "right": len(found & right) / len(right)}


class _Recorded(np.ndarray):
    """Weights that write down the shape and the time of each matrix product they take part in."""

    log: list[tuple[tuple[int, ...], float]] = []  # noqa: RUF012 - one log for all weights

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        plain = [x.view(np.ndarray) if isinstance(x, _Recorded) else x for x in inputs]
        began = time.perf_counter()
        out = getattr(ufunc, method)(*plain, **options)
        if ufunc is np.matmul:
            self.log.append((plain[0].shape + plain[1].shape[1:], time.perf_counter() - began))
        return out


@dataclass(frozen=True, slots=True)
class Round:
    """Seconds of one alignment and what it spends them on, and of plain products beside it.

    Attributes:
        whole: of the alignment.
        encoder: of it in the encoder: tokens, tables, products and what stands between them.
        inside: of it in the encoder's matrix products.
        plain: of as many products of arrays of the same shapes.
        operations: floating-point operations of these.
    """

    whole: float
    encoder: float
    inside: float
    plain: float
    operations: float


def products(lines: list[list[str]]) -> None:
    """The encoder's rate beside that of plain float32 products of the same shapes, and the share of everything else.

    Alignments and plain products are taken in turn, and medians over rounds of their ratios: a machine has quick and slow minutes.
    """
    from align import align_texts
    from align.encoder import UseEncoder, use_encoder

    texts = [side[:450] for side in lines]
    network = use_encoder()._network
    for name, value in {**network.__dict__}.items():
        if isinstance(value, np.ndarray) and value.dtype == np.float32 and value.ndim == 2:
            setattr(network, name, value.view(_Recorded))
    network._w = {name: value.view(_Recorded) if value.ndim == 2 else value for name, value in network._w.items()}
    for name in ("_first", "_second"):
        setattr(network, name, [value.view(_Recorded) for value in getattr(network, name)])
    clock = _Clock()
    for name in ("read", "head", "encode", "survey"):
        setattr(UseEncoder, name, clock.around(getattr(UseEncoder, name)))
    rounds = [_round(lambda: align_texts(*texts), clock) for _ in range(8)][1:]

    def median(figure: Callable[[Round], float]) -> float:
        return float(np.median([figure(one) for one in rounds]))

    print(
        f"aligning 450 x 450 segments: {median(lambda r: r.whole):.2f} s, the encoder {median(lambda r: r.encoder):.2f} s, "
        f"its matrix products {median(lambda r: r.inside):.2f} s"
    )
    print(f"everything but the encoder: {median(lambda r: 1 - r.encoder / r.whole):.2f} of the time")
    print(f"everything but the encoder's matrix products: {median(lambda r: 1 - r.inside / r.whole):.2f} of the time")
    print(
        f"encoder: {median(lambda r: r.operations / r.encoder) / 1e9:.1f} GFLOP/s; plain products of the same shapes: "
        f"{median(lambda r: r.operations / r.plain) / 1e9:.1f} GFLOP/s"
    )
    print(f"encoder / plain: {median(lambda r: r.plain / r.encoder):.2f}")


class _Clock:
    """Seconds spent in functions that may call each other."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._is_running = False

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*inputs: Any, **options: Any) -> Any:
            if self._is_running:
                return function(*inputs, **options)
            self._is_running, began = True, time.perf_counter()
            try:
                return function(*inputs, **options)
            finally:
                self._is_running = False
                self.seconds += time.perf_counter() - began

        return timed


def _round(align: Callable[[], object], clock: _Clock) -> Round:
    _Recorded.log.clear()
    clock.seconds = 0.0
    began = time.perf_counter()
    align()
    whole = time.perf_counter() - began
    log = list(_Recorded.log)
    plain = sum(_plain(shape, n) for shape, n in Counter(shape for shape, _ in log).items())
    operations = sum(2.0 * prod(shape) for shape, _ in log)
    return Round(whole, clock.seconds, sum(taken for _, taken in log), plain, operations)


def _plain(shape: tuple[int, ...], times: int) -> float:
    """Seconds of so many products of new arrays of this shape."""
    dice = np.random.default_rng(0)
    a, b = (dice.random(size, dtype=np.float32) for size in (shape[:2], shape[1:]))
    _ = a @ b
    began = time.perf_counter()
    for _ in range(times):
        _ = a @ b
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
