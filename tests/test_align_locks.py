"""Locked beads stay, the rest is aligned between them; impossible ones are refused."""

import pytest

from align import align_texts, document
from corpora import Bead, MuqabalaError

SOURCE = ["صدر القانون اليوم.", "ينص على حرية التعبير.", "", "رفضته المحكمة العليا.", "وقال الوزير إنه سيستقيل."]
TARGET = [
    "The law was passed today.",
    "It provides for freedom of expression.",
    "The supreme court rejected it.",
    "",
    "The minister said he would resign.",
]


def _pairs(beads: list[Bead]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    return [(bead.source, bead.target) for bead in beads]


@pytest.mark.parametrize(
    "locked",
    [
        [],
        [Bead((1,), (1,))],
        [Bead((0,), (0, 1))],
        [Bead((4,), (4,)), Bead((0,), (0,))],
        [Bead((0,), ()), Bead((), (4,))],
        [Bead((1, 2), ()), Bead((), (2, 3))],
        [Bead((0, 1, 2, 3, 4), (0, 1, 2, 3, 4))],
        [Bead((2,), (3,))],
        [Bead((), (0, 1, 2, 3, 4))],
        [Bead((0,), (1,)), Bead((1,), (0,))],
        [Bead((0,), (4,)), Bead((1,), (3,)), Bead((3,), (2,)), Bead((4,), (0, 1))],
        [Bead((0, 3), (0,)), Bead((1,), (1, 4))],
        [Bead((0,), (3,))],
    ],
)
@pytest.mark.parametrize("long", [1500, 2])
def test_locked_beads_stay_and_every_segment_is_in_one_bead(locked: list[Bead], long: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "LONG", long)
    beads = align_texts(SOURCE, TARGET, locked=locked)
    assert sorted(k for bead in beads for k in bead.source) == list(range(5))
    assert sorted(k for bead in beads for k in bead.target) == list(range(5))
    fixed = {(bead.source, bead.target) for bead in beads if bead.status == "locked"}
    assert fixed == set(_pairs(locked))
    assert all(bead.confidence == 1 for bead in beads if bead.status == "locked")


def test_a_lock_divides_the_problem() -> None:
    free = _pairs(align_texts(SOURCE, TARGET))
    assert ((4,), (4,)) in free
    between = _pairs(align_texts(SOURCE, TARGET, locked=[Bead((3,), (4,))]))
    assert ((4,), ()) in between
    assert ((1,), (1,)) in between


def test_locks_of_what_the_machine_says_change_nothing() -> None:
    machine = align_texts(SOURCE, TARGET)
    assert _pairs(align_texts(SOURCE, TARGET, locked=machine)) == _pairs(machine)


def test_one_that_crosses_all_others_does_not_part_them() -> None:
    source, target = [*SOURCE[:2], *SOURCE[3:]], [*TARGET[1:3], TARGET[4], TARGET[0]]
    moved = Bead((0,), (3,))
    beads = align_texts(source, target, locked=[moved, Bead((2,), (1,))])
    assert _pairs(beads) == [((0,), (3,)), ((1,), (0,)), ((2,), (1,)), ((3,), (2,))]


def test_what_is_locked_to_stay_alone_parts_no_bead() -> None:
    target = [*TARGET[:2], "The supreme court", "Page 14 of 20", "rejected it.", TARGET[4]]
    beads = align_texts(SOURCE, target, locked=[Bead((), (3,))])
    assert ((3,), (2, 4)) in _pairs(beads)
    assert ((), (3,)) in _pairs(beads)


@pytest.mark.parametrize(
    ("locked", "reason"),
    [
        ([Bead((0,), (0,)), Bead((0, 1), (1,))], "source segment is locked twice"),
        ([Bead((0,), (1, 1))], "target segment is locked twice"),
        ([Bead((0,), (5,))], "does not exist"),
        ([Bead((-1,), (0,))], "does not exist"),
    ],
)
def test_impossible_locks_are_refused(locked: list[Bead], reason: str) -> None:
    with pytest.raises(MuqabalaError, match=reason):
        align_texts(SOURCE, TARGET, locked=locked)


def test_a_doubtful_bead_has_its_reason() -> None:
    beads = align_texts([*SOURCE, "وكلفت المحكمة 14 موظفا."], [*TARGET, "Nothing of the kind: 27 ships sailed."])
    doubtful = [bead for bead in beads if bead.confidence < 0.9]
    assert doubtful
    assert all(bead.doubts for bead in doubtful)
    assert all(not bead.doubts for bead in beads if bead.confidence >= 0.9)
