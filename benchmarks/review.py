"""The workbench under load: 20 reviewers on one server, and a statement of 5,000 beads in a browser.

    python -m benchmarks.review DATA/align/ntrex [--seconds 60] [--reviewers 20]

The project has one statement of 5,000 beads and twenty of 100. They come in within ten seconds. Half of the reviewers work on
the large one, each does an act a second on the average (decide, comment, write anew, merge, move a sentence, undo) and tells
where they are every five seconds; the clients are a process of their own. Printed: milliseconds of the answers, as the clients
see them. Then Chromium, where there is one, opens the large statement and scrolls through it.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from http.client import HTTPConnection
from pathlib import Path

from benchmarks.serving import served

BEADS, SMALL, STATEMENTS = 5000, 100, 20


def make_project(data, work):
    """The project's folder: given bitexts, whose beads are scored and checked as all are."""
    lines = [data.joinpath(f"{code}.txt").read_text(encoding="utf-8").split("\n")[:-1] for code in ("ar", "en")]
    pairs = [pair for pair in zip(*lines, strict=True) if all(pair) and not any("\t" in line for line in pair)]
    folder = work / "project"
    run("init", folder)
    for name, count, first in [("large", BEADS, 0)] + [(f"small{k:02d}", SMALL, 70 * k) for k in range(STATEMENTS)]:
        rows = [f"{a} ({k})\t{b} ({k})" for k in range(count) for a, b in [pairs[(first + k) % len(pairs)]]]
        (work / f"{name}.tsv").write_text("ar\ten\n" + "\n".join(rows) + "\n", encoding="utf-8")
    run("add", folder, *sorted(work.glob("*.tsv")))
    run("run", folder)
    return folder


def run(*arguments):
    subprocess.run(
        [sys.executable, "-c", "from muqabala.cli import main; main()", *map(str, arguments)], check=True, stdout=subprocess.DEVNULL
    )


class Reviewer:
    """One person with a connection that stays open."""

    def __init__(self, address, token, pair, seed):
        self.host = address.split("/")[2]
        self.connection = HTTPConnection(self.host, timeout=60)
        self.headers = {"Cookie": f"muqabala={token}", "X-Muqabala": "1", "Content-Type": "application/json"}
        self.pair, self.dice = pair, random.Random(seed)
        self.times = defaultdict(list)
        self.refused = 0

    def ask(self, method, path, body=None):
        start = time.perf_counter()
        self.connection.request(method, f"/api/{path}", json.dumps(body) if body is not None else None, self.headers)
        answer = self.connection.getresponse()
        data = answer.read()
        return time.perf_counter() - start, answer.status, json.loads(data)

    def refresh(self, version):
        """What others did since a version, as the page asks for it."""
        took, _, sheet = self.ask("GET", f"pairs/{self.pair}?since={version}")
        self.times["refresh"].append(took)
        return sheet["version"], sheet["order"]

    def work(self, seconds):
        time.sleep(self.dice.uniform(0, 10))  # nobody comes in at the same moment
        took, _, sheet = self.ask("GET", f"pairs/{self.pair}")
        self.times["open"].append(took)
        version, beads = sheet["version"], [bead["id"] for bead in sheet["beads"]]
        end, told = time.monotonic() + seconds, 0.0
        while time.monotonic() < end:
            time.sleep(self.dice.expovariate(1.0))
            if time.monotonic() - told > 5:
                told = time.monotonic()
                took, _, now = self.ask("POST", f"pairs/{self.pair}/here", {"bead": beads[0], "active": True})
                self.times["here"].append(took)
                if now["version"] > version:
                    version, beads = self.refresh(version)
            bead = self.dice.choice(beads)
            name, body = self.dice.choice([
                ("decide", {"beads": [bead], "status": "accepted"}),
                ("decide", {"beads": [bead], "status": "rejected"}),
                ("decide", {"beads": [bead], "status": "needs review", "note": "?"}),
                ("edit", {"bead": bead, "side": "target", "text": f"Written anew {self.dice.random()}"}),
                ("comment", {"bead": bead, "text": f"A comment {self.dice.random()}"}),
                ("merge", {"bead": bead, "towards": 1}),
                ("shift", {"bead": bead, "side": "target", "towards": 1}),
                ("undo", {}),
            ])  # fmt: skip
            took, status, answer = self.ask("POST", f"pairs/{self.pair}/{name}", {"version": version, **body})
            if status == 200:
                self.times[name].append(took)
                version = answer["version"]
                beads = answer.get("order", beads)
            else:
                self.refused += 1
                version, beads = self.refresh(version)


