"""Two lists of sentences in, beads out: band, cheap first pass, pruning, full second pass, best path, confidence.

The model is a semi-Markov conditional random field over beads: the score of an alignment is the sum of `weights . features` of
its beads. The best path is the alignment, forward-backward gives each bead's probability.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from align.band import around_path, find_band
from align.doubts import doubts_of
from align.encoder import use_encoder
from align.features import first_scores, freedom, second_features
from align.lattice import NARROW, Lattice, build_lattice
from align.locks import alone_in, check_locks, joined, sections
from align.side import Side, read_side
from align.weights import Weights, shipped_weights
from corpora import Bead

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from align.network import Floats
    from align.plugin import SpanEncoder

    Alone = tuple[NDArray[np.bool_], NDArray[np.bool_]]

_WIDE = 40  # a band wider than this is looked at with ten bead types first
_TEMPERATURE, _LEAST = 0.5, 3e-6  # the first pass keeps beads at least this probable


def align_texts(
    source: Sequence[str],
    target: Sequence[str],
    *,
    locked: Sequence[Bead] = (),
    encoder: SpanEncoder | None = None,
    weights: Weights | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Bead]:
    """Align two lists of segments.

    Args:
        source: the segments of one side in order. Empty ones become beads of their own.
        target: those of the other side.
        locked: beads that are right; the rest is aligned between them.
        encoder: another encoder that judges spans in the second pass instead of the shipped one.
        weights: other weights than the shipped.
        progress: called with (segments read, segments in all).

    Returns:
        Beads in reading order; every segment is in exactly one.

    Raises:
        MuqabalaError: the locked beads cross, overlap, have gaps, or name segments that do not exist.
    """
    check_locks(locked, len(source), len(target))
    ours, theirs = ([k for k, text in enumerate(side) if text.strip()] for side in (source, target))
    x = y = None
    if ours and theirs:
        total = len(ours) + len(theirs)
        tell = (lambda done, _: progress(done, total)) if progress else None
        tell_rest = (lambda done, _: progress(len(ours) + done, total)) if progress else None
        x = read_side([source[k] for k in ours], progress=tell)
        y = read_side([target[k] for k in theirs], progress=tell_rest)
    parts = [_Part(rows, columns, ours, theirs) for rows, columns in sections(locked, len(source), len(target))]
    if x is not None and y is not None:
        alone = alone_in(locked, ours, theirs)
        _align_parts([part for part in parts if part.has_text], x, y, alone, encoder=encoder, weights=weights or shipped_weights())
    return joined([part.all_beads() for part in parts], locked)


class _Part:
    """A part of two texts between locked beads: their segments, and those of them that have text."""

    def __init__(self, rows: range, columns: range, ours: list[int], theirs: list[int]) -> None:
        self._rows, self._columns = rows, columns
        self.cuts = [(bisect_left(side, r.start), bisect_left(side, r.stop)) for side, r in ((ours, rows), (theirs, columns))]
        self._ours, self._theirs = (side[a:b] for side, (a, b) in zip((ours, theirs), self.cuts, strict=True))
        self.beads: list[Bead] = []

    @property
    def has_text(self) -> bool:
        """Whether there is something to align."""
        return bool(self._ours and self._theirs)

    def all_beads(self) -> list[Bead]:
        """Beads over all segments of the part, numbered as in the whole texts."""
        return _with_blanks(self.beads, self._ours, self._theirs, self._rows, self._columns)


def _align_parts(
    parts: list[_Part], source: Side, target: Side, alone: Alone, *, weights: Weights, encoder: SpanEncoder | None
) -> None:
    sides = [tuple(side.cut(*cut) for side, cut in zip((source, target), part.cuts, strict=True)) for part in parts]
    likely = []
    for part, (x, y) in zip(parts, sides, strict=True):
        marks = [mark[slice(*cut)] for mark, cut in zip(alone, part.cuts, strict=True)]
        likely.append(likely_beads(x, y, weights.first, (marks[0], marks[1])))
    free = freedom(likely)
    for part, (x, y), (lattice, _) in zip(parts, sides, likely, strict=True):
        part.beads = best_beads(x, y, lattice, free, weights=weights, encoder=encoder)


def align_sides(source: Side, target: Side, *, weights: Weights, encoder: SpanEncoder | None = None) -> list[Bead]:
    """Align two sides that both have segments."""
    lattice, first = likely_beads(source, target, weights.first)
    return best_beads(source, target, lattice, freedom([(lattice, first)]), weights=weights, encoder=encoder)


def best_beads(
    source: Side, target: Side, lattice: Lattice, free: float, *, weights: Weights, encoder: SpanEncoder | None = None
) -> list[Bead]:
    """The second look: the best path through the likely beads of a part of a document whose freedom is given."""
    if encoder is not None:
        lattice, source, target = encoder.judge(lattice, source, target)
    features = second_features(source, target, lattice, free)
    score = features @ weights.second
    path = lattice.path(score)
    if not len(path):
        raise RuntimeError("the pruned lattice has no path")
    posterior = lattice.posterior(score)
    confidence = calibrate(posterior[path], weights.calibration)
    i, j = (ends[path] for ends in lattice.ends)
    a, b = (sizes[path] for sizes in lattice.sizes)
    doubts = doubts_of(lattice, posterior, features, path, confidence)
    rows = zip(i, j, a, b, lattice.cosine[path], confidence, doubts, strict=True)
    return [
        Bead(
            tuple(range(i - a, i)),
            tuple(range(j - b, j)),
            score=round(float(cosine), 4),
            confidence=round(float(sure), 4),
            doubts=reasons,
        )
        for i, j, a, b, cosine, sure, reasons in rows
    ]


def likely_beads(source: Side, target: Side, weights: Floats, alone: Alone | None = None) -> tuple[Lattice, Floats]:
    """The beads that the first pass finds worth a second look, and its probability of each.

    `alone` marks of each side (N,) the segments that must stay without partner.
    """
    band = find_band(source, target)
    if (band[1] - band[0]).max() > _WIDE:
        wide = build_lattice(source, target, band, types=NARROW)
        path = wide.path(first_scores(source, target, wide, weights))
        band = around_path(wide.borders(path), len(source), len(target))
    lattice = build_lattice(source, target, band)
    if alone is not None:
        lattice = lattice.keep(_allowed(lattice, alone))
    score = first_scores(source, target, lattice, weights)
    likely = lattice.posterior(score * _TEMPERATURE) > _LEAST
    lattice = lattice.keep(likely)
    return lattice, lattice.posterior(score[likely])


def _allowed(lattice: Lattice, alone: Alone) -> NDArray[np.bool_]:
    """Edges that give no segment a partner that must have none."""
    a, b = lattice.sizes
    out = (a == 0) | (b == 0)
    touched = np.zeros(len(a), dtype=np.int64)
    for ends, sizes, marked in zip(lattice.ends, lattice.sizes, alone, strict=True):
        before = np.concatenate([[0], np.cumsum(marked)])
        touched += before[ends] - before[ends - sizes]
    return out | (touched == 0)  # type: ignore[no-any-return]


def calibrate(posterior: Floats, calibration: tuple[float, float]) -> Floats:
    """Probability of being right from the model's posterior: logistic in its logit (Platt 1999)."""
    p = np.clip(posterior.astype(np.float64), 1e-6, 1 - 1e-6)
    return (1 / (1 + np.exp(-(calibration[0] * np.log(p / (1 - p)) + calibration[1])))).astype(np.float32)


