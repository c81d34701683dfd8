"""Glossary files: every format reads back, says what it cannot hold, opens in other programs; hostile files are refused."""

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from openpyxl import Workbook, load_workbook

from corpora import MuqabalaError, ReadError
from glossary import (
    Change,
    Concept,
    Glossary,
    GlossaryFormat,
    Source,
    Status,
    Term,
    read_glossary,
    starter_glossary,
    write_glossary,
)
from glossary.files import losses, parse_glossary
from glossary.model import Gender, Number, PartOfSpeech

OMEGAT = Path("/usr/share/omegat/OmegaT.jar")
LOSSLESS = [GlossaryFormat.TSV, GlossaryFormat.CSV, GlossaryFormat.XLSX, GlossaryFormat.TBX, GlossaryFormat.JSON]
FULL = Glossary((
    Concept(
        "detainee",
        (
            Term("محتجز", "ar", Status.PREFERRED, ("محتجزة", "معتقلون|ات"), PartOfSpeech.NOUN, Gender.MASCULINE, Number.SINGULAR,
                 "أُفرج عن المحتجز أمس.", "UN usage", "2001-01-01", "2030-12-31", "own usage", "not of prisoners of war"),
            Term("معتقل", "ar", Status.ADMITTED, region="Levantine"),
            Term("detainee", "en", Status.PREFERRED, part_of_speech=PartOfSpeech.NOUN),
            Term("inmate", "en", Status.FORBIDDEN, note="of convicted persons only"),
            Term("internee", "en", Status.SUPERSEDED),
            Term("UNRWA", "en", Status.KEPT),
        ),
        "human rights",
        "A person deprived of personal liberty, except as a result of conviction.",
        (Source("Body of Principles", "use of terms", "https://example.org/a?b=1&c=2"), Source("Convention", "article 9 (1)")),
        'keep "detained person" for formal texts',
        ("pictures/cell.png",),
        (Change("2026-01-02", "first maintainer", "added"), Change("2026-03-04", "second one", "'inmate' forbidden")),
        (("checked", "yes; twice"),),
    ),
    Concept("1 <odd> id", (Term("حكم", "ar"), Term("judgment", "en"))),
), "full", "")  # fmt: skip


@pytest.mark.parametrize("kind", LOSSLESS)
@pytest.mark.parametrize("glossary", [FULL, starter_glossary()], ids=["full", "starter"])
def test_what_is_written_reads_back(kind, glossary):
    back = parse_glossary(write_glossary(glossary, kind), kind, path="g")
    assert {c.id: c for c in back.concepts} == {c.id: replace(c, terms=back.by_id[c.id].terms) for c in glossary.concepts}
    assert [sorted(c.terms, key=repr) for c in back.concepts] == [sorted(c.terms, key=repr) for c in glossary.concepts]
    assert losses(glossary, back) == []


@pytest.mark.parametrize("kind", GlossaryFormat)
def test_the_same_glossary_gives_the_same_bytes(kind):
    assert write_glossary(FULL, kind) == write_glossary(FULL, kind)


@pytest.mark.parametrize("kind", GlossaryFormat)
def test_formats_are_told_by_their_content(kind, tmp_path):
    name = tmp_path / ("g.po" if kind is GlossaryFormat.PO else "g.data")
    name.write_bytes(write_glossary(FULL, kind))
    assert set(read_glossary(name).by_id) == {"detainee", "1 <odd> id"}


texts = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Zl", "Zp"]), max_size=12)
words = st.from_regex(r"[A-Za-zء-ي][\w |;,:\"'<>&=\\#-]{0,12}[a-zء-ي]", fullmatch=True)


@st.composite
def glossaries(draw):
    concepts = []
    for identifier in draw(st.lists(words.map(str.strip), min_size=1, max_size=4, unique=True)):
        drawn = draw(st.lists(st.tuples(words, st.sampled_from(["ar", "en"])), min_size=1, max_size=4, unique=True))
        terms = tuple(
            Term(" ".join(text.split()), language, draw(st.sampled_from(Status)), note=" ".join(draw(texts).split()))
            for text, language in {(" ".join(t.split()), lang) for t, lang in drawn}
        )
        concepts.append(Concept(" ".join(identifier.split()), terms, note=" ".join(draw(texts).split())))
    return Glossary(tuple({c.id: c for c in concepts}.values()))


