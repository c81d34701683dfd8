"""More evidence than the texts: a machine translation, terms, names; and whether the texts belong together at all."""

import pytest

from align import Evidence, align_document, align_texts
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
    ],
)
def test_names_meet(one, other):
    assert set(name_keys(one)) & set(name_keys(other))


def test_common_words_are_no_names():
    assert not set(name_keys("the court sat")) & set(name_keys("la cour siège"))
    assert name_keys("") == name_keys("12 ، 7") == ()
