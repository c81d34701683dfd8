"""Footnote marks, times, numbers of paragraphs that only one side has."""

import pytest
from test_align_evidence import OTHER, TARGET
from test_align_reordering import ALL, ends

from align import Evidence, align_texts
from corpora.apparatus import without_apparatus

ENGLISH = [*TARGET, *OTHER]

ONE_SIDED = {
    "times": lambda k, text: f"00:{k:02}:30 {text}",
    "times in brackets": lambda k, text: f"[00:{k:02}:30 --> 00:{k:02}:41] {text}",
    "paragraphs": lambda k, text: f"{k + 1}. {text}",
    "Arabic digits": lambda k, text: f"{'٠١٢٣٤٥٦٧٨٩'[k % 10]}- {text}",
    "notes at the end": lambda k, text: f"{text} ({k + 1})",
    "notes within": lambda k, text: text.replace(" ", f" [{k + 1}] ", 1),
    "stars": lambda k, text: f"{text[:5]}(*) {text[5:]}",
    "raised": lambda k, text: f"{text}¹{'²' * (k % 2)}",
    "glued": lambda k, text: f"{text}{k + 1}",
    "questions": lambda k, text: f"{'QA'[k % 2]}. {text}",
}


def bare(texts):
    return ["".join(text.split()) for text in texts]


@pytest.mark.parametrize("sort", ONE_SIDED)
def test_what_the_other_side_has_not_is_not_read(sort):
    marked = [ONE_SIDED[sort](k, text) for k, text in enumerate(ENGLISH)]
    assert marked != ENGLISH
    source, target = without_apparatus(ALL, marked)
    assert source == ALL
    assert bare(target) == bare(ENGLISH)
    target, source = without_apparatus(marked, ALL)
    assert (source, bare(target)) == (ALL, bare(ENGLISH))
    assert ends(align_texts(ALL, marked)) == ends(align_texts(ALL, ENGLISH))


@pytest.mark.parametrize("sort", ONE_SIDED)
def test_what_both_have_stays(sort):
    marked = [[ONE_SIDED[sort](k, text) for k, text in enumerate(side)] for side in (ALL, ENGLISH)]
    assert list(without_apparatus(*marked)) == marked


def test_numbers_that_stand_otherwise_on_the_other_side_stay():
    source = [f"{k + 1}. {text}" for k, text in enumerate(ENGLISH)]
    for target in (
        [f"Article {k + 1}: {text}" for k, text in enumerate(ENGLISH)],
        [f"({k + 1}) {text}" for k, text in enumerate(ENGLISH)],
    ):
        assert without_apparatus(source, target) == (source, target)


def test_segments_that_are_nothing_else_stay():
    source = ["[00:00:30]", *(f"[00:00:4{k}] {text}" for k, text in enumerate(ENGLISH[:6])), "..."]
    assert without_apparatus(source, ALL)[0] == ["[00:00:30]", *ENGLISH[:6], "..."]


def test_a_few_are_left():
    source = [f"{text} (3)" if k < 3 else text for k, text in enumerate(ENGLISH)]
    assert without_apparatus(source, ALL)[0] == source


def test_a_machine_translation_has_what_the_source_has():
    source, translation = ([ONE_SIDED["times"](k, text) for k, text in enumerate(side)] for side in (ALL, ENGLISH))
    beads = align_texts(source, ENGLISH, evidence=Evidence(translation=translation))
    assert ends(beads) == ends(align_texts(ALL, ENGLISH, evidence=Evidence(translation=ENGLISH)))
