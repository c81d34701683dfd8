"""What the cutting model sees of two sides: one as words, the other as pieces, with what their borders look like."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from align.beginnings import bare
from align.encoder import use_encoder
from align.links import word_links
from align.network import REACH, WIDTH
from align.words import read_words
from corpora.clauses import SIGNS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from align.encoder import TokenSums
    from align.network import Floats, Ints

_TOGETHER = 2048  # runs whose vectors are worked out together, of 20 KB each
_FEW = 3  # runs: with fewer than some their mean is more about them than about what they have in common
_NUMBER = re.compile(r"\W*(\d{1,4})(?!\d)")
_QUOTES = frozenset("\"'\u00ab\u201c\u201e\u2018\u00bb\u201d\u2019")
_ENDING = ".!?\u061f\u2026\u3002,\u060c "  # may stand behind a closing quotation mark
_UNMARKED = [SIGNS.index(name) for name in ("none", "name", "lead")]


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
        together: (W + 1,) logarithm of how often the side has the words before and behind side by side.
    """

    words: Sequence[str]
    segment: Ints
    spans: Sequence[tuple[int, int]]
    signs: Ints
    open: NDArray[np.bool_]
    begins: Floats
    together: Floats

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
        for begin, one, here, places in zip(first[:-1].tolist(), segments, signs, inside, strict=True):
            if len(one) > 1:
                between[begin + 1 : begin + len(one)] = here
            if places is not None:
                allowed[begin : begin + len(one)] = True
                opens[begin + np.array(places, dtype=np.int64)] = True
        owner = np.repeat(np.arange(len(segments)), counts)
        spans = list(pairwise(np.flatnonzero(opens).tolist()))
        words = [word for one in segments for word in one]
        return cls(words, owner, spans, between, allowed, np.append(begins, 0), _together(words, between))

    def texts(self, first: int, last: int) -> list[str]:
        """Of pieces first .. last - 1."""
        return ["".join(self.words[a:b]).strip() for a, b in self.spans[first:last]]


@dataclass(frozen=True, slots=True)
class Strip:
    """One side as N units that are not cut: words, or pieces.

    Attributes:
        sums: (N + 1, 640) prefix sums of what the encoder keeps of the units.
        edges: (3, N, 640) what to add where a run starts with a unit and where it ends with it, and what a unit alone sums up to.
        mean: (512,) what the vectors of this side have in common.
        tokens, characters, words: (N + 1,) prefix counts.
        signs: (N + 1, 3) of each border, see `border_signs`; -1 at segment ends.
        ends: (N + 1,) whether a segment ends there.
        open: (N + 1,) whether a sentence may end there.
        begins: (N + 1,) how much the words say that one begins there, see `align.beginnings`.
        numbers: (N + 1,) the number that the unit behind begins with; -1 where it has none.
        quotes: (N + 1, 2) whether the unit behind begins with a quotation mark, and the one before ends with one.
        together: (N + 1,) see `Pieces`.
    """

    sums: NDArray[np.float64]
    edges: Floats
    mean: Floats
    tokens: Ints
    characters: Ints
    words: Ints
    signs: Ints
    ends: NDArray[np.bool_]
    open: NDArray[np.bool_]
    begins: Floats
    numbers: Ints
    quotes: NDArray[np.bool_]
    together: Floats

    def __len__(self) -> int:
        return len(self.tokens) - 1

    def vectors(self, first: Ints, last: Ints) -> Floats:
        """Unit vectors (R, 512) of runs of units first .. last - 1."""
        start, end, alone = self.edges
        out = np.empty((len(first), WIDTH), dtype=np.float32)
        for q in range(0, len(first), _TOGETHER):
            a, b = first[q : q + _TOGETHER], last[q : q + _TOGETHER]
            sums = (self.sums[b] - self.sums[a]).astype(np.float32)
            sums = np.where((b - a == 1)[:, None], alone[a], sums + start[a] + end[b - 1])
            use_encoder().head(sums, self.tokens[b] - self.tokens[a] + 2, out=out[q : q + _TOGETHER])
        return out

    def light(self) -> Strip:
        """Without what is needed for vectors only."""
        return replace(self, sums=self.sums[:0].copy(), edges=self.edges[:, :0].copy())  # a view would keep all that it is of

    def cuts(self, at: Ints) -> NDArray[np.bool_]:
        """Whether a border (R,) is inside a segment."""
        return ~self.ends[at]


