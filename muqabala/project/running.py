"""Align and check what needs it: each pair in a transaction of its own, so that whatever was reported as done stays done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from corpora import Bead, MuqabalaError
from corpora.page import DOUBTFUL
from muqabala.pipeline import align_sides, resegmented, shown_together
from muqabala.project import shelf
from muqabala.project.ledger import CONFIRMED, bead_name, bead_number, row_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from corpora import Bitext, BitextSide
    from glossary.waivers import Waiver
    from muqabala.project.ledger import PairState
    from muqabala.project.project import Project

GIVEN = "given"
"""How a pair came about that was added as a bitext: it is checked and never aligned anew."""


_TOGETHER = 2000  # beads whose similarity is measured together


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a pair.

    Attributes:
        pair, name: its number, and the name of its source.
        outcome: `aligned`, `realigned`, `scored` (a given bitext), `checked`, `unchanged` or `failed`.
        beads, doubtful, errors: how many it has, how many of them the machine doubts, findings that alarm.
        reason: why it failed.
        lost: names of confirmed beads whose text is no more as it was.
    """

    pair: int
    name: str
    outcome: str
    beads: int = 0
    doubtful: int = 0
    errors: int = 0
    reason: str = ""
    lost: tuple[str, ...] = ()


def run(
    project: Project, *, again: bool = False, by: str = "", progress: Callable[[int, int], None] | None = None
) -> Iterator[Done]:
    """Align the pairs that are new or whose documents changed, check those whose beads or glossary changed.

    Args:
        project: the project; it is locked meanwhile.
        again: align all of them again, around their confirmed beads.
        by: who asked for it.
        progress: called with (pairs done, pairs in all).

    Raises:
        MuqabalaError: another process does this, or the glossary cannot be read.
    """
    with project.alone():
        waiting = shelf.pairs(project.store)
        for k, pair in enumerate(waiting):
            try:
                done = _run_pair(project, pair, again=again, by=by)
            except MuqabalaError as error:
                if _is_ours(error, project):
                    raise
                done = Done(pair.id, pair.source.name, "failed", reason=str(error))
                project.store.write("UPDATE pair SET problem = ? WHERE id = ?", str(error), pair.id)
            yield done
            if progress:
                progress(k + 1, len(waiting))
        yield from _across(project)


def _across(project: Project) -> Iterator[Done]:
    """Check the pairs again that render a concept otherwise than the project usually does."""
    checker = project.checker(project.settings.source, project.settings.target)
    counts: dict[str, dict[str, int]] = {}
    rows = project.store.each(
        "SELECT r.concept, r.term, sum(r.count) FROM rendering r JOIN pair p ON p.id = r.pair AND p.active = 1 GROUP BY 1, 2"
    )
    for concept, term, count in rows:
        counts.setdefault(concept, {})[term] = count
    usual = {concept: checker.usual(concept, terms) for concept, terms in counts.items() if len(terms) > 1}
    wanted = checked_by(project)
    own: dict[int, dict[str, str]] = {}
    for pair, concept, term in project.store.rows("SELECT pair, concept, term FROM rendering ORDER BY pair, concept, term"):
        if usual.get(concept, term) != term:
            own.setdefault(pair, {})[concept] = usual[concept]
    for pair in shelf.pairs(project.store, where="p.active = 1 AND p.checked != ''"):
        elsewhere = own.get(pair.id, {})
        told = f"{wanted} usual={_digest(elsewhere)}" if elsewhere else wanted
        if pair.checked != told:
            check_pair(project, pair, told, elsewhere=elsewhere)
            yield Done(pair.id, pair.source.name, "checked", *_counts(project, pair.id))


def _digest(table: dict[str, str]) -> str:
    return sha256(repr(sorted(table.items())).encode()).hexdigest()[:12]


def _is_ours(error: MuqabalaError, project: Project) -> bool:
    """An error of the project itself, not of one pair."""
    return error.path is not None and str(error.path).startswith(str(project.store.path))


def _run_pair(project: Project, pair: shelf.Pairing, *, again: bool, by: str) -> Done:
    outcome = "unchanged"
    lost: tuple[str, ...] = ()
    if pair.how != GIVEN and (again or _is_stale(project, pair)):
        outcome = "realigned" if pair.source_segmentation else "aligned"
        lost = _align(project, pair, by=by)
        pair = shelf.pairing(project.store, pair.id)
    if pair.how == GIVEN and " encoder=" not in pair.signature:
        _score(project, pair)
        outcome = "scored"
        pair = shelf.pairing(project.store, pair.id)
    wanted = checked_by(project)
    if pair.checked.split(" usual=")[0] != wanted:
        check_pair(project, pair, wanted)
        outcome = "checked" if outcome == "unchanged" else outcome
    if pair.problem:
        project.store.write("UPDATE pair SET problem = '' WHERE id = ?", pair.id)
    counts = _counts(project, pair.id)
    return Done(pair.id, pair.source.name, outcome, *counts, lost=lost)


