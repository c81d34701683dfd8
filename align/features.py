"""What speaks for a bead: the features of the first look at the whole band and of the second look at what is left.

Notation in formulas: a, b sizes of the bead; w its size in pieces / 60; Lx, Ly its lengths in characters, Ly scaled by the ratio
of the documents (that of all they have, or of what has a partner, see `lengths`);
d = ln((Lx + 8) / (Ly + 8)); u, c cosine of the two spans, raw and with each document's mean removed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from align.habits import USUAL_FREEDOM, USUAL_TORN
from align.lattice import TYPES
from align.links import link_words, windows
from align.recursions import first_rows, shared_weight
from align.side import LONGEST, length_ratio

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from align.habits import Habits
    from align.lattice import Lattice
    from align.links import Links
    from align.network import Floats, Ints
    from align.side import Side
    from align.words import Words

    Keys = Sequence[tuple[str, ...]]

_WIDEST_NAMED = {1: 6, 2: 4, 3: 4}


def _type_name(a: int, b: int) -> str:
    narrow, wide = sorted((a, b))
    return f"type {narrow}-{min(wide, _WIDEST_NAMED[narrow])}"


_TYPE_OF = [None if min(pair) == 0 else _type_name(*pair) for pair in TYPES]
_TYPE_NAMES = list(dict.fromkeys(name for name in _TYPE_OF if name))
FIRST = (
    *_TYPE_NAMES, "beyond type", "extra segments", "deletion", "deletion w", "w", "c", "c w", "d2", "d2 w",
)  # fmt: skip
"""Features of the first pass: types, size, centred cosine, length."""
_FREE = tuple(name for name in FIRST if name.startswith(("type", "beyond", "extra", "deletion")))
SECOND = (
    *FIRST, "u", "u w", "d", "gale-church", "numbers shared", "numbers alone", "marks shared", "marks alone",
    "links inside", "links leaving", "links coming in", "coverage mean", "coverage lesser", "coverage least",
    "log coverage", "log coverage by words", "deleted but linked", "names shared", "names alone", "torn deletion",
    "borders meet", "borders inside", "borders dropped",
    *(f"free {name}" for name in _FREE),
)  # fmt: skip
"""Features of the second pass: the first, raw cosine, length, numbers, marks, word links, names, borders, types by freedom."""
_OF_TRANSLATION = ("c", "c w", "u", "u w")
TERMS = ("terms shared", "terms alone")
"""Features of glossary terms: concepts found on both sides and on one side only."""
_AT = {name: k for k, name in enumerate(SECOND)}


def column(name: str) -> int:
    """Index of a feature of the second pass."""
    return _AT[name]


_FREE_COLUMNS = [_AT[name] for name in _FREE]
_LEAST_TORN = 0.03  # added to how torn a text is before its logarithm is taken
_BY_FREEDOM = 2.5  # brings the free features into the range of others
_TRANSLATION_WEIGHT = 0.5  # of a machine translation's view beside that of the source
_FLOOR = 0.02  # added to a coverage before its logarithm is taken
_FLOOR_BY_WORDS = 0.2  # the same where words are counted: a long segment without any link shall not decide alone
_MOST_COMING_IN = 4  # tens of links; more come only where a line is repeated many times
_COMMON = 0.05  # share of the segments in which a word may stand and still be a name
_TOGETHER = 1 << 14  # edges whose features are laid out together
_TYPES = np.array(
    [
        (a, b, -1 if name is None else _AT[name], max(0, max(a, b) - 6) + max(0, min(a, b) - 3))
        for (a, b), name in zip(TYPES, _TYPE_OF, strict=True)
    ],
    dtype=np.int64,
)
"""Of each type of bead its sizes, the column of its indicator, and by how much it is beyond the named ones."""


def type_scores(first: Floats) -> Floats:
    """What the first pass gives each type of bead (kinds,) by itself; nothing for one-sided ones."""
    beyond, extra = (first[FIRST.index(name)] for name in ("beyond type", "extra segments"))
    named = np.where(_TYPES[:, 2] >= 0, first[_TYPES[:, 2]], 0)
    scores = named + beyond * _TYPES[:, 3] + extra * (_TYPES[:, 0] + _TYPES[:, 1] - 2) / 2
    return np.where(np.minimum(_TYPES[:, 0], _TYPES[:, 1]) > 0, scores, 0)


class _Beads:
    """Index arrays of a lattice's beads that all features share."""

    def __init__(self, source: Side, target: Side, lattice: Lattice) -> None:
        self.i, self.j = lattice.ends
        self.a, self.b = lattice.sizes
        self.i0, self.j0 = self.i - self.a, self.j - self.b
        self.both = (self.a > 0) & (self.b > 0)
        pieces = source.tokens[self.i] - source.tokens[self.i0] + target.tokens[self.j] - target.tokens[self.j0]
        self.w = (pieces / 60).astype(np.float32)
        self.length = (source.characters[self.i] - source.characters[self.i0]).astype(np.float32)
        self.other = ((target.characters[self.j] - target.characters[self.j0]) * length_ratio(source, target)).astype(np.float32)
        self.d = np.log((self.length + 8) / (self.other + 8))


