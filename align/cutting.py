"""Where texts without stops are to be cut: a semi-Markov model over the words of one side beside the other.

The other side is whole segments, or, where it lacks stops as well, the pieces between places where its sentences may end. A path
goes from the first word and piece to the last. Each step takes a run of words and a run of pieces that translate each other; or
words, or a piece, without partner. The score of a step is the sum of `weights . features`; forward-backward gives the probability
that a sentence ends at a word and a piece, wherever the other borders are.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from align.recursions import forward_backward
from align.side import centred_norms
from corpora.clauses import OPENINGS, SIGNS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from align.network import Floats, Ints
    from align.strips import Run

    Doubles = NDArray[np.float64]
    Places = Mapping[int, Mapping[int, float]]
    Put = Callable[[NDArray[np.bool_], Mapping[str, NDArray[np.floating] | float]], None]

_TOUCHED = 3  # segments of the other side that a step may take, or take of
_PIECES = 12  # pieces of them
_BORDER = ("cut", *(f"behind a {name}" for name in SIGNS[:-1]), *(f"before {name}" for name in OPENINGS[:-1]),
           "in a bare segment")  # fmt: skip
FEATURES = (
    "one", "two", "three",
    "words alone", "words alone w", "segment alone", "segment alone w", "w", "c", "c w", "u", "u w", "d", "d2",
    "d2 w", "gale-church", "links inside", "links leaving", "links coming in", "coverage mean", "coverage lesser", "log coverage",
    "alone but linked", *_BORDER, "end of a segment", "ends inside", "stops inside", "semicolons inside", "begins", "begins, there",
    *(f"{name}, there" for name in _BORDER), "cut on both sides", "cut behind the same mark",
    "same number behind", "its number before", "quotation opens", "quotation closes", "together", "together, there",
)  # fmt: skip
"""Features of a step, named as in `align.features`; those of the border it ends at; the stronger borders it passes over."""
_AT = {name: k for k, name in enumerate(FEATURES)}
_NO_MARK = SIGNS.index("lead")
_MARKS = [SIGNS.index(name) for name in ("stop", "semicolon", "comma")]

_LIKELY, _LIKELY_OF_PIECES = 10, 5  # places kept for each border
_ENDS_KEPT = 4  # of them ends of segments, whatever the links say
_NEAR = 4  # segments to each side of a border whose links are counted
_END_SAYS, _SIGN_SAYS, _OPENING_SAYS = (
    6.0,
    (4.0, 3.0, 2.0, 1.0, 1.5, -3.0, 0.0, 0.0),
    (1.5, 1.5, 3.0, 3.0, 1.5, 1.5, 2.0, 2.0, -1.0, 0.0),
)  # beside links
_APART = 1.6  # logarithm of the ratio of lengths from which on several pieces are not tried; with so many characters on top:
_SOME = 40
_NO_PATH = -1e20
_WORTH = 1e-6  # probability of a step that is kept


@dataclass(frozen=True, slots=True)
class Steps:
    """E steps between nodes, each a place in both texts, sorted by the node they lead to.

    Attributes:
        place: (nodes, 2) word and piece.
        source, to: (E,) nodes.
    """

    place: Ints
    source: NDArray[np.int32]
    to: NDArray[np.int32]

    @property
    def spans(self) -> tuple[Ints, Ints, Ints, Ints]:
        """First word, the one behind the last, first piece, the one behind the last, of each step."""
        (x1, j1), (x2, j2) = self.place[self.source].T, self.place[self.to].T
        return x1, x2, j1, j2


@dataclass(frozen=True, slots=True)
class Look:
    """What a stretch says, without what is needed to find it out.

    Attributes:
        run: the sides.
        steps: those that are worth anything.
        scores: (K, E) of the steps, by each of K sets of weights.
    """

    run: Run
    steps: Steps
    scores: Doubles

    @classmethod
    def at(cls, run: Run, weights: Sequence[Doubles]) -> Look:
        """The look of a stretch by sets of weights."""
        steps = likely_steps(run)
        scores = (np.stack(weights).astype(np.float32) @ step_features(run, steps).T).astype(np.float64)
        worth = np.zeros(scores.shape[1], dtype=bool)
        for score in scores:
            whole, posterior = forward_backward(steps.to, steps.source, score, len(steps.place))
            worth |= posterior > _WORTH if whole > _NO_PATH else True
        return cls(run.light(), Steps(steps.place, steps.source[worth], steps.to[worth]), scores[:, worth])

    def by(self, kind: int) -> Look:
        """The look by one of the sets of weights."""
        return replace(self, scores=self.scores[kind : kind + 1])

    def borders(self) -> Doubles:
        """See `border_posterior`; by the first set of weights."""
        return border_posterior(self.run, self.steps, self.scores[0])

    def said(self) -> Doubles:
        """How probable it is (N + 1,) that a sentence begins before each word, of those inside segments."""
        words = self.steps.place[:, 0]
        return np.bincount(words, weights=self.borders(), minlength=len(self.run.ours) + 1)  # type: ignore[return-value]

    def marked(self) -> tuple[int, float, float]:
        """How many words inside segments have a mark, and how many sentences end there, how many anywhere."""
        inside, has_mark = self.run.ours.signs[:, 0] >= 0, np.isin(self.run.ours.signs[:, 0], _MARKS)
        said = np.where(inside, self.said(), 0)
        return int(has_mark.sum()), float(said[has_mark].sum()), float(said.sum())

    def told(self, begins: Floats, weights: Sequence[Doubles]) -> Look:
        """The look where this (N + 1,) is how much the words say that a sentence begins; the sets of weights are those it is by."""
        x1, x2, _, _ = self.steps.spans
        more = np.where(self.run.ours.cuts(x2) & (x2 > x1), _as_told(begins[x2]) - _as_told(self.run.ours.begins[x2]), 0)
        return replace(self, scores=self.scores + np.stack([more * one[_AT["begins"]] for one in weights]))


def _as_told(begins: Floats) -> Floats:
    return np.clip(begins / 3, -2, 3)


def find_cuts(look: Look, least: float, known: Places) -> dict[int, float]:
    """Words, not the first of a segment, before which a sentence begins with a probability of at least so much: one a piece.

    Where `known`, what `find_ends` said of the same words, has anything of a piece, the mean of both counts.

    Returns:
        how probable each word is, if a sentence begins beside that piece at all.
    """
    run, place, inside = look.run, look.steps.place, look.borders()
    anywhere = np.bincount(place[:, 1], weights=inside, minlength=len(run.theirs) + 1)
    for node, (word, piece) in enumerate(place.tolist()):
        if piece in known:
            inside[node] = (inside[node] + anywhere[piece] * known[piece].get(word, 0.0)) / 2
    best: dict[int, int] = {}
    for node in np.argsort(-inside, kind="stable")[: np.count_nonzero(inside >= least)].tolist():
        best.setdefault(int(place[node, 1]), node)
    out: dict[int, float] = {}
    for node in sorted(best.values()):
        word, piece = place[node].tolist()
        if not run.ours.ends[word]:
            out[word] = max(out.get(word, 0.0), min(float(inside[node] / anywhere[piece]), 1.0))
    return out


def find_ends(run: Run, weights: NDArray[np.float64], least: float, at_marks: float) -> dict[int, dict[int, float]]:
    """Pieces, not the first of a segment, before which sentences of both sides begin, wherever that is among the words.

    They are at least so probable; behind a stop or semicolon `at_marks`, since a clause ends there whatever the other side does.

    Returns:
        for each of them how probable each word is, if a sentence begins before that piece.
    """
    steps = likely_steps(run)
    inside = border_posterior(run, steps, step_features(run, steps) @ weights)
    pieces = piece_posterior(run, steps, inside)
    marked = np.isin(run.theirs.signs[:, 0], [SIGNS.index("stop"), SIGNS.index("semicolon")])
    found = np.flatnonzero(pieces >= np.where(marked, at_marks, least)).tolist()
    out: dict[int, dict[int, float]] = {piece: {} for piece in found}
    for probability, (word, piece) in zip(inside.tolist(), steps.place.tolist(), strict=True):
        if piece in out:
            out[piece][word] = probability / float(pieces[piece])
    return out


def piece_posterior(run: Run, steps: Steps, inside: NDArray[np.float64]) -> NDArray[np.float64]:
    """The posterior of borders summed up for each piece (M + 1,); 0 at the ends of segments."""
    found = np.bincount(steps.place[:, 1], weights=inside, minlength=len(run.theirs) + 1)
    return np.where(run.theirs.ends, 0, found)


def border_posterior(run: Run, steps: Steps, score: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probability (nodes,) that what has a translation ends at a node and something else begins; 0 at the ends of two segments."""
    nodes = len(steps.place)
    whole, posterior = forward_backward(steps.to, steps.source, score, nodes)
    if whole < _NO_PATH:
        return np.zeros(nodes)
    x1, x2, j1, j2 = steps.spans
    both = posterior * ((x2 > x1) & (j2 > j1))
    ending, beginning = (np.bincount(side, weights=both, minlength=nodes) for side in (steps.to, steps.source))
    word, piece = steps.place.T
    return np.where(run.ours.ends[word] & run.theirs.ends[piece], 0, np.minimum(ending, beginning))


