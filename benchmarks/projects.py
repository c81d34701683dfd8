"""A whole project at size: seconds, pairs a second and peak memory of every command.

    python -m benchmarks.projects DATA/align/ntrex [--pairs 10000] [--keep FOLDER]

Each pair is eight lines of one of the texts behind a number of its own, as two files. Every command runs as a user would run it,
in a process of its own with one matrix thread; the second `run` has nothing to do. Fifteen formats are exported in one pass.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.pairing import documents

LINES = 8
TITLES = {"ar": "بيان رقم {}", "en": "Statement number {}"}


def make_files(texts, folder, pairs):
    """Two files a pair below the folder, a hundred pairs in each of its folders."""
    for k in range(pairs):
        own = folder / f"{k // 100:04d}"
        own.mkdir(parents=True, exist_ok=True)
        for language, known in texts.items():
            lines = known[k % len(known)]
            first = k // len(known) % max(len(lines) - LINES + 1, 1)
            body = [TITLES[language].format(k), *lines[first : first + LINES]]
            (own / f"{k:06d}.{language}.txt").write_text("\n".join(body) + "\n", encoding="utf-8")


def measured(command):
    """Seconds, peak MiB and output of a command; it must succeed."""
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ | {"OPENBLAS_NUM_THREADS": "1"}) as process:
        out = process.stdout.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command}: exit {process.returncode}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024, out


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--pairs", type=int, default=10_000)
    parser.add_argument("--keep", type=Path, help="where the project is left; a temporary folder where not given")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        work = options.keep or Path(scratch)
        texts = {language: documents(options.data, language) for language in TITLES}
        make_files(texts, work / "files", options.pairs)
        folder = str(work / "project")
        formats = "ids,tsv,csv,jsonl,tmx,xliff,xliff12,po,moses,parquet,tei,xces,html,xlsx,sqlite"
        print(f"{options.pairs} pairs, {2 * options.pairs} files of {LINES + 1} lines")
        print(f"{'command':>10} {'seconds':>9} {'pairs/s':>9} {'MiB':>6}  last line")
        for command in (
            ["init", folder],
            ["add", folder, str(work / "files")],
            ["pair", folder],
            ["run", folder],
            ["run", folder],
            ["status", folder],
            ["search", folder, "المحكمة"],
            ["export", folder, "--format", formats, "-o", str(work / "out")],
            ["release", folder, "-o", str(work / "release")],
        ):
            seconds, peak, out = measured([sys.executable, "-c", "from muqabala.cli import main; main()", *command])
            last = out.strip().split("\n")[-1][:60]
            print(f"{command[0]:>10} {seconds:9.1f} {options.pairs / seconds:9.1f} {peak:6.0f}  {last}", flush=True)


if __name__ == "__main__":
    main()
