"""Where a text without stops is to be cut: a semi-Markov model over its words, beside the whole segments of the other side.

A path goes from the first word and segment to the last. Each step takes a run of words and up to three segments that translate it;
or words, or a segment, without partner. The score of a step is the sum of `weights . features`; forward-backward gives the
probability that a sentence ends at a word, wherever the other borders are.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from align.encoder import use_encoder
from align.recursions import forward_backward
from align.side import centred_norms
from corpora.clauses import OPENINGS, SIGNS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from align.network import Floats, Ints
    from align.side import Side

    Doubles = NDArray[np.float64]
    Put = Callable[[NDArray[np.bool_], Mapping[str, NDArray[np.floating] | float]], None]

_SIZES = (1, 2, 3)  # segments that a run of words may be the translation of
FEATURES = (
    "one", "two", "three",
    "words alone", "words alone w", "segment alone", "segment alone w", "w", "c", "c w", "u", "u w", "d", "d2",
    "d2 w", "gale-church", "links inside", "links leaving", "links coming in", "coverage mean", "coverage lesser", "log coverage",
    "alone but linked", "cut", "behind a stop", "behind a semicolon", "behind a comma", "behind a dash", "before an opener",
    "before a joined word", "before a capital", "end of a segment", "ends inside", "stops inside", "semicolons inside",
)  # fmt: skip
"""Features of a step, named as in `align.features`; those of the border it ends at; the stronger borders it passes over."""
_AT = {name: k for k, name in enumerate(FEATURES)}
_END = {f"behind a {name}": k for k, name in enumerate(SIGNS[:-1])}
_NEXT = {
    f"before a{'n' * (name[0] == 'o')} {name}{' word' * (name == 'joined')}": k for k, name in enumerate(OPENINGS[:-1])
}  # fmt: skip

_LIKELY = 10  # places kept for each border
_ENDS_KEPT = 4  # of them ends of segments, whatever the links say
_NEAR = 4  # segments to each side of a border whose links are counted
_END_SAYS, _SIGN_SAYS, _OPENING_SAYS = 6.0, (4.0, 3.0, 2.0, 1.0, 0.0), (1.5, 1.5, 1.5, 0.0)  # beside links, to choose places
_FEW = 3  # runs: with fewer than some their mean is more about them than about what they have in common


@dataclass(frozen=True, slots=True)
class Run:
    """W words of one side beside M segments of the other.

    Attributes:
        sums: (W + 1, 640) prefix sums of what the encoder keeps of the words.
        tokens, characters: (W + 1,) prefix counts.
        signs: (W + 1, 2) sign before and opening behind each border, see `border_signs`; -1 at segment ends.
        ends: (W + 1,) whether a segment ends there.
        open: (W + 1,) whether a sentence may end there.
        windows: (W, 2) first and behind the last of the segments that a word may belong to.
        there, back: (W, M) links of each word into each segment, and the other way.
        typical: (B, 2) words of runs that are a bead each, by which similarity is centred.
        other: the other side.
    """

    sums: NDArray[np.float64]
    tokens: Ints
    characters: Ints
    signs: Ints
    ends: NDArray[np.bool_]
    open: NDArray[np.bool_]
    windows: Ints
    there: Floats
    back: Floats
    typical: Ints
    other: Side

    def __len__(self) -> int:
        return len(self.tokens) - 1

    def vectors(self, first: Ints, last: Ints) -> Floats:
        """Unit vectors (R, 512) of runs of words first .. last - 1."""
        sums = (self.sums[last] - self.sums[first]).astype(np.float32)
        return use_encoder().head(sums, self.tokens[last] - self.tokens[first] + 2)


@dataclass(frozen=True, slots=True)
class Steps:
    """E steps between nodes, each a place in both texts, sorted by the node they lead to.

    Attributes:
        place: (nodes, 2) word and segment.
        source, to: (E,) nodes.
    """

    place: Ints
    source: NDArray[np.int32]
    to: NDArray[np.int32]

    @property
    def spans(self) -> tuple[Ints, Ints, Ints, Ints]:
        """First word, the one behind the last, first segment, the one behind the last, of each step."""
        (x1, j1), (x2, j2) = self.place[self.source].T, self.place[self.to].T
        return x1, x2, j1, j2


def find_cuts(run: Run, weights: NDArray[np.float64]) -> list[tuple[int, float]]:
    """Words, not the first of a segment, before which a sentence ends, and how probable that is: the best for each other border."""
    steps = likely_steps(run)
    inside = border_posterior(run, steps, step_features(run, steps) @ weights)
    found: dict[int, tuple[float, int]] = {}
    for (word, segment), p in zip(steps.place.tolist(), inside.tolist(), strict=True):
        found[segment] = max(found.get(segment, (0.0, 0)), (p, word))
    best: dict[int, float] = {}
    for p, word in found.values():
        if p > 0:
            best[word] = max(best.get(word, 0.0), p)
    return sorted(best.items())


def border_posterior(run: Run, steps: Steps, score: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probability (nodes,) that one run of words with a translation ends at a node and another begins; 0 at ends of segments."""
    nodes = len(steps.place)
    _, posterior = forward_backward(steps.to, steps.source, score, nodes)
    x1, x2, j1, j2 = steps.spans
    both = posterior * ((x2 > x1) & (j2 > j1))
    ending, beginning = (np.bincount(side, weights=both, minlength=nodes) for side in (steps.to, steps.source))
    return np.where(run.ends[steps.place[:, 0]], 0, np.minimum(ending, beginning))


