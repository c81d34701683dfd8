"""Segments split where the other side says so."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.resegmentation import firm_cuts, may_be_cut
from corpora import Bead, parse_bitext, segment, to_jsonl, to_tsv
from corpora.clauses import clauses
from corpora.model import Origin
from corpora.reading import parse_statement
from muqabala.pipeline import align_files

ARABIC = (
    "وصل فريق المحامين إلى السجن المركزي صباح يوم الأحد ومعه إذن مكتوب من النيابة العامة، لكن مدير السجن رفض أن يدخل أحد "
    "منهم قبل وصول مندوب الوزارة، ثم عاد الفريق في المساء وقابل أربعة من المحتجزين بحضور طبيب"
)
ENGLISH = (
    "The team of lawyers reached the central prison on Sunday morning with written permission from the public prosecutor. "
    "The director of the prison refused to let any of them in before a representative of the ministry arrived. In the evening "
    "the team returned and met four of the detainees in the presence of a doctor."
)


@pytest.fixture
def files(tmp_path):
    paths = tmp_path / "a.ar.txt", tmp_path / "a.en.txt"
    for path, text in zip(paths, (ARABIC, ENGLISH), strict=True):
        path.write_text(text + "\n", encoding="utf-8")
    return paths


def test_one_long_sentence_beside_three(files):
    plain = align_files(*files, source_language="ar", target_language="en")
    assert [(b.source, b.target) for b in plain.beads] == [((0,), (0, 1, 2))]
    bitext = align_files(*files, source_language="ar", target_language="en", resegment=True)
    assert [(b.source, b.target) for b in bitext.beads] == [((0,), (0,)), ((1,), (1,)), ((2,), (2,))]
    assert [part.text.split()[0] for part in bitext.source.segments] == ["وصل", "لكن", "ثم"]
    assert all(part.cut for part in bitext.source.segments)
    assert not any(part.cut for part in bitext.target.segments)
    assert [ARABIC[part.start : part.end] for part in bitext.source.segments] == [part.text for part in bitext.source.segments]
    for text in (to_jsonl(bitext), to_tsv(bitext)):
        assert parse_bitext(text) == bitext


def test_on_the_command_line(files, run):
    printed = run("align", *files, "--resegment", "--json")
    assert printed.code == 0
    assert [json.loads(line)["provenance"]["source"]["cut"] for line in printed.out.split("\n") if line] == [[True]] * 3
    assert run("align", *files, "--resegment").out == "[0]:[0]\n[1]:[1]\n[2]:[2]\n"


def test_a_translation_cannot_be_given_for_what_will_be_split(files, run, tmp_path):
    (tmp_path / "mt").write_text("one\n", encoding="utf-8")
    result = run("align", *files, "--resegment", "--mt", tmp_path / "mt")
    assert result.code == 1
    assert "--mt or --resegment" in result.err


@given(st.lists(st.sampled_from(["كلمة", "ثم", "والماء،", "but", "word,", "and", "—", "نص؛", "۔"]), min_size=1, max_size=40))
def test_clauses_rejoin_to_their_segment(words):
    text = " ".join(words)
    statement = parse_statement(text, origin=Origin(format="lines"), language="ar")
    (whole,) = segment(statement)
    parts = clauses(text, whole, "ar")
    assert " ".join(part.text for part in parts) == whole.text
    assert all(a.end <= b.start for a, b in pairwise(parts))
    assert len(parts) == 1 or all(part.cut and len(part.text.split()) >= 4 for part in parts)


def test_which_may_be_cut_and_where():
    beads = [Bead((0,), (0, 1)), Bead((1,), (2,)), Bead((2,), ())]
    assert may_be_cut(beads, ["a", "b", "c " * 80], "source") == [True, False, True]
    assert may_be_cut(beads, ["a", "b", "c"], "target") == [False, False, False]
    tried = [Bead((0,), (0,), confidence=0.9), Bead((1,), (1,), confidence=0.9), Bead((2, 3), (2,), confidence=0.9)]
    assert firm_cuts(tried, [0, 0, 0, 0], "source") == [1, 2]
    assert firm_cuts(tried, [0, 1, 1, 1], "source") == [2]
    assert firm_cuts([*tried[:2], Bead((2, 3), (2,), confidence=0.3)], [0, 0, 0, 0], "source") == [1]
    assert firm_cuts([tried[0], Bead((1,), (), confidence=0.9)], [0, 0], "source") == []