def clients(address, tokens, seconds):
    """All reviewers, each in a thread; prints what they measured as JSON."""
    people = [Reviewer(address, token, 1 if k % 2 else 2 + k // 2, k) for k, token in enumerate(tokens)]
    threads = [threading.Thread(target=person.work, args=(seconds,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times = defaultdict(list)
    for person in people:
        for name, own in person.times.items():
            times[f"{name}, {BEADS if person.pair == 1 else SMALL} beads"] += own
    print(json.dumps({"times": times, "refused": sum(person.refused for person in people)}))


def table(times):
    acts = {name: own for name, own in times.items() if not name.startswith(("open", "here", "refresh"))}
    rows = {"all acts": [took for own in acts.values() for took in own], **dict(sorted(times.items()))}
    print(f"{'':>22} {'count':>6} {'median':>7} {'95th':>7} {'99th':>7} {'most':>7}  milliseconds")
    for name, own in rows.items():
        own.sort()
        values = [own[min(int(share * len(own)), len(own) - 1)] * 1000 for share in (0.5, 0.95, 0.99, 1.0)]
        print(f"{name:>22} {len(own):6} " + " ".join(f"{value:7.1f}" for value in values))


def browse(address, token):
    """How long the large statement takes to open, and its frames while it is scrolled."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        chromium = None
    if not chromium:
        print("no Chromium: the page is not measured")
        return
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 860})
        page.goto(f"{address}enter?token={token}")
        page.wait_for_selector("body[data-ready]")
        took = []
        for _ in range(5):
            page.goto(f"{address}#glossary")
            page.wait_for_selector("#concepts table")
            start = time.perf_counter()
            page.evaluate("location.hash = '#1'")
            page.wait_for_selector("#rows > li[aria-current] .side")
            took.append(time.perf_counter() - start)
        print(
            f"a statement of {BEADS} beads opens in {sorted(took)[2] * 1000:.0f} ms (median of 5, at most {max(took) * 1000:.0f})"
        )
        page.keyboard.press("ArrowDown")
        frames = page.evaluate(
            "async () => { const frames = []; let last = performance.now(); const end = last + 5000;"
            " while (last < end) { window.scrollBy({ top: 120, behavior: 'instant' });"
            " const now = await new Promise(requestAnimationFrame); frames.push(now - last); last = now; } return frames; }"
        )
        keys = []
        for _ in range(60):
            start = time.perf_counter()
            page.keyboard.press("ArrowDown")
            page.evaluate("new Promise(requestAnimationFrame)")
            keys.append((time.perf_counter() - start) * 1000)
        frames.sort()
        keys.sort()
        median, last = frames[len(frames) // 2], frames[int(0.99 * len(frames))]
        print(f"scrolling, {len(frames)} frames: median {median:.1f} ms, 99th {last:.1f} ms")
        print(f"a key to the next row, to its frame: median {keys[30]:.1f} ms, 95th {keys[57]:.1f} ms")
        browser.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--reviewers", type=int, default=20)
    parser.add_argument("--clients", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.clients:
        clients(options.clients[0], options.clients[1:], options.seconds)
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = make_project(options.data, Path(scratch))
        names = [f"R{k}=reviewer" for k in range(options.reviewers)]
        with served(folder, *names) as (address, tokens):
            own = [sys.executable, "-m", "benchmarks.review", str(options.data), "--seconds", str(options.seconds)]
            found = subprocess.run([*own, "--clients", address, *tokens], check=True, capture_output=True, text=True).stdout
            told = json.loads(found)
            table(told["times"])
            print(f"{told['refused']} acts were refused: changed by others, or nothing to merge or take back")
            browse(address, tokens[0])


if __name__ == "__main__":
    main()
