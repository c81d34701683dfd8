"""The aligner as a notebook user meets it, and the floors its accuracy must hold on our own statements."""

import hashlib
import json
from pathlib import Path

import pytest
from conftest import EXAMPLES
from hypothesis import given, settings
from hypothesis import strategies as st

from align import align_texts, evaluate
from corpora import Bead, MuqabalaError
from corpora.ids import format_ids, parse_ids
from muqabala.pipeline import align_files

FLOORS = json.loads((Path(__file__).parent / "floors.json").read_text(encoding="utf-8"))


def assert_complete(beads, n, m):
    assert sorted(k for bead in beads for k in bead.source) == list(range(n))
    assert sorted(k for bead in beads for k in bead.target) == list(range(m))


@pytest.fixture(scope="module")
def aligned():
    return {e.name: align_files(e.source, e.target, source_language="ar", target_language="en") for e in EXAMPLES}


def test_segments_are_those_of_the_gold(aligned):
    for example in EXAMPLES:
        gold, bitext = parse_ids(example.gold.read_text(encoding="utf-8")), aligned[example.name]
        assert_complete(gold, len(bitext.source.segments), len(bitext.target.segments))
        assert_complete(bitext.beads, len(bitext.source.segments), len(bitext.target.segments))


def test_floors(aligned):
    """Counts over all statements together, so that a short one does not weigh more."""
    digest = hashlib.sha256(b"".join(p.read_bytes() for e in EXAMPLES for p in (e.source, e.target, e.gold))).hexdigest()
    assert FLOORS["data"] == digest[:16], "the statements changed: measure anew and write the digest"
    gold, test, at = [], [], 0
    for example in EXAMPLES:
        for beads, out in ((parse_ids(example.gold.read_text(encoding="utf-8")), gold), (aligned[example.name].beads, test)):
            out += [Bead(tuple(k + at for k in b.source), tuple(k + at for k in b.target)) for b in beads]
        at += 1000
    scores = evaluate(gold, test)
    assert scores.strict_f1 >= FLOORS["strict_f1"]
    assert scores.lax_f1 >= FLOORS["lax_f1"]


def test_errors_have_low_confidence(aligned):
    rows = []
    for example in EXAMPLES:
        gold = {(b.source, b.target) for b in parse_ids(example.gold.read_text(encoding="utf-8"))}
        rows += [(b.confidence, (b.source, b.target) in gold) for b in aligned[example.name].beads]
    wrong = [confidence for confidence, right in rows if not right]
    assert all(confidence < 0.9 for confidence in wrong)


@pytest.mark.parametrize("texts", [["نص واحد"], ["أ", "ب"], ["", " "], []])
def test_small_and_empty(texts):
    assert_complete(align_texts(texts, ["one text", ""]), len(texts), 2)
    assert_complete(align_texts(["one text"], texts), 1, len(texts))


def test_one_pair_is_linked():
    assert [(b.source, b.target) for b in align_texts(["وصل الشهود إلى المحكمة."], ["The witnesses arrived at the court."])] == [
        ((0,), (0,))
    ]


def test_the_same_text_aligns_with_itself():
    texts = [f"This is statement number {k} about case {k * 7}." for k in range(30)]
    assert [(b.source, b.target) for b in align_texts(texts, texts)] == [((k,), (k,)) for k in range(30)]


def test_blank_segments_keep_their_place():
    beads = align_texts(["الشاهد حضر.", "", "المحكمة رفعت الجلسة."], ["", "The witness appeared.", "The court rose."])
    assert_complete(beads, 3, 3)
    assert {((0,), (1,)), ((2,), (2,)), ((1,), ()), ((), (0,))} <= {(b.source, b.target) for b in beads}


def test_lopsided():
    assert_complete(align_texts(["الشهود وصلوا."], [f"Sentence {k}." for k in range(40)]), 1, 40)
    assert_complete(align_texts([f"Sentence {k}." for k in range(700)], ["الشهود وصلوا.", "ثم غادروا."]), 700, 2)


def test_long_documents_use_the_coarse_path():
    source = [f"The witness number {k} spoke about day {k % 31} of month {k % 12}." for k in range(700)]
    target = [f"Der Zeuge Nummer {k} sprach über Tag {k % 31} im Monat {k % 12}." for k in range(700)]
    beads = align_texts(source, target)
    assert sum(b.source == b.target for b in beads) > 650


WORDS = st.sampled_from(["محكمة", "court", "2017", "،", "", " ", "\u200f", "x" * 400, "法院", "\u0000", "?", "٣٠"])


@settings(max_examples=20, deadline=None)
@given(st.lists(WORDS, max_size=12), st.lists(WORDS, max_size=12))
def test_every_segment_is_in_one_bead(source, target):
    assert_complete(align_texts(source, target), len(source), len(target))


def test_same_input_same_output():
    texts = (
        ["الشاهد حضر.", "المحكمة رفعت الجلسة.", "لم يصدر حكم."],
        ["The witness appeared.", "The court rose.", "No judgment was given."],
    )
    assert align_texts(*texts) == align_texts(*texts)


def test_evaluate_by_hand():
    gold = [Bead((0,), (0,)), Bead((1,), (1, 2)), Bead((2,), ()), Bead((3,), (3,))]
    test = [Bead((0,), (0,)), Bead((1,), (1,)), Bead((2,), (2,)), Bead((3,), (3,))]
    scores = evaluate(gold, test)
    assert (scores.strict_precision, scores.strict_recall) == (0.5, pytest.approx(2 / 3))
    assert (scores.lax_precision, scores.lax_recall) == (0.75, 1.0)
    assert evaluate([], []).strict_f1 == 0


def test_ids_read_back():
    beads = [Bead((0, 1), (2,)), Bead((3,), ()), Bead((), (0,))]
    assert format_ids(beads) == "[0, 1]:[2]\n[3]:[]\n[]:[0]\n"
    assert parse_ids(format_ids(beads)) == beads
    assert parse_ids("[0] : [0, 1]\r\n\n[1]:[2]:0.25\n")[0].target == (0, 1)
    with pytest.raises(MuqabalaError, match="gold:2: "):
        parse_ids("[0]:[0]\n0:1\n", path="gold")
