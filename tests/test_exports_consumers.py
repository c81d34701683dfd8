"""Every format with hostile segments: an independent reader finds what went in, and so do the programs that users have."""

import csv
import io
import json
import shutil
import sqlite3
import subprocess
import zipfile
from contextlib import closing
from dataclasses import replace
from importlib.resources import files as files_of
from pathlib import Path

import polib
import pytest
from lxml import etree
from openpyxl import load_workbook
from test_corpora_exports import HOSTILE

from corpora import Bead, Bitext, BitextSide, Finding, Metadata, Origin, Segment, Severity
from corpora.characters import fold_line
from corpora.exports.writer import CorpusInfo
from corpora.units import read_units, units_of
from muqabala.formats import Format
from muqabala.project.exporting import export

OMEGAT = Path("/usr/share/omegat/OmegaT.jar")
HERE = Path(__file__).parent
STATUSES = ("machine", "accepted", "needs review", "rejected", "edited", "realigned")


def hostile_bitext(name):
    """Two documents' worth of trouble: source and target hold hostile texts, shifted, with one-sided beads at the end."""
    lines = [line for text in HOSTILE if (line := fold_line(text))]
    sides = [
        BitextSide(
            code,
            tuple(Segment(line, k, k + 1) for k, line in enumerate(part)),
            Metadata(title=f"{name} & <{code}>"),
            Origin(f"{name}.{code}"),
        )
        for code, part in (("ar", lines), ("en", [*lines[1:], lines[0]]))
    ]
    findings = (Finding("term missing", Severity.ERROR, ((0, 1),), (), "court", ("court",)),)
    beads = [
        Bead(
            (k,),
            (k,),
            0.5,
            0.75,
            STATUSES[k % 6],
            findings if k == 0 else (),
            id=f"{name}-b{k + 1:04d}",
            note='"<a>"\tb' if k == 1 else "",
        )
        for k in range(len(lines) - 4)
    ]
    last = len(lines) - 1
    beads[2] = replace(beads[2], status="edited", edited=(None, "=2+2 & <more>"))
    beads += [
        Bead((last - 3, last - 2), (last - 3,), 0.4, 0.6, id=f"{name}-b0100"),
        Bead((last - 1,), (), 0.0, 0.9, id=f"{name}-b0101"),
        Bead((), (last - 2, last - 1), 0.0, 0.9, id=f"{name}-b0102"),
        Bead((last,), (last,), 0.3, 0.5, id=f"{name}-b0103"),
    ]
    return Bitext(*sides, tuple(beads), "test 1", 0.9, f"docs/{name} (1).txt")


BITEXTS = [hostile_bitext("alpha"), hostile_bitext("béta")]
UNITS = [unit for bitext in BITEXTS for unit in units_of(bitext)]
TWO_SIDED = [unit for unit in UNITS if unit.is_two_sided]
PAIRS = [(unit.source.text, unit.target.text) for unit in TWO_SIDED]


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("out") / "c"
    info = CorpusInfo("corpus", "ar", "en", "test 1", "CC BY 4.0", 7, lambda unit: [("م&", ["<term>", "b"])] if unit.note else [])
    pytest.made = export(iter(UNITS), list(Format), folder, info)
    return folder


def test_nothing_is_left_out_without_being_told(out):
    one_sided = len(UNITS) - len(TWO_SIDED)
    for kind in ("tmx", "xliff", "xliff12", "po", "moses"):
        assert pytest.made.left_out[kind] == {"one side is empty": one_sided}
    assert set(pytest.made.left_out) == {"tmx", "xliff", "xliff12", "po", "moses"}
    assert pytest.made.notices == {"csv": {"cells that a spreadsheet may take for formulas": 10}}
    assert pytest.made.units == len(UNITS)


