"""Segments of the original that stand in the translation too."""

import pytest
from test_align_evidence import OTHER, TARGET
from test_align_reordering import ALL, ends

from align import align_document, align_texts, document
from align.copies import copies
from corpora import Bead

ENGLISH = [*TARGET, *OTHER]


def with_originals(first, last):
    """The translation with the original of these segments before each, and where its own segments are."""
    out = []
    for k, text in enumerate(ENGLISH):
        out += [ALL[k], text] if first <= k < last else [text]
    return out, [k for k, text in enumerate(out) if text in ENGLISH]


def test_which_side_has_the_copy():
    assert copies(["نص عربي قصير", "نص آخر"], ["A short text", "نص آخر"], []) == ({}, {1: (1,)})
    assert copies(["نص عربي قصير", "A short text"], ["A short text", "Another one"], []) == ({1: (0,)}, {})
    assert copies(["نص عربي قصير", "نص آخر"], ["A short text", "نص آخر"], [Bead((1,), (1,), 0.0, 1.0)]) == ({}, {})
    assert copies(["نص عربي قصير", "12"], ["A short text", "12"], []) == ({}, {})
    assert copies(ALL, ALL, []) == ({}, {})
    assert copies(["1", "2"], ["1", "3"], []) == ({}, {})


def test_a_document_in_both_languages_beside_itself():
    both = [text for pair in zip(ALL, ENGLISH, strict=True) for text in pair]
    assert copies(both, both) == ({}, {})
    ours, theirs = copies(both, both, languages=("ar", "en"))
    assert (sorted(ours), sorted(theirs)) == (list(range(1, len(both), 2)), list(range(0, len(both), 2)))
    beads = align_document(both, both, languages=("ar", "en")).beads
    usual = ends(align_texts(ALL, ENGLISH))
    assert ends(beads) == {(tuple(2 * k for k in source), tuple(2 * k + 1 for k in target)) for source, target in usual}
    assert sorted(k for bead in beads for k in bead.source) == list(range(len(both)))
    assert copies(both, both, languages=("ar", "ku")) == ({}, {})


@pytest.mark.parametrize("long", [1500, 4])
@pytest.mark.parametrize(("first", "last"), [(0, len(ENGLISH)), (2, 6), (3, 4)])
def test_the_translation_is_the_partner(first, last, long, monkeypatch):
    monkeypatch.setattr(document, "LONG", long)
    usual = ends(align_texts(ALL, ENGLISH))
    target, place = with_originals(first, last)
    beads = align_texts(ALL, target)
    assert ends(beads) == {(source, tuple(place[k] for k in run)) for source, run in usual}
    assert sorted(k for bead in beads for k in bead.target) == list(range(len(target)))
    assert all(bead.confidence > 0.5 for bead in beads if not bead.source)
    assert ends(align_texts(target, ALL)) == {(target, source) for source, target in ends(beads)}


def test_what_was_only_copied_is_paired_with_the_copy():
    target = [*ENGLISH[:3], *ALL[3:6], *ENGLISH[6:]]
    assert {((k,), (k,)) for k in range(3, 6)} <= ends(align_texts(ALL, target))


def test_progress_is_told_of_the_first_reading():
    told = []
    align_document(ALL, [*ENGLISH[:3], *ALL[3:6], *ENGLISH[6:]], progress=lambda done, total: told.append((done, total)))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert len({total for _, total in told}) == 1
