"""One contract over all formats: what goes in comes back, hostile segments included; real consumers open what they can."""

import json
import shutil
import subprocess
from dataclasses import replace

import pytest
from lxml import etree

from corpora import Bead, Bitext, BitextSide, Doubt, Finding, Metadata, Origin, ReadError, Segment, Severity, parse_bitext
from corpora.characters import fold_line
from corpora.exports.tmx import to_tmx, write_tmx
from corpora.page import marked, to_html
from corpora.records import to_jsonl, to_tsv
from muqabala.formats import Format, files_for, render
from muqabala.pipeline import align_files, in_order

HOSTILE = [
    "<b>bold</b> & \"quoted\" 'single'", "=1+1", "@SUM(A1)", "+1", "-1", "NA", "null", "a\tb", "a\nb", "a\rb",
    "a\r\nb", "a\u2028b", "a\u2029b", "a\x85b", "a\x0bb", "a\x0cb", "\x00nul", "a\x07b", "a\x1bb",
    "\u202eabc", "a\u200fb\u200e", "\u2067نص\u2069",
    "\ufeffbom", "]]>", "<!-- -->", "<script>alert(1)</script>", "{{ 7*7 }}", "\\n \\t \\",
    "\u200e", "\U0001f600", "مـــد وتشكيلٌ", "x" * 20_000, "#comment", " lead",
]  # fmt: skip


_RECORD = (
    '{"source": {"lang": "ar", "segments": [0], "text": "a"}, "target": {"lang": "en", "segments": [0], "text": "a"}, '
    '"confidence": %s, "provenance": {"source": {"begins": [%s]}}}'
)


def bitext_of(texts, path="a.txt"):
    lines = [fold_line(text) for text in texts]
    side = BitextSide(
        "ar", tuple(Segment(line, k, k + 1) for k, line in enumerate(lines)), Metadata(title="t", issuer=("a",)), Origin(path)
    )
    finding = Finding("term missing", Severity.ERROR, ((0, 1),), (), "court", ("court", "tribunal"))
    beads = [Bead((k,), (k,), 0.5, 0.75, findings=(finding,) if k == 0 else ()) for k in range(len(lines))]
    return Bitext(side, replace(side, language="en"), tuple(beads), "test")


@pytest.fixture(scope="module")
def hostile():
    bitext = bitext_of(HOSTILE)
    beads = list(bitext.beads)
    last = len(HOSTILE) - 1
    doubts = (Doubt("length", 2.5), Doubt("rival boundary", 0.4, (last,), (last - 1, last)))
    beads[-2:] = [Bead((last - 1, last), (last - 1,), 0.1, 0.2, doubts=doubts), Bead((), (last,), 0.0, 0.3)]
    return replace(bitext, beads=tuple(beads), belief=0.25)


@pytest.mark.parametrize("write", [to_jsonl, to_tsv])
def test_reads_back_equal(hostile, write):
    assert parse_bitext(write(hostile)) == hostile


@pytest.mark.parametrize("write", [to_jsonl, to_tsv])
def test_examples_read_back_equal(example, write):
    bitext = align_files(example.source, example.target)
    assert parse_bitext(write(bitext)) == bitext


def test_one_record_a_line(hostile):
    assert to_jsonl(hostile).count("\n") == len(hostile.beads)
    assert to_tsv(hostile).count("\n") == len(hostile.beads) + 1
    record = json.loads(to_jsonl(hostile).split("\n")[0])
    assert set(record) == {"id", "source", "target", "score", "confidence", "status", "findings", "doubts", "provenance"}
    assert record["source"]["segments"] == [0]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("{", "not JSON"),
        ("[1]", "header"),
        ('{"id": "b1"}', "no 'source'"),
        ("id\tsource\n", "header"),
        (
            '{"source": {"lang": "ar", "segments": [5], "text": "a"}, "target": {"segments": [], "text": ""}, "provenance": {}}',
            "missing",
        ),
        ('{"source": 3, "target": 4, "provenance": {}}', "not a bead"),
        (_RECORD % ("NaN", "0.5"), "nan is no probability"),
        (_RECORD % ("0.5", "-Infinity"), "-inf is no probability"),
    ],
)
def test_what_is_no_bitext_is_said(text, reason):
    with pytest.raises(ReadError, match=reason):
        parse_bitext(text, path="x")