def likely_steps(run: Run, also: list[tuple[int, int]] | None = None) -> Steps:
    """All steps between the likely places of each border of the other side, and `also` these (word, piece)."""
    places = _likely_places(run)
    for word, piece in also or ():
        places[piece] = np.union1d(places[piece], [word])
    sizes = [len(words) for words in places]
    first = np.concatenate([[0], np.cumsum(sizes)])
    place = np.stack([np.concatenate(places), np.repeat(np.arange(len(places)), sizes)], axis=1)
    source, to = [], []
    ended = np.cumsum(run.theirs.ends)
    scale = run.ours.characters[-1] / max(int(run.theirs.characters[-1]), 1)
    for j, words in enumerate(places):
        for size in range(min(_PIECES + 1, len(places) - j)):
            if size > 1 and ended[j + size - 1] - ended[j] >= _TOUCHED:
                break
            others = places[j + size]
            forward = words[:, None] < others if size != 1 else words[:, None] <= others  # a piece alone takes no word
            if size > 1:
                there = (run.theirs.characters[j + size] - run.theirs.characters[j]) * scale + _SOME
                here = run.ours.characters[others] - run.ours.characters[words][:, None] + _SOME
                forward &= np.abs(np.log(np.maximum(here, 1) / there)) < _APART
            a, b = np.nonzero(forward)
            source.append(a + first[j])
            to.append(b + first[j + size])
    sources, tos = np.concatenate(source), np.concatenate(to)
    order = np.argsort(tos, kind="stable")
    return Steps(place, sources[order].astype(np.int32), tos[order].astype(np.int32))


