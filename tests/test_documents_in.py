"""DOCX, PDF and subtitles: what is text comes in, in its order; what is none stays out; what is hostile is told."""

import contextlib
import io
import re
import unicodedata
import zipfile
from email.message import EmailMessage
from pathlib import Path

import docx
import pypdfium2
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from rapidfuzz.distance import Levenshtein

from align.timing import spoken_together
from corpora import BlockKind, ReadError
from corpora.opendocument import read_odt
from corpora.pdf import read_pdf
from corpora.pdfglyphs import _ligature
from corpora.reading import read_document, read_statement
from corpora.segmentation import segment
from corpora.subtitles import read_subtitles
from corpora.word import read_word
from muqabala import cli

PDF = Path(__file__).parent / "pdf"
EXAMPLES = Path(cli.__file__).parent / "data" / "examples"


def words_of(name):
    return " ".join((EXAMPLES / name).read_text(encoding="utf-8").split())


def error_rate(wanted, found):
    return Levenshtein.distance(wanted, found) / len(wanted)


LINE = (
    "صدر القرار 2139 (2014) عن مجلس الأمن (UN Security Council) في ٢٢ شباط ٢٠١٤، وبلغت النسبة ٣٫٥% من 1,200 حالة"
    " (انظر https://example.org/a_b)."
)

# PDF: browser.*.pdf are two of our examples as a browser prints them (the second in two columns, twice, behind a line with numbers
# and Latin words; date, title, address and page number above and below), office.ar.pdf is one as an office program writes it;
# noted.*.pdf are pages of repeated sentences, by an office program; the others are examples in a typeface (a browser's) or by an
# office program that had them from a page, one with a vocalised line below


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("ar", LINE),
        ("en", "See the term «العدالة الانتقالية» in the list of 12 terms."),
    ],
)
def test_pdf_of_a_browser(language, line):
    text, blocks, doubts = read_pdf((PDF / f"browser.{language}.pdf").read_bytes())
    laws, guide = words_of(f"06-law-articles.{language}.txt"), words_of(f"07-witness-guidance.{language}.txt")
    title = (EXAMPLES / f"07-witness-guidance.{language}.txt").read_text(encoding="utf-8").strip().split("\n")[0]
    wanted = f"{laws} {line} {guide} {guide.removeprefix(title).strip()}"
    assert error_rate(wanted, " ".join(text.split())) < 0.001
    assert doubts == []
    assert text[blocks[0].start : blocks[0].end] in laws
    assert len(blocks) >= 20


def test_pdf_of_an_office_program():
    text, blocks, _ = read_pdf((PDF / "office.ar.pdf").read_bytes())
    assert error_rate(words_of("02-report-summary.ar.txt"), " ".join(text.split())) < 0.05  # the title is a header to it
    assert len(blocks) == 6


VOCALISED = "قَالَ الشَّاهِدُ إِنَّهُ لَمْ يَرَ أَحَداً فِي تِلْكَ اللَّيْلَةِ، وَإِنَّ الْبَابَ كَانَ مُغْلَقاً. ثُمَّ ذَهَبَ إِلَى الْبَيْتِ."


def lines_read(path):
    """The segments of a file, the last ones of which may be those of the vocalised line."""
    statement = read_statement(path)
    return [unicodedata.normalize("NFC", " ".join(part.text.split())) for part in segment(statement)]


@pytest.mark.parametrize("path", sorted(PDF.glob("*.[01]*.pdf")), ids=lambda path: path.stem)
def test_pdf_of_many_typefaces(path):
    """Heights of boxes, shares of ligatures and gaps between words differ from one typeface to the next."""
    wanted = lines_read(EXAMPLES / f"{path.name.split('.', 1)[1].removesuffix('.pdf')}.txt")
    found = lines_read(path)
    assert found[: len(wanted)] == wanted
    assert " ".join(found[len(wanted) :]) in {"", unicodedata.normalize("NFC", VOCALISED)}


@pytest.mark.parametrize(
    ("first", "second", "turned", "read"),
    [
        ("ل", "ا", False, "لا"),
        ("ا", "ل", True, "لا"),
        ("ر", "س", True, "سر"),
        ("س", "ر", False, "سر"),
        ("f", "i", True, "fi"),
    ],
)
def test_letters_of_a_ligature(first, second, turned, read):
    assert _ligature(first, second, turned=turned) == read


