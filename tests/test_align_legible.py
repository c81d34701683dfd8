"""Texts as the encoder knows them: capitals, letters set apart, letters nobody sees, other keyboards."""

import pytest
from test_align_crossings import MORE_SOURCE
from test_align_evidence import OTHER, SOURCE, TARGET

from align import align_document
from align.encoder import use_encoder
from align.legible import legible, unmarked


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("THE COURT OF APPEAL IN CAIRO", "THE court OF appeal IN Cairo"),
        ("WHEREAS the applicant", "whereas the applicant"),
        ("UNHCR and NATO spoke to the ICRC", "UNHCR and NATO spoke to the ICRC"),
        ("СУД ВЫНЕС РЕШЕНИЕ", "суд вынес решение"),
        ("D E C I S I O N", "decision"),
        ("D E C I S I O N  O F  T H E  C O U R T:", "decision OF THE court:"),
        ("ب ي ا ن", "بيان"),
        ("Plan A B C", "Plan A B C"),
        ("이 그 저 것", "이 그 저 것"),
        ("\u202bالمُحتجَـز\u202c \u0661\u0662", "المحتجز 12"),
        ("کتاب یعرف", "كتاب يعرف"),
        ("the pri\u00adson of Alep\u00ad po", "the prison of Aleppo"),
    ],
)
def test_as_the_encoder_knows_it(text, expected):
    assert legible(text) == expected


@pytest.mark.parametrize("text", ["", " ", "A", "\u200f", "I.", "\u00ad", "ßSS", "İSTANBUL'DA"])
def test_short_and_odd(text):
    assert isinstance(legible(text), str)
    assert legible(legible(text)) == legible(text)


def test_only_what_nobody_sees_is_left_out():
    assert unmarked("أُكلت ةى\u200f 12%") == "أكلت ةى 12%"
    assert unmarked("Ünïcödé — “x”") == "Ünïcödé — “x”"


@pytest.mark.parametrize(
    "change",
    [
        str.upper,
        lambda text: text.replace("e", "e\u00ad").replace(" ", "\u200f "),
        lambda text: " ".join(text.upper()) if text.startswith("The") else text,
    ],
)
def test_alignment_is_that_of_the_text_as_usual(change):
    source, target = [*SOURCE, *MORE_SOURCE], [*TARGET, *OTHER]
    usual, other = align_document(source, target), align_document(source, [change(text) for text in target])
    assert [(bead.source, bead.target) for bead in other.beads] == [(bead.source, bead.target) for bead in usual.beads]
    assert abs(usual.belief - other.belief) < 0.1


def test_segments_of_what_nobody_sees_are_blank():
    beads = align_document([*SOURCE[:2], "\u200f\u200e", *SOURCE[2:]], TARGET).beads
    assert any((bead.source, bead.target) == ((2,), ()) for bead in beads)


def test_capitals_mean_what_small_letters_mean():
    vectors = use_encoder().encode(
        ["The court rejected the appeal of the prisoner.", "THE COURT REJECTED THE APPEAL OF THE PRISONER."]
    )
    assert vectors[0] @ vectors[1] > 0.8