def test_tmx(hostile, tmp_path):
    root = etree.fromstring(to_tmx(hostile))
    header = root.find("header")
    assert {"creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang", "datatype"} <= set(header.attrib)
    units = root.findall("body/tu")
    two_sided = [bead for bead in hostile.beads if hostile.source.text(bead.source) and hostile.target.text(bead.target)]
    assert len(units) == len(two_sided)
    for unit, bead in zip(units, two_sided, strict=True):
        tags = [child.tag for child in unit]
        assert tags == sorted(tags)  # prop before tuv
        texts = [variant.findtext("seg") for variant in unit.findall("tuv")]
        assert texts == [hostile.source.text(bead.source), hostile.target.text(bead.target)]
    write_tmx(hostile, tmp_path / "a.tmx")
    assert (tmp_path / "a.tmx").read_bytes() == to_tmx(hostile)


@pytest.mark.consumer
def test_tmx_in_xmllint(hostile, tmp_path):
    if not shutil.which("xmllint"):
        pytest.skip("xmllint is not installed (apt-get install libxml2-utils)")
    write_tmx(hostile, tmp_path / "a.tmx")
    subprocess.run(["xmllint", "--noout", "--nonet", tmp_path / "a.tmx"], check=True)


@pytest.mark.consumer
def test_tmx_in_translate_toolkit(hostile, tmp_path):
    tmx = pytest.importorskip("translate.storage.tmx", reason="translate-toolkit is not installed")
    write_tmx(hostile, tmp_path / "a.tmx")
    store = tmx.tmxfile.parsefile(str(tmp_path / "a.tmx"))
    assert len(store.units) == sum(bool(hostile.source.text(b.source) and hostile.target.text(b.target)) for b in hostile.beads)


def test_moses(hostile, tmp_path):
    files = files_for(hostile, Format.MOSES, tmp_path / "out")
    source, target = (files[tmp_path / f"out.{code}"].decode().split("\n") for code in ("ar", "en"))
    assert len(source) == len(target)
    assert all(source[:-1])
    same = replace(hostile, target=replace(hostile.target, language="ar"))
    assert len(files_for(same, Format.MOSES, tmp_path / "out")) == 2


def test_page_escapes_and_isolates(hostile):
    page = to_html(hostile)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "{{ 7*7 }}" in page
    assert 'lang="ar" dir="rtl"' in page
    assert "default-src 'none'" in page
    assert page.count('<tr id="') == len(hostile.beads)
    assert "http" not in page.replace('http-equiv="', "")


def test_marked_pieces_join_to_the_text():
    pieces = [("a", False, 0), ("b", True, 0), ("c", True, 0), ("d", True, 0), ("ef", False, 0)]
    assert marked("abcdef", [(1, 3), (2, 4)]) == pieces
    assert marked("abcdef", [(1, 4)], {2: 0.456}) == [("a", False, 0), ("b", True, 0), ("cd", True, 46), ("ef", False, 0)]
    assert marked("", []) == []


def test_where_a_sentence_was_split():
    """The page and both records show it; what a person wrote anew has no such places."""
    plain = bitext_of(["one", "two", "three"])
    first, *rest = plain.source.segments
    side = replace(plain.source, segments=(replace(first, cut=True), *(replace(part, cut=True, begins=0.45) for part in rest)))
    doubtful = Bead((0, 1), (0, 1), 0.5, 0.4, doubts=(Doubt("cut", 0.45, (1,)),))
    bitext = replace(plain, source=side, beads=(doubtful, plain.beads[2]))
    page = to_html(bitext)
    assert page.count('title="split here: 45 %"') == len(rest)
    assert "segment 2 was split off the one before: at the right word with 45 %" in page
    for text in (to_jsonl(bitext), to_tsv(bitext)):
        assert parse_bitext(text) == bitext
    edited = replace(bitext, beads=tuple(replace(bead, edited=("anew", None)) for bead in bitext.beads))
    assert "split here" not in to_html(edited)


def test_same_bytes(example):
    first, second = (align_files(example.source, example.target) for _ in range(2))
    for kind in (kind for kind in Format if kind.is_one_file):
        assert render(first, kind) == render(second, kind)


def test_order_of_one_sided_beads():
    beads = [Bead((1,), (2,)), Bead((), (0,)), Bead((0,), (1,)), Bead((), (4,)), Bead((), (3,)), Bead((2,), ())]
    assert [(b.source, b.target) for b in in_order(beads)] == [
        ((), (0,)),
        ((0,), (1,)),
        ((1,), (2,)),
        ((), (3,)),
        ((), (4,)),
        ((2,), ()),
    ]
