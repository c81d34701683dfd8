"""Which cuts inside segments the other side asks for.

A side is first aligned in pieces of some words, to know where each piece belongs; between the borders that this alignment gives
with certainty the exact words are found by `align.cutting`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from align.cutting import Run, cutting_weights, find_cuts
from align.encoder import use_encoder
from align.links import word_links
from align.side import read_side
from align.words import read_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from align.network import Ints
    from corpora import Bead

LONG = 60
"""Words from which on a segment may be split whatever bead it is in."""
_SURE = 0.4  # probability of a cut; see docs/accuracy.md for how many of them are right
_PIECES, _FEWEST = 3.5, 4  # pieces to a segment of the other side, words in a piece
_WHOLE, _ENOUGH = 40, 120  # segments of the other side after which a stretch ends: with a segment, anywhere
_CELLS = 1 << 23  # words times segments of the longest stretch that is looked at


def may_be_cut(beads: Sequence[Bead], texts: Sequence[str], side: str) -> list[bool]:
    """Of each segment of a side ("source" or "target"), whether it has several partners or is very long."""
    other = "target" if side == "source" else "source"
    shared = {k for bead in beads if len(getattr(bead, other)) > 1 for k in getattr(bead, side)}
    return [k in shared or text.count(" ") >= LONG for k, text in enumerate(texts)]


@dataclass(frozen=True, slots=True)
class Pieces:
    """The words of one side, in order, and the pieces that it is aligned in first.

    Attributes:
        words: of all segments, with the spaces behind them.
        segment: (W,) of each word.
        spans: first word of each piece and the one behind its last.
        signs: (W + 1, 2) of each border, see `corpora.clauses.border_signs`; -1 at the ends of segments.
        open: (W + 1,) whether a sentence may end there.
    """

    words: Sequence[str]
    segment: Ints
    spans: Sequence[tuple[int, int]]
    signs: Ints
    open: NDArray[np.bool_]

    @classmethod
    def of(
        cls, segments: Sequence[Sequence[str]], signs: Sequence[Sequence[tuple[int, int]]], marked: Sequence[bool], *, size: int
    ) -> Pieces:
        """From the words of each segment and the signs between them; those marked are cut to pieces of about `size` words."""
        counts = np.array([len(words) for words in segments], dtype=np.int64)
        total = int(counts.sum())
        first = np.concatenate([[0], np.cumsum(counts)])
        between = np.full((total + 1, 2), -1, dtype=np.int64)
        allowed = np.zeros(total + 1, dtype=bool)
        allowed[first] = True
        opens = np.zeros(total + 1, dtype=bool)
        opens[first] = True
        for begin, words, here, mark in zip(first[:-1].tolist(), segments, signs, marked, strict=True):
            if len(words) > 1:
                between[begin + 1 : begin + len(words)] = here
                allowed[begin : begin + len(words)] |= mark
            if mark:
                parts = max(1, round(len(words) / size))
                opens[begin + np.linspace(0, len(words), parts + 1).round().astype(np.int64)] = True
        owner = np.repeat(np.arange(len(segments)), counts)
        spans = list(pairwise(np.flatnonzero(opens).tolist()))
        return cls([word for words in segments for word in words], owner, spans, between, allowed)


def piece_size(words: int, others: int) -> int:
    """Words in a piece, so that a segment of the other side is some pieces."""
    return max(_FEWEST, round(words / max(others, 1) / _PIECES))


def wanted_cuts(pieces: Pieces, others: Sequence[str], beads: Sequence[tuple[tuple[int, ...], tuple[int, ...]]]) -> list[int]:
    """Words before which a segment is to be cut.

    Args:
        pieces: one side.
        others: the segments of the other; none is blank.
        beads: alignment of the pieces with them, (pieces, others).
    """
    if not len(pieces.words) or len(others) < 2:
        return []
    ranges = partners_of(beads, len(pieces.spans))
    cuts: list[int] = []
    for first, last in stretches(pieces, ranges):
        low, high = int(ranges[first, 0]), int(ranges[last - 1, 1])
        begin, end = pieces.spans[first][0], pieces.spans[last - 1][1]
        inside = pieces.open[begin + 1 : end]
        if high - low > 1 and (end - begin) * (high - low) <= _CELLS and (inside & (pieces.signs[begin + 1 : end, 0] >= 0)).any():
            run = read_run(pieces, (first, last), others[low:high], ranges[first:last] - low)
            cuts += [begin + word for word, p in find_cuts(run, cutting_weights()) if p >= _SURE]
    return cuts


def partners_of(beads: Sequence[tuple[tuple[int, ...], tuple[int, ...]]], count: int) -> Ints:
    """First and behind the last partner (count, 2) of each piece; where it has none, the empty place between its neighbours'."""
    out = np.full((count, 2), -1, dtype=np.int64)
    reached = 0
    for ours, theirs in sorted((bead for bead in beads if bead[0]), key=lambda bead: bead[0]):
        if theirs and theirs[0] >= reached:  # a bead that crosses others says nothing here
            out[list(ours)] = theirs[0], theirs[-1] + 1
            reached = theirs[-1] + 1
        else:
            out[list(ours)] = reached
    return np.maximum(out, 0)


