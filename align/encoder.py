"""The shipped encoder: a document is read once, then the vector of *any* run of its segments costs one head evaluation.

Everything before the network's head is a sum over tokens. A span read inside its document and read alone differ only within
`REACH` tokens of the span's ends, where windows cross its border. For each segment three things are kept beside the sum of its
body: what changes when the text begins with it (with the start token), what changes when it ends with it (with the end token),
and, because a very short segment feels both borders at once, its sum when read alone. A span of several segments is then the sum
of their bodies, the first one's start and the last one's end.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from align.legible import legible
from align.network import GAP, REACH, SUMS, Floats, Ints, Network, Runs, TokenTables
from align.repeats import distinct_runs
from align.rowwise import sum_chosen
from align.tokenizer import begin_loading, model_folder, use_tokenizer
from align.unpacked import digest_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_BLOCK = 2048  # tokens read together: fits the cache, long enough for token types to repeat (measured: 512 to 8192)
_SEGMENTS = 256  # segments whose ends are read together
_SHARED = 4096  # distinct tokens, of 15 KB each, whose tables are kept for a whole text
_SURVEYED = 4096  # segments surveyed together
_NONE = np.iinfo(np.int64).max  # the id of no token, which sorts last
_LONGEST_WORD = 64  # tokens; longer runs without a space are cut
_SPACE = "\N{LOWER ONE EIGHTH BLOCK}"


@dataclass(frozen=True, slots=True)
class TokenSums:
    """What the encoder keeps of one side of a bitext. N segments, W words, D of them distinct in what they are read with.

    Attributes:
        body: (N, 640) sum over the segment's tokens, read inside the document.
        start: (N, 640) what to add when a span starts with the segment.
        end: (N, 640) what to add when a span ends with it.
        alone: (N, 640) the sum of the segment read alone, with start and end token.
        tokens: (N,) number of tokens.
        words: (D, 640) sum over each distinct word's tokens, read inside the document.
        word_kind: (W,) which of the distinct words each word is.
        word_tokens: (D,) number of tokens of each distinct word.
        word_segment: (W,) index of the segment each word belongs to, ascending.
    """

    body: Floats
    start: Floats
    end: Floats
    alone: Floats
    tokens: Ints
    words: Floats
    word_kind: Ints
    word_tokens: Ints
    word_segment: Ints


class UseEncoder:
    """Tokenizer and network, loaded."""

    def __init__(self) -> None:
        begin_loading()
        folder = model_folder()
        self.digest = digest_of(folder / "sp.model", folder / "weights.npz")
        """First 12 hex digits of the SHA-256 of the model files."""
        self._network = Network(folder / "weights.npz", self.digest)
        self._pieces = use_tokenizer()
        self._ends = np.array([self._pieces.bos_id(), self._pieces.eos_id()], dtype=np.int64)
        self._opens = np.full(len(self._pieces), -1, dtype=np.int8)  # whether a piece opens a word, as far as it was asked

    def tokenize(self, texts: Sequence[str]) -> list[list[int]]:
        """Piece ids of each text, without start and end tokens."""
        return list(self._pieces.encode([legible(text) for text in texts], out_type=int))

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit vectors (N, 512) of texts read one by one."""
        flat, lengths = self._flat(texts)
        first = np.cumsum(lengths + 2 + GAP) - lengths - 2 - GAP
        last = first + lengths + 1
        row = np.full(int(last[-1]) + 1 if len(last) else 0, _NONE)
        row[first], row[last] = self._ends
        row[_ranges(first + 1, lengths)] = flat
        return self.head(self._summed(_TokenRows(self._network, row, self._ends), first, last + 1, None), lengths + 2)

    def head(self, sums: Floats, tokens: Ints, picked: Ints | None = None, out: Floats | None = None) -> Floats:
        """Unit vectors (R, 512) of runs of tokens from their sums (R, 640) and token counts (R,); written to `out` if it is given.

        `picked` (R, any) names the rows of sums that make up each of them; -1 names none.
        """
        return self._network.head(sums, tokens, picked, out)

    def read(self, texts: Sequence[str], *, around: int = 0, progress: Callable[[int, int], None] | None = None) -> TokenSums:
        """Read the segments of a document, in order. What stands in the same neighbourhood twice is read once.

        So are the ends of equal segments, though for a short one what is behind it counts; with `around`, of those only whose
        neighbours are the same for so many tokens.
        """
        flat, lengths = self._flat(texts)
        bounds = np.concatenate([[0], np.cumsum(lengths)])
        starts, segment = self._words(flat, bounds)
        ends = np.append(starts, len(flat))
        words = distinct_runs(flat, starts, ends[1:], REACH)
        edges = _edges(bounds)
        near = distinct_runs(flat, *edges, REACH)
        chosen = [np.concatenate([one[words.first], two[near.first]]) for one, two in zip((starts, ends[1:]), edges, strict=True)]
        tell = (lambda done: progress(int(np.searchsorted(bounds, done, side="right")) - 1, len(texts))) if progress else None
        rows = _TokenRows(self._network, flat, self._ends)
        sums = self._summed(rows, chosen[0], chosen[1], tell)
        split = len(words.first)
        inside = sums[split:][near.kind]
        body = sum_chosen(sums[:split], words.kind, np.searchsorted(segment, np.arange(len(texts) + 1)))
        bordered = self._bordered(rows, bounds, around)
        start, end = bordered[::3] - inside[::2], bordered[1::3] - inside[1::2]
        alone = np.where((lengths < 2 * REACH)[:, None], bordered[2::3], body + start + end)
        sizes = (chosen[1] - chosen[0])[:split]
        return TokenSums(body, start, end, alone, lengths, sums[:split], words.kind, sizes, segment)

    def survey(self, texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None) -> tuple[Floats, Ints]:
        """Sums (N, 640) and counts (N,) of the tokens of each segment, read alone: enough to find one's way in a long document."""
        distinct, kind = np.unique(np.array(texts, dtype=object), return_inverse=True)
        sums, counts = [], []
        for first in range(0, len(distinct), _SURVEYED):
            flat, lengths = self._flat(distinct[first : first + _SURVEYED].tolist())
            bounds = np.concatenate([[0], np.cumsum(lengths)])
            rows = _TokenRows(self._network, flat, self._ends)
            sums.append(self._summed(rows, bounds[:-1], bounds[1:], None))
            counts.append(lengths)
            if progress:
                progress(min(first + _SURVEYED, len(distinct)) * len(texts) // len(distinct), len(texts))
        return np.concatenate(sums)[kind], np.concatenate(counts)[kind]

    def _flat(self, texts: Sequence[str]) -> tuple[Ints, Ints]:
        """All tokens in one row, and how many each text has."""
        pieces = self.tokenize(texts)
        lengths = np.array([len(p) for p in pieces], dtype=np.int64)
        return np.fromiter((i for p in pieces for i in p), dtype=np.int64, count=int(lengths.sum())), lengths

    def _words(self, flat: Ints, bounds: Ints) -> tuple[Ints, Ints]:
        """First token and segment of each word."""
        strange = np.unique(flat[self._opens[flat] < 0])
        self._opens[strange] = [_opens_word(piece) for piece in self._pieces.id_to_piece(strange.tolist())]
        opens = self._opens[flat] > 0
        opens[bounds[:-1][np.diff(bounds) > 0]] = True
        starts = np.flatnonzero(opens)
        lengths = np.diff(np.append(starts, len(flat)))
        if len(lengths) and lengths.max() > _LONGEST_WORD:
            cuts = [np.arange(a, a + n, _LONGEST_WORD) for a, n in zip(starts, lengths, strict=True)]
            starts = np.concatenate(cuts)
        return starts, np.searchsorted(bounds, starts, side="right") - 1

    def _summed(self, rows: _TokenRows, starts: Ints, ends: Ints, tell: Callable[[int], None] | None) -> Floats:
        """Sums (R, 640) over runs of tokens starts .. ends - 1, read as one sequence; runs may share tokens."""
        parts = np.maximum(-(-(ends - starts) // _BLOCK), 1)
        if parts.max(initial=1) > 1:  # a text of one segment, or one word, does not fit the cache, or the memory
            first = np.cumsum(parts) - parts
            begin = np.repeat(starts - first * _BLOCK, parts) + np.arange(parts.sum()) * _BLOCK
            return np.add.reduceat(self._summed(rows, begin, np.minimum(begin + _BLOCK, np.repeat(ends, parts)), tell), first)
        out = np.empty((len(starts), SUMS), dtype=np.float32)
        order = np.argsort(starts, kind="stable")
        starts, ends = starts[order], ends[order]
        reach = np.maximum.accumulate(ends)
        opened, closed = (np.bincount(side, minlength=rows.count + 1) for side in (starts, ends))
        needed = np.cumsum(opened - closed) > 0
        places, before = np.flatnonzero(needed), np.concatenate([[0], np.cumsum(needed)])
        first = 0
        while first < len(order):
            last = max(first + 1, int(np.searchsorted(reach, starts[first] + _BLOCK, side="right")))
            stop = int(reach[last - 1])
            begin, end = max(0, int(starts[first]) - REACH), min(rows.count, stop + REACH)
            tables, tokens = rows.of(np.concatenate([rows.gap, np.arange(begin, end), rows.gap]))
            skipped = before[starts[first]]
            among = places[skipped : before[stop]] - begin + GAP
            runs = Runs(among, before[starts[first:last]] - skipped, before[ends[first:last]] - skipped, order[first:last])
            self._network.sums(tables, tokens, runs, out)
            first = last
            if tell:
                tell(stop)
        return out

    def _bordered(self, rows: _TokenRows, bounds: Ints, around: int) -> Floats:
        """Sums (3 N, 640) of each segment: behind a start token, before an end token, and between both where it is short.

        Equal segments with the same tokens around them, so many to each side, are read once.
        """
        found = distinct_runs(rows.ids[: rows.count], bounds[:-1], bounds[1:], around)
        out = np.zeros((3 * len(found.first), SUMS), dtype=np.float32)
        for q in range(0, len(found.first), _SEGMENTS):
            chosen = found.first[q : q + _SEGMENTS]
            positions, wanted, bounds_of = _fragments(rows, bounds[chosen], bounds[chosen + 1])
            tables, tokens = rows.of(positions)
            self._network.sums(
                tables, tokens, Runs(wanted, bounds_of[:-1], bounds_of[1:], 3 * q + np.arange(len(bounds_of) - 1)), out
            )
        return out.reshape(-1, 3 * SUMS)[found.kind].reshape(-1, SUMS)


class _TokenRows:
    """The tokens of a text, a start, an end, and no token, as rows of tables; of few distinct ones these are made but once.

    Attributes:
        count: tokens of the text, which have the positions 0 .. count - 1.
        ids: (count + 3,) of the tokens, a start, an end, and no token.
        start, end, none: positions of the others.
        gap: positions that keep sequences apart.
    """

    def __init__(self, network: Network, flat: Ints, ends: Ints) -> None:
        self.count = len(flat)
        self.start, self.end, self.none = range(self.count, self.count + 3)
        self.gap = [self.none] * GAP
        self._network = network
        self.ids = np.concatenate([flat, ends, [_NONE]])
        distinct, rows = np.unique(self.ids, return_inverse=True)
        self._shared = (network.tables(distinct[:-1]), rows) if len(distinct) <= _SHARED else None

    def of(self, positions: Ints) -> tuple[TokenTables, Ints]:
        """Tables with the tokens at these positions, no token among them, and the row of each."""
        if self._shared is not None:
            tables, rows = self._shared
            return tables, rows[positions]
        distinct, rows = np.unique(self.ids[positions], return_inverse=True)
        return self._network.tables(distinct[:-1]), rows


def _fragments(rows: _TokenRows, begin: Ints, end: Ints) -> tuple[Ints, Ints, Ints]:
    """Three short sequences for each segment of tokens begin .. end - 1: its start, its end, all of it where it is short.

    Returns:
        positions in the rows, those that are wanted, where each sequence's begin among the wanted and where the last one's end.
    """
    behind, before = np.minimum(rows.count - begin, 2 * REACH), np.minimum(end, 2 * REACH)
    is_short = end - begin < 2 * REACH
    kinds = 1 + behind, 1 + before, np.where(is_short, end - begin + 2, 0)
    lengths = np.stack(kinds, axis=1).reshape(-1)
    origin = np.stack([begin - 1, end - before, begin - 1], axis=1).reshape(-1)
    room = lengths + np.where(lengths > 0, GAP, 0)
    first = GAP + np.cumsum(room) - room
    positions = np.full(GAP + int(room.sum()), rows.none)
    positions[_ranges(first, lengths)] = _ranges(origin, lengths)
    last = first + lengths - 1
    positions[np.concatenate([first[::3], first[2::3][is_short]])] = rows.start
    positions[np.concatenate([last[1::3], last[2::3][is_short]])] = rows.end
    counts = lengths.copy()
    counts[::3], counts[1::3] = (np.minimum(lengths[k::3], 1 + REACH) for k in (0, 1))
    skipped = np.zeros_like(lengths)
    skipped[1::3] = (lengths - counts)[1::3]
    return positions, _ranges(first + skipped, counts), np.concatenate([[0], np.cumsum(counts)])


def _ranges(first: Ints, counts: Ints) -> Ints:
    """So many numbers from each first one on, one range behind the other."""
    return np.arange(int(counts.sum())) + np.repeat(first - np.cumsum(counts) + counts, counts)


def _edges(bounds: Ints) -> tuple[Ints, Ints]:
    """First and behind the last of the tokens behind each segment's start (run 2 k) and before its end (2 k + 1)."""
    starts = np.stack([bounds[:-1], np.maximum(bounds[1:] - REACH, 0)], axis=1).reshape(-1)
    ends = np.stack([np.minimum(bounds[:-1] + REACH, bounds[-1]), bounds[1:]], axis=1).reshape(-1)
    return starts, ends


def _opens_word(piece: str) -> bool:
    """A piece opens a word behind a space, or where the script writes no spaces (Chinese, Japanese, Thai)."""
    return piece[0] == _SPACE or "\u0e00" <= piece[0] < "\u0e80" or "\u3040" <= piece[0] < "\ua000"


@cache
def use_encoder() -> UseEncoder:
    """The encoder, loaded once a process (about a second)."""
    return UseEncoder()
