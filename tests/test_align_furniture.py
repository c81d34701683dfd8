"""Running heads and page numbers that only one side has."""

import pytest
from test_align_crossings import MORE_SOURCE
from test_align_evidence import OTHER, SOURCE, TARGET
from test_align_reordering import ALL, HALVES, LONG, ends

from align import align_texts, document
from align.furniture import _alike

ENGLISH = [*TARGET, *OTHER]


def with_pages(lines, every, line="Page {} of 9"):
    out = []
    for k, text in enumerate(lines):
        out += [text] if (k + 1) % every else [text, line.format(k // every + 1)]
    return out


def test_lines_that_are_alike():
    kinds = _alike(["Page 1", "a", "PAGE\u200f 2", "b", "Page 13", "", "page 4", "", "", ""])
    assert (kinds >= 0).tolist() == [True, False, True, False, True, False, True, False, False, False]


@pytest.mark.parametrize("line", ["Page {} of 9", "- {} -", "{}", "Report on prisons and places of detention"])
def test_the_rest_is_aligned_as_if_they_were_not_there(line):
    usual = ends(align_texts(ALL, ENGLISH))
    target = with_pages(ENGLISH, 3, line)
    place = [k for k, text in enumerate(target) if text in ENGLISH]
    beads = align_texts(ALL, target)
    assert ends(beads) == {(source, tuple(place[k] for k in run)) for source, run in usual}
    assert {bead.target for bead in beads if not bead.source} == {(k,) for k in range(len(target)) if k not in place}
    assert sorted(k for bead in beads for k in bead.target) == list(range(len(target)))
    assert ends(align_texts(target, ALL)) == {(target, source) for source, target in ends(beads)}


@pytest.mark.parametrize("heads", [("Q.", "A."), ("00:0{}:30",), ("00:0{}:30", "The witness:")])
def test_more_lines_than_there_is_text(heads):
    usual = ends(align_texts(ALL, ENGLISH))
    target = []
    for k, text in enumerate(ENGLISH):
        target += [*([heads[k % 2]] if heads[0] == "Q." else [head.format(k) for head in heads]), text]
    place = [k for k, text in enumerate(target) if text in ENGLISH]
    assert ends(align_texts(ALL, target)) == {(source, tuple(place[k] for k in run)) for source, run in usual}


@pytest.mark.parametrize("long", [1500, 4])
def test_within_a_bead(long, monkeypatch):
    monkeypatch.setattr(document, "LONG", long)
    target = [*ENGLISH[:3], HALVES[0], "Page 1 of 9", HALVES[1], *with_pages(ENGLISH[4:], 2)]
    beads = align_texts(LONG, target)
    assert sorted(k for bead in beads for k in bead.target) == list(range(len(target)))
    if long > 4:
        assert ((3,), (3, 5)) in ends(beads)


def test_lines_with_partners_stay():
    source, target = with_pages(ALL, 2, "سؤال {}:"), with_pages(ENGLISH, 2, "Question {}:")
    beads = ends(align_texts(source, target))
    assert len([1 for ours, theirs in beads if len(ours) == len(theirs) == 1 and "سؤال" in source[ours[0]]]) >= len(ALL) // 2 - 1


@pytest.mark.parametrize(("ours", "theirs"), [("{}.", "{}."), ("المادة {}", "Article {}"), ("سؤال:", "Question:")])
def test_lines_that_the_other_side_has_within_its_segments_stay(ours, theirs):
    source, target = [], []
    for k, (one, other) in enumerate(zip(ALL, ENGLISH, strict=False)):
        source += [ours.format(k // 2 + 1), one] if k % 2 == 0 else [one]
        target.append(f"{theirs.format(k // 2 + 1)} {other}" if k % 2 == 0 else other)
    beads = align_texts(source, target)
    heads = {k for k, text in enumerate(source) if text not in ALL}
    assert len(heads) >= 4
    assert not heads & {k for bead in beads if not bead.target for k in bead.source}


def test_a_side_that_is_nothing_else():
    for source, target in ((SOURCE, ["Page 1", "Page 2", "Page 3", "Page 4", "Page 5"]), (["1"] * 6, MORE_SOURCE)):
        beads = align_texts(source, target)
        assert sorted(k for bead in beads for k in bead.source) == list(range(len(source)))
        assert sorted(k for bead in beads for k in bead.target) == list(range(len(target)))
