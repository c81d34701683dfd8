"""Documents whose parts do not stand in the same order, or not on both sides."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from test_align_evidence import OTHER, SOURCE, TARGET, pairs

from align import align_document, align_texts, document
from align.crossings import with_crossings
from corpora import Bead

MORE_SOURCE = [
    "ارتفع سعر الخبز هذا الأسبوع من جديد بعد محصول قمح ضعيف.",
    "يلتقي الناديان في المباراة النهائية يوم الجمعة.",
    "اكتشف علماء نوعا جديدا من الأسماك في أعماق البحر.",
    "يفتتح المتحف جناحه الجديد بمعرض للسجاد.",
    "أغلقت الثلوج الكثيفة عدة طرق جبلية.",
    "عزفت الفرقة الموسيقية أمام قاعة ممتلئة.",
]


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_moved_part_is_found_and_said_to_cross(size):
    source = [*SOURCE, *MORE_SOURCE]
    moved, rest = TARGET[1 : 1 + size], [*TARGET[:1], *TARGET[1 + size :], *OTHER]
    target = [*rest[:9], *moved, *rest[9:]]
    beads = align_texts(source, target)
    crossing = {(b.source, b.target) for b in beads if any(d.code == "crossing" for d in b.doubts)}
    assert crossing == {((1 + k,), (9 + k,)) for k in range(size)}
    assert sorted(k for b in beads for k in b.source) == list(range(len(source)))
    assert sorted(k for b in beads for k in b.target) == list(range(len(target)))
    assert [b.source for b in beads if b.source] == sorted(b.source for b in beads if b.source)


@pytest.mark.parametrize("at", range(5))
@pytest.mark.parametrize("long", [1500, 4])
def test_neighbours_in_the_other_order_cross(at, long, monkeypatch):
    monkeypatch.setattr(document, "LONG", long)
    swapped = [*TARGET[:at], TARGET[at + 1], TARGET[at], *TARGET[at + 2 :], *OTHER]
    beads = align_texts([*SOURCE, *MORE_SOURCE], swapped)
    crossing = {(b.source, b.target) for b in beads if any(d.code == "crossing" for d in b.doubts)}
    assert crossing == {((at,), (at + 1,)), ((at + 1,), (at,))}
    assert all(b.confidence > 0.5 for b in beads)
    assert sorted(k for b in beads for k in b.target) == list(range(len(swapped)))
    assert [b.source for b in beads] == sorted(b.source for b in beads)


@pytest.mark.parametrize("long", [1500, 4])
@pytest.mark.parametrize("locked", [[Bead((0,), (0,)), Bead((5,), (5,))], [Bead((1,), (1,))], [Bead((4,), ()), Bead((), (4,))]])
def test_neighbours_beside_locked_beads_cross(locked, long, monkeypatch):
    monkeypatch.setattr(document, "LONG", long)
    target = [*TARGET[:2], TARGET[3], TARGET[2], *TARGET[4:], *OTHER]
    beads = align_texts([*SOURCE, *MORE_SOURCE], target, locked=locked)
    crossing = {(b.source, b.target) for b in beads if any(d.code == "crossing" for d in b.doubts)}
    assert crossing == {((2,), (3,)), ((3,), (2,))}


def test_locked_beads_do_not_change_places():
    target = [*TARGET[:2], TARGET[3], TARGET[2], *TARGET[4:], *OTHER]
    beads = align_texts([*SOURCE, *MORE_SOURCE], target, locked=[Bead((2, 3), (2, 3)), Bead((7,), (7,))])
    assert not any(d.code == "crossing" for b in beads for d in b.doubts)


def test_a_moved_part_is_found_past_locked_beads():
    source = [*SOURCE, *MORE_SOURCE]
    target = [TARGET[0], *TARGET[3:], *OTHER[:3], *TARGET[1:3], *OTHER[3:]]
    beads = align_texts(source, target, locked=[Bead((0,), (0,)), Bead((4,), (2,)), Bead((6,), (4,)), Bead((10,), (10,))])
    crossing = {(b.source, b.target) for b in beads if any(d.code == "crossing" for d in b.doubts)}
    assert crossing == {((1,), (7,)), ((2,), (8,))}
    again = align_texts(source, target, locked=[replace(b, confidence=1) for b in beads if b.confidence > 0.5])
    assert {(b.source, b.target) for b in again} == {(b.source, b.target) for b in beads}


def test_a_sentence_changes_places_with_two():
    target = [
        *TARGET[:2],
        "The judge said that the confessions had been taken by force.",
        "They were worthless, he said.",
        TARGET[2],
        *TARGET[4:],
    ]
    beads = align_texts([*SOURCE, *MORE_SOURCE], [*target, *OTHER])
    assert {((2,), (4,)), ((3,), (2, 3))} <= set(pairs(beads))


def test_short_neighbours_stay_in_order():
    assert not any(d.code == "crossing" for b in align_texts(["نعم.", "لا.", *SOURCE], ["No.", "Yes.", *TARGET]) for d in b.doubts)


def test_an_untranslated_part_has_no_partner():
    alignment = align_document([*SOURCE, *MORE_SOURCE], TARGET)
    assert pairs(alignment.beads) == [*(((k,), (k,)) for k in range(6)), *(((6 + k,), ()) for k in range(6))]
    assert alignment.belief > 0.9


def test_both_languages_twice():
    beads = align_texts(SOURCE, [*TARGET, *TARGET])
    assert sum(bool(b.source and b.target) for b in beads) >= len(SOURCE) - 1
    assert sorted(k for b in beads for k in b.target) == list(range(2 * len(TARGET)))


def test_initials_that_are_left_over_on_both_sides_do_not_cross():
    source = [*SOURCE[:2], "هـ. إ. »", *SOURCE[2:], *MORE_SOURCE]
    target = [*TARGET, *OTHER[:2], "H. E.", *OTHER[2:]]
    assert not any(doubt.code == "crossing" for bead in align_texts(source, target) for doubt in bead.doubts)
    assert [
        doubt for bead in align_texts(["A. B.", "C. D."], ["C. D.", "A. B."]) for doubt in bead.doubts if doubt.code == "crossing"
    ] == []


@pytest.mark.parametrize(("elsewhere", "asked"), [(0.5, [(range(6, 7), range(1))]), (0.7, [])])
def test_what_is_left_over_is_compared_with_all_of_the_document(elsewhere, asked):
    """Segments 6 and 0 are left over and .6 alike; segment 6 is as much like the sixth, which has its partner."""
    beads = [Bead((), (0,), 0.0, 1.0), *(Bead((k,), (k + 1,), 1.0, 1.0) for k in range(6)), Bead((6,), (), 0.0, 1.0)]
    x, y = np.eye(7, 10, dtype=np.float32), np.eye(7, 10, 1, dtype=np.float32)[[6, *range(6)]]
    y[0] = np.eye(10, dtype=np.float32)[6] * 0.6 + np.eye(10, dtype=np.float32)[9] * 0.8
    y[6] = np.eye(10, dtype=np.float32)[6] * elsewhere + np.eye(10, dtype=np.float32)[8] * np.sqrt(1 - elsewhere**2)
    seen = []

    def cut(rows, columns):
        seen.append((rows, columns))

    impression = SimpleNamespace(belief=lambda weights: 0.0)
    judge = SimpleNamespace(weights=SimpleNamespace(belief=None), align=lambda part: ([], impression))
    assert with_crossings(beads, lambda: (x, y), cut, judge) == beads
    assert seen == asked