def first_features(source: Side, target: Side, lattice: Lattice) -> Floats:
    """Features (edges, len(FIRST)) of the first pass."""
    return _Spans(source, target).first(lattice, 0, len(lattice.to))


def first_scores(source: Side, target: Side, lattice: Lattice, weights: Floats) -> Floats:
    """Scores (edges,) of the first pass, computed in parts so that the features stay in the cache."""
    spans = _Spans(source, target)
    out = np.empty(len(lattice.to), dtype=np.float32)
    for q in range(0, len(out), _TOGETHER):
        last = min(q + _TOGETHER, len(out))
        np.matmul(spans.first(lattice, q, last), weights, out=out[q:last])
    return out


class _Spans:
    """What a bead's first features take from either of its spans alone, by their size and end."""

    def __init__(self, source: Side, target: Side) -> None:
        ratio = length_ratio(source, target)
        self._sides: list[Floats] = []
        for side, other, scale in ((source, target, 1.0), (target, source, ratio)):
            lengths = np.log(_differences(side.characters) * scale + 8)
            parts = (_differences(side.tokens) / 60, lengths, side.spans @ other.mean, side.norms)
            self._sides.append(np.stack(parts, axis=2).astype(np.float32))
        self._means = float(source.mean @ target.mean)

    def first(self, lattice: Lattice, begin: int, end: int) -> Floats:
        """Features (edges, len(FIRST)) of edges begin .. end - 1."""
        out = np.zeros((end - begin, len(FIRST)), dtype=np.float32)
        first_rows(lattice, _TYPES, self._sides, self._means, begin, out)
        return out


def _differences(counts: Ints) -> Ints:
    """Counts (LONGEST + 1, N + 1) of the spans of each size that end before each segment, from prefix counts (N + 1,)."""
    out = np.zeros((LONGEST + 1, len(counts)), dtype=np.int64)
    for k in range(1, min(LONGEST + 1, len(counts))):
        out[k, k:] = counts[k:] - counts[:-k]
    return out


def second_features(source: Side, target: Side, lattice: Lattice, habits: Habits) -> Floats:
    """Features (edges, len(SECOND)) of the second pass; `habits` are the whole document's."""
    beads = _Beads(source, target, lattice)
    out = np.zeros((len(lattice.to), len(SECOND)), dtype=np.float32, order="F")  # it is filled by columns
    out[:, : len(FIRST)] = first_features(source, target, lattice)
    _fill_similar(out, lattice, beads)
    shared, alone = _common(source.numbers, target.numbers, beads)
    _fill(out, beads.both, {"numbers shared": np.minimum(shared, 3), "numbers alone": np.minimum(alone, 4)})
    shared, alone = _common(source.marks, target.marks, beads)
    _fill(out, beads.both, {"marks shared": np.minimum(shared, 10) / 2, "marks alone": np.minimum(alone, 12) / 2})
    shared, alone = _common(source.names, target.names, beads, weigh=_rarity)
    _fill(out, beads.both, {"names shared": np.minimum(shared, 20) / 5, "names alone": np.minimum(alone, 40) / 5})
    _fill_links(out, source, target, lattice, beads)
    met, inside, dropped = habits.borders.judge(source.borders, target.borders, lattice)
    out[:, [_AT["borders meet"], _AT["borders inside"], _AT["borders dropped"]]] = np.stack([met, inside, dropped], axis=1)
    torn = np.log((habits.torn + _LEAST_TORN) / (USUAL_TORN + _LEAST_TORN))
    out[:, _AT["torn deletion"]] = out[:, _AT["deletion"]] * np.float32(torn)
    out[:, _AT[f"free {_FREE[0]}"] :] = out[:, _FREE_COLUMNS] * np.float32(_BY_FREEDOM * (habits.freedom - USUAL_FREEDOM))
    return out