def _likely_places(run: Run) -> list[Ints]:
    """For each border of the other side the words it may stand before: where links change sides, where the text says so."""
    ours, (words, count) = run.ours, run.there.shape
    says = np.where(ours.ends, _END_SAYS, 0.0)
    within = ours.signs[:, 0] >= 0
    for k, values in enumerate((_SIGN_SAYS, _OPENING_SAYS)):
        says[within] += np.array(values)[ours.signs[within, k]]
    linked = np.concatenate([np.zeros((1, count)), np.cumsum(run.there + run.back, axis=0, dtype=np.float64)])
    ends = np.flatnonzero(ours.ends)
    out = [ends[:_ENDS_KEPT]]
    for j in range(1, count):
        near = np.flatnonzero((run.windows[:, 0] <= j) & (run.windows[:, 1] >= j))
        low, high = (int(near[0]), int(near[-1]) + 1) if len(near) else (0, words)
        before, behind = linked[low : high + 1, max(0, j - _NEAR) : j], linked[low : high + 1, j : j + _NEAR]
        value = before.sum(axis=1) - behind.sum(axis=1) + says[low : high + 1]
        value[~ours.open[low : high + 1]] = -np.inf
        best = np.argsort(-value, kind="stable")[: _LIKELY if run.theirs.ends[j] else _LIKELY_OF_PIECES]
        best = best[np.isfinite(value[best])]
        nearest = np.flatnonzero(ours.ends[low : high + 1])
        nearest = nearest[np.argsort(-value[nearest], kind="stable")[:_ENDS_KEPT]]
        chosen = np.union1d(best, nearest).astype(np.int64) + low
        out.append(chosen if len(chosen) else ends[np.abs(ends - low).argmin()][None])
    return [*out, ends[-_ENDS_KEPT:]]