@pytest.mark.parametrize("kind", [GlossaryFormat.TSV, GlossaryFormat.CSV, GlossaryFormat.TBX, GlossaryFormat.JSON])
@given(glossary=glossaries())
@settings(max_examples=60, deadline=None)
def test_any_glossary_reads_back(kind, glossary):
    back = parse_glossary(write_glossary(glossary, kind), kind, path="g")
    assert losses(glossary, back) == losses(back, glossary) == []


def test_tools_are_offered_approved_terms_only():
    for kind in (GlossaryFormat.TBX2, GlossaryFormat.PO):
        data = write_glossary(FULL, kind).decode()
        assert "detainee" in data
        assert not re.search('[>"](inmate|internee)[<"]', data)
        back = parse_glossary(data.encode(), kind, path="g")
        assert "1 forbidden terms in 'en'" in losses(FULL, back)


def test_po_of_two_languages():
    data = write_glossary(FULL, GlossaryFormat.PO, source="en", target="ar").decode()
    assert 'msgctxt "detainee#1"\nmsgid "detainee"\nmsgstr "محتجز"' in data
    assert "#. Also: معتقل" in data
    with pytest.raises(MuqabalaError, match="no terms in 'fr'"):
        write_glossary(FULL, GlossaryFormat.PO, source="fr", target="ar")


def test_tbx_keeps_the_rules_of_its_schema():
    schema = etree.RelaxNG(etree.parse(str(Path(__file__).parent / "tbx-basic-3.rng")))
    for glossary in (FULL, starter_glossary()):
        schema.assertValid(etree.fromstring(write_glossary(glossary, GlossaryFormat.TBX)))
    wrong = write_glossary(FULL, GlossaryFormat.TBX).replace(b"preferredTerm-admn-sts", b"preferred")
    assert not schema.validate(etree.fromstring(wrong))


def test_ids_and_changes_of_other_writers():
    text = f"{OPEN}<transacGrp><transac>made</transac></transacGrp><langSec xml:lang='en'>"
    glossary = parse_glossary(f"{text}<termSec><term>x</term>{SHUT}".encode(), GlossaryFormat.TBX, path="g")
    assert glossary.concepts[0].history == (Change("", "", "made"),)
    for kind in LOSSLESS:
        assert parse_glossary(write_glossary(glossary, kind), kind, path="g").concepts == glossary.concepts
    odd = f"<tbx><conceptEntry id='_xFFFFFF_'><langSec xml:lang='en'><termSec><term>x</term>{SHUT}"
    assert parse_glossary(odd.encode(), GlossaryFormat.TBX, path="g").concepts[0].id == "_xFFFFFF_"


def test_tbx_of_other_writers():
    dct = """<tbx style="dct" type="TBX-Basic" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2"
      xmlns:min="http://www.tbxinfo.net/ns/min" xmlns:basic="http://www.tbxinfo.net/ns/basic"><tbxHeader/><text><body>
      <conceptEntry id="c1"><min:subjectField>law</min:subjectField><langSec xml:lang="en">
      <basic:definition>A body that judges.</basic:definition>
      <termSec><term>court</term><min:administrativeStatus>preferredTerm-admn-sts</min:administrativeStatus>
      <min:partOfSpeech>noun</min:partOfSpeech></termSec><termSec><term>bench</term></termSec></langSec></conceptEntry></body></text></tbx>"""
    concept = parse_glossary(dct.encode(), GlossaryFormat.TBX, path="g").concepts[0]
    assert concept == Concept(
        "c1",
        (Term("court", "en", part_of_speech=PartOfSpeech.NOUN), Term("bench", "en", Status.ADMITTED)),
        "law",
        "A body that judges.",
    )
    old = """<?xml version="1.0"?><!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd">
      <martif type="TBX" xml:lang="en"><martifHeader/><text><body>
      <termEntry id="7"><langSet xml:lang="AR"><ntig><termGrp><term>محكمة</term></termGrp></ntig></langSet>
      <langSet xml:lang="en"><tig><term>court</term><termNote type="administrativeStatus">forbidden</termNote></tig></langSet>
      </termEntry></body></text></martif>"""
    terms = parse_glossary(old.encode(), GlossaryFormat.TBX, path="g").concepts[0].terms
    assert terms == (Term("محكمة", "ar"), Term("court", "en", Status.FORBIDDEN))