def stretches(pieces: Pieces, ranges: Ints) -> Iterator[tuple[int, int]]:
    """Pieces (first, behind the last) that are looked at together: from one border of beads to another, best at a segment's end."""
    spans, first = pieces.spans, 0
    for k in range(1, len(spans)):
        if ranges[k, 0] < ranges[k - 1, 1]:  # within a bead
            continue
        held = ranges[k, 0] - ranges[first, 0]
        ends = pieces.segment[spans[k][0]] != pieces.segment[spans[k - 1][0]]
        if held >= (_WHOLE if ends else _ENOUGH):
            yield first, k
            first = k
    yield first, len(spans)


def read_run(pieces: Pieces, chosen: tuple[int, int], others: Sequence[str], ranges: Ints) -> Run:
    """What the model needs of some neighbouring pieces and their partners; `ranges` are the pieces', from 0."""
    spans = pieces.spans[slice(*chosen)]
    begin, end = spans[0][0], spans[-1][1]
    texts = ["".join(pieces.words[a:b]).strip() for a, b in spans]
    encoder = use_encoder()
    kept, theirs = encoder.read(texts), read_side(others)
    ours = read_words(encoder, kept, len(texts))
    counts = np.array([b - a for a, b in spans])
    word = _words_of_encoder(np.diff(ours.first), counts)
    windows = _windows(ranges, len(others))
    back = np.arange(len(others))
    back_low = np.minimum(np.searchsorted(windows[:, 1], back, side="right"), len(spans) - 1)
    back_high = np.maximum(np.searchsorted(windows[:, 0], back, side="right"), back_low + 1)
    links = word_links(ours, theirs.words, (windows[:, 0], windows[:, 1], back_low, back_high))
    all_words = _words_of_encoder(np.bincount(kept.word_segment, minlength=len(spans)), counts)
    sums, tokens = np.zeros((end - begin + 1, kept.words.shape[1])), np.zeros(end - begin + 1, dtype=np.int64)
    np.add.at(sums, all_words + 1, kept.words[kept.word_kind])
    np.add.at(tokens, all_words + 1, kept.word_tokens[kept.word_kind])
    by_word = [np.zeros((end - begin, len(others)), dtype=np.float32) for _ in links]
    for total, found in zip(by_word, links, strict=True):
        np.add.at(total, word, found)
    ends = np.zeros(end - begin + 1, dtype=bool)
    ends[[0, -1]] = True
    ends[1:-1] = np.diff(pieces.segment[begin:end]) > 0
    lengths = [len(text.rstrip()) + 1 for text in pieces.words[begin:end]]
    return Run(
        sums=np.cumsum(sums, axis=0),
        tokens=np.cumsum(tokens),
        characters=np.concatenate([[0], np.cumsum(lengths)]),
        signs=np.where(ends[:, None], -1, pieces.signs[begin : end + 1]),
        ends=ends,
        open=ends | pieces.open[begin : end + 1],
        windows=np.repeat(windows, counts, axis=0),
        there=by_word[0],
        back=by_word[1],
        typical=_bead_words(spans, ranges) - begin,
        other=theirs,
    )


def _words_of_encoder(found: Ints, counts: Ints) -> Ints:
    """Of each word that the encoder finds in pieces, our word: the same where it finds as many, in proportion where it does not."""
    first = np.concatenate([[0], np.cumsum(counts)])
    return np.concatenate([
        first[k] + np.arange(n) * counts[k] // max(int(n), 1) for k, n in enumerate(found.tolist())
    ]).astype(np.int64)  # fmt: skip


def _windows(ranges: Ints, others: int) -> Ints:
    """The others (pieces, 2) that the words of each piece may be linked to: its own, its neighbours', and one to each side."""
    near = np.concatenate([ranges[:1], ranges, ranges[-1:]])
    low = np.minimum(np.minimum(near[:-2, 0], near[1:-1, 0]), near[2:, 0]) - 1
    high = np.maximum(np.maximum(near[:-2, 1], near[1:-1, 1]), near[2:, 1]) + 1
    low, high = np.clip(low, 0, others - 1), np.clip(high, 1, others)
    low = np.minimum.accumulate(low[::-1])[::-1]
    return np.stack([low, np.maximum(np.maximum.accumulate(high), low + 1)], axis=1)


def _bead_words(spans: Sequence[tuple[int, int]], ranges: Ints) -> Ints:
    """Words (B, 2) of the pieces of each bead; of all, where there is no bead."""
    out: list[list[int]] = []
    last = None
    for (a, b), (low, high) in zip(spans, ranges.tolist(), strict=True):
        if low == high:
            continue
        if (low, high) == last:
            out[-1][1] = b
        else:
            out.append([a, b])
        last = (low, high)
    return np.array(out or [[spans[0][0], spans[-1][1]]])
