"""Segments cut finer: what the pieces are, that they are read once, and what their alignment says of the ends of beads."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from align import align_texts
from align.features import second_features
from align.finer import finer_looks, met_ends, read_pair
from align.habits import Habits
from align.likely import likely_beads
from align.pieces import sentences
from align.side import read_cut_side, read_side
from align.weights import shipped_weights
from corpora import Bead

SOURCE = [
    "وصل المحامي إلى المخفر صباح الأحد. وطلب أن يرى موكله على الفور.",
    "رفض الضابط المناوب طلبه، وقال إن الزيارات ممنوعة حتى إشعار آخر.",
    "ثم سجل المحامي شكواه لدى النيابة العامة. وانتظر ثلاثة أيام من دون جواب. وفي اليوم الرابع أبلغ بأن موكله نقل إلى سجن آخر.",
    "لم تعرف العائلة مكانه إلا بعد شهر.",
]
TARGET = [
    "The lawyer reached the police station on Sunday morning.",
    "He asked to see his client at once. The officer on duty refused, saying that visits were suspended until further notice.",
    "The lawyer then filed a complaint with the public prosecutor.",
    "He waited three days without an answer, and on the fourth he was told that his client had been moved to another prison.",
    "The family learnt where he was only a month later.",
]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("He sat down. He wept.", ["He sat down.", "He wept."]),
        ("هل رأيته؟ لم أره. ذهبت", ["هل رأيته؟", "لم أره.", "ذهبت"]),
        ("他来了。她走了。", ["他来了。", "她走了。"]),
        ("- a list item. Its end", ["- a list item.", "Its end"]),
        ("no end at all", ["no end at all"]),
        ("3.5 per cent", ["3.5 per cent"]),
        ("", [""]),
        (" . ", [" . "]),
    ],
)
def test_sentences_of_a_segment(text, wanted):
    assert sentences(text) == wanted


@given(st.text(alphabet='aB .،,;:!؟。，"»\n', max_size=120))
def test_pieces_lose_nothing(text):
    pieces = sentences(text)
    assert pieces
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert len(pieces) == 1 or all(pieces)


@pytest.mark.parametrize("text", ["." * 400_000, '!"' * 200_000, "ab." * 100_000, ":" * 400_000])
def test_a_text_of_stops_is_looked_at_once(text):
    """The time does not grow with the square of the length: these would take minutes."""
    assert sentences(text) == [text]


def test_pieces_are_read_as_if_alone():
    """Nearly: where they meet a segment that is not cut, spans of several do not see the words across the border."""
    cut = [sentences(text) for text in SOURCE]
    pieces = [piece for segment in cut for piece in segment]
    whole, finer = read_cut_side(SOURCE, cut)
    for side, texts in ((whole, SOURCE), (finer.side(), pieces)):
        other = read_side(texts)
        assert side.texts == texts
        assert np.array_equal(side.tokens, other.tokens)
        assert np.array_equal(side.characters, other.characters)
        assert np.diff(side.words.first).tolist() == np.diff(other.words.first).tolist()
        for size in range(1, len(texts) + 1):
            assert (side.spans[size, size:] * other.spans[size, size:]).sum(axis=1).min() > 0.998
        for k in range(len(texts)):
            bounds = int(other.words.first[k]), int(other.words.first[k + 1])
            assert (side.words.vectors(*bounds) * other.words.vectors(*bounds)).sum(axis=1).min() > 0.6


def test_what_has_no_pieces_costs_nothing():
    assert read_pair(["One went home", "two stayed"], ["Einer ging", "zwei blieben"]).pieces is None
    assert [len(side.texts) for side in read_pair(["One went home. Two stayed"], ["Einer ging"]).pieces] == [2, 1]


def test_a_part_has_the_pieces_of_its_segments():
    ours, theirs = read_pair(SOURCE, TARGET).cut((1, 3), (1, 4)).pieces
    assert ours.texts == [piece for text in SOURCE[1:3] for piece in sentences(text)]
    assert theirs.texts == [piece for text in TARGET[1:4] for piece in sentences(text)]
    assert ours.before.tolist() == np.cumsum([0, *(len(sentences(text)) for text in SOURCE[1:3])]).tolist()
    assert theirs.before[-1] == len(theirs.side())


def test_only_what_is_near_a_cut_segment_is_looked_at():
    source = [f"تأجلت الجلسة رقم {k} إلى يوم آخر" for k in range(60)]
    target = [f"Hearing number {k} was adjourned to another day" for k in range(60)]
    source[20] = SOURCE[0]
    target[20] = "The lawyer reached the police station on Sunday morning. He asked to see his client at once."
    _, look, _ = looked_at(source, target)
    (window,) = look.windows
    assert 0 < window.rows[0] <= 20 < window.rows[1] < 60
    assert window.rows == window.columns
    assert window.ours.tolist() == window.theirs.tolist()


def looked_at(source, target):
    """The lattice over two texts, the look at their pieces, and by end of a bead what it says."""
    pair, weights = read_pair(source, target), shipped_weights()
    likely = likely_beads(pair, weights.first)
    lattice, habits = likely[0], Habits.of([pair], [likely])
    features = second_features(pair.source, pair.target, lattice, habits)
    look = finer_looks([pair], [likely], weights.first)[0]
    second = weights.second(habits.freedom)
    ends = met_ends(pair, lattice, features @ second, look, second)
    return lattice, look, dict(zip(zip(*(end.tolist() for end in lattice.ends), strict=True), ends.tolist(), strict=True))


def test_ends_that_the_pieces_meet():
    _, _, by_end = looked_at(SOURCE, TARGET)
    assert by_end[4, 5] == pytest.approx(0, abs=1e-3)  # both end there
    assert by_end[1, 1] < -0.1  # the second half of the first segment belongs to the second bead
    assert by_end[2, 2] >= by_end[1, 1]


def test_where_nothing_is_cut_the_pieces_say_nothing():
    _, look, by_end = looked_at([text.replace(".", "") for text in SOURCE], TARGET[:1])
    assert not look.windows
    assert not any(by_end.values())


def test_equal_segments_in_a_row_meet_in_order():
    """Their pieces may be taken for each other's."""
    beads = align_texts([SOURCE[0]] * 300, ["The lawyer reached the police station. He asked to see his client."] * 300)
    assert [(bead.source, bead.target) for bead in beads] == [((k,), (k,)) for k in range(300)]


def test_segments_that_overlap_are_one_bead():
    beads = {(bead.source, bead.target) for bead in align_texts(SOURCE, TARGET)}
    assert beads == {((0, 1), (0, 1)), ((2,), (2, 3)), ((3,), (4,))}


def test_locked_beads_hold_for_their_pieces():
    locked = [Bead((2,), ()), Bead((3,), (4,))]
    beads = align_texts(SOURCE, TARGET, locked=locked)
    assert {((2,), ()), ((3,), (4,))} <= {(bead.source, bead.target) for bead in beads}
