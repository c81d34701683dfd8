"""Gold texts with parts left out or segmented otherwise: beads keep the text they had, whatever becomes of the segments."""

import random
from itertools import pairwise

import pytest

from benchmarks.changed import changed_texts, segmented_otherwise, without_lines, without_parts, without_section
from benchmarks.examples import fold_of
from benchmarks.gold import GoldText
from corpora import Bead

SOURCE = [f"s{k}a s{k}b, s{k}c s{k}d" for k in range(40)]
TARGET = [f"t{k}a t{k}b, t{k}c t{k}d" for k in range(40)]


@pytest.fixture
def text():
    """Two sides whose beads are 1-1, 2-1, 1-2, one that crosses the next, one with a gap, and a segment alone."""
    beads = [Bead((k,), (k,)) for k in range(10)]
    beads += [Bead((10, 11), (10,)), Bead((12,), (11, 12)), Bead((13,), (14,)), Bead((14,), (13,)), Bead((15,), (15, 17))]
    beads += [Bead((16,), (16,)), Bead((17,), ()), *(Bead((k,), (k,)) for k in range(18, 40))]
    return GoldText("made up", "one", ("en", "en"), SOURCE, TARGET, beads)


def words(text, bead):
    return [set(" ".join(side[k] for k in run).split()) for side, run in ((text.source, bead.source), (text.target, bead.target))]


@pytest.mark.parametrize("side", [0, 1])
def test_a_section_is_taken_away(text, side):
    left = without_section(text, side, 0.25, 0.5)
    sides = left.text.source, left.text.target
    assert [len(texts) for texts in sides] == ([30, 40] if side == 0 else [40, 30])
    old = [words(text, bead) for bead in text.beads]
    for bead in left.whole:
        assert words(left.text, bead) in old
    for bead in left.text.beads:
        now = words(left.text, bead)
        assert any(now[0] <= before[0] and now[1] <= before[1] and all(now) for before in old)
    assert not left.alone[side]
    lost = {sides[1 - side][k] for k in left.alone[1 - side]}
    gone = {(SOURCE, TARGET)[side][k] for k in range(10, 20)}
    expected = {
        (TARGET, SOURCE)[side][k]
        for bead in text.beads
        for k in (bead.target, bead.source)[side]
        if (own := (bead.source, bead.target)[side]) and {(SOURCE, TARGET)[side][j] for j in own} <= gone
    }
    assert lost == expected


def test_parts_are_left_out_on_both_sides(text):
    left = without_parts(text, random.Random(1))
    assert len(left.text.source) < 40 > len(left.text.target)
    assert all(left.alone)
    linked = [{k for bead in left.text.beads for k in run(bead)} for run in (lambda b: b.source, lambda b: b.target)]
    assert all(alone.isdisjoint(used) for alone, used in zip(left.alone, linked, strict=True))


@pytest.mark.parametrize("side", [0, 1])
def test_a_summary_keeps_some_beads_of_one_side(text, side):
    left = without_lines(text, side, 0.5, random.Random(2))
    counts = [len(left.text.source), len(left.text.target)]
    assert counts[1 - side] == 40
    assert 10 < counts[side] < 30
    old = [words(text, bead) for bead in text.beads]
    assert left.whole == left.text.beads
    assert all(words(left.text, bead) in old for bead in left.whole)
    assert not left.alone[side]
    assert len(left.alone[1 - side]) > 10


def test_text_is_segmented_otherwise_and_stays_what_it_was(text):
    new = segmented_otherwise(text, random.Random(3))
    assert " ".join(new.source).split() == " ".join(SOURCE).split()
    assert " ".join(new.target).split() == " ".join(TARGET).split()
    assert len(new.source) != 40 or len(new.target) != 40
    old = [words(text, bead) for bead in text.beads if bead.source and bead.target]
    for bead in new.beads:
        now = words(new, bead)
        for before in old:  # of an old bead both sides are in a new one, whole, or neither
            assert (before[0] <= now[0]) == (before[1] <= now[1]) == bool(before[0] & now[0]) == bool(before[1] & now[1])
    for taken in ([k for bead in new.beads for k in bead.source], [k for bead in new.beads for k in bead.target]):
        assert len(set(taken)) == len(taken)


def test_texts_are_the_same_at_every_call_and_are_left_out_with_what_they_were_made_of(text):
    made = changed_texts([text])
    assert made == changed_texts([text])
    assert len({(one.group, one.name) for one in made}) == len(made)
    assert {fold_of(one) for one in made} == {fold_of(text)}
    assert all(one.source != other.source or one.target != other.target for one, other in pairwise(made))
