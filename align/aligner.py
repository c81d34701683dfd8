"""Two lists of sentences in, beads out: band, cheap first pass, pruning, full second pass, best path, confidence.

The model is a semi-Markov conditional random field over beads: the score of an alignment is the sum of `weights . features` of
its beads. The best path is the alignment, forward-backward gives each bead's probability.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from align.band import around_path, find_band
from align.encoder import use_encoder
from align.features import first_scores, second_features
from align.lattice import NARROW, Lattice, build_lattice
from align.side import Side, read_side
from align.weights import Weights, shipped_weights
from corpora import Bead

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from align.network import Floats
    from align.plugin import SpanEncoder

_WIDE = 40  # a band wider than this is looked at with ten bead types first
_TEMPERATURE, _LEAST = 0.5, 3e-6  # the first pass keeps beads at least this probable


def align_texts(
    source: Sequence[str],
    target: Sequence[str],
    *,
    encoder: SpanEncoder | None = None,
    weights: Weights | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Bead]:
    """Align two lists of segments.

    Args:
        source: the segments of one side in order. Empty ones become beads of their own.
        target: those of the other side.
        encoder: another encoder that judges spans in the second pass instead of the shipped one.
        weights: other weights than the shipped.
        progress: called with (segments read, segments in all).

    Returns:
        Beads in reading order; every segment is in exactly one.
    """
    ours, theirs = ([k for k, text in enumerate(side) if text.strip()] for side in (source, target))
    beads = []
    if ours and theirs:
        total = len(ours) + len(theirs)
        tell = (lambda done, _: progress(done, total)) if progress else None
        tell_rest = (lambda done, _: progress(len(ours) + done, total)) if progress else None
        x = read_side([source[k] for k in ours], progress=tell)
        y = read_side([target[k] for k in theirs], progress=tell_rest)
        beads = align_sides(x, y, encoder=encoder, weights=weights or shipped_weights())
    return _with_blanks(beads, ours, theirs, len(source), len(target))


def align_sides(source: Side, target: Side, *, weights: Weights, encoder: SpanEncoder | None = None) -> list[Bead]:
    """Align two sides that both have segments."""
    lattice = likely_beads(source, target, weights.first)
    if encoder is not None:
        lattice, source, target = encoder.judge(lattice, source, target)
    score = second_features(source, target, lattice) @ weights.second
    path = lattice.path(score)
    if not len(path):
        raise RuntimeError("the pruned lattice has no path")
    confidence = calibrate(lattice.posterior(score)[path], weights.calibration)
    i, j = (ends[path] for ends in lattice.ends)
    a, b = (sizes[path] for sizes in lattice.sizes)
    rows = zip(i, j, a, b, lattice.cosine[path], confidence, strict=True)
    return [
        Bead(tuple(range(i - a, i)), tuple(range(j - b, j)), round(float(cosine), 4), round(float(sure), 4))
        for i, j, a, b, cosine, sure in rows
    ]


def likely_beads(source: Side, target: Side, weights: Floats) -> Lattice:
    """The lattice of beads that the first pass finds worth a second look."""
    band = find_band(source, target)
    if (band[1] - band[0]).max() > _WIDE:
        wide = build_lattice(source, target, band, types=NARROW)
        path = wide.path(first_scores(source, target, wide, weights))
        band = around_path(wide.borders(path), len(source), len(target))
    lattice = build_lattice(source, target, band)
    return lattice.keep(lattice.posterior(first_scores(source, target, lattice, weights) * _TEMPERATURE) > _LEAST)


def calibrate(posterior: Floats, calibration: tuple[float, float]) -> Floats:
    """Probability of being right from the model's posterior: logistic in its logit (Platt 1999)."""
    p = np.clip(posterior.astype(np.float64), 1e-6, 1 - 1e-6)
    return (1 / (1 + np.exp(-(calibration[0] * np.log(p / (1 - p)) + calibration[1])))).astype(np.float32)


def signature(*, encoder: SpanEncoder | None = None) -> str:
    """What made an alignment: encoder and weights, by digest."""
    name = f"use-m3:{use_encoder().digest}" + (f"+{encoder.name}" if encoder else "")
    return f"encoder={name} weights={shipped_weights().digest}"


def _with_blanks(beads: list[Bead], ours: list[int], theirs: list[int], n: int, m: int) -> list[Bead]:
    """Beads over all segments, from beads over those with text: the rest become one-sided, each in its place."""
    out: list[Bead] = []
    i = j = 0

    def skip(until_i: int, until_j: int) -> None:
        nonlocal i, j
        out.extend(Bead((k,), (), 0.0, 1.0) for k in range(i, until_i))
        out.extend(Bead((), (k,), 0.0, 1.0) for k in range(j, until_j))
        i, j = max(i, until_i), max(j, until_j)

    for bead in beads:
        source, target = tuple(ours[k] for k in bead.source), tuple(theirs[k] for k in bead.target)
        skip(source[0] if source else i, target[0] if target else j)
        whole = [tuple(range(side[0], side[-1] + 1)) if side else () for side in (source, target)]
        out.append(Bead(whole[0], whole[1], bead.score, bead.confidence))
        i = whole[0][-1] + 1 if source else i
        j = whole[1][-1] + 1 if target else j
    skip(n, m)
    return out