def _counts(project: Project, pair: int) -> tuple[int, int, int]:
    row = project.store.row(
        "SELECT count(*), coalesce(sum(confidence < ? AND status = 'machine'), 0) FROM bead WHERE pair = ?", DOUBTFUL, pair
    )
    errors = project.store.value("SELECT count(*) FROM finding WHERE pair = ? AND severity = 'error'", pair)
    return (row[0], row[1], errors) if row else (0, 0, errors)


def _is_stale(project: Project, pair: shelf.Pairing) -> bool:
    """Whether a document of the pair is another than the one that was aligned."""
    for segmentation, document in ((pair.source_segmentation, pair.source), (pair.target_segmentation, pair.target)):
        if project.store.value("SELECT statement FROM segmentation WHERE id = ?", segmentation) != document.statement:
            return True
    return False


def _align(project: Project, pair: shelf.Pairing, *, by: str) -> tuple[str, ...]:
    """Align a pair around its confirmed beads; returns the names of those that could not be kept."""
    while True:
        data, lost, event = _proposal(project, pair)
        with project.store.change():
            if shelf.last_event(project.store, pair.id) == event:  # else somebody decided something meanwhile: around that, too
                shelf.decide(project, pair.id, "aligned", data, by=by or "muqabala")
                return lost


def proposed(project: Project, pair: shelf.Pairing) -> dict[str, Any]:
    """The event that would align a pair again around its confirmed beads."""
    return _proposal(project, pair)[0]


def _proposal(project: Project, pair: shelf.Pairing) -> tuple[dict[str, Any], tuple[str, ...], int]:
    """What a new alignment gives: the event's data, the confirmed beads that cannot be kept, the last event it knows of."""
    store = project.store
    before = shelf.state(store, pair.id)
    sides = [shelf.side(store, shelf.last_segmentation(store, d.statement)) for d in (pair.source, pair.target)]
    glossary = project.glossary if project.settings.glossary else None
    old = [shelf.side(store, number) for number in (before.source, before.target)] if before.source else []
    statements = shelf.statement(store, pair.source.statement), shelf.statement(store, pair.target.statement)
    if old and not _is_stale(project, pair):
        sides = old  # with the segments that people cut
    elif project.settings.resegment:
        sides = resegmented(statements, sides, glossary=glossary)
    kept, lost = carried(before, old, sides)
    firm = [bead for bead in kept if bead.status in CONFIRMED]
    bitext = align_sides(*sides, glossary=glossary, locked=firm, together=shown_together(statements, sides))
    beads = numbered(pair.id, bitext, before, kept, _touched(old, sides, lost))
    with store.change():
        numbers = [
            shelf.add_segmentation(store, document.statement, side.segments, side.language)
            for document, side in zip((pair.source, pair.target), sides, strict=True)
        ]
    data = {"source": numbers[0], "target": numbers[1], "signature": bitext.signature, "belief": bitext.belief}
    return data | {"beads": [row_of(bead) for bead in beads]}, tuple(bead.id for bead in lost), before.event


def carried(before: PairState, old: Sequence[BitextSide], new: Sequence[BitextSide]) -> tuple[list[Bead], list[Bead]]:
    """The beads of before whose segments are all in the new texts, by their new numbers; and the confirmed ones that are not."""
    if not old:
        return [], []
    places = [_places(a, b) for a, b in zip(old, new, strict=True)]
    kept, lost = [], []
    for bead in before.beads:
        source, target = (_carried(run, place) for run, place in zip((bead.source, bead.target), places, strict=True))
        if source is not None and target is not None:
            kept.append(replace(bead, source=source, target=target))
        elif bead.status in CONFIRMED:
            lost.append(bead)
    return kept, lost


def _carried(run: tuple[int, ...], place_of: dict[int, int]) -> tuple[int, ...] | None:
    """The new numbers of a bead's segments; None where one is gone, or something came between two that were neighbours."""
    new = [place_of[k] for k in run if k in place_of]
    whole = len(new) == len(run) and all(
        b == a + 1 for (a, b), (k, m) in zip(pairwise(new), pairwise(run), strict=True) if m == k + 1
    )
    return tuple(new) if whole else None


def _places(old: BitextSide, new: BitextSide) -> dict[int, int]:
    """The new number of every segment that is still there, by the longest common runs."""
    texts = [part.text for part in old.segments], [part.text for part in new.segments]
    matcher = SequenceMatcher(None, *texts, autojunk=False)
    return {a + k: b + k for a, b, size in matcher.get_matching_blocks() for k in range(size)}


