"""A batch against a loop, one worker against two, and more work: `python -m benchmarks.batch DATA/align/ntrex [--pairs 200]`.

The pairs are those of `benchmarks.projects`, eight lines each. The loop calls the batch's own function for one pair after the
other in this process, with one matrix thread as the workers have, and writes nothing; it and every run of the command leave
out their start (the time that a batch of one pair takes). Printed: seconds, pairs a second, the overhead of a pair against
the loop, the most memory of a worker; and the power that time grows with over 1, 2 and 4 times the work.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.pairing import documents
from benchmarks.projects import TITLES, make_files
from benchmarks.serving import COMMAND


def manifest_of(folder, count):
    """A manifest of the first pairs of a folder."""
    path = folder / f"manifest-{count}.csv"
    rows = [f"d{k:06d},files/{k // 100:04d}/{k:06d}.ar.txt,files/{k // 100:04d}/{k:06d}.en.txt,ar,en" for k in range(count)]
    path.write_text("\n".join(["id,source,target,source_lang,target_lang", *rows]) + "\n", encoding="utf-8")
    return path


def loop(manifest):
    """Seconds of the function alone; run in a process of its own, with one matrix thread."""
    from muqabala.batch.manifest import read_manifest
    from muqabala.batch.work import Plan, process

    tasks, plan = list(read_manifest(manifest)), Plan(str(manifest.parent), "starter")
    process(tasks[0], plan)
    start = time.perf_counter()
    failed = [outcome.error for task in tasks if (outcome := process(task, plan)).error]
    if failed:
        sys.exit(failed[0])
    return time.perf_counter() - start


def batch(manifest, *options):
    """Seconds of the command, and the most MiB that a process below it had."""
    peak = 0
    with tempfile.TemporaryDirectory() as out:
        start = time.perf_counter()
        command = [*COMMAND, "batch", str(manifest), "-o", f"{out}/o", "--glossary", "starter", *map(str, options)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as started:
            ended = threading.Event()

            def watch():
                nonlocal peak
                while not ended.wait(0.2):
                    peak = max([peak, *map(memory, below(started.pid))])

            thread = threading.Thread(target=watch)
            thread.start()
            started.wait()
            ended.set()
            thread.join()
        if started.returncode:
            sys.exit(started.returncode)
        return time.perf_counter() - start, peak


def below(process):
    told = subprocess.run(["ps", "-e", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = [tuple(map(int, line.split())) for line in told.splitlines()]
    found, more = set(), {process}
    while more:
        more = {own for own, parent in parents if parent in more} - found
        found |= more
    return found


def memory(process):
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20
    except (OSError, IndexError):
        return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--loop", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.loop:
        print(json.dumps(loop(options.loop)))
        return
    with tempfile.TemporaryDirectory() as scratch:
        work, count = Path(scratch), options.pairs
        make_files({language: documents(options.data, language) for language in TITLES}, work / "files", 4 * count)
        own = [sys.executable, "-m", "benchmarks.batch", str(options.data), "--loop", str(manifest_of(work, count))]
        alone = json.loads(
            subprocess.run(own, check=True, capture_output=True, env=os.environ | {"OPENBLAS_NUM_THREADS": "1"}).stdout
        )
        print(f"{'':>24} {'seconds':>8} {'pairs/s':>8} {'overhead':>9} {'MiB':>6}")
        print(f"{'loop':>24} {alone:8.1f} {count / alone:8.1f}")
        times = {}
        for name, size, more in (
            ("1 worker", 1, ["--workers", 1]),
            ("2 workers", 1, ["--workers", 2]),
            ("local cluster of 2", 1, ["--workers", 2, "--cluster", "local", "--partition", 10]),
            ("1 worker, 2 x the work", 2, ["--workers", 1]),
            ("1 worker, 4 x the work", 4, ["--workers", 1]),
        ):
            first, _ = batch(manifest_of(work, 1), *more)
            whole, peak = batch(manifest_of(work, size * count), *more)
            times[name] = seconds = whole - first
            workers = 2 if "2 workers" in name or "cluster" in name else 1
            over = (seconds * workers / (size * count) - alone / count) * 1000
            print(f"{name:>24} {seconds:8.1f} {size * count / seconds:8.1f} {over:6.1f} ms {peak:6}", flush=True)
        xs, ys = (
            [0.0, math.log(2), math.log(4)],
            [math.log(times[f"1 worker{more}"]) for more in ("", ", 2 x the work", ", 4 x the work")],
        )
        mean = sum(xs) / 3
        power = sum((x - mean) * y for x, y in zip(xs, ys, strict=True)) / sum((x - mean) ** 2 for x in xs)
        faster = times["1 worker"] / times["2 workers"]
        print(f"time grows with the {power:.2f}th power of the work; two workers are {faster:.2f} times as fast as one")


if __name__ == "__main__":
    main()