def signature(*, encoder: SpanEncoder | None = None) -> str:
    """What made an alignment: encoder and weights, by digest."""
    name = f"use-m3:{use_encoder().digest}" + (f"+{encoder.name}" if encoder else "")
    return f"encoder={name} weights={shipped_weights().digest}"


def _with_blanks(beads: list[Bead], ours: list[int], theirs: list[int], rows: range, columns: range) -> list[Bead]:
    """Beads over all segments, from beads over those with text: the rest become one-sided, each in its place."""
    out: list[Bead] = []
    i, j = rows.start, columns.start

    def skip(until_i: int, until_j: int) -> None:
        nonlocal i, j
        out.extend(Bead((k,), (), 0.0, 1.0) for k in range(i, until_i))
        out.extend(Bead((), (k,), 0.0, 1.0) for k in range(j, until_j))
        i, j = max(i, until_i), max(j, until_j)

    for bead in beads:
        whole = _renumbered(bead, ours, theirs)
        skip(whole.source[0] if whole.source else i, whole.target[0] if whole.target else j)
        out.append(whole)
        i = whole.source[-1] + 1 if whole.source else i
        j = whole.target[-1] + 1 if whole.target else j
    skip(rows.stop, columns.stop)
    return out


def _renumbered(bead: Bead, ours: list[int], theirs: list[int]) -> Bead:
    """The bead, and the rivals in its doubts, in the numbers of all segments; blank ones inside belong to it."""

    def whole(side: tuple[int, ...], numbers: list[int]) -> tuple[int, ...]:
        return tuple(range(numbers[side[0]], numbers[side[-1]] + 1)) if side else ()

    doubts = tuple(replace(d, source=whole(d.source, ours), target=whole(d.target, theirs)) for d in bead.doubts)
    return replace(bead, source=whole(bead.source, ours), target=whole(bead.target, theirs), doubts=doubts)