def step_features(run: Run, steps: Steps) -> Floats:
    """Features (E, len(FEATURES))."""
    x1, x2, j1, j2 = steps.spans
    both, words_alone, piece_alone = (x2 > x1) & (j2 > j1), j2 == j1, x2 == x1
    out = np.zeros((len(x1), len(FEATURES)), dtype=np.float32)

    def put(edges: NDArray[np.bool_], values: Mapping[str, NDArray[np.floating] | float]) -> None:
        for name, value in values.items():
            out[:, _AT[name]] = np.where(edges, value, 0)

    ours, theirs = run.ours, run.theirs
    w = (ours.tokens[x2] - ours.tokens[x1] + theirs.tokens[j2] - theirs.tokens[j1]) / 60
    touched = _between(theirs.ends, j1, j2) + 1
    for size, name in enumerate(("one", "two", "three"), start=1):
        put(both & (touched == size), {name: 1.0})
    put(words_alone, {"words alone": 1.0, "words alone w": 2 * w})
    put(piece_alone, {"segment alone": 1.0, "segment alone w": 2 * w})
    u, c = _similarity(run, both, (x1, x2, j1, j2))
    x = (ours.characters[x2] - ours.characters[x1]).astype(float)
    y = (theirs.characters[j2] - theirs.characters[j1]) * (ours.characters[-1] / max(int(theirs.characters[-1]), 1))
    d = np.log((x + 8) / (y + 8))
    d2, gale_church = np.minimum(d**2, 2), np.minimum((x - y) ** 2 / (x + y + 1) / 6.8, 20)
    put(both, {"w": w, "c": c, "c w": c * w, "u": u, "u w": u * w})
    put(both, {"d": np.abs(d), "d2": d2, "d2 w": d2 * w, "gale-church": gale_church})
    _fill_links(run, (x1, x2, j1, j2), both, put)
    _fill_borders(run, (x1, x2, j1, j2), put)
    return out


def _between(marked: NDArray[np.bool_], first: Ints, last: Ints) -> Ints:
    """How many of the borders behind each first and before each last are marked."""
    before = np.concatenate([[0], np.cumsum(marked)])
    return before[last] - before[np.minimum(first + 1, last)]  # type: ignore[no-any-return]


def _similarity(run: Run, both: NDArray[np.bool_], spans: tuple[Ints, Ints, Ints, Ints]) -> tuple[Doubles, Doubles]:
    """Cosine (E,) of both sides of each step, raw and centred."""
    x1, x2, j1, j2 = (side[both] for side in spans)
    u, c = np.zeros(len(both)), np.zeros(len(both))
    if not len(x1):
        return u, c
    sides = []
    for strip, first, last in ((run.ours, x1, x2), (run.theirs, j1, j2)):
        runs, of_step = np.unique(first * (len(strip) + 1) + last, return_inverse=True)
        vectors = strip.vectors(*np.divmod(runs, len(strip) + 1))
        sides.append((vectors, of_step, centred_norms(vectors, strip.mean)))
    (one, of_one, norms), (other, of_other, other_norms) = sides
    mean, other_mean = run.ours.mean, run.theirs.mean
    to_mean, from_mean, between = one @ other_mean, other @ mean, mean @ other_mean
    for q in range(0, len(x1), 8192):
        a, b = of_one[q : q + 8192], of_other[q : q + 8192]
        at = np.flatnonzero(both)[q : q + 8192]
        u[at] = np.einsum("ij,ij->i", one[a], other[b])
        c[at] = (u[at] - to_mean[a] - from_mean[b] + between) / norms[a] / other_norms[b]
    return u, c