@pytest.mark.parametrize("language", ["en", "ar"])
def test_pdf_with_notes_below_its_pages(language):
    """Signs of notes stand in their lines, sentences go on over the notes of a page, repeated notes are no footers."""
    statement = read_statement(PDF / f"noted.{language}.pdf")
    told = [(block.kind, statement.text[block.start : block.end]) for block in statement.blocks]
    paragraphs = [text for kind, text in told if kind is BlockKind.PARAGRAPH]
    notes = [text for kind, text in told if kind is BlockKind.FOOTNOTE]
    assert len(paragraphs) == 13
    assert all(text[-1] in ".⁰¹²³⁴⁵⁶⁷⁸⁹" for text in paragraphs)
    assert "".join(re.findall("[⁰¹²³⁴-⁹]+", " ".join(paragraphs))) == "¹²³⁴⁵⁶⁷⁸⁹"
    assert [note.split()[0] for note in notes] == list("123456789")
    assert [kind for kind, _ in told if kind not in {BlockKind.PARAGRAPH, BlockKind.FOOTNOTE}] == [
        BlockKind.TITLE,
        BlockKind.HEADING,
        BlockKind.HEADING,
    ]


def typed_pdf(lines):
    """A page with these lines, each with its distance from the left, in one of the typefaces every reader has."""
    escaped = [(x, line.replace("(", "\\(").replace(")", "\\)")) for x, line in lines]
    content = "BT /F1 12 Tf 14 TL 50 700 Td " + "".join(f"{x} 0 Td ({line}) Tj {-x} 0 Td T* " for x, line in escaped) + "ET"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(content)}>>stream\n{content}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Courier>>",
    ]
    body = "%PDF-1.4\n" + "".join(f"{k} 0 obj{one}endobj\n" for k, one in enumerate(objects, start=1))
    return (body + "trailer<</Root 1 0 R>>").encode()


@pytest.mark.parametrize(
    ("lines", "paragraphs"),
    [
        (  # what stands at the start of a line is no item where a sentence goes on
            ["They wrote three letters and no answer came to", "it. The office said that it would look into plan", "b. Nothing"],
            ["They wrote three letters and no answer came to it. The office said that it would look into plan b. Nothing"],
        ),
        (
            ["The committee asks for the following three things:", "a) that the men be told why they are being held,",
             "b) that they see a lawyer on the day of arrest, and", "c) that their families be told."],
            ["The committee asks for the following three things:", "a) that the men be told why they are being held,",
             "b) that they see a lawyer on the day of arrest, and", "c) that their families be told."],
        ),
        (
            ["The well-known hall was shut, and well-",
             "known men who had been de-", "tained wrote to the Anglo-", "American board."],
            ["The well-known hall was shut, and well-known men who had been detained wrote to the Anglo-American board."],
        ),
    ],
)  # fmt: skip
def test_lines_of_a_pdf(lines, paragraphs):
    text, blocks, _ = read_pdf(typed_pdf([(0, line) for line in lines]))
    assert [text[block.start : block.end] for block in blocks] == paragraphs


TRANSCRIPT = ["Q. Did you see the men on that night, before they", "came to the house of your neighbour in the lane?",
              "A. I saw them from the window, and I heard how one", "of them called a name that I did not know.",
              "Q. What was the name?", "A. I do not remember it."]  # fmt: skip


@pytest.mark.parametrize(("step", "room"), [(1, 3), (1, 12), (5, 12)])
def test_numbers_of_lines(step, room):
    """Before each line, beside it in a column of their own, or before every fifth."""
    lines = TRANSCRIPT * 5
    numbers = [str(k) if k % step == 0 else "" for k in range(1, len(lines) + 1)]
    pages = [(0, f"{number:<{room}}{line}") for number, line in zip(numbers, lines, strict=True)]
    text, _, _ = read_pdf(typed_pdf(pages))
    assert " ".join(text.split()) == " ".join(lines)


def test_numbers_that_are_text_stay():
    lines = ["In 2019 there were", "12 of them, in 2020", "13 of them, in 2021", "14 of them, and in 2022", "there were 15."]
    text, _, _ = read_pdf(typed_pdf([(0, line) for line in lines]))
    assert " ".join(text.split()) == " ".join(lines)


def test_encrypted_pdf():
    with pytest.raises(ReadError, match="is encrypted"):
        read_pdf((PDF / "encrypted.pdf").read_bytes())


