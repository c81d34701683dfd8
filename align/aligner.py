"""Two lists of sentences in, beads out: band, cheap first pass, pruning, full second pass, best path, confidence.

The model is a semi-Markov conditional random field over beads: the score of an alignment is the sum of `weights . features` of
its beads. The best path is the alignment, forward-backward gives each bead's probability.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import zip_longest
from typing import TYPE_CHECKING

import numpy as np

from align.belief import Impression, impression_of
from align.copies import Copies, copies, copies_alone, translated
from align.crossings import with_crossings
from align.document import Document
from align.doubts import doubts_of
from align.encoder import use_encoder
from align.evidence import Evidence
from align.features import column, first_scores, second_features, term_features, with_translation
from align.finer import Look, finer_looks, met_ends
from align.furniture import Furniture
from align.habits import Habits
from align.lengths import first_look
from align.likely import likely_beads
from align.locks import LOCKED, anchors, as_locked, check_locks, sections, set_aside
from align.reordering import Reading, with_turns
from align.stretches import in_stretches, pooled
from align.weights import Weights, shipped_weights
from corpora import Bead
from corpora.order import in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from align.lattice import Lattice
    from align.network import Floats
    from align.plugin import SpanEncoder
    from align.side import Pair

_UNBELIEVED = 0.5  # below this belief in the whole no bead is surer than the whole
_LINKED = column("deleted but linked")
_FEW = 50  # beads of a part; more that are not believed are not read in other orders


@dataclass(frozen=True, slots=True)
class Alignment:
    """Beads in reading order, and the probability that the two documents are translations of each other at all."""

    beads: tuple[Bead, ...]
    belief: float


def align_texts(
    source: Sequence[str],
    target: Sequence[str],
    *,
    evidence: Evidence | None = None,
    locked: Sequence[Bead] = (),
    encoder: SpanEncoder | None = None,
    weights: Weights | None = None,
    keep_order: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> list[Bead]:
    """The beads of `align_document`, which see."""
    alignment = align_document(
        source, target, evidence=evidence, locked=locked, encoder=encoder, weights=weights, keep_order=keep_order, progress=progress
    )
    return list(alignment.beads)


def align_document(
    source: Sequence[str],
    target: Sequence[str],
    *,
    evidence: Evidence | None = None,
    locked: Sequence[Bead] = (),
    languages: tuple[str, str] | None = None,
    encoder: SpanEncoder | None = None,
    weights: Weights | None = None,
    keep_order: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Alignment:
    """Align two lists of segments.

    Args:
        source: the segments of one side in order. Empty ones become beads of their own.
        target: those of the other side.
        evidence: a machine translation of the source, terms of both sides.
        locked: beads that are right; the rest is aligned between them. They may cross and have gaps: the segments of those that
            cross most others, that have gaps, or one side only, are as if they were not there.
        languages: codes of both sides' languages, by which copies of one side in the other are known; detected where not given.
        encoder: another encoder that judges spans in the second pass instead of the shipped one.
        weights: other weights than the shipped.
        keep_order: neighbours in another order are not looked for, nor copies of the other side, as in pieces of sentences.
        progress: called with (segments read, segments in all).

    Returns:
        Beads in reading order, every segment in exactly one; and how far the whole is to be believed. Parts that stand elsewhere
        on the other side are beads that cross the others.

    Raises:
        MuqabalaError: locked beads overlap or name segments that do not exist; evidence is of another number of segments.
    """
    check_locks(locked, len(source), len(target))
    fixed = [as_locked(bead) for bead in locked]
    firm = anchors(fixed, source, target)
    aside = set_aside(fixed, firm)
    model = Model(weights or shipped_weights(), encoder, keep_order)

    def without(but: Copies, tell: Callable[[int, int], None] | None) -> tuple[list[Bead], float]:
        left = aside[0] | but[0].keys(), aside[1] | but[1].keys()
        return _found(Document(source, target, evidence or Evidence(), aside=left, progress=tell), firm, model)

    copied = ({}, {}) if keep_order else copies(source, target, fixed, languages)
    beads, belief = without(copied, progress)
    left = translated(copied, beads)
    if left != copied:
        beads, belief = without(left, None)
    return Alignment(tuple(in_order([*beads, *copies_alone(left, beads), *fixed])), belief)


def _found(document: Document, firm: Sequence[Bead], model: Model) -> tuple[list[Bead], float]:
    """The beads of a document but the locked ones, and how far the whole is to be believed, -1 where nothing tells."""
    between = document.placed(firm)
    beads, impression = _align(document, between, model) if document.has_text else (between, Impression())
    belief = round(impression.belief(model.weights.belief), 4) if impression.pieces else -1.0
    if 0 <= belief < _UNBELIEVED:
        beads = [replace(bead, confidence=round(bead.confidence * belief, 4)) for bead in beads]
    return [bead for bead in document.whole(beads) if bead.status != LOCKED], belief


def _align(document: Document, between: Sequence[Bead], model: Model) -> tuple[list[Bead], Impression]:
    """The beads of a document between locked ones, these among them, and the impression the others give together."""
    everything = range(len(document.ours)), range(len(document.theirs))
    parts = sections(between, *map(len, everything))
    within = [(rows, columns) for rows, columns in parts if rows and columns]
    whole = None if document.is_long else document.read(*everything)
    if whole is None:
        found = in_stretches(document, within, model)
    else:
        found = model.align_parts([whole.cut((r.start, r.stop), (c.start, c.stop)) for r, c in within])
    beads_of = dict(zip(within, (beads for beads, _ in found), strict=True))
    out: list[Bead] = []
    for (rows, columns), locked in zip_longest(parts, between):
        if (rows, columns) in beads_of:
            out += [bead.moved(rows.start, columns.start) for bead in beads_of[rows, columns]]
        else:
            out += [Bead((k,), (), 0.0, 1.0) for k in rows] + [Bead((), (k,), 0.0, 1.0) for k in columns]
        out += [locked] if locked else []
    return _crossed(out, document, whole, model), sum((seen for _, seen in found), Impression())


def _crossed(beads: list[Bead], document: Document, whole: Pair | None, model: Model) -> list[Bead]:
    """The beads of a document, with those that cross."""
    if whole is not None:
        return crossed_within(whole, beads, model)

    @cache
    def vectors() -> tuple[Floats, Floats]:
        return pooled(document.source, 1), pooled(document.target, 1)

    cut = partial(document.read, again=True)
    return with_crossings(beads, vectors, cut, replace(model, in_order=True))


def crossed_within(pair: Pair, beads: list[Bead], model: Model) -> list[Bead]:
    """The beads of a document that is read as a whole, with those that cross."""

    def cut(rows: range, columns: range) -> Pair:
        return pair.cut((rows.start, rows.stop), (columns.start, columns.stop))

    @cache
    def vectors() -> tuple[Floats, Floats]:
        return pair.source.singles, pair.target.singles

    return with_crossings(beads, vectors, cut, replace(model, in_order=True))


@dataclass(frozen=True, slots=True)
class Model:
    """What judges: weights, and an encoder in place of the shipped one for the second pass.

    Attributes:
        in_order: neighbours in another order are not looked for.
    """

    weights: Weights
    encoder: SpanEncoder | None = None
    in_order: bool = False

    def align(self, pair: Pair) -> tuple[list[Bead], Impression]:
        """Beads of two sides that both have segments, numbered from 0, and the impression they give."""
        return self.align_parts([pair])[0]

    def align_parts(self, pairs: Sequence[Pair]) -> list[tuple[list[Bead], Impression]]:
        """The same for the parts of one document, whose habits are one; running heads and the like are set aside."""
        if not pairs:
            return []
        found = self._align_parts(pairs)
        if not any(lines for _, _, lines in found):
            return [one[:2] for one in found]
        rest = [pair.picked(*lines.rest()) if lines else pair for pair, (_, _, lines) in zip(pairs, found, strict=True)]
        again = self._align_parts(rest)
        return [
            (lines.put_back(beads) if lines else beads, impression)
            for (beads, impression, _), (_, _, lines) in zip(again, found, strict=True)
        ]

    def _align_parts(self, pairs: Sequence[Pair]) -> list[tuple[list[Bead], Impression, Furniture]]:
        """Of each part the beads, the impression they give, and the lines to be set aside."""
        pairs, likely = first_look(pairs, self.weights.first)
        habits = Habits.of(pairs, likely)
        looks = finer_looks(pairs, likely, self.weights.first)
        out = []
        for pair, (lattice, _), look in zip(pairs, likely, looks, strict=True):
            found = self.settle(pair, lattice, habits, look)
            beads, impression = self._beads(found), impression_of(found.lattice, found.features, found.path)
            if not self.in_order and (len(beads) < _FEW or impression.belief(self.weights.belief) >= _UNBELIEVED):
                beads = with_turns(pair, beads, self.weights.first, partial(self._reading, habits))
            out.append((beads, impression, Furniture.of(pair, found.lattice, found.scores, found.features[:, _LINKED])))
        return out

    def _reading(self, habits: Habits, pair: Pair) -> Reading:
        """A part of a document in some order, by the habits of the whole; another encoder, which takes its time, is not asked."""
        first = self.weights.first
        lattice, _ = likely_beads(pair, first)
        cheap = first_scores(pair.source, pair.target, lattice, first)
        found = replace(self, encoder=None).settle(pair, lattice, habits, Look())
        return Reading(float(cheap[lattice.path(cheap)].sum()), found.score, self._beads(found))

    def _beads(self, found: Settled) -> list[Bead]:
        """Those of the best path."""
        lattice, path = found.lattice, found.path
        confidence = calibrate(found.posterior[path], found.likeness, self.weights.calibration)
        doubts = doubts_of(lattice, found.posterior, found.features, path, confidence)
        rows = zip(found.pairs, lattice.cosine[path], confidence, doubts, strict=True)
        return [
            Bead(source, target, score=round(float(cosine), 4), confidence=round(float(sure), 4), doubts=reasons)
            for (source, target), cosine, sure, reasons in rows
        ]

    def settle(self, pair: Pair, lattice: Lattice, habits: Habits, look: Look) -> Settled:
        """The best path through the likely beads, and what speaks for it; `look` is that at the pair's pieces."""
        features = second_features(pair.source, pair.target, lattice, habits)
        second = self.weights.second(habits.freedom)
        ends = met_ends(pair, lattice, features @ second, look, second)
        if self.encoder is not None:
            lattice, source, target = self.encoder.judge(lattice, pair.source, pair.target)
            pair = replace(pair, source=source, target=target)
            features = second_features(pair.source, pair.target, lattice, habits)
        if pair.translated is not None:
            features = with_translation(features, pair.translated, pair.target, lattice)
        score = features @ second + ends * self.weights.ends
        if any(pair.source.terms) or any(pair.target.terms):
            score = score + term_features(pair.source, pair.target, lattice) @ self.weights.terms
        path = lattice.path(score)
        if not len(path):
            raise RuntimeError("the pruned lattice has no path")
        return Settled(lattice, features, path, lattice.posterior(score), score)