@dataclass(frozen=True, slots=True)
class Run:
    """N words of one side beside M pieces of the other.

    Attributes:
        ours, theirs: the sides.
        windows: (N, 2) first and behind the last of the pieces that a word may belong to.
        there, back: (N, M) links of each word into each piece, and the other way.
    """

    ours: Strip
    theirs: Strip
    windows: Ints
    there: Floats
    back: Floats

    def light(self) -> Run:
        """Without what no step needs again."""
        none = self.there[:0].copy()
        return Run(self.ours.light(), self.theirs.light(), self.windows[:0].copy(), none, none)


def _together(words: Sequence[str], signs: Ints) -> Floats:
    """See `Pieces`; 0 where there is a mark between the words, or the end of a segment."""
    pairs = list(pairwise(map(bare, words)))
    close = np.isin(signs[1:-1, 0], _UNMARKED)
    counts = Counter(pair for pair, is_close in zip(pairs, close.tolist(), strict=True) if is_close and all(pair))
    out = np.zeros(len(words) + 1, dtype=np.float32)
    out[1:-1] = [np.log(max(counts[pair], 1)) for pair in pairs]
    return out


def read_run(ours: Pieces, chosen: tuple[int, int], theirs: Pieces, others: tuple[int, int], ranges: Ints) -> Run:
    """What the model needs of some neighbouring pieces and of theirs; `ranges` are the partners of ours, from 0."""
    spans = ours.spans[slice(*chosen)]
    begin, end = spans[0][0], spans[-1][1]
    there = np.array([*(a for a, _ in theirs.spans[slice(*others)]), theirs.spans[others[1] - 1][1]])
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
    alone = encoder.read([word.strip() for word in ours.words[begin:end]], around=2 * REACH)
    return Run(
        _strip(ours, np.arange(begin, end + 1), alone, np.arange(end - begin + 1), _bead_words(spans, ranges) - begin),
        _strip(theirs, there, kept_there, read_there.first, np.stack([back, back + 1], axis=1)),
        np.repeat(windows, counts, axis=0),
        *by_word,
    )


def _strip(pieces: Pieces, borders: Ints, kept: TokenSums, linked: Ints, typical: Ints) -> Strip:
    """A strip whose units lie between these words of a side; `typical` are runs (B, 2) of units that are a bead each."""
    texts = ["".join(pieces.words[a:b]).strip() for a, b in pairwise(borders.tolist())]
    ends = np.ones(len(borders), dtype=bool)
    ends[1:-1] = pieces.segment[borders[1:-1]] != pieces.segment[borders[1:-1] - 1]
    numbers = [int(found[1]) if (found := _NUMBER.match(text)) else -1 for text in texts]
    opened, closed = [text[:1] in _QUOTES for text in texts], [text.rstrip(_ENDING)[-1:] in _QUOTES for text in texts]
    strip = Strip(
        sums=np.concatenate([np.zeros((1, kept.body.shape[1])), np.cumsum(kept.body, axis=0, dtype=np.float64)]),
        edges=np.stack([kept.start, kept.end, kept.alone]),
        mean=np.zeros(0, dtype=np.float32),
        tokens=np.concatenate([[0], np.cumsum(kept.tokens)]),
        characters=np.concatenate([[0], np.cumsum([len(text) + 1 for text in texts])]),
        words=linked,
        signs=np.where(ends[:, None], -1, pieces.signs[borders]),
        ends=ends,
        open=ends | pieces.open[borders],
        begins=pieces.begins[borders],
        numbers=np.array([*numbers, -1]),
        quotes=np.stack([[*opened, False], [False, *closed]], axis=1),
        together=pieces.together[borders],
    )
    return replace(strip, mean=_mean(strip.vectors(*typical.T)))


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