def test_scanned_pdf():
    document = pypdfium2.PdfDocument.new()
    page = document.new_page(200, 200)
    bitmap = pypdfium2.PdfBitmap.new_native(10, 10, pypdfium2.raw.FPDFBitmap_BGR)
    picture = pypdfium2.PdfImage.new(document)
    picture.set_bitmap(bitmap)
    page.insert_obj(picture)
    page.gen_content()
    out = io.BytesIO()
    document.save(out)
    with pytest.raises(ReadError, match="holds pictures of pages and no text"):
        read_pdf(out.getvalue())


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"%PDF-1.7\n" + b"x" * 1000, (PDF / "office.ar.pdf").read_bytes()[:6000]])
def test_broken_pdf(content):
    with pytest.raises(ReadError):
        read_pdf(content)


# DOCX


def made(document):
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def change(kind, text, tag="t"):
    """A tracked change: `ins`, `del`, `moveFrom`, `moveTo` around a run."""
    element = OxmlElement(f"w:{kind}")
    element.set(qn("w:id"), "1")
    element.set(qn("w:author"), "x")
    run = OxmlElement("w:r")
    words = OxmlElement("w:delText" if kind == "del" else "w:t")
    words.text = text
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.append(words)
    element.append(run)
    return element


@pytest.fixture
def document():
    made = docx.Document()
    made.add_heading("تقرير", 0)
    made.add_heading("القسم الأول", 1)
    paragraph = made.add_paragraph("حضر ")
    paragraph._p.append(change("del", "ثلاثة"))
    paragraph._p.append(change("ins", "أربعة"))
    paragraph.add_run(" شهود.")
    made.add_paragraph("بند أول", style="List Bullet")
    table = made.add_table(2, 2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "خلية مدمجة"
    table.cell(1, 0).text = "يمين"
    table.cell(1, 1).text = "يسار"
    hidden = made.add_paragraph("ظاهر ")
    run = hidden.add_run("مخفي")
    run.font.hidden = True
    made.sections[0].header.paragraphs[0].text = "رأس الصفحة"
    made.sections[0].footer.paragraphs[0].text = "صفحة 1"
    return made


def test_every_cell_of_a_table_is_read():
    document = docx.Document()
    table = document.add_table(0, 2)
    for k in range(60):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = f"فقرة {k}", f"Paragraph {k}"
    table.cell(3, 0).merge(table.cell(5, 0))
    texts = [text for _, text in lines_of(made(document))]
    assert sorted(texts) == sorted([f"فقرة {k}" for k in range(60)] + [f"Paragraph {k}" for k in range(60)])


def lines_of(data):
    text, blocks, _ = read_word(data)
    return [(block.kind, text[block.start : block.end]) for block in blocks]


def test_docx(document):
    assert lines_of(made(document)) == [
        (BlockKind.TITLE, "تقرير"),
        (BlockKind.HEADING, "القسم الأول"),
        (BlockKind.PARAGRAPH, "حضر أربعة شهود."),
        (BlockKind.LIST_ITEM, "بند أول"),
        (BlockKind.TABLE_CELL, "خلية مدمجة"),
        (BlockKind.TABLE_CELL, "يمين"),
        (BlockKind.TABLE_CELL, "يسار"),
        (BlockKind.PARAGRAPH, "ظاهر"),
    ]


def test_docx_changes_of_paragraphs_and_places():
    made_ = docx.Document()
    first, second, third = (made_.add_paragraph(text) for text in ("One ", "sentence.", "Kept "))
    mark = first._p.get_or_add_pPr()
    properties = OxmlElement("w:rPr")
    properties.append(OxmlElement("w:del"))
    mark.append(properties)  # the paragraph's end was deleted
    third._p.append(change("moveFrom", "away"))
    third._p.append(change("moveTo", "here"))
    control = OxmlElement("w:sdt")  # a content control around a paragraph
    inside = OxmlElement("w:sdtContent")
    inside.append(made_.add_paragraph("In a control.")._p)
    control.append(inside)
    second._p.addnext(control)
    assert [text for _, text in lines_of(made(made_))] == ["One sentence.", "In a control.", "Kept here"]


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ('<w:fldSimple w:instr="REF a"><w:r><w:t>12</w:t></w:r></w:fldSimple>', "article 12 above"),
        ('<w:dir w:val="rtl"><w:r><w:t>كلمة</w:t></w:r></w:dir>', "article كلمة above"),
        ('<w:bdo w:val="rtl"><w:r><w:t>كلمة</w:t></w:r></w:bdo>', "article كلمة above"),
        (
            "<w:r><w:ruby><w:rt><w:r><w:t>zi</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>字</w:t></w:r></w:rubyBase></w:ruby></w:r>",
            "article 字 above",
        ),
        ('<w:r><w:br w:type="page"/></w:r>', "article \n above"),
        ("<w:r><w:t>9</w:t><w:noBreakHyphen/><w:t>a</w:t></w:r>", "article 9-a above"),
    ],
)
def test_docx_words_that_stand_in_something(inside, text):
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    run = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'
    document = docx.Document()
    document.element.body.insert(0, parse_xml(f"<w:p {space}>{run.format('article ')}{inside}{run.format(' above')}</w:p>"))
    assert lines_of(made(document)) == [(BlockKind.PARAGRAPH, text)]