OPEN, SHUT = "<tbx><conceptEntry id='a'>", "</termSec></langSec></conceptEntry></tbx>"
LAUGHS = '<!DOCTYPE tbx [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE tbx [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"{LAUGHS}<tbx><text><body><conceptEntry id='a'>&b;</conceptEntry></body></text></tbx>", "entities"),
        (f"{OUTSIDE}<tbx><text><body><conceptEntry id='a'>&x;</conceptEntry></body></text></tbx>", "entities"),
        ("<tbx><text><body><conceptEntry id='a'><langSec xml:lang='en'><termSec><term>co", "cut off"),
        ("<html><body/></html>", "not TBX"),
        ("<tbx><text><body/></text></tbx>", "no concepts"),
        (
            "<tbx><conceptEntry id='a'><langSec xml:lang='en'><termSec><term> </term></termSec></langSec></conceptEntry></tbx>",
            "empty",
        ),
        (
            "<tbx><conceptEntry id='a'><langSec><termSec><term>x</term></termSec></langSec></conceptEntry></tbx>",
            "without a language",
        ),
        (
            f"{OPEN}<transacGrp><date>yesterday</date></transacGrp><langSec xml:lang='en'><termSec><term>x</term>{SHUT}",
            "not a date",
        ),
        ('{"concepts": [{"id": "a", "terms": [{"text": "x", "language": "<b>"}]}]}', "not a language code"),
        ('{"concepts": [', "not JSON"),
        ('{"concepts": [{"id": "a"}]}', "terms"),
        ('{"concepts": [{"id": "a", "terms": [{"text": "x", "language": "en", "status": "good"}]}]}', "unknown status"),
        ('{"concepts": [{"id": "a", "terms": [{"text": "x", "language": "en", "colour": "red"}]}]}', "unknown field"),
        ("concept\tar\ten\na\tب|| ت\tb\n", "empty term"),
        ("concept\tar\ten\na\t؟!\tb\n", "no letter"),
        (f"concept\tar\ten\na\t{'ب' * 10_000}\tb\n", "10000 characters"),
        ("concept,ar,en\na,ب,=HYPERLINK(1)\n", "formula"),
        ("concept,ar,en\na,ب,@SUM(1)\n", "formula"),
        ("concept\tar\ten\na\t\t\n", "has no term"),
        ("concept\tar\tar\na\tب\tb\n", "stands twice"),
        ("concept\tterm\na\tb\n", "no column 'language'"),
        ("concept\tlanguage\tterm\na\ten\tb\na\ten\tb\n", "a second time"),
        ("concept\tlanguage\tterm\tvalid from\na\ten\tb\tlast year\n", "not a date"),
        ("concept\tlanguage\tterm\tdomain\na\ten\tb\tx\na\tar\tب\ty\n", "another domain"),
    ],
)
def test_hostile_and_broken_files_are_refused(text, reason, tmp_path):
    file = tmp_path / "g"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ReadError, match=reason) as told:
        read_glossary(file)
    assert len(str(told.value)) < 400