def with_translation(features: Floats, translated: Side, target: Side, lattice: Lattice) -> Floats:
    """Features of the second pass to which a machine translation of the source has its say: a second view of the same beads.

    Similarity is a weighted mean of that between source and target and that between translation and target, so that no weights have
    to be fitted on the few texts that have a machine translation.
    """
    lattice = replace(lattice, cosine=span_cosines(translated, target, lattice))
    first = first_features(translated, target, lattice)
    c, c_w, w = (first[:, _AT[name]] for name in ("c", "c w", "w"))
    both = np.minimum(*lattice.sizes) > 0
    seen = np.stack([c, c_w, lattice.cosine, np.where(both, lattice.cosine * w, 0)], axis=1)
    columns = [_AT[name] for name in _OF_TRANSLATION]
    features = features.copy()
    features[:, columns] += np.float32(_TRANSLATION_WEIGHT) * (seen - features[:, columns])
    return features


def term_features(source: Side, target: Side, lattice: Lattice) -> Floats:
    """Features (edges, len(TERMS)) of the concepts whose terms stand in the segments."""
    beads = _Beads(source, target, lattice)
    shared, alone = _common(source.terms, target.terms, beads)
    return np.where(beads.both, [np.minimum(shared, 5), np.minimum(alone, 5)], 0).T.astype(np.float32)


def span_cosines(source: Side, target: Side, lattice: Lattice) -> Floats:
    """Cosine (edges,) of the two sides of each bead; 0 where one is empty."""
    i, j = lattice.ends
    a, b = lattice.sizes
    out = np.zeros(len(i), dtype=np.float32)
    edges = np.flatnonzero((a > 0) & (b > 0))
    for q in range(0, len(edges), 8192):
        part = edges[q : q + 8192]
        out[part] = np.einsum("ij,ij->i", source.spans[a[part], i[part]], target.spans[b[part], j[part]])
    return out


def _fill_similar(out: Floats, lattice: Lattice, beads: _Beads) -> None:
    x, y = beads.length, beads.other
    gale_church = np.minimum((x - y) ** 2 / (x + y + 1) / 6.8, 20)
    _fill(out, beads.both, {"u": lattice.cosine, "u w": lattice.cosine * beads.w, "d": np.abs(beads.d), "gale-church": gale_church})


def _fill(out: Floats, edges: NDArray[np.bool_], values: dict[str, NDArray[np.floating]]) -> None:
    for name, value in values.items():
        out[:, _AT[name]] = np.where(edges, value, 0)


