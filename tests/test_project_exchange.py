"""Bitexts in, and what translators changed elsewhere back in: every format both ways, three-way, conflicts listed."""

import json
import re

import polib
import pytest
from conftest import ARABIC, ENGLISH, beads
from openpyxl import load_workbook

from corpora import ReadError
from corpora.imports import read_foreign
from muqabala.project import shelf
from muqabala.project.project import Project

FORMATS = {
    "tmx": "p.tmx", "xliff": "p.xlf", "xliff12": "p.12.xlf", "po": "p.po",
    "tsv": "p.tsv", "csv": "p.csv", "xlsx": "p.xlsx", "jsonl": "p.jsonl",
}  # fmt: skip


def exported(folder, run, tmp_path):
    assert run("export", folder, "--format", ",".join(FORMATS), "-o", tmp_path / "out").code == 0
    return tmp_path / "out"


def replaced(path, old, new):
    """The file with a text replaced, in its own format."""
    if path.suffix == ".xlsx":
        book = load_workbook(path)
        for row in book.active.iter_rows():
            for cell in row:
                if cell.value == old:
                    cell.value = new
        book.save(path)
    else:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("kind", FORMATS)
def test_nothing_changed_changes_nothing(folder, run, tmp_path, kind):
    run("decide", folder, "p0001-b0003", "--as", "accepted", "--note", "fine")
    run("decide", folder, "p0001-b0004", "--as", "needs review")
    path = exported(folder, run, tmp_path) / FORMATS[kind]
    result = run("import", folder, path)
    assert (result.code, result.out) == (0, "8 rows: 0 texts, 0 decisions, 0 notes taken\n")


@pytest.mark.parametrize("kind", FORMATS)
def test_a_text_that_only_they_changed_is_taken(folder, run, tmp_path, kind):
    path = exported(folder, run, tmp_path) / FORMATS[kind]
    replaced(path, ENGLISH[4], "A doctor explained both injuries.")
    assert "1 texts" in run("import", folder, path, "--try").out
    assert beads(folder)[4].edited == (None, None)
    result = run("import", folder, path, "--by", "T")
    assert (result.code, result.out.split(":")[1][:9]) == (0, " 1 texts,")
    bead = beads(folder)[4]
    assert (bead.status, bead.edited) == ("edited", (None, "A doctor explained both injuries."))
    assert "0 texts" in run("import", folder, path).out  # again: it is there
    assert run("run", folder, "--again").code == 0
    assert beads(folder)[4].edited == bead.edited


@pytest.mark.parametrize("kind", FORMATS)
def test_what_both_changed_is_a_conflict(folder, run, tmp_path, kind):
    path = exported(folder, run, tmp_path) / FORMATS[kind]
    replaced(path, ENGLISH[4], "A doctor explained both injuries.")
    with Project(folder) as project:
        shelf.decide(project, 1, "edited", {"bead": 5, "source": None, "target": "A physician explained them."}, by="us")
    result = run("import", folder, path, "--json")
    told = json.loads(result.out)
    assert result.code == 3
    assert [(c["bead"], c["field"], c["ours"], c["theirs"]) for c in told["conflicts"]] == [
        ("p0001-b0005", "target", "A physician explained them.", "A doctor explained both injuries.")
    ]
    assert beads(folder)[4].edited[1] == "A physician explained them."


def test_what_only_we_changed_stays(folder, run, tmp_path):
    out = exported(folder, run, tmp_path)
    with Project(folder) as project:
        shelf.decide(project, 1, "edited", {"bead": 5, "source": None, "target": "A physician explained them."}, by="us")
        shelf.decide(project, 1, "decided", {"beads": [1], "status": "rejected"}, by="us")
    for kind in set(FORMATS) - {"csv"}:
        result = run("import", folder, out / FORMATS[kind])
        assert (kind, result.code, result.out) == (kind, 0, "8 rows: 0 texts, 0 decisions, 0 notes taken\n")
    lost = run("import", folder, out / FORMATS["csv"])  # it has no place for the state: what differs is told, not taken
    assert lost.code == 3
    assert beads(folder)[4].edited[1] == "A physician explained them."


def test_decisions_come_back(folder, run, tmp_path):
    out = exported(folder, run, tmp_path)
    po = polib.pofile(str(out / "p.po"))
    po[0].flags = []
    po[1].tcomment = "see the judgment"
    po.save()
    text = (out / "p.xlf").read_text(encoding="utf-8")
    head, tail = text.split('id="p0001-b0003"')
    (out / "p.xlf").write_text(head + 'id="p0001-b0003"' + tail.replace('state="translated"', 'state="final"', 1), encoding="utf-8")
    text = (out / "p.12.xlf").read_text(encoding="utf-8")
    head, tail = text.split('id="p0001-b0004"')
    (out / "p.12.xlf").write_text(
        head + 'id="p0001-b0004"' + tail.replace('state="translated"', 'state="needs-review-translation"', 1), encoding="utf-8"
    )
    book = load_workbook(out / "p.xlsx")
    book.active["E6"] = "rejected"
    book.active["E7"] = "perfect"
    book.save(out / "p.xlsx")
    assert "1 decisions, 1 notes" in run("import", folder, out / "p.po").out
    assert "1 decisions" in run("import", folder, out / "p.xlf").out
    assert "1 decisions" in run("import", folder, out / "p.12.xlf").out
    result = run("import", folder, out / "p.xlsx")
    assert result.code == 3
    assert "'perfect'" in result.err
    now = beads(folder)
    assert [bead.status for bead in now[:5]] == ["accepted", "machine", "accepted", "needs review", "rejected"]
    assert now[1].note == "see the judgment"


