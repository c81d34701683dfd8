"""The punctuation at borders: kinds, what a document teaches about them, what that changes."""

import numpy as np
import pytest

from align import align_texts
from align.borders import Borders, border_kinds
from align.lattice import TYPES, Lattice


@pytest.mark.parametrize(
    ("before", "behind", "kind"),
    [
        ("The court adjourned.", "It met again.", 1),
        ("The court adjourned", "It met again.", 0),
        ("The court, ", "which met again.", 5),
        ("He said: “No.”", "And left.", 1),
        ("انعقدت الجلسة؟", "نعم.", 1),
        ("انعقدت الجلسة،", "ثم رفعت.", 2),
        ("法院休庭。", "明天继续。", 1),
        ("", "and so on", 3),
        ("...", "", 1),
    ],
)
def test_kind_of_a_border(before, behind, kind):
    assert border_kinds([before, behind]).tolist() == [0, kind, 0]


def test_no_segments_have_one_border():
    assert border_kinds([]).tolist() == [0]


def _diagonal(count: int) -> Lattice:
    """All 1-1 beads of two sides, and the 2-1 beads beside them."""
    one, two = TYPES.index((1, 1)), TYPES.index((2, 1))
    rows = np.arange(count + 1)
    to = np.array([k for k in range(1, count + 1) for _ in range(1 + (k > 1))])
    kind = np.array([t for k in range(1, count + 1) for t in ((one, two) if k > 1 else (one,))], dtype=np.int8)
    return Lattice(rows, rows, to.astype(np.int32), (to - 1).astype(np.int32), kind, np.zeros(len(to), dtype=np.float32))


def test_a_document_teaches_where_its_beads_end():
    count = 200
    lattice = _diagonal(count)
    kinds = np.array([0, *([1, 1, 1, 2] * count)][: count + 1])
    seen = (lattice.kind == TYPES.index((1, 1))).astype(np.float32)
    borders = Borders.learnt([(kinds, kinds, lattice, seen)])
    assert borders.meet[1, 1] > 0.2
    assert borders.meet[2, 2] > 1
    assert borders.meet[1, 2] < -2
    met, inside, dropped = borders.judge(kinds, kinds, lattice)
    assert met[lattice.to == count].tolist() == [0, 0]  # the end of the document is no choice
    assert not dropped.any()
    assert not inside[lattice.kind == TYPES.index((1, 1))].any()


def test_a_short_document_teaches_little():
    lattice = _diagonal(2)
    kinds = np.array([0, 1, 0])
    borders = Borders.learnt([(kinds, kinds, lattice, np.ones(3, dtype=np.float32))])
    assert np.abs(borders.meet).max() < 1


def test_a_segment_cut_within_its_sentence_goes_with_its_rest():
    english = []
    arabic = []
    for number, (left, right) in enumerate(_SENTENCES):
        english += [f"{left},", f"{right}."] if number % 3 == 0 else [f"{left}, {right}."]
        arabic.append(_ARABIC[number])
    beads = [(bead.source, bead.target) for bead in align_texts(arabic, english)]
    sizes = [2 if number % 3 == 0 else 1 for number in range(len(arabic))]
    starts = np.cumsum([0, *sizes])
    assert beads == [((k,), tuple(range(starts[k], starts[k] + sizes[k]))) for k in range(len(arabic))]


_SENTENCES = [
    ("On the second day the guards took his shoes", "and he walked barefoot to the yard"),
    ("The lawyer asked for the file", "but the clerk said that it had been lost"),
    ("After the hearing the family waited outside", "because nobody had told them where to go"),
    ("The doctor wrote a short report", "in which she listed the wounds on his back"),
    ("When the judge entered the room", "the prosecutor withdrew two of the charges"),
    ("The witness named the building", "and drew the corridor from memory"),
]
_ARABIC = [
    "في اليوم الثاني أخذ الحراس حذاءه، فمشى حافيا إلى الساحة.",
    "طلب المحامي الملف، لكن الكاتب قال إنه فقد.",
    "بعد الجلسة انتظرت الأسرة في الخارج، لأن أحدا لم يخبرها إلى أين تذهب.",
    "كتبت الطبيبة تقريرا قصيرا، عددت فيه الجروح على ظهره.",
    "عندما دخل القاضي القاعة، سحب المدعي العام تهمتين.",
    "سمى الشاهد المبنى، ورسم الممر من ذاكرته.",
]