def _common(
    ours: Keys, theirs: Keys, beads: _Beads, *, weigh: Callable[[Ints, Ints, int], NDArray[np.float64]] | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weight of the keys (numbers, names, concepts) that each bead has on both sides, and of those on one side only.

    `weigh` gives the weight of each key from its segments on either side and the number of segments; 0 leaves it out.
    """
    index = {key: k for k, key in enumerate(dict.fromkeys(key for side in (ours, theirs) for keys in side for key in keys))}
    if not index:
        return np.zeros(len(beads.i)), np.zeros(len(beads.i))
    (keys, first), (others, other_first) = (_joined(side, index) for side in (ours, theirs))
    weight = np.ones(len(index))
    if weigh:
        in_ours, in_theirs = (
            np.bincount([index[k] for keys in side for k in set(keys)], minlength=len(index)) for side in (ours, theirs)
        )
        weight = weigh(in_ours, in_theirs, len(ours) + len(theirs))
    shared = shared_weight(keys, first, others, other_first, weight, np.stack([beads.i0, beads.i, beads.j0, beads.j]))
    total = np.zeros(len(beads.i))
    for side_keys, starts, begin, end in ((keys, first, beads.i0, beads.i), (others, other_first, beads.j0, beads.j)):
        sums = np.concatenate([[0.0], np.cumsum(weight[side_keys])])[starts]
        total += sums[end] - sums[begin]
    return shared, total - 2 * shared


def _joined(side: Keys, index: dict[str, int]) -> tuple[Ints, Ints]:
    """All keys of a side by number, and where each segment's begin."""
    keys = np.array([index[key] for keys in side for key in keys], dtype=np.int64)
    return keys, np.concatenate([[0], np.cumsum([len(keys) for keys in side])]).astype(np.int64)


def _rarity(ours: Ints, theirs: Ints, segments: int) -> NDArray[np.float64]:
    """Weight of a name key: the logarithm of how rare it is; 0 where one side lacks it or it is a common word."""
    rare = (ours > 0) & (theirs > 0) & (ours < _COMMON * segments + 2)
    return np.where(rare, np.log(segments / np.maximum(ours + theirs, 1)), 0)


def _fill_links(out: Floats, source: Side, target: Side, lattice: Lattice, beads: _Beads) -> None:
    n, m = len(source), len(target)
    ours, theirs = source.words, target.words
    there, back = link_words(ours, theirs, windows(lattice, n, m))
    words = (ours.first[beads.i] - ours.first[beads.i0]).astype(float)
    others = (theirs.first[beads.j] - theirs.first[beads.j0]).astype(float)
    landed = there.landed[beads.j] - there.landed[beads.j0]
    landed_back = back.landed[beads.i] - back.landed[beads.i0]
    coverage = _Coverage(beads.both)
    inside = coverage.add(there, ours, beads.i0, beads.a, opposite=(beads.j0, beads.j))
    inside_back = coverage.add(back, theirs, beads.j0, beads.b, opposite=(beads.i0, beads.i))
    _fill(out, beads.both, {
        "links inside": (inside + inside_back) / 10,
        "links leaving": (words - inside + others - inside_back) / 10,
        "links coming in": np.minimum((landed - inside + landed_back - inside_back) / 10, _MOST_COMING_IN),
        "coverage mean": (inside + inside_back) / (words + others + 1),
        "coverage lesser": np.minimum(inside / (words + 0.5), inside_back / (others + 0.5)),
        "coverage least": coverage.least,
        "log coverage": coverage.log,
        "log coverage by words": coverage.log_by_words,
    })  # fmt: skip
    linked = np.where(beads.b == 0, landed_back / (words + 0.5), landed / (others + 0.5))
    _fill(out, ~beads.both, {"deleted but linked": np.minimum(linked, 3)})


class _Coverage:
    """How well the single segments of each bead are covered by links into its other side."""

    def __init__(self, both: NDArray[np.bool_]) -> None:
        self._both = both
        self.least, self.log, self.log_by_words = np.ones(len(both)), np.zeros(len(both)), np.zeros(len(both))

    def add(self, links: Links, words: Words, first: Ints, size: Ints, *, opposite: tuple[Ints, Ints]) -> NDArray[np.float64]:
        """Take in one side's segments first .. first + size - 1 of each bead; returns the links (edges,) inside the bead."""
        inside = np.zeros(len(size))
        counts = np.diff(words.first)
        for k in range(LONGEST):
            edges = np.flatnonzero(self._both & (size > k))
            segment = first[edges] + k
            found = links.inside(segment, opposite[0][edges], opposite[1][edges])
            covered = (found + 0.2) / (counts[segment] + 0.4)
            inside[edges] += found
            self.least[edges] = np.minimum(self.least[edges], covered)
            self.log[edges] += np.log(covered + _FLOOR)
            self.log_by_words[edges] += np.log(covered + _FLOOR_BY_WORDS) * counts[segment] / 10
        return inside