def test_beads_that_are_no_more_are_told(folder, run, tmp_path):
    out = exported(folder, run, tmp_path)
    new = [{"number": 9, "source": [2, 3], "target": [2, 3], "status": "realigned"}]
    with Project(folder) as project:
        shelf.decide(project, 1, "realigned", {"old": [3, 4], "new": new}, by="us")
    assert "0 texts" in run("import", folder, out / "p.po").out
    replaced(out / "p.po", ENGLISH[3], "Two witnesses spoke about the prison.")
    result = run("import", folder, out / "p.po")
    assert result.code == 3
    assert "p0001-b0004 bead: aligned anew here" in result.err
    assert "9" not in {bead.id[-1] for bead in beads(folder) if bead.status == "edited"}


def test_files_of_others_are_refused(folder, run, tmp_path):
    (tmp_path / "x.csv").write_text("source,target\na,b\n")
    assert "no row of it names a bead" in run("import", folder, tmp_path / "x.csv").err
    out = exported(folder, run, tmp_path)
    replaced(out / "p.po", "X-Muqabala-State: ", "X-Muqabala-State: 9")
    assert "later state" in run("import", folder, out / "p.po").err


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_comes_in_as_a_bitext(folder, run, tmp_path, kind):
    run("decide", folder, "p0001-b0003", "--as", "needs review")
    path = exported(folder, run, tmp_path) / FORMATS[kind]
    run("init", tmp_path / "q")
    assert run("add", tmp_path / "q", path).out == "1 added\n"
    assert "given" in run("pair", tmp_path / "q").out
    assert run("run", tmp_path / "q").out.startswith("scored\t")
    assert run("run", tmp_path / "q").out == ""
    with Project(tmp_path / "q", write=False) as project:
        (bitext,) = shelf.bitexts(project.store)
        assert [bitext.texts(k) for k in range(8)] == list(zip(ARABIC, ENGLISH, strict=True))
        assert all(bead.score > 0.2 for bead in bitext.beads)
        assert (bitext.beads[2].status == "needs review") == (kind not in {"tmx", "xliff"})
    replaced(path, ENGLISH[7], "We shall publish two reports.")
    assert run("run", tmp_path / "q").code == 0
    after = beads(tmp_path / "q")
    assert [bead.id for bead in after] == [*(f"p0001-b{k:04d}" for k in range(1, 8)), "p0001-b0009"]


def test_tables_without_header_and_swapped(tmp_path, run):
    (tmp_path / "a.tsv").write_text("".join(f"{s}\t{t}\n" for s, t in zip(ARABIC, ENGLISH, strict=True)), encoding="utf-8")
    (tmp_path / "b.csv").write_text(
        "en,ar\n" + "".join(f'"{t}","{s}"\n' for s, t in zip(ARABIC, ENGLISH, strict=True)), encoding="utf-8"
    )
    run("init", tmp_path / "p")
    assert run("add", tmp_path / "p", tmp_path / "a.tsv", tmp_path / "b.csv").out == "2 added\n"
    with Project(tmp_path / "p", write=False) as project:
        for bitext in shelf.bitexts(project.store):
            assert bitext.texts(0) == (ARABIC[0], ENGLISH[0])


def test_foreign_tmx(tmp_path):
    body = (
        '<tu><tuv xml:lang="en-GB"><seg>The <bpt i="1">&lt;b&gt;</bpt>court<ept i="1">&lt;/b&gt;</ept> sat.</seg></tuv>'
        '<tuv xml:lang="AR"><seg>انعقدت المحكمة.</seg></tuv><tuv xml:lang="fr"><seg>x</seg></tuv></tu>'
    )
    head = '<?xml version="1.0"?><!DOCTYPE tmx SYSTEM "tmx14.dtd"><tmx version="1.4"><header srclang="en-GB"/>'
    text = f"{head}<body>{body}</body></tmx>"
    found = read_foreign("a.tmx", text.encode("utf-16"), source="ar", target="en")
    assert [(row.source, row.target) for row in found.rows] == [("انعقدت المحكمة.", "The court sat.")]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.tmx", b"<tmx><body><tu>", "not well-formed"),
        ("a.tmx", b'<!DOCTYPE t [<!ENTITY a "b">]><tmx/>', "declares entities"),
        ("a.tmx", b"<tmx><body/></tmx>", "no pairs of texts"),
        ("a.tmx", b"<!--" + b"x" * (1 << 20) + b'--><!DOCTYPE t [<!ENTITY a "b">]><tmx/>', "declares entities"),
        ("a.xlf", b"", "not well-formed"),
        ("a.po", b'msgid "a', "not a PO file|no pairs"),
        ("a.csv", b"id,text\n1,2\n", "no columns 'source' and 'target'"),
        ("a.tsv", b"source\ttarget\nonly\n", "1 cells where"),
        ("a.xlsx", b"PK\x03\x04", "not a readable XLSX"),
        ("a.jsonl", b'{"id": 1}\n', "not a unit"),
        ("a.jsonl", b'{"source": 1}\n', "not a unit"),
    ],
)
def test_what_is_broken_is_told(name, content, reason):
    with pytest.raises(ReadError, match=re.compile(reason)):
        read_foreign(name, content)
