"""The recursions against brute force on small inputs."""

from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from align import emissions
from align.emissions import Emissions
from align.hmm import expected_links
from align.lattice import NARROW, SOURCE_SIZE, TARGET_SIZE, TYPES, Lattice, build_lattice
from align.links import link_words
from align.recursions import heaviest_chain
from align.repeats import distinct_runs
from align.words import Words


def full_lattice(n, m, dice):
    low, high = np.zeros(n + 1, dtype=np.int64), np.full(n + 1, m)
    rows, columns = np.divmod(np.arange((n + 1) * (m + 1)), m + 1)
    edges = [
        (i * (m + 1) + j, (i - a) * (m + 1) + j - b, kind)
        for i in range(n + 1)
        for j in range(m + 1)
        for kind, (a, b) in enumerate(TYPES)
        if i >= a and j >= b
    ]
    to, source, kind = (np.array(column) for column in zip(*edges, strict=True))
    assert len(low) == len(high)
    lattice = Lattice(
        rows, columns, to.astype(np.int32), source.astype(np.int32), kind.astype(np.int8), np.zeros(len(to), np.float32)
    )
    return lattice, dice.normal(size=len(to)) * 2


def brute_force(lattice, score):
    """Best score and log partition sum by recursion over nodes."""
    into = {}
    for edge, node in enumerate(lattice.to.tolist()):
        into.setdefault(node, []).append(edge)

    @cache
    def best(node):
        return 0.0 if node == 0 else max(best(int(lattice.source[e])) + score[e] for e in into[node])

    @cache
    def total(node):
        return 0.0 if node == 0 else float(np.logaddexp.reduce([total(int(lattice.source[e])) + score[e] for e in into[node]]))

    return best(len(lattice.rows) - 1), total(len(lattice.rows) - 1)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 10_000))
def test_best_path_and_posteriors(n, m, seed):
    lattice, score = full_lattice(n, m, np.random.default_rng(seed))
    best, total = brute_force(lattice, score)
    path = lattice.path(score)
    assert score[path].sum() == pytest.approx(best)
    posterior = lattice.posterior(score)
    # every source segment is in one bead of each path
    i, _ = lattice.ends
    for segment in range(n):
        holds = (i - SOURCE_SIZE[lattice.kind] <= segment) & (segment < i)
        assert posterior[holds].sum() == pytest.approx(1, abs=1e-4)
    assert np.exp(best - total) == pytest.approx(np.exp(score[path].sum() - total))
    assert TARGET_SIZE[lattice.kind[path]].sum() == m


def test_hmm_equals_dense_forward_backward():
    dice = np.random.default_rng(1)
    rows, width = 7, 9
    emission = dice.random((rows, width))
    forward, backward, uniform = 0.8, 0.6, 1e-3
    at = np.arange(width)
    jump = np.where(
        at[None] >= at[:, None], forward ** (at[None] - at[:, None]).clip(0), backward ** (at[:, None] - at[None]).clip(0)
    )
    jump += uniform
    alpha, beta = np.zeros((rows, width)), np.ones((rows, width))
    alpha[0] = emission[0]
    for row in range(1, rows):
        alpha[row] = (alpha[row - 1] @ jump) * emission[row]
    for row in range(rows - 2, -1, -1):
        beta[row] = jump @ (emission[row + 1] * beta[row + 1])
    dense = alpha * beta / (alpha * beta).sum(axis=1, keepdims=True)
    segment, others = np.array([0, 0, 0, 1, 3, 3, 3]), np.array([0, 2, 2, 7, 9])  # two of the four segments have no word
    low, high = np.zeros(4, dtype=np.int64), np.full(4, 4)
    cells, starts, ones = emission.astype(np.float32).ravel(), np.arange(rows) * width, np.ones(width, dtype=np.float32)
    found = expected_links(
        cells, starts, ones, segment, low, high, others, (forward, backward), np.full(rows, uniform, dtype=np.float32)
    )
    for own in range(4):
        for other in range(4):
            inside = dense[segment == own, others[other] : others[other + 1]]
            assert found[own, other] == pytest.approx(inside.sum(), abs=1e-6)


@pytest.mark.parametrize("types", [range(len(TYPES)), NARROW])
def test_a_lattice_holds_every_bead_of_the_band(types):
    dice = np.random.default_rng(2)
    n, m = 70, 60  # more borders than are worked out together
    ours, theirs = (SimpleNamespace(spans=dice.normal(size=(11, size + 1, 8)).astype(np.float32)) for size in (n, m))
    middle = np.linspace(0, m, n + 1).astype(np.int64)
    low = np.minimum.accumulate(np.maximum(middle - dice.integers(0, 9, size=n + 1), 0)[::-1])[::-1]
    high = np.maximum.accumulate(np.minimum(middle + dice.integers(0, 9, size=n + 1), m))
    nodes = [(i, j) for i in range(n + 1) for j in range(low[i], high[i] + 1)]
    number = {node: k for k, node in enumerate(nodes)}
    wanted = []
    for i, j in nodes:
        for kind in types:
            a, b = TYPES[kind]
            if (i - a, j - b) in number:
                cosine = float(ours.spans[a, i] @ theirs.spans[b, j]) if a and b else 0.0
                wanted.append((number[i, j], number[i - a, j - b], kind, pytest.approx(cosine, abs=1e-5)))
    found = build_lattice(ours, theirs, (low, high), types=types)
    assert list(zip(found.rows.tolist(), found.columns.tolist(), strict=True)) == nodes
    edges = [column.tolist() for column in (found.to, found.source, found.kind, found.cosine)]
    assert list(zip(*edges, strict=True)) == wanted