def likely_steps(run: Run, also: list[tuple[int, int]] | None = None) -> Steps:
    """All steps between the likely places of each border of the other side, and `also` these (word, segment)."""
    places = _likely_places(run)
    for word, segment in also or ():
        places[segment] = np.union1d(places[segment], [word])
    sizes = [len(words) for words in places]
    first = np.concatenate([[0], np.cumsum(sizes)])
    place = np.stack([np.concatenate(places), np.repeat(np.arange(len(places)), sizes)], axis=1)
    source, to = [], []
    for j, words in enumerate(places):
        for size in (0, *_SIZES):
            if j + size >= len(places):
                break
            others = places[j + size]
            forward = words[:, None] < others if size != 1 else words[:, None] <= others  # a segment alone takes no word
            a, b = np.nonzero(forward)
            source.append(a + first[j])
            to.append(b + first[j + size])
    sources, tos = np.concatenate(source), np.concatenate(to)
    order = np.argsort(tos, kind="stable")
    return Steps(place, sources[order].astype(np.int32), tos[order].astype(np.int32))


def _likely_places(run: Run) -> list[Ints]:
    """For each border of the other side the words it may stand before: where links change sides, where the text says so."""
    words, count = len(run), run.there.shape[1]
    says = np.where(run.ends, _END_SAYS, 0.0)
    within = run.signs[:, 0] >= 0
    for k, values in enumerate((_SIGN_SAYS, _OPENING_SAYS)):
        says[within] += np.array(values)[run.signs[within, k]]
    linked = np.concatenate([np.zeros((1, count)), np.cumsum(run.there + run.back, axis=0, dtype=np.float64)])
    ends = np.flatnonzero(run.ends)
    out = [ends[:_ENDS_KEPT]]
    for j in range(1, count):
        near = np.flatnonzero((run.windows[:, 0] <= j) & (run.windows[:, 1] >= j))
        low, high = (int(near[0]), int(near[-1]) + 1) if len(near) else (0, words)
        before, behind = linked[low : high + 1, max(0, j - _NEAR) : j], linked[low : high + 1, j : j + _NEAR]
        value = before.sum(axis=1) - behind.sum(axis=1) + says[low : high + 1]
        value[~run.open[low : high + 1]] = -np.inf
        best = np.argsort(-value, kind="stable")[:_LIKELY]
        best = best[np.isfinite(value[best])]
        nearest = np.flatnonzero(run.ends[low : high + 1])
        nearest = nearest[np.argsort(-value[nearest], kind="stable")[:_ENDS_KEPT]]
        chosen = np.union1d(best, nearest).astype(np.int64) + low
        out.append(chosen if len(chosen) else ends[np.abs(ends - low).argmin()][None])
    return [*out, ends[-_ENDS_KEPT:]]


def step_features(run: Run, steps: Steps) -> NDArray[np.float64]:
    """Features (E, len(FEATURES))."""
    x1, x2, j1, j2 = steps.spans
    both, words_alone, segment_alone = (x2 > x1) & (j2 > j1), j2 == j1, x2 == x1
    out = np.zeros((len(x1), len(FEATURES)))

    def put(edges: NDArray[np.bool_], values: Mapping[str, NDArray[np.floating] | float]) -> None:
        for name, value in values.items():
            out[:, _AT[name]] = np.where(edges, value, 0)

    other = run.other
    w = (run.tokens[x2] - run.tokens[x1] + other.tokens[j2] - other.tokens[j1]) / 60
    for size, name in zip(_SIZES, ("one", "two", "three"), strict=True):
        put(both & (j2 - j1 == size), {name: 1.0})
    put(words_alone, {"words alone": 1.0, "words alone w": 2 * w})
    put(segment_alone, {"segment alone": 1.0, "segment alone w": 2 * w})
    u, c = _similarity(run, both, (x1, x2, j1, j2))
    x = (run.characters[x2] - run.characters[x1]).astype(float)
    y = (other.characters[j2] - other.characters[j1]) * (run.characters[-1] / max(int(other.characters[-1]), 1))
    d = np.log((x + 8) / (y + 8))
    d2, gale_church = np.minimum(d**2, 2), np.minimum((x - y) ** 2 / (x + y + 1) / 6.8, 20)
    put(both, {"w": w, "c": c, "c w": c * w, "u": u, "u w": u * w})
    put(both, {"d": np.abs(d), "d2": d2, "d2 w": d2 * w, "gale-church": gale_church})
    _fill_links(run, (x1, x2, j1, j2), both, put)
    _fill_borders(run, (x1, x2), put, segment_alone)
    return out