def test_docx_footnotes(document):
    """Footnotes are a part of their own, which python-docx does not write."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    notes = (
        f'<?xml version="1.0"?><w:footnotes {space}>'
        '<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:t>--</w:t></w:r></w:p></w:footnote>'
        '<w:footnote w:id="1"><w:p><w:r><w:t>حاشية</w:t><w:tab/><w:t>أولى</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made(document))) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "word/_rels/document.xml.rels":
                kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
                link = b'<Relationship Id="rId99" Type="' + kind + b'" Target="footnotes.xml"/>'
                content = content.replace(b"</Relationships>", link + b"</Relationships>")
            if part.filename == "[Content_Types].xml":
                kind = b"application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
                part_of = b'<Override PartName="/word/footnotes.xml" ContentType="' + kind + b'"/>'
                content = content.replace(b"</Types>", part_of + b"</Types>")
            new.writestr(part, content)
        new.writestr("word/footnotes.xml", notes)
    assert lines_of(out.getvalue())[-1] == (BlockKind.FOOTNOTE, "حاشية\tأولى")


def test_docx_raised_digits():
    document = docx.Document()
    paragraph = document.add_paragraph("She left.")
    for text in ("12", " It was the 2", "nd", " of May, on 40 m", "2"):
        paragraph.add_run(text).font.superscript = text in {"12", "nd", "2"}
    assert lines_of(made(document)) == [(BlockKind.PARAGRAPH, "She left.¹² It was the 2nd of May, on 40 m²")]


def test_docx_as_a_statement(document, tmp_path):
    (tmp_path / "a.docx").write_bytes(made(document))
    statement = read_statement(tmp_path / "a.docx")
    assert statement.language == "ar"
    assert statement.metadata.title == "تقرير"
    assert statement.origin.format == "docx"


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * (1 << 28))
    return out.getvalue()


def hostile(content):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not a readable DOCX"),
        (b"PK\x03\x04", "not a readable DOCX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "is encrypted, or of the old binary format"),
        (hostile("<x/>"), "not a readable DOCX"),
        (hostile('<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'), "declares entities"),
        (bomb(), "unpacks to more than 200 MiB"),
    ],
)
def test_broken_docx(content, reason):
    with pytest.raises(ReadError, match=reason):
        read_word(content, path="a.docx")


# saved pages


def saved(page, *, charset="utf-8", address="https://example.org/statement"):
    message = EmailMessage()
    message["Snapshot-Content-Location"] = address
    message.make_related()
    body = EmailMessage()
    body.set_content(page, subtype="html", charset=charset, cte="quoted-printable")
    body["Content-Location"] = address
    picture = EmailMessage()
    picture.set_content(b"GIF89a", maintype="image", subtype="gif")
    message.attach(picture)
    message.attach(body)
    return message.as_bytes()


# ODT


def odt(body, styles="", manifest="", meta="2026-03-03T10:00:00"):
    names = "text table office style drawing:draw svg-compatible:svg".split()
    space = (
        " ".join(f'xmlns:{name.split(":")[-1]}="urn:oasis:names:tc:opendocument:xmlns:{name.split(":")[0]}:1.0"' for name in names)
        + ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr(
            "content.xml",
            f"<office:document-content {space}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:text>{body}</office:text></office:body></office:document-content>",
        )
        package.writestr(
            "meta.xml", f"<office:document-meta {space}><office:meta><dc:date>{meta}</dc:date></office:meta></office:document-meta>"
        )
        package.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
    return out.getvalue()


def compressed(archive):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, old.read(part))
    return out.getvalue()


def odt_lines(body, styles=""):
    text, blocks, _ = read_odt(odt(body, styles))
    return [(block.kind, text[block.start : block.end]) for block in blocks]


def test_odt():
    styles = (
        '<style:style style:name="P1" style:parent-style-name="Title"/>'
        '<style:style style:name="T1"><style:text-properties style:text-position="super 58%"/></style:style>'
        '<style:style style:name="T2"><style:text-properties text:display="none"/></style:style>'
    )
    note = (
        "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>حاشية</text:p></text:note-body></text:note>"
    )
    body = (
        "<text:tracked-changes><text:deletion><text:p>gone</text:p></text:deletion></text:tracked-changes>"
        '<text:p text:style-name="P1">عنوان</text:p><text:h text:outline-level="1">Part</text:h>'
        '<text:p>One<text:s text:c="2"/>two<text:tab/>three '
        '<text:span>40 m<text:span text:style-name="T1">2</text:span></text:span>'
        f"{note}<text:line-break/>four<office:annotation><text:p>a comment</text:p></office:annotation>"
        '<text:span text:style-name="T2">hidden</text:span>'
        "<draw:frame><svg:desc>what it shows</svg:desc><draw:text-box><text:p>in a box</text:p></draw:text-box>"
        "</draw:frame>.</text:p>"
        "<text:list><text:list-item><text:p>first</text:p><text:list><text:list-item><text:p>inner</text:p></text:list-item></text:list>"
        "</text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>cell</text:p></table:table-cell>"
        "<table:covered-table-cell><text:p>covered</text:p></table:covered-table-cell></table:table-row></table:table>"
        "<text:section><text:p>in a section</text:p></text:section>"
    )
    assert odt_lines(body, styles) == [
        (BlockKind.TITLE, "عنوان"),
        (BlockKind.HEADING, "Part"),
        (BlockKind.PARAGRAPH, "One  two\tthree 40 m²\nfour."),
        (BlockKind.PARAGRAPH, "in a box"),
        (BlockKind.LIST_ITEM, "first"),
        (BlockKind.LIST_ITEM, "inner"),
        (BlockKind.TABLE_CELL, "cell"),
        (BlockKind.PARAGRAPH, "in a section"),
        (BlockKind.FOOTNOTE, "حاشية"),
    ]


def test_odt_as_a_statement(tmp_path):
    (tmp_path / "a.odt").write_bytes(odt("<text:p>لم يتكلم أحد. وذهب الرجال.</text:p>"))
    statement = read_statement(tmp_path / "a.odt")
    assert (statement.language, statement.metadata.date, statement.origin.format) == ("ar", "2026-03-03", "odt")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not a readable ODT file"),
        (b"PK\x03\x04", "not a readable ODT file"),
        (odt("<text:p>a</text:p>")[:300], "not a readable ODT file"),
        (odt("<text:p>a"), "not a readable ODT file"),
        (odt("<text:p>a</text:p>", manifest="<encryption-data/>"), "is encrypted"),
        (odt("<text:span>" * 5000 + "a" + "</text:span>" * 5000), "not a readable ODT file"),
    ],
)
def test_broken_odt(content, reason):
    with pytest.raises(ReadError, match=reason):
        read_odt(content)


@pytest.mark.parametrize("read", [read_odt, read_word])
def test_archives_with_wrong_bits(read):
    """Whatever is damaged in an archive, the reader says that it cannot read it, or reads it."""
    whole = bytearray(
        made(docx.Document()) if read is read_word else compressed(odt("<text:p>" + "One line. " * 500 + "</text:p>"))
    )
    for at in range(40, len(whole), max(len(whole) // 150, 1)):
        content = bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        with contextlib.suppress(ReadError):
            read(content)


def test_rich_text_is_told(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"{\\rtf1\\ansi Some text.}")
    with pytest.raises(ReadError, match="is rich text"):
        read_statement(tmp_path / "a.txt")


@pytest.mark.parametrize("charset", ["utf-8", "windows-1256"])
def test_saved_page(charset):
    lines = "<h1>بيان</h1><p>افتتحت المحكمة يوم الاثنين أمام الجمهور.</p><p>لم يسمح لأحد من العائلات بالدخول.</p>"
    statement, _ = read_document("a.mhtml", saved(f"<html><body>{lines}</body></html>", charset=charset), language="ar")
    assert [statement.text[b.start : b.end] for b in statement.blocks] == [
        "بيان",
        "افتتحت المحكمة يوم الاثنين أمام الجمهور.",
        "لم يسمح لأحد من العائلات بالدخول.",
    ]
    assert statement.metadata.address == "https://example.org/statement"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"MIME-Version: 1.0\n\njust text",
        b"Content-Type: multipart/related; boundary=x\n\n--x\n",
        b"\xff" * 50,
        b"\n--x" * 20_000,
    ],
)
def test_saved_page_that_is_none(data):
    with pytest.raises(ReadError):
        read_document("a.mht", data, language="en")


# subtitles


def test_subtitles():
    srt = (
        "1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>We were told</i>\r\nto wait\r\n\r\n"
        "2\r\n00:00:03,000 --> 00:00:04,000\r\nuntil dawn.\r\n\r\n"
        "3\r\n00:01:00,000 --> 00:01:01,000\r\n{\\an8}Then we left\r\n"
    )
    text, blocks, cues = read_subtitles(srt)
    assert [(text[a:b], low, high) for a, b, low, high in cues] == [
        ("We were told to wait", 1000, 2500),
        ("until dawn.", 3000, 4000),
        ("Then we left", 60_000, 61_000),
    ]
    assert [text[b.start : b.end] for b in blocks] == ["We were told to wait until dawn.", "Then we left"]
    vtt = "WEBVTT\n\nNOTE made by us\n\n00:01.000 --> 00:02.000 align:start\nOne.\n"
    statement, _ = read_document("a.vtt", vtt.encode(), language="en")
    assert [statement.text[b.start : b.end] for b in statement.blocks] == ["One."]
    with pytest.raises(ReadError, match="no subtitles"):
        read_subtitles("Just text.")


def srt_of(lines, times):
    clock = lambda ms: f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02},{ms % 1000:03}"  # noqa: E731
    return "\n".join(
        f"{k}\n{clock(a)} --> {clock(b)}\n{line}\n" for k, (line, (a, b)) in enumerate(zip(lines, times, strict=True), 1)
    )


@pytest.mark.parametrize(("pace", "shift"), [(1.0, 0), (1.0, 41_300), (25 / 23.976, -1800)])
def test_subtitles_by_their_times(tmp_path, run, pace, shift):
    """What the words leave open the times decide: four answers that are the same, and a line that only one side has."""
    arabic = ["هل رأيتَه؟", "نعم.", "هل كلّمتَه؟", "نعم.", "هل عرفتَه؟", "نعم.", "هذا كل شيء.", "نعم.", "شكراً لك."]
    english = ["Did you see him?", "Yes.", "Did you know him?", "Yes.", "That is all.", "Yes.", "Thank you."]
    times = [(50_000 + 4000 * k + 137 * k * k, 52_500 + 4000 * k + 151 * k * k) for k in range(9)]
    kept = [times[k] for k in (0, 1, 4, 5, 6, 7, 8)]
    (tmp_path / "a.ar.srt").write_text(srt_of(arabic, times), encoding="utf-8")
    moved = [(round(a * pace) + shift, round(b * pace) + shift) for a, b in kept]
    (tmp_path / "a.en.srt").write_text(srt_of(english, moved), encoding="utf-8")
    out = run("align", tmp_path / "a.ar.srt", tmp_path / "a.en.srt", "--from", "ar", "--to", "en").out
    pairs = [(0, 0), (1, 1), (4, 2), (5, 3), (6, 4), (7, 5), (8, 6)]
    assert {f"[{i}]:[{j}]" for i, j in pairs} <= set(out.split("\n"))


def test_times_of_another_cut_say_nothing():
    ours = [(k * 5000, k * 5000 + 3000) for k in range(20)]
    theirs = [(k * 3170 + 900 * (k % 3), k * 3170 + 900 * (k % 3) + 700) for k in range(20)]
    assert spoken_together(ours, ours) == [(k, k) for k in range(20)]
    assert spoken_together(ours, theirs) == []
    assert spoken_together([None] * 3, ours) == []