@dataclass(frozen=True, slots=True)
class Settled:
    """The best path through a lattice.

    Attributes:
        lattice: the likely beads, E edges.
        features: (E, len(SECOND)) of the second pass.
        path: (B,) edges.
        posterior: (E,) probability of each edge.
        scores: (E,) of each edge.
    """

    lattice: Lattice
    features: Floats
    path: NDArray[np.int64]
    posterior: Floats
    scores: Floats

    @property
    def score(self) -> float:
        """Of the path."""
        return float(self.scores[self.path].sum())

    @property
    def pairs(self) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
        """Source and target segments of each bead."""
        i, j = (ends[self.path].tolist() for ends in self.lattice.ends)
        a, b = (sizes[self.path].tolist() for sizes in self.lattice.sizes)
        return [(tuple(range(x - m, x)), tuple(range(y - n, y))) for x, y, m, n in zip(i, j, a, b, strict=True)]

    @property
    def likeness(self) -> Floats:
        """Similarity (B,) of each bead's sides as a share of the document's median, from -1 to 1; 1 for one-sided beads."""
        similarity = self.features[self.path, column("c")]
        both = np.minimum(*self.lattice.sizes)[self.path] > 0
        typical = float(np.median(similarity[both])) if both.any() else 0.0
        if typical <= 0:
            return np.ones(len(self.path), dtype=np.float32)
        return np.where(both, np.clip(similarity / typical, -1, 1), 1).astype(np.float32)


def calibrate(posterior: Floats, likeness: Floats, calibration: tuple[float, float, float]) -> Floats:
    """Probability of being right: logistic in the posterior's logit (Platt 1999) and in what the sides lack in likeness.

    The posterior alone is too sure where both sides go on with something else: they stand at the same place.
    """
    p = np.clip(posterior.astype(np.float64), 1e-6, 1 - 1e-6)
    factor, offset, unlike = calibration
    return (1 / (1 + np.exp(-(factor * np.log(p / (1 - p)) + offset + unlike * (likeness - 1))))).astype(np.float32)


def signature(*, encoder: SpanEncoder | None = None) -> str:
    """What made an alignment: encoder and weights, by digest."""
    name = f"use-m3:{use_encoder().digest}" + (f"+{encoder.name}" if encoder else "")
    return f"encoder={name} weights={shipped_weights().digest}"