def test_jsonl_and_tsv_read_back(out):
    assert list(read_units(out / "corpus.jsonl")) == UNITS
    rows = [line.split("\t") for line in (out / "corpus.tsv").read_text(encoding="utf-8").split("\n")[:-1]]
    assert [(row[0], row[5], row[6]) for row in rows[1:]] == [(u.id, u.source.text, u.target.text) for u in UNITS]
    assert len({len(row) for row in rows}) == 1


def test_csv_reads_back(out):
    with (out / "corpus.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["id"], row["source"], row["target"], row["status"]) for row in rows] == [
        (u.id, u.source.text, u.target.text, u.status) for u in UNITS
    ]


def test_moses_reads_back(out):
    sides = [(out / f"corpus.{code}").read_text(encoding="utf-8").split("\n")[:-1] for code in ("ar", "en")]
    assert list(zip(*sides, strict=True)) == PAIRS


def test_sqlite_reads_back(out):
    connection = sqlite3.connect(out / "corpus.sqlite")
    assert connection.execute("SELECT id, source, target, status FROM unit ORDER BY rowid").fetchall() == [
        (u.id, u.source.text, u.target.text, u.status) for u in UNITS
    ]
    assert connection.execute("SELECT count(*) FROM finding").fetchone() == (2,)
    connection.close()


@pytest.mark.parametrize(
    ("file", "rules"), [("corpus.tmx", "tmx-1.4"), ("corpus.xlf", "xliff-2.1"), ("corpus.12.xlf", "xliff-1.2")]
)
def test_xml_keeps_the_rules_of_its_standard(out, file, rules):
    schema = etree.RelaxNG(etree.parse(HERE / f"{rules}.rng"))
    tree = etree.parse(out / file, etree.XMLParser(load_dtd=False, no_network=True))
    assert schema.validate(tree), schema.error_log


def test_tmx_reads_back(out):
    units = etree.parse(out / "corpus.tmx").findall("body/tu")
    assert [tuple(v.findtext("seg") for v in unit.findall("tuv")) for unit in units] == PAIRS
    assert [unit.get("tuid") for unit in units] == [u.id for u in TWO_SIDED]


@pytest.mark.parametrize(
    ("file", "space", "unit"),
    [
        ("corpus.xlf", "urn:oasis:names:tc:xliff:document:2.0", "unit"),
        ("corpus.12.xlf", "urn:oasis:names:tc:xliff:document:1.2", "trans-unit"),
    ],
)
def test_xliff_reads_back(out, file, space, unit):
    found = list(etree.parse(out / file).iter(f"{{{space}}}{unit}"))
    assert [(u.findtext(f".//{{{space}}}source"), u.findtext(f".//{{{space}}}target")) for u in found] == PAIRS
    assert len({(u.getparent().get("original"), u.get("id")) for u in found}) == len(found)


def test_po_reads_back(out):
    entries = polib.pofile(str(out / "corpus.po"))
    assert [(e.msgctxt, e.msgid, e.msgstr) for e in entries] == [(u.id, u.source.text, u.target.text) for u in TWO_SIDED]
    assert {e.fuzzy for e in entries if "accepted" in e.comment} == {False}
    assert entries.metadata["X-Muqabala-State"] == "7"


