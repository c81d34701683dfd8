"""Which document is the translation of which: near ones by vector, judged by aligning them, assigned one to one.

A document's vector is the mean of its segments' vectors without what all documents of its side have in common. It finds candidates;
it does not tell whether the best of them is a translation (own ones down to .59, others up to .83 on the development news). The
belief that an alignment gives does: it is made a probability by a logistic curve fitted on pairs and near misses of the development
data (news, laws, literature and yearbooks in parts of twelve beads).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from align.aligner import align_document
from align.encoder import use_encoder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from align.network import Floats, Ints

_SAMPLED = 64  # segments of a document that its vector is made of, evenly taken
_JUDGED = 150  # segments of each document, from its beginning, that are aligned to judge a pair
_CANDIDATES = 5  # of each document
_ROWS = 1000  # of the similarity matrix at a time
_SLOPE, _OFFSET = 3.07, -5.59  # of the confidence in the logit of the belief
_SURE = 0.97  # confidence at which a pair that are each other's nearest needs no comparison
_LEAST = 0.02  # candidates less sure than this are none
_LARGEST = 400  # documents assigned exactly; a larger knot is resolved best first


class Documents(Protocol):
    """Documents by number, each a list of segments; a list of lists, or something that reads them when they are asked for."""

    def __len__(self) -> int: ...

    def __getitem__(self, at: int, /) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class DocumentMatch:
    """A source and a target document by number, and the probability that they belong together."""

    source: int
    target: int
    confidence: float


def pair_documents(
    sources: Documents,
    targets: Documents,
    *,
    least: float = 0.5,
    progress: Callable[[int, int], None] | None = None,
) -> list[DocumentMatch]:
    """The documents that belong together, one to one, most of them; the others are left alone.

    Args:
        sources: the segments of each source document.
        targets: those of each target document.
        least: how probable a match has to be.
        progress: called with (documents read, documents in all).
    """
    if not len(sources) or not len(targets):
        return []
    total = len(sources) + len(targets)
    x = document_vectors(sources, progress=progress and (lambda done: progress(done, total)))
    y = document_vectors(targets, progress=progress and (lambda done: progress(len(sources) + done, total)))
    matches = _judged(sources, targets, *candidates(x, y))
    return sorted(
        (match for match in assigned(matches) if match.confidence >= least), key=lambda match: (match.source, match.target)
    )


def document_vectors(documents: Documents, *, progress: Callable[[int], None] | None = None) -> Floats:
    """Unit vectors (N, 512) of documents, what they have in common removed where there are several."""
    encoder = use_encoder()
    vectors = np.zeros((len(documents), 512), dtype=np.float32)
    for k in range(len(documents)):
        texts = [text for text in documents[k] if text.strip()]
        if texts:
            chosen = np.linspace(0, len(texts) - 1, min(len(texts), _SAMPLED)).astype(int).tolist()
            vectors[k] = encoder.encode([texts[at] for at in chosen]).mean(axis=0)
        if progress:
            progress(k + 1)
    vectors -= vectors.sum(axis=0) / (len(vectors) + 3)  # less of it where they are few
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)  # type: ignore[no-any-return]


def candidates(x: Floats, y: Floats) -> tuple[Ints, Ints]:
    """Pairs (source, target) of documents near each other, seen from either side, nearest first."""
    found: dict[tuple[int, int], float] = {}
    best = np.full((_CANDIDATES, len(y)), -2.0, dtype=np.float32), np.zeros((_CANDIDATES, len(y)), dtype=np.int64)
    for first in range(0, len(x), _ROWS):
        similarity = x[first : first + _ROWS] @ y.T
        for i, row in enumerate(similarity):
            for j in np.argsort(-row)[:_CANDIDATES]:
                found[first + i, int(j)] = float(row[j])
        rows = np.repeat(np.arange(first, first + len(similarity))[:, None], len(y), axis=1)
        values, owners = np.vstack([best[0], similarity]), np.vstack([best[1], rows])
        order = np.argsort(-values, axis=0, kind="stable")[:_CANDIDATES]
        best = np.take_along_axis(values, order, axis=0), np.take_along_axis(owners, order, axis=0)
    for j in range(len(y)):
        found |= {(int(i), j): float(value) for value, i in zip(best[0][:, j], best[1][:, j], strict=True) if value > -2}
    ranked = sorted(found, key=lambda pair: (-found[pair], pair))
    pairs = np.array(ranked, dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def confidence_of(belief: float) -> float:
    """Probability that two documents belong together, from the belief in their alignment."""
    p = min(max(belief, 1e-4), 1 - 1e-4)
    return float(1 / (1 + np.exp(-(_SLOPE * np.log(p / (1 - p)) + _OFFSET))))


def judged(source: Sequence[str], target: Sequence[str]) -> float:
    """Probability that two documents belong together."""
    return confidence_of(align_document(source[:_JUDGED], target[:_JUDGED]).belief)


def _judged(sources: Documents, targets: Documents, rows: Ints, columns: Ints) -> list[DocumentMatch]:
    """The candidates with their confidences. Documents that are each other's nearest and surely belong together need no others."""
    pairs = list(zip(rows.tolist(), columns.tolist(), strict=True))
    nearest = _nearest(pairs), _nearest([(j, i) for i, j in pairs])
    settled: tuple[set[int], set[int]] = (set(), set())
    out = []
    for i, j in pairs:
        if i in settled[0] or j in settled[1]:
            continue
        match = DocumentMatch(i, j, round(judged(sources[i], targets[j]), 4))
        out.append(match)
        if match.confidence > _SURE and nearest[0][i] == j and nearest[1][j] == i:
            settled[0].add(i)
            settled[1].add(j)
    return [match for match in out if match.confidence > _LEAST]