def _fill_links(run: Run, spans: tuple[Ints, Ints, Ints, Ints], both: NDArray[np.bool_], put: Put) -> None:
    x1, x2, j1, j2 = spans
    size, count = run.there.shape
    boxes = []
    for links in (run.there, run.back):
        total = np.zeros((size + 1, count + 1))
        total[1:, 1:] = np.cumsum(np.cumsum(links, axis=0, dtype=np.float64), axis=1)
        boxes.append(total)
    inside, inside_back = (t[x2, j2] - t[x1, j2] - t[x2, j1] + t[x1, j1] for t in boxes)
    landed, landed_back = boxes[0][-1, j2] - boxes[0][-1, j1], boxes[1][x2, -1] - boxes[1][x1, -1]
    words, others = (x2 - x1).astype(float), (run.theirs.words[j2] - run.theirs.words[j1]).astype(float)
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


def _fill_borders(run: Run, spans: tuple[Ints, Ints, Ints, Ints], put: Put) -> None:
    x1, x2, j1, j2 = spans
    ours, theirs = run.ours, run.theirs
    cut, cut_there = ours.cuts(x2) & (x2 > x1), theirs.cuts(j2) & (j2 > j1)
    for strip, where, at, told in ((ours, cut, x2, ""), (theirs, cut_there, j2, ", there")):
        put(where, {f"begins{told}": _as_told(strip.begins[at])})
        put(where, {f"cut{told}": 1.0, f"in a bare segment{told}": strip.signs[at, 2]})
        for k, (word, names) in enumerate((("behind a", SIGNS), ("before", OPENINGS))):
            for kind, name in enumerate(names[:-1]):
                put(where & (strip.signs[at, k] == kind), {f"{word} {name}{told}": 1.0})
    marks, marks_there = ours.signs[x2, 0], theirs.signs[j2, 0]
    put(cut & cut_there, {"cut on both sides": 1.0, "cut behind the same mark": (marks == marks_there) & (marks < _NO_MARK)})
    number = theirs.numbers[j2]
    same, left = number == ours.numbers[x2], number == ours.numbers[np.maximum(x2 - 1, 0)]
    put(cut & (number >= 0), {"same number behind": same.astype(float), "its number before": (left & ~same).astype(float)})
    opens, closes = (ours.quotes[x2] & theirs.quotes[j2]).astype(float).T
    put(cut, {"quotation opens": opens, "quotation closes": closes, "together": ours.together[x2]})
    put(cut_there, {"together, there": theirs.together[j2]})
    put(ours.ends[x2] & (x2 > x1), {"end of a segment": 1.0})
    for name, strong in (
        ("ends inside", ours.ends),
        ("stops inside", ours.signs[:, 0] == SIGNS.index("stop")),
        ("semicolons inside", ours.signs[:, 0] == SIGNS.index("semicolon")),
    ):
        put(x2 > x1, {name: np.minimum(_between(strong, x1, x2), 4)})


@cache
def cutting_weights(name: str) -> NDArray[np.float64]:
    """The weights this version ships, by feature.

    "beside segments"; of a side whose sentences do not end at its marks, "past marks"; "beside pieces" of a side that is to be cut
    as well.
    """
    stored = json.loads(_stored())[name]
    return np.array([stored.get(feature, 0.0) for feature in FEATURES])


def cutting_digest() -> str:
    """The first 12 hex digits of the SHA-256 of these weights and of those of `align.beginnings`."""
    words = (files("align") / "data" / "beginnings.npz").read_bytes()
    return hashlib.sha256(_stored().encode() + words).hexdigest()[:12]


@cache
def _stored() -> str:
    return (files("align") / "data" / "cuts.json").read_text(encoding="utf-8")