def test_xlsx_reads_back_as_text(out):
    with closing(load_workbook(out / "corpus.xlsx", read_only=True)) as book:
        rows = list(book.active.iter_rows(values_only=True))
    assert rows[0][:4] == ("id", "document", "source", "target")
    assert [(row[0], row[2] or "", row[3] or "") for row in rows[1:]] == [(u.id, u.source.text, u.target.text) for u in UNITS]
    with zipfile.ZipFile(out / "corpus.xlsx") as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_tei_reads_back(out):
    space = "{http://www.tei-c.org/ns/1.0}"
    files = sorted((out / "tei").iterdir())
    assert len(files) == 2
    for file, bitext in zip(files, BITEXTS, strict=True):
        root = etree.parse(file).getroot()
        texts = [
            [s.text for s in text.iter(space + "seg")]
            for text in root.iter(space + "text")
            if text.get("{http://www.w3.org/XML/1998/namespace}lang")
        ]
        assert texts == [[s.text for s in bitext.source.segments], [s.text for s in bitext.target.segments]]
        ids = {element.get("{http://www.w3.org/XML/1998/namespace}id") for element in root.iter()}
        links = [link.get("target").split() for link in root.iter(space + "link")]
        assert all(end[1:] in ids for ends in links for end in ends)
        assert len(links) == len(bitext.beads) - 1  # a link needs two ends
        edited = root.find(f".//{space}standOff/{space}seg")
        assert (edited.text, edited.get("corresp")) == ("=2+2 & <more>", "#t2")
        schema = etree.DTD(files_of("trafilatura") / "data" / "tei_corpus.dtd")  # the TEI's own, P5 4.8.0
        assert schema.validate(root), schema.error_log


def test_xces_reads_back(out):
    root = etree.parse(out / "xces" / "ar-en.xml", etree.XMLParser(load_dtd=False, no_network=True)).getroot()
    found = []
    for group in root.iter("linkGrp"):
        texts = [
            {s.get("id"): s.text for s in etree.parse(out / "xces" / group.get(end)).iter("s")} for end in ("fromDoc", "toDoc")
        ]
        for link in group.iter("link"):
            sides = link.get("xtargets").split(";")
            found.append(tuple(" ".join(text[key] for key in side.split()) for side, text in zip(sides, texts, strict=True)))
    assert found == [(u.source.text, u.target.text) for u in UNITS]