def test_errors_name_the_line(tmp_path):
    for name, text, line in [
        ("g.tsv", "# mine\nconcept\ten\n\na\tb\nb\t?\n", 5),
        ("g.csv", 'concept,en,note\na,b,"two\nlines"\nb,!,\n', 4),
        (
            "g.tbx",
            f"\n\n{OPEN}\n<langSec xml:lang='en'><termSec>\n<term/>{SHUT}",
            5,
        ),
        ("g.json", '{"concepts": [\n{"id": "a", "terms": [{"text": "x", "language": "en"}]},\n{"id": "a", "terms": []}\n]}', 3),
        ("g.po", 'msgid ""\nmsgstr "Language: ar\\n"\n\nmsgid "x"\nmsgstr "?"\n', 4),
    ]:
        (tmp_path / name).write_text(text, encoding="utf-8")
        with pytest.raises(ReadError) as told:
            read_glossary(tmp_path / name)
        assert told.value.line == line, name


def package(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name.replace("__", "/") + ".xml", content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (package(xl__sheet=b" " * (101 * 1024 * 1024)), "100 MiB"),
        (package(xl__sheet=LAUGHS.encode()), "entities"),
        (package(nothing=b"x"), "XLSX"),
        (b"PK\x03\x04 and no more", "XLSX"),
    ],
    ids=["bomb", "entities", "no book", "cut off"],
)
def test_hostile_spreadsheets_are_refused(data, reason, tmp_path):
    (tmp_path / "g.xlsx").write_bytes(data)
    with pytest.raises(ReadError, match=reason):
        read_glossary(tmp_path / "g.xlsx")


def test_spreadsheets_hold_no_formulas(tmp_path):
    book = Workbook()
    book.active.append(["concept", "en"])
    book.active.append(["a", "=1+1"])
    book.save(tmp_path / "g.xlsx")
    with pytest.raises(ReadError, match="formula in B2"):
        read_glossary(tmp_path / "g.xlsx")
    noted = Glossary((Concept("a", (Term("b", "en", note="=1+1"),)),))
    sheet = load_workbook(io.BytesIO(write_glossary(noted, GlossaryFormat.XLSX))).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}


@pytest.mark.consumer
@pytest.mark.skipif(not shutil.which("msgfmt"), reason="gettext is not installed (apt-get install gettext)")
@pytest.mark.parametrize("languages", [("ar", "en"), ("en", "ar")])
def test_msgfmt_finds_nothing(languages, tmp_path):
    for k, glossary in enumerate((FULL, starter_glossary())):
        file = tmp_path / f"{k}.po"
        file.write_bytes(write_glossary(glossary, GlossaryFormat.PO, source=languages[0], target=languages[1]))
        done = subprocess.run(["msgfmt", "-c", "-v", "-o", "/dev/null", str(file)], check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert "warning" not in done.stderr


@pytest.mark.consumer
def test_translate_toolkit_reads_the_terms():
    toolkit = pytest.importorskip("translate.storage.tbx", reason="pip install 'muqabala[consumers]'")
    store = toolkit.tbxfile.parsestring(write_glossary(starter_glossary(), GlossaryFormat.TBX2))
    units = {unit.source: unit for unit in store.units}
    assert len(store.units) == len(starter_glossary().concepts)
    assert units["جريمة ضد الإنسانية"].target == "crime against humanity"


@pytest.mark.consumer
@pytest.mark.skipif(not OMEGAT.exists() or not shutil.which("javac"), reason="OmegaT is not installed (apt-get install omegat)")
@pytest.mark.parametrize(("source", "target"), [("ar", "en"), ("en", "ar")])
def test_omegat_reads_the_approved_terms(source, target, tmp_path):
    (tmp_path / "s.tbx").write_bytes(write_glossary(starter_glossary(), GlossaryFormat.TBX2))
    program = Path(__file__).parent / "OmegatTerms.java"
    libraries = f"{OMEGAT}:/usr/share/java/*"
    command = ["java", "-cp", libraries, str(program), str(tmp_path / "s.tbx"), str(tmp_path), source, target]
    done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
    pairs = {(a, b) for c in starter_glossary().concepts for a in c.approved(source) for b in c.approved(target)}
    read = {tuple(line.split("\t")) for line in done.stdout.split("\n") if line}
    assert read == pairs
