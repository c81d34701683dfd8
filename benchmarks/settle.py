"""How many keys it takes to settle a statement in the workbench, from the machine's alignment to the gold.

    python -m benchmarks.settle SOURCE TARGET GOLD [SOURCE TARGET GOLD ...]

The files hold one segment a line; without files, the bundled statements are settled. A reviewer who knows the gold works
through the page in Chromium by keys alone, in two ways: `every` looks at each bead in the order of the document, accepts what
is right and mends what is not; `sure` first accepts all beads of at least .99 confidence and then does the same with the rest.
Printed: beads, keys, rows looked at, beads that are not as in the gold at the end, and seconds of a person, estimated as .28 s
a key, 1.35 s to make up one's mind about a row (keystroke-level model, Card, Moran and Newell 1980) and the words of a row's
both sides read at 240 a minute.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.serving import served
from corpora.reading import read_statement
from muqabala.demo import examples
from muqabala.pipeline import align_statements
from muqabala.project import shelf
from muqabala.project.ledger import bead_name, row_of
from muqabala.project.project import Project, make_project

KEY, MIND, WORDS = 0.28, 1.35, 240 / 60


def project_of(source, target, folder, *, lines):
    """A project of two files, aligned by the machine."""
    sides = [read_statement(path, language=code, lines=lines) for path, code in ((source, "ar"), (target, "en"))]
    bitext = align_statements(*sides)
    make_project(folder, source="ar", target="en")
    with Project(folder) as project:
        numbers, documents = [], []
        for statement, side in zip(sides, (bitext.source, bitext.target), strict=True):
            columns = "name, path, size, modified, licence"
            document = project.store.write(f"INSERT INTO document ({columns}) VALUES (?, ?, 0, 0, '')", *[statement.language] * 2)  # noqa: S608
            with project.store.change():
                read = shelf.add_statement(project.store, document, statement, ())
                numbers.append(shelf.add_segmentation(project.store, read, side.segments, side.language))
                project.store.write("UPDATE document SET statement = ? WHERE id = ?", read, document)
            documents.append(document)
        pair = project.store.write(
            "INSERT INTO pair (source, target, active, how, confidence) VALUES (?, ?, 1, 'hand', 1)", *documents
        )
        rows = [row_of(replace(bead, id=bead_name(1, k))) for k, bead in enumerate(bitext.beads, 1)]
        data = {"source": numbers[0], "target": numbers[1], "signature": bitext.signature, "belief": bitext.belief, "beads": rows}
        shelf.decide(project, pair, "aligned", data, by="muqabala")


def gold_of(path):
    """The beads of a gold file."""
    rows = [re.findall(r"\[([\d, ]*)\]", line) for line in Path(path).read_text(encoding="utf-8").split("\n") if line.strip()]
    return {tuple(tuple(sorted({int(k) for k in side.split(",") if k.strip()})) for side in row) for row in rows}


class Person:
    """A reviewer who knows the gold and has a keyboard."""

    def __init__(self, page, gold):
        self.page, self.gold = page, gold
        self.owner = {(side, k): bead for bead in gold for side, run in enumerate(bead) for k in run}
        self.keys, self.words, self.seen = 0, 0, set()
        self.read()

    def read(self):
        answer = self.page.evaluate("fetch('/api/pairs/1').then((r) => r.json())")
        self.beads = {b["id"]: b for b in answer["beads"]}
        self.order = [b["id"] for b in answer["beads"]]

    def here(self):
        return self.page.get_attribute("#rows > [aria-current]", "data-id")

    def ends(self, name):
        return tuple(tuple(k for k, _ in self.beads[name][side]) for side in ("source", "target"))

    def press(self, *keys, changes=True):
        before = self.page.evaluate("fetch('/api/pairs/1/version').then((r) => r.json())")["version"]
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1
            if key in {"Shift+A", "s"}:
                self.page.wait_for_selector("dialog[open]")
        end = time.monotonic() + 5
        while changes and self.page.evaluate("fetch('/api/pairs/1/version').then((r) => r.json())")["version"] == before:
            if time.monotonic() > end:
                raise RuntimeError(f"{keys} did nothing at {self.here()}: {self.page.inner_text('#told')}")
        self.page.wait_for_timeout(15)
        if changes:
            self.read()

    def look(self, name):
        if self.ends(name) not in self.seen:
            self.seen.add(self.ends(name))
            self.words += sum(len(text.split()) for side in ("source", "target") for _, text in self.beads[name][side])

    def settle(self, wanted):
        """Go through the document; `wanted` says which beads are looked at."""
        failed = set()
        while True:
            name = next((n for n in self.order if n not in failed and wanted(self.beads[n])), None)
            if name is None:
                return
            self.go(name)
            for _ in range(60):
                name = self.here()
                at = self.order.index(name)
                self.look(name)
                if self.ends(name) in self.gold:
                    if self.beads[name]["status"] != "accepted":
                        self.press("a")
                    break
                step = self.next_step(name)
                if step is None:
                    failed.add(name)
                    break
                self.press(*step)
                if step[0] == "ArrowDown":
                    self.go(name if name in self.beads else self.order[min(at, len(self.order) - 1)])

    def go(self, name):
        """By the arrows, or by the key to the next undecided one where that is nearer."""
        at, to = self.order.index(self.here()), self.order.index(name)
        if at != to:
            self.press(*["ArrowDown" if to > at else "ArrowUp"] * abs(to - at), changes=False)

    def next_step(self, name):
        """The keys that bring a bead nearer to the gold one that its first sentence belongs to."""
        own = self.ends(name)
        side = 0 if own[0] else 1
        gold = self.owner.get((side, own[side][0]))
        if gold is None:
            return None
        if not gold[1 - side] and own[1 - side]:
            return ["u"] if own[side] == gold[side] else self.split([len(run) for run in gold])
        over = [k for k in (0, 1) if own[k] and own[k][-1] not in gold[k]]
        if over:
            alone = not self.owner.get((over[0], own[over[0]][-1]), ((), ()))[1 - over[0]]
            if alone or len(over) == 2 or name == self.order[-1]:
                return self.split([sum(k in kept for k in run) for run, kept in zip(own, gold, strict=True)])
            return ["w" if over[0] == 0 else "p"]
        early = [k for k in (0, 1) if own[k] and own[k][0] not in gold[k]]
        if early and name != self.order[0]:
            return ["q" if early[0] == 0 else "o"]
        at = self.order.index(name)
        if at + 1 == len(self.order):
            return None
        behind = self.ends(self.order[at + 1])
        if all(set(run) <= set(kept) for run, kept in zip(behind, gold, strict=True)):
            return ["m"]
        wanted = [k for k in (0, 1) if behind[k] and behind[k][0] in gold[k]]
        if wanted:
            return ["ArrowDown", "q" if wanted[0] == 0 else "o"]
        # a sentence without partner stands between: it goes along with the next bead, from which the wanted one is taken then
        after = self.ends(self.order[at + 2]) if at + 2 < len(self.order) and not all(behind) else ((), ())
        return ["ArrowDown", "m"] if any(run and run[0] in kept for run, kept in zip(after, gold, strict=True)) else None

    @staticmethod
    def split(counts):
        """The keys that keep so many sentences of either side in the bead and leave the others to a new one."""
        return ["s", "Control+A", *str(counts[0]), "Tab", "Control+A", *str(counts[1]), "Enter"]

    def wrong(self):
        return sum(self.ends(name) not in self.gold for name in self.order)


def settle(browser, source, target, gold, *, lines, way):
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "p"
        project_of(source, target, folder, lines=lines)
        with served(folder) as (address, _):
            page = browser.new_page(viewport={"width": 1280, "height": 860}, reduced_motion="reduce")
            page.goto(f"{address}#1")
            page.wait_for_selector("#rows > [aria-current] .side")
            page.select_option("#order", "document")
            page.goto(f"{address}#1/p0001-b0001")
            person = Person(page, gold_of(gold))
            beads, before = len(person.order), person.wrong()
            if way == "sure":
                person.press(
                    "Shift+A", "Control+A", *"0.99", "Enter", changes=any(b["confidence"] >= 0.99 for b in person.beads.values())
                )
                page.wait_for_timeout(300)
                person.read()
            person.settle(lambda bead: bead["status"] != "accepted")
            page.close()
    seconds = person.keys * KEY + len(person.seen) * MIND + person.words / WORDS
    print(
        f"{Path(source).parent.name}/{Path(source).name:<24} {way:>5} {beads:5} {before:5} {person.keys:5} {len(person.seen):5}"
        f" {person.wrong():5} {seconds / 60:6.1f}",
        flush=True,
    )


def main(files):
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    own = [(e.source, e.target, e.gold, False) for e in examples(Path(__file__).parents[1] / "muqabala" / "data" / "examples")]
    texts = [(*files[k : k + 3], True) for k in range(0, len(files), 3)] or own
    print(f"{'':>40} {'way':>5} {'beads':>5} {'wrong':>5} {'keys':>5} {'rows':>5} {'left':>5} {'min.':>6}")
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for source, target, gold, lines in texts:
            for way in ("every", "sure"):
                settle(browser, source, target, gold, lines=lines, way=way)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
