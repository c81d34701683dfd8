"""Which cuts inside segments the other side asks for.

A side is first aligned in pieces of some words, to know where each piece belongs; between the borders that this alignment gives
with certainty the exact words are found by `align.cutting`. Where the other side may lack stops as well, it is tried in pieces
too: those between the places where its text says that a sentence may end.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from align.cutting import Run, Strip, cutting_weights, find_cuts, find_ends
from align.encoder import use_encoder
from align.links import word_links
from align.recursions import heaviest_chain
from align.words import read_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from align.cutting import Places
    from align.encoder import TokenSums
    from align.network import Floats, Ints
    from corpora import Bead

LONG = 60
"""Words from which on a segment may be split whatever bead it is in."""
_SURE, _SURE_OF_BOTH, _SURE_AT_MARKS = 0.3, 0.3, 0.15  # probability of a cut; see docs/accuracy.md for how many of them are right
_PIECES, _FEWEST = 3.5, 4  # pieces to a segment of the other side, words in a piece
_WHOLE, _ENOUGH = 40, 120  # segments of the other side after which a stretch ends: with a segment, anywhere
_CELLS = 1 << 23  # words times segments of the longest stretch that is looked at
_SEVERAL = 3  # partners that show a segment to be several sentences
_EDGE = 2  # words at either end of a segment between which nothing ends
_FEW = 3  # runs: with fewer than some their mean is more about them than about what they have in common


def may_be_cut(beads: Sequence[Bead], texts: Sequence[str], side: str) -> list[bool]:
    """Of each segment of a side ("source" or "target"), whether it has several partners or is very long."""
    other = "target" if side == "source" else "source"
    shared = {k for bead in beads if len(getattr(bead, other)) > 1 for k in getattr(bead, side)}
    return [k in shared or text.count(" ") >= LONG for k, text in enumerate(texts)]


def count_long(beads: Sequence[Bead], source: Sequence[str], target: Sequence[str]) -> int:
    """How many segments of both sides are as long as several sentences, or have as many partners."""
    found = [{k for k, text in enumerate(side) if text.count(" ") >= LONG} for side in (source, target)]
    for bead in beads:
        for chosen, here, there in zip(found, (bead.source, bead.target), (bead.target, bead.source), strict=True):
            if len(here) == 1 and len(there) >= _SEVERAL:
                chosen.update(here)
    return sum(map(len, found))


def may_be_cut_together(
    beads: Sequence[tuple[Sequence[int], Sequence[int]]], ours: int, theirs: Sequence[Sequence[int]]
) -> tuple[list[bool], list[bool]]:
    """Of each segment of either side whether both may lack a stop: theirs speaks for an end inside, ours is its partner.

    Args:
        beads: segments of ours and theirs.
        ours: how many there are.
        theirs: `strengths` of the borders inside each of theirs.
    """
    marked = [len(values) >= LONG or max(values[_EDGE - 1 : 1 - _EDGE], default=0) > 1 for values in theirs]
    chosen = {k for here, there in beads if any(marked[j] for j in there) for k in here}
    return [not chosen.isdisjoint((k - 1, k, k + 1)) for k in range(ours)], marked


@dataclass(frozen=True, slots=True)
class Pieces:
    """The words of one side, in order, and the pieces that it is aligned in first.

    Attributes:
        words: of all segments, with the spaces behind them.
        segment: (W,) of each word.
        spans: first word of each piece and the one behind its last.
        signs: (W + 1, 3) of each border, see `corpora.clauses.border_signs`; -1 at the ends of segments.
        open: (W + 1,) whether a sentence may end there.
        begins: (W + 1,) how much the words say that one begins there, see `align.beginnings`.
    """

    words: Sequence[str]
    segment: Ints
    spans: Sequence[tuple[int, int]]
    signs: Ints
    open: NDArray[np.bool_]
    begins: Floats

    @classmethod
    def of(
        cls,
        segments: Sequence[Sequence[str]],
        signs: Sequence[Sequence[tuple[int, int, int]]],
        inside: Sequence[Sequence[int] | None],
        begins: Floats,
    ) -> Pieces:
        """From the words of each segment, the signs between them and, of segments that may be cut, the words that begin pieces."""
        counts = np.array([len(words) for words in segments], dtype=np.int64)
        total = int(counts.sum())
        first = np.concatenate([[0], np.cumsum(counts)])
        between = np.full((total + 1, 3), -1, dtype=np.int64)
        allowed = np.zeros(total + 1, dtype=bool)
        allowed[first] = True
        opens = np.zeros(total + 1, dtype=bool)
        opens[first] = True
        for begin, words, here, places in zip(first[:-1].tolist(), segments, signs, inside, strict=True):
            if len(words) > 1:
                between[begin + 1 : begin + len(words)] = here
            if places is not None:
                allowed[begin : begin + len(words)] = True
                opens[begin + np.array(places, dtype=np.int64)] = True
        owner = np.repeat(np.arange(len(segments)), counts)
        spans = list(pairwise(np.flatnonzero(opens).tolist()))
        return cls([word for words in segments for word in words], owner, spans, between, allowed, np.append(begins, 0))

    def texts(self, first: int, last: int) -> list[str]:
        """Of pieces first .. last - 1."""
        return ["".join(self.words[a:b]).strip() for a, b in self.spans[first:last]]


def even_places(words: int, size: int) -> list[int]:
    """Words at which a segment is cut to pieces of about `size` words."""
    parts = max(1, round(words / size))
    return [int(place) for place in np.linspace(0, words, parts + 1).round()[1:-1]]


def likely_places(strengths: Sequence[int]) -> list[int]:
    """Words at which a segment is cut to pieces, where its text says anything for it."""
    return [k for k, value in enumerate(strengths, start=1) if value]


def piece_size(words: int, others: int) -> int:
    """Words in a piece, so that a segment of the other side is some pieces."""
    return max(_FEWEST, round(words / max(others, 1) / _PIECES))


def wanted_cuts(
    ours: Pieces, theirs: Pieces, beads: Sequence[tuple[tuple[int, ...], tuple[int, ...]]], known: Places
) -> dict[int, float]:
    """Words of ours, not the first of a segment, before which a sentence begins beside the whole segments of theirs.

    Args:
        ours: a side any word of which may begin a sentence, in segments that are open.
        theirs: the other.
        beads: alignment of the pieces of both.
        known: what `wanted_ends` said of some words of theirs and all of ours.

    Returns:
        how probable each word is, if a sentence begins there about at all.
    """
    weights = cutting_weights("beside segments")
    out = {}
    for begin, low, run in _runs(ours, theirs, beads):
        here = {
            piece: {word - begin: probability for word, probability in known[first].items()}
            for piece, (first, _) in enumerate(theirs.spans[low : low + len(run.theirs)])
            if first in known
        }
        out.update({begin + word: probability for word, probability in find_cuts(run, weights, _SURE, here).items()})
    return out


def wanted_ends(
    ours: Pieces, theirs: Pieces, beads: Sequence[tuple[tuple[int, ...], tuple[int, ...]]]
) -> dict[int, dict[int, float]]:
    """Words of theirs, first of a piece but not of a segment, before which sentences of both sides begin; as `wanted_cuts`.

    Returns:
        for each of them how probable each word of ours is as the beginning of the same.
    """
    weights = cutting_weights("beside pieces")
    return {
        theirs.spans[low + piece][0]: {begin + word: probability for word, probability in places.items()}
        for begin, low, run in _runs(ours, theirs, beads)
        for piece, places in find_ends(run, weights, _SURE_OF_BOTH, _SURE_AT_MARKS).items()
    }


def _runs(ours: Pieces, theirs: Pieces, beads: Sequence[tuple[tuple[int, ...], tuple[int, ...]]]) -> Iterator[tuple[int, int, Run]]:
    """The stretches in which anything may be cut: first word, first piece of theirs, what the model needs."""
    if not ours.words:
        return
    ranges = partners_of(beads, len(ours.spans))
    for first, last in stretches(ours, ranges):
        low, high = int(ranges[first, 0]), int(ranges[last - 1, 1])
        begin, end = ours.spans[first][0], ours.spans[last - 1][1]
        inside = ours.open[begin + 1 : end]
        if high - low > 1 and (end - begin) * (high - low) <= _CELLS and (inside & (ours.signs[begin + 1 : end, 0] >= 0)).any():
            yield begin, low, read_run(ours, (first, last), theirs, (low, high), ranges[first:last] - low)


def partners_of(beads: Sequence[tuple[tuple[int, ...], tuple[int, ...]]], count: int) -> Ints:
    """First and behind the last partner (count, 2) of each piece; where it has none, the empty place between its neighbours'.

    Beads that cross others say nothing here, nor do those with gaps.
    """
    out = np.zeros((count, 2), dtype=np.int64)
    whole = sorted((bead for bead in beads if all(_in_a_row(side) for side in bead)), key=lambda bead: bead[0])
    first, sizes = np.array([[ours[0], theirs[0]] for ours, theirs in whole]).reshape(-1, 2), [len(ours) for ours, _ in whole]
    chain = heaviest_chain(first[:, 0], first[:, 1], np.array(sizes, dtype=float), int(first[:, 1].max(initial=0)) + 1)
    reached, done = 0, 0
    for ours, theirs in (whole[k] for k in chain.tolist()):
        out[done : ours[0]] = reached
        out[list(ours)] = theirs[0], theirs[-1] + 1
        reached, done = theirs[-1] + 1, ours[-1] + 1
    out[done:] = reached
    return out


def _in_a_row(numbers: tuple[int, ...]) -> bool:
    """Whether there are any, and none between them is left out, as where several crossing beads are one."""
    return bool(numbers) and numbers[-1] - numbers[0] < len(numbers)


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


def read_run(ours: Pieces, chosen: tuple[int, int], theirs: Pieces, others: tuple[int, int], ranges: Ints) -> Run:
    """What the model needs of some neighbouring pieces and of theirs; `ranges` are the partners of ours, from 0."""
    spans = ours.spans[slice(*chosen)]
    begin, end = spans[0][0], spans[-1][1]
    encoder = use_encoder()
    kept, kept_there = encoder.read(ours.texts(*chosen)), encoder.read(theirs.texts(*others))
    read, read_there = read_words(encoder, kept, len(spans)), read_words(encoder, kept_there, others[1] - others[0])
    counts = np.array([b - a for a, b in spans])
    word = _words_of_encoder(np.diff(read.first), counts)
    windows = _windows(ranges, others[1] - others[0])
    back = np.arange(others[1] - others[0])
    back_low = np.minimum(np.searchsorted(windows[:, 1], back, side="right"), len(spans) - 1)
    back_high = np.maximum(np.searchsorted(windows[:, 0], back, side="right"), back_low + 1)
    links = word_links(read, read_there, (windows[:, 0], windows[:, 1], back_low, back_high))
    by_word = [np.zeros((end - begin, len(back)), dtype=np.float32) for _ in links]
    for total, found in zip(by_word, links, strict=True):
        np.add.at(total, word, found)
    strip = _strip_of_words(ours, (begin, end), kept, counts, _bead_words(spans, ranges) - begin)
    there = _strip_of_pieces(theirs, others, kept_there, read_there.first)
    return Run(strip, there, np.repeat(windows, counts, axis=0), *by_word)


def _strip_of_words(pieces: Pieces, words: tuple[int, int], kept: TokenSums, counts: Ints, typical: Ints) -> Strip:
    """Words of neighbouring pieces with so many words each; `typical` are runs (B, 2) that are a bead each."""
    begin, end = words
    sums, tokens = np.zeros((end - begin + 1, kept.words.shape[1])), np.zeros(end - begin + 1, dtype=np.int64)
    owner = _words_of_encoder(np.bincount(kept.word_segment, minlength=len(counts)), counts)
    np.add.at(sums, owner + 1, kept.words[kept.word_kind])
    np.add.at(tokens, owner + 1, kept.word_tokens[kept.word_kind])
    ends = np.ones(end - begin + 1, dtype=bool)
    ends[1:-1] = np.diff(pieces.segment[begin:end]) > 0
    lengths = [len(text.rstrip()) + 1 for text in pieces.words[begin:end]]
    strip = Strip(
        sums=np.cumsum(sums, axis=0),
        edges=np.zeros((3, 0, 0), dtype=np.float32),
        mean=np.zeros(0, dtype=np.float32),
        tokens=np.cumsum(tokens),
        characters=np.concatenate([[0], np.cumsum(lengths)]),
        words=np.arange(end - begin + 1),
        signs=np.where(ends[:, None], -1, pieces.signs[begin : end + 1]),
        ends=ends,
        open=ends | pieces.open[begin : end + 1],
        begins=pieces.begins[begin : end + 1],
    )
    return replace(strip, mean=_mean(strip.vectors(*typical.T)))


def _strip_of_pieces(pieces: Pieces, chosen: tuple[int, int], kept: TokenSums, words: Ints) -> Strip:
    """Pieces by number; `words` are prefix counts of those that are linked."""
    spans = pieces.spans[slice(*chosen)]
    borders = np.array([*(a for a, _ in spans), spans[-1][1]])
    count = len(spans)
    ends = np.ones(count + 1, dtype=bool)
    ends[1:-1] = pieces.segment[borders[1:-1]] != pieces.segment[borders[1:-1] - 1]
    strip = Strip(
        sums=np.concatenate([np.zeros((1, kept.body.shape[1])), np.cumsum(kept.body, axis=0, dtype=np.float64)]),
        edges=np.stack([kept.start, kept.end, kept.alone]),
        mean=np.zeros(0, dtype=np.float32),
        tokens=np.concatenate([[0], np.cumsum(kept.tokens)]),
        characters=np.concatenate([[0], np.cumsum([len(text) for text in pieces.texts(*chosen)])]),
        words=words,
        signs=np.where(ends[:, None], -1, pieces.signs[borders]),
        ends=ends,
        open=np.ones(count + 1, dtype=bool),
        begins=pieces.begins[borders],
    )
    return replace(strip, mean=_mean(strip.vectors(np.arange(count), np.arange(1, count + 1))))


def _mean(vectors: Floats) -> Floats:
    """What the vectors have in common, less of it where they are few."""
    return vectors.sum(axis=0) / (len(vectors) + _FEW)  # type: ignore[no-any-return]


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