def _nearest(pairs: Sequence[tuple[int, int]]) -> dict[int, int]:
    """The first partner of each document."""
    out: dict[int, int] = {}
    for i, j in pairs:
        out.setdefault(i, j)
    return out


def assigned(matches: Sequence[DocumentMatch]) -> list[DocumentMatch]:
    """One to one, so that the sum of confidences is highest: knot by knot of documents that compete."""
    return [match for knot in _knots(matches) for match in (_exactly(knot) if len(knot) <= _LARGEST else _best_first(knot))]


def _knots(matches: Sequence[DocumentMatch]) -> Iterator[list[DocumentMatch]]:
    """The matches in groups that share no document."""
    by_end: dict[tuple[str, int], list[DocumentMatch]] = {}
    for match in matches:
        for end in (("source", match.source), ("target", match.target)):
            by_end.setdefault(end, []).append(match)
    seen: set[DocumentMatch] = set()
    for first in matches:
        if first in seen:
            continue
        knot, waiting = [], deque([first])
        seen.add(first)
        while waiting:
            match = waiting.popleft()
            knot.append(match)
            for other in (*by_end["source", match.source], *by_end["target", match.target]):
                if other not in seen:
                    seen.add(other)
                    waiting.append(other)
        yield knot


def _best_first(knot: Sequence[DocumentMatch]) -> list[DocumentMatch]:
    taken: tuple[set[int], set[int]] = (set(), set())
    out = []
    for match in sorted(knot, key=lambda m: (-m.confidence, m.source, m.target)):
        if match.source not in taken[0] and match.target not in taken[1]:
            taken[0].add(match.source)
            taken[1].add(match.target)
            out.append(match)
    return out


def _exactly(knot: Sequence[DocumentMatch]) -> list[DocumentMatch]:
    """The best assignment of a knot: augmenting paths over potentials (Kuhn 1955, Munkres 1957); no match costs nothing."""
    rows, columns = sorted({m.source for m in knot}), sorted({m.target for m in knot})
    if len(knot) == 1:
        return list(knot)
    gain = np.zeros((len(rows), len(columns) + len(rows)))  # a column of its own for every row that stays alone
    known = {}
    for match in knot:
        gain[rows.index(match.source), columns.index(match.target)] = match.confidence
        known[match.source, match.target] = match
    owner = _assignment(-gain)
    found = [(rows[i], columns[j]) for j, i in enumerate(owner[: len(columns)]) if i >= 0]
    return [known[pair] for pair in found if pair in known]


def _assignment(cost: NDArray[np.float64]) -> list[int]:
    """The row of each column (or -1) at least cost; rows are not more than columns."""
    height, width = cost.shape
    u, v = np.zeros(height), np.zeros(width + 1)
    owner = np.full(width + 1, -1)
    for row in range(height):
        owner[width] = row
        at = width
        least = np.full(width, np.inf)
        came = np.full(width, width)
        used = np.zeros(width + 1, dtype=bool)
        while owner[at] >= 0:
            used[at] = True
            i = owner[at]
            free = ~used[:width]
            reduced = cost[i] - u[i] - v[:width]
            better = free & (reduced < least)
            least[better], came[better] = reduced[better], at
            following = int(np.argmin(np.where(free, least, np.inf)))
            step = least[following]
            u[owner[used]] += step
            v[used] -= step
            least[free] -= step
            at = following
        while at != width:
            before = came[at]
            owner[at] = owner[before]
            at = before
    return [int(k) for k in owner[:width]]
