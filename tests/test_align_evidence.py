"""More evidence than the texts: a machine translation, terms, names; and whether the texts belong together at all."""

import numpy as np
import pytest

from align import Evidence, align_document, align_texts
from align.features import FIRST, first_features
from align.lattice import build_lattice
from align.side import read_side
from corpora import MuqabalaError
from corpora.names import name_keys

SOURCE = [
    "وصل المحامي إلى المركز صباح الاثنين ومعه ملف موكله.",
    "لم يسمح له بالدخول، وقيل له إن موكله نقل إلى مكان آخر.",
    "بعد شهر ظهر الرجل في دمشق، وكان قد فقد كثيرا من وزنه.",
    "وقال القاضي إن الاعترافات أخذت بالإكراه ولا قيمة لها.",
    "وأمرت المحكمة بالإفراج عنه وبتعويضه.",
    "ولم تنشر الوزارة أي تعليق على الحكم.",
]
TARGET = [
    "The lawyer arrived at the centre on Monday morning with his client's file.",
    "He was not allowed in, and was told that his client had been moved elsewhere.",
    "A month later the man appeared in Damascus; he had lost much weight.",
    "The judge said that the confessions had been taken by force and were worthless.",
    "The court ordered that he be released and compensated.",
    "The ministry has not commented on the judgment.",
]
OTHER = [
    "Bread prices rose again this week after a poor wheat harvest.",
    "The two football clubs will meet in the final on Friday.",
    "Scientists have found a new kind of fish in the deep sea.",
    "The museum opens its new wing with an exhibition of carpets.",
    "Heavy snow closed several mountain roads.",
    "The orchestra played to a full house.",
]


def pairs(beads):
    return [(bead.source, bead.target) for bead in beads]


def test_a_translation_is_believed():
    """A translation that says something else makes less sure."""
    plain, right, wrong = (
        min(bead.confidence for bead in align_texts(SOURCE, TARGET, evidence=evidence))
        for evidence in (Evidence(), Evidence(translation=TARGET), Evidence(translation=OTHER))
    )
    assert min(right, plain) > wrong


def test_a_good_translation_changes_nothing_where_all_is_clear():
    assert pairs(align_texts(SOURCE, TARGET, evidence=Evidence(translation=TARGET))) == pairs(align_texts(SOURCE, TARGET))


@pytest.mark.parametrize(
    "evidence",
    [Evidence(translation=["one line"]), Evidence(source_terms=[("a",)]), Evidence(target_terms=[("a",)] * 7)],
)
def test_evidence_of_other_segments_is_refused(evidence):
    with pytest.raises(MuqabalaError, match="segments"):
        align_texts(SOURCE, TARGET, evidence=evidence)


def test_terms_link_what_holds_them():
    source, target = ["هذا هو الأول.", "هذا هو الآخر."], ["So it was.", "And so it was too."]
    none = ((),) * 2
    plain = align_document(source, target).beads
    terms = align_document(source, target, evidence=Evidence((), [("court",), ()], [("court",), ()])).beads
    assert pairs(terms) == pairs(plain) == [((0,), (0,)), ((1,), (1,))]
    assert align_document(source, target, evidence=Evidence((), none, none)).beads == plain
    crossed = align_document(source, target, evidence=Evidence((), [("court",), ()], [(), ("court",)])).beads
    assert crossed[0].confidence < terms[0].confidence or pairs(crossed) != pairs(terms)


def test_belief():
    assert align_document(SOURCE, TARGET).belief > 0.95
    wrong = align_document(SOURCE, OTHER)
    assert wrong.belief < 0.1
    assert all(bead.confidence <= 0.1 for bead in wrong.beads)
    assert align_document([], TARGET).belief == -1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("سافر الوزير لافروف", "Minister Lavrov travelled"),
        ("وبموسكو", "In Moscow"),
        ("Лавров", "Lavrov"),
        ("Die Expedition zum Kangchendzönga", "l'expédition au Kangchenjunga"),
        ("Die Atmosphäre", "l'atmosphère"),
        ("لافروف", "qu'Lavrov"),
        ("Clark", "Clark’s"),
        ("N'Djamena", "à N'Djamena"),
    ],
)
def test_names_meet(one, other):
    assert set(name_keys(one)) & set(name_keys(other))


def test_common_words_are_no_names():
    assert not set(name_keys("the court sat")) & set(name_keys("la cour siège"))
    assert name_keys("") == name_keys("12 ، 7") == ()
    assert set(name_keys("N'Djamena")).isdisjoint(name_keys("Djamena"))


def test_first_features_are_what_they_are_said_to_be():
    source, target = read_side(SOURCE[:3]), read_side(TARGET[:4])
    lattice = build_lattice(source, target, (np.zeros(4, dtype=np.int64), np.full(4, 4)))
    features = first_features(source, target, lattice)
    rows = zip(*lattice.ends, *lattice.sizes, features, strict=True)
    ratio = source.length / target.length
    for i, j, a, b, row in rows:
        found = {name: value for name, value in zip(FIRST, row.tolist(), strict=True) if value}
        w = (source.tokens[i] - source.tokens[i - a] + target.tokens[j] - target.tokens[j - b]) / 60
        if not a or not b:
            assert found == {"deletion": 1, "deletion w": pytest.approx(2 * w, rel=1e-5)}
            continue
        x, y = source.spans[a, i] - source.mean, target.spans[b, j] - target.mean
        lengths = [sum(map(len, side[end - n : end])) for side, end, n in ((SOURCE, i, a), (TARGET, j, b))]
        d2 = min(np.log((lengths[0] + 8) / (lengths[1] * ratio + 8)) ** 2, 2)
        c = x @ y / np.linalg.norm(x) / np.linalg.norm(y)
        assert row[FIRST.index("c")] == pytest.approx(c, abs=1e-4)
        assert row[FIRST.index("d2")] == pytest.approx(d2, abs=1e-4)
        assert row[FIRST.index("d2 w")] == pytest.approx(d2 * w, abs=1e-4)
        assert row[FIRST.index("extra segments")] == (a + b - 2) / 2
        assert found[f"type {min(a, b)}-{max(a, b)}"] == 1
        assert sum(name.startswith("type") for name in found) == 1
