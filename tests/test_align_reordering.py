"""Neighbours in another order: beads that cross, beads with gaps, and none where nothing was moved."""

import numpy as np
import pytest
from test_align_crossings import MORE_SOURCE
from test_align_evidence import OTHER, SOURCE, TARGET

from align import align_texts, document, reordering, stretches
from align.features import FIRST
from align.turning import rough_weights, turn_gains
from align.weights import shipped_weights
from corpora import Bead

ALL = [*SOURCE, *MORE_SOURCE]
LONG = [
    *ALL[:3],
    "وقال القاضي إن الاعترافات أخذت بالإكراه في مركز الشرطة، وإن المحامين منعوا من زيارة موكليهم طوال أسبوعين.",
    *ALL[4:],
]
HALVES = [
    "The judge said that the confessions had been taken by force at the police station,",
    "and that the lawyers had been kept from visiting their clients for two weeks.",
]


def ends(beads):
    return {(bead.source, bead.target) for bead in beads if bead.source and bead.target}


def crossing(beads):
    return {(bead.source, bead.target) for bead in beads if any(doubt.code == "crossing" for doubt in bead.doubts)}


@pytest.mark.parametrize("long", [1500, 4])
def test_a_sentence_between_the_halves_of_another(long, monkeypatch):
    monkeypatch.setattr(document, "LONG", long)
    target = [*TARGET[:2], TARGET[2], HALVES[0], TARGET[4], HALVES[1], *TARGET[5:], *OTHER]
    beads = align_texts(LONG, target)
    assert {((3,), (3, 5)), ((4,), (4,))} <= ends(beads)
    assert crossing(beads) == {((3,), (3, 5)), ((4,), (4,))}
    assert sorted(k for bead in beads for k in bead.target) == list(range(len(target)))
    assert not crossing(align_texts(LONG, target, keep_order=True))


def test_the_same_on_the_other_side():
    target = [*TARGET[:2], TARGET[2], HALVES[0], TARGET[4], HALVES[1], *TARGET[5:], *OTHER]
    beads = align_texts(target, LONG)
    assert {((3, 5), (3,)), ((4,), (4,))} <= ends(beads)
    assert sorted(k for bead in beads for k in bead.source) == list(range(len(target)))


def test_blank_segments_within_a_bead_with_a_gap_belong_to_it():
    target = [*TARGET[:3], HALVES[0], "", TARGET[4], " ", HALVES[1], *TARGET[5:], *OTHER]
    beads = align_texts(LONG, target)
    assert ((4,), (5,)) in ends(beads)
    assert sorted(k for bead in beads for k in bead.target) == list(range(len(target)))
    assert [bead.target for bead in beads if bead.source == (3,)] == [(3, 7)]


def test_two_pairs_of_neighbours_one_behind_the_other():
    order = [0, 2, 1, 4, 3, 5]
    beads = align_texts(ALL, [*(TARGET[k] for k in order), *OTHER])
    assert crossing(beads) == {((1,), (2,)), ((2,), (1,)), ((3,), (4,)), ((4,), (3,))}


def test_two_sentences_change_places_with_two():
    order = [0, 3, 4, 1, 2, 5]
    beads = align_texts(ALL, [*(TARGET[k] for k in order), *OTHER])
    assert crossing(beads) == {((order[k],), (k,)) for k in (1, 2, 3, 4)}


def test_no_stretch_ends_between_beads_that_cross(monkeypatch):
    monkeypatch.setattr(document, "LONG", 10)
    monkeypatch.setattr(stretches, "_STRETCH", 6)
    monkeypatch.setattr(stretches, "_TAIL", 1)
    source, target = ALL * 3, []
    for k in range(0, len(ALL), 2):
        target += [[*TARGET, *OTHER][k + 1], [*TARGET, *OTHER][k]]
    beads = align_texts(source, target * 3)
    assert sorted(k for bead in beads for k in bead.source) == list(range(len(source)))
    assert sorted(k for bead in beads for k in bead.target) == list(range(len(source)))


@pytest.mark.parametrize(
    ("beads", "settled"),
    [
        ([((0,), (0,)), ((1,), (1,)), ((2,), (2,)), ((3,), (3,))], {1, 2, 3, 4}),
        ([((0,), (0,)), ((1,), (2,)), ((2,), (1,)), ((3,), (3,))], {1, 3, 4}),
        ([((0,), (0, 2)), ((1,), (1,)), ((), (3,))], {2, 3}),
    ],
)
def test_borders_that_nothing_crosses(beads, settled):
    assert stretches._uncrossed([Bead(*bead) for bead in beads]) == settled


@pytest.mark.parametrize(("odd", "first", "last"), [(Bead((), (5,)), 3, 8), (Bead((5,), (5,), 0.0, 0.9), 4, 7)])
def test_what_is_looked_at_together(odd, first, last):
    """Of a segment without partner two beads to either side: it may belong to one behind the next."""
    beads = [Bead((k,), (k,), 0.0, 1.0) for k in range(10)]
    beads[5] = odd
    assert list(reordering._doubtful(beads)) == [beads[first:last]]


def test_the_rough_look_sees_which_runs_changed_places():
    units = np.eye(6, 8)
    sizes = np.stack([np.full(6, 0.4), np.full(6, 80.0)])
    types, weights = rough_weights(shipped_weights().first)
    assert types[1, 1] == pytest.approx(shipped_weights().first[FIRST.index("type 1-1")])
    assert np.isneginf(types[0, 0]) or types[0, 0] == 0
    gains = turn_gains((units, sizes), (units[[0, 3, 1, 2, 4, 5]], sizes), types, weights, 3)
    assert np.unravel_index(gains.argmax(), gains.shape) == (2, 0, 1)  # one before, two behind the second border
    assert gains.max() > 3
    still = turn_gains((units, sizes), (units, sizes), types, weights, 3)
    assert still[np.isfinite(still)].max() <= 0


def test_segments_of_a_bead_are_compared_with_those_beside_it(monkeypatch):
    """Target 1 is more like source 0 than like source 1, most like source 3."""
    x, y = np.eye(4, 5, dtype=np.float32), np.eye(4, 5, dtype=np.float32)
    y[1] = [0.5, 0.4, 0, 0.7, 0.33]
    assert reordering._lead(x, y, Bead((1,), (1,))) == pytest.approx(-0.3)
    assert reordering._lead(x, y, Bead((0, 3), (1,))) == pytest.approx(-0.3)
    assert reordering._lead(x[:1], y[:1], Bead((0,), (0,))) == pytest.approx(2.0)
    monkeypatch.setattr(reordering, "_BESIDE", 1)
    assert reordering._lead(x, y, Bead((1,), (1,))) == pytest.approx(-0.1)