def _score(project: Project, pair: shelf.Pairing) -> None:
    """How similar the sides of given beads are, which no aligner has looked at."""
    from align.aligner import signature
    from align.encoder import use_encoder

    bitext = shelf.bitext(project.store, pair)
    both = [(bead.id, texts) for k, bead in enumerate(bitext.beads) if all(texts := bitext.texts(k))]
    scores: dict[str, float] = {}
    for first in range(0, len(both), _TOGETHER):
        part = both[first : first + _TOGETHER]
        x, y = (use_encoder().encode([texts[side] for _, texts in part]) for side in (0, 1))
        cosines = (x * y).sum(axis=1).tolist()
        scores |= {str(bead_number(name)[1]): round(cosine, 4) for (name, _), cosine in zip(part, cosines, strict=True)}
    data = {"signature": f"{pair.signature} {signature()}", "scores": scores}
    shelf.decide(project, pair.id, "scored", data, by="muqabala")


def _touched(old: Sequence[BitextSide], new: Sequence[BitextSide], lost: Sequence[Bead]) -> tuple[set[int], set[int]]:
    """The segments of the new texts that confirmed beads had which could not be kept."""
    if not lost:
        return set(), set()
    places = [_places(a, b) for a, b in zip(old, new, strict=True)]
    out = [
        {place[k] for bead in lost for k in getattr(bead, name) if k in place}
        for name, place in zip(("source", "target"), places, strict=True)
    ]
    return out[0], out[1]


def numbered(pair: int, bitext: Bitext, before: PairState, kept: Sequence[Bead], touched: tuple[set[int], set[int]]) -> list[Bead]:
    """The new beads with names: those that were there before keep theirs, with what was decided of them."""
    known = {(bead.source, bead.target): bead for bead in kept}
    last = before.last
    out = []
    for bead in bitext.beads:
        same = known.get((bead.source, bead.target))
        if same is not None:
            decided = same.status != "machine"
            sure = same.confidence if same.status in CONFIRMED else bead.confidence
            score = bead.score or same.score
            out.append(
                replace(
                    bead,
                    id=same.id,
                    status=same.status if decided else "machine",
                    score=score,
                    confidence=sure,
                    edited=same.edited,
                    note=same.note,
                )
            )
            continue
        last += 1
        again = bool(touched[0] & set(bead.source) or touched[1] & set(bead.target))
        out.append(replace(bead, id=bead_name(pair, last), status="needs review" if again else "machine"))
    return out


def checked_by(project: Project) -> str:
    """What checks the beads of a project: glossary, profile and waivers, by digest."""
    from corpora.reading import read_bytes

    profile = project.settings.profile
    told = sha256(read_bytes(project.folder / profile)).hexdigest()[:12] if profile else "all"
    waived = project.store.value("SELECT coalesce(max(id), 0) FROM event WHERE kind = 'waived'")
    return f"glossary={project.glossary.name}:{project.glossary.digest} profile={told} waivers={waived}"


def check_pair(project: Project, pair: shelf.Pairing, wanted: str, *, elsewhere: dict[str, str] | None = None) -> Bitext:
    """Check a pair and keep what was found; returns the checked bitext.

    Args:
        project: the project.
        pair: to check.
        wanted: what checks it, as it is kept.
        elsewhere: the terms that are usual in the project where this pair has others.
    """
    from glossary.waivers import without_waived

    bitext = shelf.bitext(project.store, pair)
    texts = [bitext.texts(k) for k in range(len(bitext.beads))]
    checker = project.checker(bitext.source.language, bitext.target.language)
    found = checker.statement_findings(texts, elsewhere=elsewhere)
    beads = tuple(replace(bead, findings=findings) for bead, findings in zip(bitext.beads, found, strict=True))
    bitext = without_waived(replace(bitext, beads=beads), waivers_of(project))
    with project.store.change():
        if shelf.state(project.store, pair.id).beads == tuple(replace(bead, findings=()) for bead in bitext.beads):
            shelf.keep_findings(project.store, pair.id, bitext.beads, wanted, checker.renderings(texts))
    return bitext


def waivers_of(project: Project) -> list[Waiver]:
    """What was waived in the project."""
    import json

    from glossary.waivers import Waiver

    undone = {json.loads(row["data"])["event"] for row in project.store.rows("SELECT data FROM event WHERE kind = 'undone'")}
    out = []
    for row in project.store.rows("SELECT id, at, by, data FROM event WHERE kind = 'waived' ORDER BY id"):
        if row["id"] in undone:
            continue
        data = json.loads(row["data"])
        told = {name: str(data.get(name, "")) for name in ("code", "concept", "source", "target", "rendering", "reason")}
        out.append(Waiver(**told, by=row["by"], when=row["at"]))
    return out
