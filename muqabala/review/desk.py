"""A project on the desk of its reviewers: what they see of it and what they do, one act after the other."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from corpora import MuqabalaError
from corpora.languages import primary
from muqabala.project import shelf
from muqabala.project.ledger import CONFIRMED, Event, bead_name, bead_number, touched
from muqabala.project.project import Project
from muqabala.project.running import check_pair, checked_by, proposed
from muqabala.review import acts
from muqabala.review.changes import changes_of
from muqabala.review.checking import about_waiver, check
from muqabala.review.cutting import cut
from muqabala.review.marking import marks_of
from muqabala.review.sheets import Sheets, log_of, meant, undone
from muqabala.review.views import Written, bead_view, side_view

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from corpora import Bead, Finding
    from glossary import Matcher
    from muqabala.project.ledger import PairState
    from muqabala.review.views import Sheet

_WARMING = {
    "ar": "في الثالث من أيار 2024 قال ١٢ شاهداً إن المحكمة لم تسمع أقوالهم (في جلسة علنية)؛ ولم تُبلَّغ أسرهم بذلك.",
    "en": "On 3 May 2024 at 10 a.m. twelve witnesses said that the Court had not heard them (in a public hearing).",
}
"""Sentences that every check has something to do with."""

_UNDOABLE = frozenset({"decided", "edited", "realigned", "resegmented", "commented", "waived", "undone"})


class ConflictError(MuqabalaError):
    """Somebody else has changed what an act is about."""

    def __init__(self, beads: Sequence[str], by: str, at: str) -> None:
        super().__init__(f"{by or 'somebody'} changed it meanwhile")
        self.beads, self.by, self.at = list(beads), by, at


class Desk:
    """The project, used by one thread at a time.

    Args:
        project: open for writing by several threads.

    Attributes:
        lock: held by whoever uses the project.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self.lock = threading.RLock()
        self._sheets = Sheets(project.store)
        self._written = Written()
        self._matched: tuple[Matcher, Matcher] | None = None

    def warm_up(self) -> None:
        """Load what the first act would wait for."""
        settings = self.project.settings
        checker = self.project.checker(settings.source, settings.target)
        for code in (settings.source, settings.target):
            words = _WARMING.get(primary(code), _WARMING["en"])
            checker.findings(words, words)
        self._matchers()

    @contextmanager
    def aside(self) -> Iterator[Project]:
        """The project read through a connection of its own, for what takes long: nobody waits for it."""
        with Project(self.project.folder, write=False) as reading:
            yield reading

    def sheet(self, pair: int, *, since: int = 0) -> str:
        """A statement as JSON: its version and its beads in document order, checked by the glossary as it is now.

        Args:
            pair: its number.
            since: a version that is known: only the beads that acts since then are about, and the order of all.
        """
        with self.lock:
            sheet = self._sheets.get(pair)
            pairing = shelf.pairing(self.project.store, pair)
            wanted = checked_by(self.project)
            if pairing.checked and pairing.checked.split(" usual=")[0] != wanted:
                check_pair(self.project, pairing, wanted)
            beads = self._touched(pair, sheet, since) if since else list(sheet.state.beads)
            numbers = [bead_number(bead.id)[1] for bead in beads] if since else None
            findings = shelf.findings(self.project.store, pair, numbers)
            written = self._written.beads(pair, sheet, beads, findings)
        told = {
            "pair": pair,
            "version": sheet.state.event,
            "source": side_view(sheet.source, pairing.source.name),
            "target": side_view(sheet.target, pairing.target.name),
            "belief": sheet.state.belief,
        }
        if since:
            told["order"] = [bead.id for bead in sheet.state.beads]
        return f'{json.dumps(told, ensure_ascii=False)[:-1]}, "beads": {written}}}'

    def _touched(self, pair: int, sheet: Sheet, since: int) -> list[Bead]:
        """The beads that the events behind a version are about; all where one of them may be about any."""
        numbers: set[int] = set()
        for event in shelf.events(self.project.store, pair, after=since):
            own = meant(self.project.store, event)
            about = touched(own)
            if about is None or own.kind == "waived":
                return list(sheet.state.beads)
            numbers |= about
        return [bead for bead in sheet.state.beads if bead_number(bead.id)[1] in numbers]

    def version(self, pair: int) -> int:
        """The last event of a statement."""
        with self.lock:
            return shelf.last_event(self.project.store, pair)

    def changes(self, pair: int) -> dict[str, Any]:
        """What people changed of what the machine made of a statement."""
        with self.lock:
            return changes_of(self.project.store, pair, self._sheets.get(pair))

    def marks(self, pair: int, beads: Sequence[str]) -> dict[str, Any]:
        """The glossary's terms on both sides of some beads: spans, concept, term, status, and what the other side may say."""
        with self.lock:
            return marks_of(self._sheets.get(pair), beads, self._matchers(), self.project.glossary)

    def act(
        self, pair: int, make: Callable[[Sheet], acts.Events], *, by: str, version: int, about: Iterable[str]
    ) -> dict[str, Any]:
        """Do what `make` says on a statement.

        Args:
            pair: its number.
            make: gives the events for the state as it is now.
            by: who does it.
            version: of the statement that the reviewer has seen.
            about: the beads that the act is about.

        Returns:
            The new version, the beads that changed, and the order of all where it is another.

        Raises:
            ConflictError: somebody changed one of these beads since that version.
            MuqabalaError: the act does not fit.
        """
        with self.lock:
            before = self._sheets.get(pair)
            self._refuse_conflict(pair, version, set(about))
            with self.project.store.change():
                return self._done(pair, before, make(before), by)

    def accept_surer(self, pair: int, confidence: float, *, by: str, version: int, preview: bool) -> dict[str, Any]:
        """Accept all beads that nobody decided on and the machine is so sure of; `preview` only counts them."""
        with self.lock:
            names = acts.surer_than(self._sheets.get(pair).state, confidence)
            if preview or not names:
                return {"version": self._sheets.get(pair).state.event, "beads": [], "count": len(names)}
            make = lambda sheet: acts.decided(sheet.state, names, "accepted")  # noqa: E731
            return self.act(pair, make, by=by, version=version, about=names) | {"count": len(names)}

    def search(self, words: str, most: int) -> list[dict[str, Any]]:
        """Beads by their words."""
        from dataclasses import asdict

        from muqabala.project.words import search

        with self.aside() as reading:
            return [asdict(hit) for hit in search(reading.store, words, most=most)]

    def undo(self, pair: int, *, by: str, redo: bool = False) -> dict[str, Any]:
        """Take back the last act of a reviewer on a statement that stands, or with `redo` the last taking back.

        Raises:
            MuqabalaError: there is none, or later acts of others need it.
        """
        with self.lock:
            before = self._sheets.get(pair)
            log = log_of(self.project.store, pair)
            dead = undone(log)
            alive = [line for line in log if line.by == by and line.kind in _UNDOABLE and line.id not in dead]
            own = last = [line for line in alive if line.kind != "undone"]
            if redo:  # of what was taken back behind the last act; a taking back of a taking back is none
                kinds = {line.id: line.kind for line in log}
                back = [line for line in alive if line.kind == "undone" and kinds.get(line.undoes) != "undone"]
                own = [line for line in back if not last or line.id > last[-1].id]
            if not own:
                raise MuqabalaError("there is nothing to take back" if not redo else "there is nothing to do again")
            known = self._sheets.without(pair, own[-1].id, log)
            with self.project.store.change():
                return self._done(pair, before, [("undone", {"event": own[-1].id})], by, result=known)

    def resegment(
        self, pair: int, bead: str, side: str, segment: int, offset: int | None, *, by: str, version: int
    ) -> dict[str, Any]:
        """Split a segment at a character, or without `offset` join it with the next one."""
        with self.lock:
            before = self._sheets.get(pair)
            self._refuse_conflict(pair, version, {bead})
            own = before.source if side == "source" else before.target
            segments = list(own.segments)
            if not 0 <= segment < len(segments) or segment not in getattr(before.state.bead(bead), side):
                raise MuqabalaError(f"the bead has no segment {segment}")
            statement = self.project.store.value(
                "SELECT statement FROM segmentation WHERE id = ?", before.state.source if side == "source" else before.state.target
            )
            text = self.project.store.value("SELECT text FROM statement WHERE id = ?", statement)
            segments[segment : segment + (2 if offset is None else 1)] = cut(segments, segment, offset, text)
            with self.project.store.change():
                number = shelf.add_segmentation(self.project.store, statement, segments, own.language)
                data = {"side": side, "segmentation": number, "at": segment, "kind": "join" if offset is None else "split"}
                return self._done(pair, before, [("resegmented", data)], by)

    def waive(
        self, pair: int, bead: str, code: str, concept: str, reason: str, rendering: str, *, by: str, version: int
    ) -> dict[str, Any]:
        """A finding is right as it is: remembered for the whole project."""
        if not reason.strip():
            raise MuqabalaError("a waiver needs a reason")

        def make(sheet: Sheet) -> acts.Events:
            source, target = sheet.texts(sheet.state.bead(bead))
            for finding in self._findings(pair).get(bead, []):
                if finding.code == code and concept in {"", finding.concept}:
                    words = [
                        " ".join(t[a:b] for a, b in spans) for t, spans in ((source, finding.source), (target, finding.target))
                    ]
                    data = {
                        "bead": bead_number(bead)[1],
                        "code": code,
                        "concept": finding.concept,
                        "source": words[0],
                        "target": words[1],
                    }
                    return [("waived", data | {"reason": reason.strip(), "rendering": rendering.strip()})]
            raise MuqabalaError(f"the bead has no finding '{code}'")

        return self.act(pair, make, by=by, version=version, about=[bead])

    def suggest_term(self, pair: int, bead: str, source: str, target: str, *, by: str) -> dict[str, Any]:
        """Words of both sides as a candidate for the glossary."""
        with self.lock:
            sheet = self._sheets.get(pair)
            texts = sheet.texts(sheet.state.bead(bead))
            words = source.strip(), target.strip()
            if not all(words) or any(word not in text for word, text in zip(words, texts, strict=True)):
                raise MuqabalaError("the words must be in the bead, on both sides")
            with self.project.store.change():
                data = {"bead": bead_number(bead)[1], "source": words[0], "target": words[1]}
                shelf.record(self.project, "suggested", data, by=by, pair=pair)
            return {"version": shelf.last_event(self.project.store, pair), "beads": []}

    def history(self, pair: int, bead: str) -> list[dict[str, Any]]:
        """What happened to a bead, oldest first."""
        with self.lock:
            events = shelf.events(self.project.store, pair)
        number = bead_number(bead)[1]
        return [
            {
                "event": e.id,
                "at": e.at,
                "by": e.by,
                "kind": e.kind,
                "status": e.data.get("status", ""),
                "text": e.data.get("text", ""),
            }
            for e in events
            if (numbers := touched(e)) is None or number in numbers
        ]

    def realign(self, pair: int, *, by: str, version: int, preview: bool) -> dict[str, Any]:
        """Align a statement again around what people fixed; `preview` only tells which beads would go and come.

        Raises:
            ConflictError: somebody changed the statement since that version.
        """
        with self.lock:
            before = self._sheets.get(pair)
            if version != before.state.event:
                self._refuse_conflict(pair, version, {bead.id for bead in before.state.beads})
        with Project(self.project.folder) as aside:  # which takes its time: others go on meanwhile
            data = proposed(aside, shelf.pairing(aside.store, pair))
        kept = {bead_name(pair, row["number"]) for row in data["beads"]}
        known = {bead.id for bead in before.state.beads}
        if preview:
            new = [row for row in data["beads"] if bead_name(pair, row["number"]) not in known]
            return {
                "version": before.state.event,
                "gone": [bead_view(before, bead, []) for bead in before.state.beads if bead.id not in kept],
                "new": [{side: getattr(before, side).text(tuple(row[side])) for side in ("source", "target")} for row in new],
                "locked": sum(bead.status in CONFIRMED for bead in before.state.beads),
            }
        with self.lock:
            self._refuse_conflict(pair, before.state.event, known)
            with self.project.store.change():
                return self._done(pair, self._sheets.get(pair), [("aligned", data)], by)

    def _done(self, pair: int, before: Sheet, events: acts.Events, by: str, *, result: PairState | None = None) -> dict[str, Any]:
        """Write events, check what changed by them, and tell it.

        Args:
            pair: the statement's number.
            before: the statement.
            events: what is done.
            by: who does it.
            result: the state after them, where it is known.
        """
        state, states = before.state, {}
        for kind, data in events:
            earlier = state
            state = shelf.decide(self.project, pair, kind, data, by=by, known=state, result=result)
            states[state.event] = earlier
        after = self._sheets.after(before, state)
        changed = _changed(before, after)
        same_sides = after.source is before.source and after.target is before.target
        old = {bead.id: bead for bead in before.state.beads}
        new_texts = [
            b
            for b in changed
            if b.id not in old or (old[b.id].edited != b.edited if same_sides else before.texts(old[b.id]) != after.texts(b))
        ]
        waived = self._waiver_in(events)
        if waived is not None:
            about = about_waiver(after, waived)
            new_texts, changed = _joined(new_texts, about), _joined(changed, about)
        check(self.project, pair, after, new_texts)
        self._sheets.keep(pair, after, states)
        findings = shelf.findings(self.project.store, pair, [bead_number(bead.id)[1] for bead in changed])
        out: dict[str, Any] = {
            "version": state.event,
            "beads": [bead_view(after, bead, findings.get(bead.id, [])) for bead in changed],
        }
        if [bead.id for bead in state.beads] != [bead.id for bead in before.state.beads]:
            out["order"] = [bead.id for bead in state.beads]
        return out

    def _waiver_in(self, events: acts.Events) -> Mapping[str, Any] | None:
        """The waiver that is made or taken back by events, or done again."""
        found = (meant(self.project.store, Event(0, "", "", kind, data)) for kind, data in events)
        return next((event.data for event in found if event.kind == "waived"), None)

    def _refuse_conflict(self, pair: int, version: int, about: set[str]) -> None:
        if version >= shelf.last_event(self.project.store, pair):
            return
        for event in shelf.events(self.project.store, pair, after=version):
            numbers = touched(meant(self.project.store, event))
            hit = about if numbers is None else about & {bead_name(pair, number) for number in numbers}
            if hit:
                raise ConflictError(sorted(hit), event.by, event.at)

    def opened(self, pair: int) -> Sheet:
        """A statement as it is now. Raises MuqabalaError where it is not aligned."""
        with self.lock:
            return self._sheets.get(pair)

    def glossary_changed(self) -> None:
        """The project's glossary is another: statements are checked again when they are opened next."""
        self.project.forget_glossary()
        self._matched = None
        self.warm_up()

    def _findings(self, pair: int) -> dict[str, list[Finding]]:
        return shelf.findings(self.project.store, pair)

    def _matchers(self) -> tuple[Matcher, Matcher]:
        from glossary import Matcher

        if self._matched is None:
            settings = self.project.settings
            self._matched = Matcher(self.project.glossary, settings.source), Matcher(self.project.glossary, settings.target)
        return self._matched


def _changed(before: Sheet, after: Sheet) -> list[Bead]:
    """The beads that are new, or look otherwise than before."""
    old = {bead.id: bead for bead in before.state.beads}
    if after.source is before.source and after.target is before.target:
        return [bead for bead in after.state.beads if (known := old.get(bead.id)) is not bead and known != bead]
    return [bead for bead in after.state.beads if old.get(bead.id) != bead or before.texts(old[bead.id]) != after.texts(bead)]


def _joined(beads: list[Bead], more: list[Bead]) -> list[Bead]:
    return list({bead.id: bead for bead in (*beads, *more)}.values())