def _similarity(run: Run, both: NDArray[np.bool_], spans: tuple[Ints, Ints, Ints, Ints]) -> tuple[Doubles, Doubles]:
    """Cosine (E,) of both sides of each step, raw and centred."""
    x1, x2, j1, j2 = (side[both] for side in spans)
    u, c = np.zeros(len(both)), np.zeros(len(both))
    if not len(x1):
        return u, c
    runs, of_step = np.unique(x1 * (len(run) + 1) + x2, return_inverse=True)
    vectors = run.vectors(*np.divmod(runs, len(run) + 1))
    typical = run.vectors(*run.typical.T)
    mean = typical.sum(axis=0) / (len(typical) + _FEW)
    norms, to_mean, between = centred_norms(vectors, mean), vectors @ run.other.mean, mean @ run.other.mean
    for q in range(0, len(x1), 8192):
        part = slice(q, q + 8192)
        ours, size, end = of_step[part], (j2 - j1)[part], j2[part]
        theirs = run.other.spans[size, end]
        at = np.flatnonzero(both)[part]
        u[at] = np.einsum("ij,ij->i", vectors[ours], theirs)
        c[at] = (u[at] - to_mean[ours] - theirs @ mean + between) / norms[ours] / run.other.norms[size, end]
    return u, c


def _fill_links(run: Run, spans: tuple[Ints, Ints, Ints, Ints], both: NDArray[np.bool_], put: Put) -> None:
    x1, x2, j1, j2 = spans
    count = run.there.shape[1]
    boxes = []
    for links in (run.there, run.back):
        total = np.zeros((len(run) + 1, count + 1))
        total[1:, 1:] = np.cumsum(np.cumsum(links, axis=0, dtype=np.float64), axis=1)
        boxes.append(total)
    inside, inside_back = (t[x2, j2] - t[x1, j2] - t[x2, j1] + t[x1, j1] for t in boxes)
    landed, landed_back = boxes[0][-1, j2] - boxes[0][-1, j1], boxes[1][x2, -1] - boxes[1][x1, -1]
    words, others = (x2 - x1).astype(float), (run.other.words.first[j2] - run.other.words.first[j1]).astype(float)
    put(both, {
        "links inside": (inside + inside_back) / 10,
        "links leaving": (words - inside + others - inside_back) / 10,
        "links coming in": (landed - inside + landed_back - inside_back) / 10,
        "coverage mean": (inside + inside_back) / (words + others + 1),
        "coverage lesser": np.minimum(inside / (words + 0.5), inside_back / (others + 0.5)),
        "log coverage": _log_coverage(inside, words) + _log_coverage(inside_back, others),
    })  # fmt: skip
    linked = np.where(j2 == j1, landed_back / (words + 0.5), landed / (others + 0.5))
    put(~both, {"alone but linked": np.minimum(linked, 3)})


def _log_coverage(inside: NDArray[np.float64], words: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.log((inside + 0.2) / (words + 0.4) + 0.02)


def _fill_borders(run: Run, words: tuple[Ints, Ints], put: Put, segment_alone: NDArray[np.bool_]) -> None:
    x1, x2 = words
    within = ~run.ends[x2] & ~segment_alone
    put(within, {"cut": 1.0})
    for names, k in ((_END, 0), (_NEXT, 1)):
        for name, kind in names.items():
            put(within & (run.signs[x2, k] == kind), {name: 1.0})
    put(run.ends[x2] & ~segment_alone, {"end of a segment": 1.0})
    for name, strong in (
        ("ends inside", run.ends),
        ("stops inside", run.signs[:, 0] == SIGNS.index("stop")),
        ("semicolons inside", run.signs[:, 0] == SIGNS.index("semicolon")),
    ):
        before = np.concatenate([[0], np.cumsum(strong)])
        put(x2 > x1, {name: np.minimum(before[x2] - before[np.minimum(x1 + 1, x2)], 4)})


@cache
def cutting_weights() -> NDArray[np.float64]:
    """The weights this version ships, by feature."""
    stored = json.loads((files("align") / "data" / "cuts.json").read_text(encoding="utf-8"))
    return np.array([stored["weights"][name] for name in FEATURES])