def test_heaviest_chain():
    rows, columns = np.arange(5), np.array([0, 3, 1, 2, 4])
    assert heaviest_chain(rows, columns, np.ones(5), 5).tolist() == [0, 2, 3, 4]
    assert heaviest_chain(rows, columns, np.array([1, 9.0, 1, 1, 1]), 5).tolist() == [0, 1, 4]
    assert heaviest_chain(rows[:0], columns[:0], np.ones(0), 5).tolist() == []


def _random_words(segments, dice):
    segment = np.sort(dice.integers(segments, size=4 * segments))
    vectors = dice.normal(size=(len(segment), 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    own, around = np.ascontiguousarray(vectors[:, :8]), np.ascontiguousarray(vectors[:, 8:])
    kinds = np.repeat(np.arange(len(segment))[:, None], 2, axis=1)
    return Words(own, around, kinds, np.searchsorted(segment, np.arange(segments + 1)))


def _random_windows(rows, columns, dice):
    middle = np.linspace(0, columns - 1, rows).astype(np.int64)
    low = np.minimum.accumulate(np.maximum(middle - dice.integers(1, 4, size=rows), 0)[::-1])[::-1]
    high = np.maximum.accumulate(np.minimum(middle + dice.integers(1, 4, size=rows), columns))
    other = np.arange(columns)
    back_low = np.minimum(np.searchsorted(high, other, side="right"), rows - 1)
    return low, high, back_low, np.maximum(np.searchsorted(low, other, side="right"), back_low + 1)


@pytest.mark.parametrize("seed", range(5))
def test_links_both_ways_share_their_emissions(seed, monkeypatch):
    """Long documents compute each way by itself, in smaller chunks; every word is linked all the same."""
    dice = np.random.default_rng(seed)
    ours, theirs = _random_words(20, dice), _random_words(25, dice)
    within = _random_windows(20, 25, dice)
    shared = link_words(ours, theirs, within)
    monkeypatch.setattr(emissions, "_CELLS", 50)
    apart = link_words(ours, theirs, within)
    for one, other in zip(shared, apart, strict=True):
        assert np.allclose(one.landed[-1], other.landed[-1])


@pytest.mark.parametrize("seed", range(5))
def test_mirrored_emissions_are_those_computed(seed):
    dice = np.random.default_rng(seed)
    ours, theirs = _random_words(20, dice), _random_words(25, dice)
    low, high, back_low, back_high = _random_windows(20, 25, dice)
    there, back = Emissions(ours, theirs, low, high), Emissions(theirs, ours, back_low, back_high)
    computed, first = back.between(0, 25)
    there.weigh(back)
    assert back.mirror is there
    for begin, end in ((0, 25), (7, 12)):
        assert np.allclose(back.between(begin, end)[0], computed[first[begin] : first[end]], atol=1e-6)


def test_a_word_that_goes_with_everything_counts_less():
    """Three words a side, one window: each word of theirs weighs one over the root of what ours give it."""
    dice = np.random.default_rng(0)
    vectors = dice.normal(size=(2, 3, 4)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=2, keepdims=True)
    nothing, kinds, first = np.zeros((3, 4), dtype=np.float32), np.repeat(np.arange(3)[:, None], 2, axis=1), np.arange(4)
    ours, theirs = (Words(own, nothing, kinds, first) for own in vectors)
    windows = np.zeros(3, dtype=np.int64), np.full(3, 3)
    there, back = Emissions(ours, theirs, *windows), Emissions(theirs, ours, *windows)
    there.weigh(back)
    emission = np.exp((vectors[0] @ vectors[1].T - 1) / emissions.TEMPERATURE)
    assert np.allclose(there.weights, emission.sum(axis=0) ** -0.5, rtol=1e-4)
    assert np.allclose(back.weights, emission.sum(axis=1) ** -0.5, rtol=1e-4)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 2), max_size=40), st.data())
def test_distinct_runs_are_those_with_other_tokens_or_neighbours(tokens, data):
    borders = data.draw(st.lists(st.tuples(st.integers(0, len(tokens)), st.integers(0, 4)), max_size=20))
    starts = np.array([a for a, _ in borders], dtype=np.int64)
    ends = np.array([min(a + n, len(tokens)) for a, n in borders], dtype=np.int64)
    found = distinct_runs(np.array(tokens, dtype=np.int64), starts, ends, 2)
    keys = [
        (tuple(tokens[max(a - 2, 0) : b + 2]), min(a, 2), min(len(tokens) - b, 2))
        for a, b in zip(starts.tolist(), ends.tolist(), strict=True)
    ]
    assert [keys.index(keys[run]) for run in found.first.tolist()] == found.first.tolist()
    assert found.kind.tolist() == [list(dict.fromkeys(keys)).index(key) for key in keys]