def test_pages(out):
    page = (out / "html" / "docs_alpha__1__txt.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert page.count('<tr id="') == len(BITEXTS[0].beads)
    assert 'href="docs_béta__1__txt.html"' in (out / "html" / "index.html").read_text(encoding="utf-8")


def test_same_units_give_the_same_bytes(out, tmp_path):
    info = CorpusInfo("corpus", "ar", "en", "test 1", "CC BY 4.0", 7, lambda unit: [("م&", ["<term>", "b"])] if unit.note else [])
    again = export(iter(UNITS), list(Format), tmp_path / "c", info)
    assert again.files == pytest.made.files
    for file in again.files:
        assert (tmp_path / "c" / file).read_bytes() == (out / file).read_bytes(), file


def test_an_export_that_fails_changes_nothing(tmp_path):
    folder = tmp_path / "c"
    folder.mkdir()
    (folder / "corpus.tmx").write_text("old")

    def broken():
        yield UNITS[0]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        export(broken(), [Format.TMX], folder, CorpusInfo("corpus", "ar", "en"))
    assert (folder / "corpus.tmx").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["c"]


def test_an_empty_corpus_is_valid(tmp_path):
    export(iter(()), list(Format), tmp_path / "c", CorpusInfo("corpus", "ar", "en"))
    for file, rules in (("corpus.tmx", "tmx-1.4"), ("corpus.xlf", "xliff-2.1"), ("corpus.12.xlf", "xliff-1.2")):
        schema = etree.RelaxNG(etree.parse(HERE / f"{rules}.rng"))
        assert schema.validate(etree.parse(tmp_path / "c" / file)), schema.error_log


# real programs


def needs(program, package, part=""):
    """Skips a test where a program is not installed, or a part of it that has a file of its own beside the program."""
    found = shutil.which(program)
    there = bool(found) and (not part or (Path(found).resolve().parent / part).exists())
    return pytest.mark.skipif(not there, reason=f"{program} is not installed (apt-get install {package})")


@pytest.mark.consumer
@needs("xmllint", "libxml2-utils")
def test_xmllint(out):
    files = [str(path) for path in out.rglob("*") if path.suffix in {".tmx", ".xlf", ".xml"}]
    subprocess.run(["xmllint", "--noout", "--nonet", *files], check=True)
    for file, rules in (("corpus.tmx", "tmx-1.4"), ("corpus.xlf", "xliff-2.1"), ("corpus.12.xlf", "xliff-1.2")):
        subprocess.run(
            ["xmllint", "--noout", "--nonet", "--relaxng", HERE / f"{rules}.rng", out / file], check=True, capture_output=True
        )


@pytest.mark.consumer
@needs("msgfmt", "gettext")
def test_msgfmt(out):
    done = subprocess.run(["msgfmt", "-c", "-v", "-o", "/dev/null", out / "corpus.po"], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "warning" not in done.stderr


@pytest.mark.consumer
@pytest.mark.parametrize(
    ("module", "kind", "file"),
    [
        ("tmx", "tmxfile", "corpus.tmx"),
        ("xliff", "xlifffile", "corpus.12.xlf"),
        ("xliff2", "Xliff2File", "corpus.xlf"),
        ("pypo", "pofile", "corpus.po"),
    ],
)
def test_translate_toolkit(out, module, kind, file):
    store = pytest.importorskip(f"translate.storage.{module}", reason="pip install 'muqabala[consumers]'")
    reader = getattr(store, kind)
    units = [unit for unit in reader.parsefile(str(out / file)).units if unit.istranslatable() or unit.source]
    assert [(str(unit.source), str(unit.target)) for unit in units if str(unit.source)] == PAIRS


@pytest.mark.consumer
@pytest.mark.slow
@pytest.mark.skipif(not OMEGAT.exists(), reason="OmegaT is not installed (apt-get install omegat)")
def test_omegat_translates_with_the_memory(out, tmp_path):
    """OmegaT without its window: a text of all the sources comes out as the targets, from exact matches of the TMX alone."""
    for name in ("source", "target", "tm/auto", "glossary", "dictionary", "omegat"):
        (tmp_path / name).mkdir(parents=True)
    project = (
        '<?xml version="1.0" encoding="UTF-8"?><omegat><project version="1.0"><source_dir>__DEFAULT__</source_dir>'
        "<target_dir>__DEFAULT__</target_dir><tm_dir>__DEFAULT__</tm_dir><glossary_dir>__DEFAULT__</glossary_dir>"
        "<dictionary_dir>__DEFAULT__</dictionary_dir><source_lang>AR</source_lang><target_lang>EN</target_lang>"
        "<sentence_seg>false</sentence_seg><support_default_translations>true</support_default_translations>"
        "<remove_tags>false</remove_tags></project></omegat>"
    )
    (tmp_path / "omegat.project").write_text(project)
    shutil.copy(out / "corpus.tmx", tmp_path / "tm" / "auto" / "corpus.tmx")
    alpha = [(u.source.text, u.target.text) for u in TWO_SIDED if u.document == BITEXTS[0].name and u.target.text.strip()]
    (tmp_path / "source" / "a.utf8").write_text("\n\n".join(source for source, _ in alpha), encoding="utf-8")
    command = ["omegat", str(tmp_path), "--mode=console-translate", f"--config-dir={tmp_path / 'config'}", "--quiet", "--no-team"]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    translated = (tmp_path / "target" / "a.utf8").read_text(encoding="utf-8-sig").split("\n\n")
    known = {}
    for source, target in PAIRS:
        known.setdefault(source, set()).add(target.strip())
    wrong = [(source, got) for got, (source, _) in zip(translated, alpha, strict=True) if got.strip() not in known[source]]
    assert wrong == []


@pytest.mark.consumer
def test_opustools(out, tmp_path, capsys):
    opustools = pytest.importorskip("opustools", reason="pip install 'muqabala[consumers]'")
    archives = []
    for code in ("ar", "en"):
        archives.append(tmp_path / f"{code}.zip")
        with zipfile.ZipFile(archives[-1], "w") as archive:
            for path in sorted((out / "xces" / code).iterdir()):
                archive.write(path, f"{code}/{path.name}")
    import gzip

    (tmp_path / "ar-en.xml.gz").write_bytes(gzip.compress((out / "xces" / "ar-en.xml").read_bytes()))
    reader = opustools.OpusRead(
        directory="corpus", source="ar", target="en", release="v1", preprocess="raw", suppress_prompts=True, write_mode="moses",
        write=[str(tmp_path / "read.ar"), str(tmp_path / "read.en")], alignment_file=str(tmp_path / "ar-en.xml.gz"),
        source_zip=str(archives[0]), target_zip=str(archives[1]), leave_non_alignments_out=True, root_directory=str(tmp_path),
        download_dir=str(tmp_path),
    )  # fmt: skip
    reader.printPairs()
    sides = [(tmp_path / f"read.{code}").read_text(encoding="utf-8").split("\n")[:-1] for code in ("ar", "en")]
    words = [tuple("".join(text.split()) for text in pair) for pair in zip(*sides, strict=True)]
    assert words == [tuple("".join(text.split()) for text in pair) for pair in PAIRS]


@pytest.mark.consumer
def test_opusfilter(out, tmp_path):
    opusfilter = pytest.importorskip("opusfilter.opusfilter", reason="pip install 'muqabala[consumers]'")
    for code in ("ar", "en"):
        shutil.copy(out / f"corpus.{code}", tmp_path / f"corpus.{code}")
    steps = {
        "common": {"output_directory": str(tmp_path)},
        "steps": [{
            "type": "filter",
            "parameters": {
                "inputs": ["corpus.ar", "corpus.en"], "outputs": ["kept.ar", "kept.en"],
                "filters": [{"LengthFilter": {"unit": "character", "min_length": 1, "max_length": 100_000}}],
            },
        }],
    }  # fmt: skip
    opusfilter.OpusFilter(steps).execute_steps()
    assert (tmp_path / "kept.ar").read_text(encoding="utf-8").count("\n") == len(PAIRS)


@pytest.mark.consumer
@pytest.mark.filterwarnings("ignore")
def test_datasets(out, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    datasets = pytest.importorskip("datasets", reason="pip install 'muqabala[consumers]'")
    loaded = datasets.load_dataset(str(out / "parquet"), split="train", cache_dir=str(tmp_path))
    assert [(row["id"], row["source"], row["target"]) for row in loaded] == [(u.id, u.source.text, u.target.text) for u in UNITS]


@pytest.mark.consumer
@pytest.mark.slow
@needs("soffice", "libreoffice-calc-nogui", part="libsclo.so")
@pytest.mark.parametrize("file", ["corpus.xlsx", "corpus.csv"])
def test_libreoffice(out, file, tmp_path):
    shutil.copy(out / file, tmp_path / file)
    told = ["--infilter=CSV:44,34,76,1,,0,true,false,false"] if file.endswith(".csv") else []
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path / 'profile'}", *told, "--convert-to"]
    subprocess.run(
        [*command, "csv:Text - txt - csv (StarCalc):9,34,76,1,,0,false,true,false", "--outdir", tmp_path / "o", tmp_path / file],
        check=True,
        capture_output=True,
        timeout=120,
    )
    text = (tmp_path / "o" / "corpus.csv").read_text(encoding="utf-8")
    rows = list(csv.reader(io.StringIO(text), delimiter="\t"))
    assert [row[0] for row in rows[1:]] == [u.id for u in UNITS]
    assert [row[2] for row in rows[1:]] == [u.source.text for u in UNITS]


def test_pandas_reads_na_as_text(out):
    pandas = pytest.importorskip("pandas")
    frame = pandas.read_csv(out / "corpus.csv", keep_default_na=False)
    assert list(frame["source"]) == [u.source.text for u in UNITS]
    assert json.loads((out / "corpus.jsonl").read_text(encoding="utf-8").split("\n")[0])["id"] == UNITS[0].id
