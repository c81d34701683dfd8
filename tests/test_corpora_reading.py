"""Files to statements: encodings, structure, metadata, formats."""

import datetime

import pytest
from conftest import EXAMPLES

from corpora import BlockKind, MuqabalaError, ReadError, read_statement, segment
from corpora.dates import parse_date
from corpora.encodings import decode
from corpora.languages import detect, detect_apart, direction, leaning, nearest

ARABIC = "كشف التقرير جانباً من الجرائم، وأكد أن النظام مسؤول عنها.\nولم يرد أحد؟\n"
ENGLISH = "The report exposed some of the crimes.\nNobody answered.\n"


@pytest.mark.parametrize("text", [ARABIC, ENGLISH])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_encodings(text, encoding):
    decoded = decode(text.encode(encoding))
    assert decoded.text == text
    assert decoded.encoding == encoding.removesuffix("-sig")


def test_windows_1256_is_recognised_and_said():
    decoded = decode(ARABIC.encode("windows-1256"))
    assert (decoded.text, decoded.encoding) == (ARABIC, "windows-1256")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("Größe, Mädchen, äußerst schön".encode("latin-1"), "cannot be told"),
        ("déjà vu".encode("latin-1"), "cannot be told"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not a text file"),
        (b"%PDF-1.7 \xe2\xe3", "not a text file"),
        (b"PK\x03\x04abc", "not a text file"),
        (bytes(range(256)) * 4, "not a text file"),
        (b"\xff\xfe\x00\xd8", "not valid utf-16"),
        (b"\xef\xbb\xbf\xff", "not valid utf-8"),
    ],
)
def test_what_cannot_be_decoded_is_said(data, reason):
    with pytest.raises(ReadError, match=reason):
        decode(data, path="file")


def test_a_named_encoding_is_used():
    assert decode("Größe".encode("latin-1"), encoding="windows-1252").text == "Größe"
    with pytest.raises(ReadError, match="unknown encoding 'nonsense'"):
        decode(b"a", encoding="nonsense")


@pytest.mark.parametrize(
    ("line", "language", "date"),
    [
        ("٧ شباط ٢٠١٧", "ar", (2017, 2, 7)),
        ("7 فبراير 2017", "ar", (2017, 2, 7)),
        ("٢١ كانون الأول ٢٠١٦", "ar", (2016, 12, 21)),
        ("7 فيفري 2017", "ar", (2017, 2, 7)),
        ("٣ غشت ٢٠٢٠", "ar", (2020, 8, 3)),
        ("الثلاثاء ٧ شباط/فبراير ٢٠١٧", "ar", (2017, 2, 7)),
        ("دمشق، في ٧ شباط ٢٠١٧ م", "ar", (2017, 2, 7)),
        ("التاريخ: 7/2/2017", "ar", (2017, 2, 7)),
        ("٧-٢-٢٠١٧", "ar", (2017, 2, 7)),
        ("February 7, 2017", "en", (2017, 2, 7)),
        ("7 February 2017", "en", (2017, 2, 7)),
        ("Tuesday, 7th of February 2017", "en", (2017, 2, 7)),
        ("Geneva, 7 February 2017", "en", (2017, 2, 7)),
        ("Date: 2017-02-07", "en", (2017, 2, 7)),
        ("7 Feb. 2017", "en", (2017, 2, 7)),
        ("Le 7 février 2017", "fr", (2017, 2, 7)),
        ("7 de febrero de 2017", "es", (2017, 2, 7)),
        ("7. Februar 2017", "de", (2017, 2, 7)),
        ("7 февраля 2017", "ru", (2017, 2, 7)),
        ("2017年2月7日", "zh", (2017, 2, 7)),
        ("20/11/2018 م", "ar", (2018, 11, 20)),
        ("دمشق، الثلاثاء ٢٠/١١/٢٠١٨م", "ar", (2018, 11, 20)),
        ("Damascus, 20/11/2018", "en", (2018, 11, 20)),
        ("التاريخ: ١٢/٣/١٤٤٠ هـ الموافق ٢٠/١١/٢٠١٨ م", "ar", (2018, 11, 20)),
        ("الثلاثاء ١٢ ربيع الأول ١٤٤٠ هـ - ٢٠ نوفمبر ٢٠١٨م", "ar", (2018, 11, 20)),
        ("٢٠ تشرين الثاني ٢٠١٨ الموافق ١٢ ربيع الأول ١٤٤٠", "ar", (2018, 11, 20)),
        ("12 Rabi al-Awwal 1440 (20 November 2018)", "en", (2018, 11, 20)),
        ("20 November 2018, 10:30", "en", (2018, 11, 20)),
        ("20 ноября 2018 г.", "ru", (2018, 11, 20)),
        ("They met on 20 November 2018.", "en", None),
        ("اجتمعوا في ٢٠/١١/٢٠١٨.", "ar", None),
        ("Case 3 of 12/11/2018", "en", None),
        ("1/2/3/2018", "en", None),
        ("31 February 2017", "en", None),
        ("February 2017", "en", None),
        ("The report of 7 February 2017 says more", "en", None),
        ("صدر التقرير الجديد للمنظمة بتاريخ ٧ شباط ٢٠١٧ في جنيف", "ar", None),
        ("", "en", None),
    ],
)
def test_dates(line, language, date):
    assert parse_date(line, language) == (datetime.date(*date) if date else None)


def kinds(path, **options):
    statement = read_statement(path, **options)
    return [(block.kind.value, statement.text[block.start : block.end]) for block in statement.blocks]


def test_the_front_of_a_press_statement(tmp_path):
    path = tmp_path / "statement.txt"
    path.write_text(
        "Statement on the Prisons\n\nexample.org/press/prisons\n\nMarch 3, 2026\n\nPress Statement\nLegal Office\nMarch 3, 2026\n\n"
        "[Original in arabic](#)\n\nThe Office received a report. It was read.\n\nLong live freedom.\n",
        encoding="utf-8",
    )
    assert [kind for kind, _ in kinds(path)] == [
        "title", "address", "date", "issuer", "issuer", "date", "link", "paragraph", "closing",
    ]  # fmt: skip
    metadata = read_statement(path).metadata
    assert metadata.title == "Statement on the Prisons"
    assert (metadata.address, metadata.date) == ("example.org/press/prisons", "2026-03-03")
    assert metadata.issuer == ("Press Statement", "Legal Office")
    assert metadata.original == "Original in arabic"


def test_the_original_link_gives_its_address(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(
        "Title of it\n\n3 May 2026\n\n[Original in Arabic](https://example.org/ar)\n\nThe body is here.\n", encoding="utf-8"
    )
    assert read_statement(path).metadata.original == "https://example.org/ar"


@pytest.mark.parametrize(
    ("line", "original"),
    [
        ("Original (Arabic): https://example.org/ar/1", "https://example.org/ar/1"),
        ("رابط النص الأصلي: https://example.org/ar/1", "https://example.org/ar/1"),
        ("[العربية](https://example.org/ar/1)", "https://example.org/ar/1"),
        ("Arabic original", "Arabic original"),
    ],
)
def test_links_to_the_original(tmp_path, line, original):
    (tmp_path / "a.txt").write_text(f"Title of it\n\n3 May 2026\n\n{line}\n\nThe body is here.\n", encoding="utf-8")
    assert ("link", line) in kinds(tmp_path / "a.txt", language="en" if "O" in line or "A" in line else "ar")
    assert read_statement(tmp_path / "a.txt").metadata.original == original


def test_the_close_of_a_statement(tmp_path):
    text = "بيان\n\nصدر البيان اليوم. وقرئ على الحاضرين.\n\nالرحمة للشهداء.\n\nدمشق، في ٣ آذار ٢٠٢٦\n\n*** انتهى ***\n"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    assert [kind for kind, _ in kinds(tmp_path / "a.txt")][-3:] == ["closing"] * 3
    assert read_statement(tmp_path / "a.txt").metadata.date == "2026-03-03"


def test_examples_have_title_and_date():
    for example in EXAMPLES:
        for path, language in ((example.source, "ar"), (example.target, "en")):
            statement = read_statement(path)
            assert statement.language == language
            assert statement.metadata.title
            assert statement.metadata.date or "law" in example.name


def test_plain_body_has_no_front(tmp_path):
    path = tmp_path / "body.txt"
    path.write_text(ENGLISH, encoding="utf-8")
    assert {kind for kind, _ in kinds(path)} == {"paragraph"}


def test_hard_wrapped_lines_are_one_paragraph(tmp_path):
    path = tmp_path / "wrapped.txt"
    path.write_text(
        "The commission heard the witnesses who had been released in\nthe autumn of the year before, and it asked them about the\n"
        "conditions of their detention. Nobody else was present at\nthe hearing.\n",
        encoding="utf-8",
    )
    assert [part.text.count("\n") for part in segment(read_statement(path))] == [0, 0]


def test_lines_that_end_with_the_sign_of_a_note_are_no_headings(tmp_path):
    path = tmp_path / "notes.txt"
    lines = [
        "They came to the house. (41)",
        "The guard asked. They left. (42)",
        "The door was opened.43",
        "A house",
        "All went in.",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert [kind for kind, _ in kinds(path)] == ["paragraph"] * 3 + ["heading", "paragraph"]
    assert [part.text for part in segment(read_statement(path))][1:3] == ["The guard asked.", "They left. (42)"]


def test_markdown(tmp_path):
    path = tmp_path / "a.md"
    path.write_text(
        "# Title\n\nA paragraph\nover two lines.\n\n- first item\n- second item\n  goes on\n\n> quoted text.\n\n"
        "| a | b |\n|---|---|\n| c | d |\n\n```\ncode\n```\n\n## Part\n\n1. one\n",
        encoding="utf-8",
    )
    assert kinds(path) == [
        ("title", "Title"),
        ("paragraph", "A paragraph\nover two lines."),
        ("list item", "first item"),
        ("list item", "second item\n  goes on"),
        ("paragraph", "quoted text."),
        ("table cell", "a"),
        ("table cell", "b"),
        ("table cell", "c"),
        ("table cell", "d"),
        ("heading", "Part"),
        ("list item", "1. one"),
    ]


def test_html(tmp_path):
    path = tmp_path / "a.html"
    body = "".join(
        f"<p>{line}</p>" for line in ("كشف تقرير جديد عن أوضاع السجون في البلاد، وقال إن المحتجزين يعانون من الجوع. " * 3,) * 3
    )
    path.write_text(
        f"<html lang='ar'><head><title>عنوان البيان الصحفي</title></head><body><nav>القائمة الرئيسية</nav>"
        f"<article><h1>عنوان البيان الصحفي</h1>"
        f"{body}<ul><li>بند أول من القائمة</li></ul></article><script>alert(1)</script></body></html>",
        encoding="utf-8",
    )
    found = kinds(path)
    assert found[0] == ("title", "عنوان البيان الصحفي")
    assert "paragraph" in {kind for kind, _ in found}
    assert "alert" not in read_statement(path).text


def test_lines_are_kept_as_they_are(tmp_path):
    path = tmp_path / "lines.txt"
    path.write_bytes("one\r\n\r\ntwo\u2028still two\nthree\n".encode())
    parts = segment(read_statement(path, language="en", lines=True))
    assert [part.text for part in parts] == ["one", "", "two still two", "three"]


def test_raised_digits_of_a_page(tmp_path):
    path = tmp_path / "a.html"
    words = "The judge left the room after an hour, and nobody in it said a word about the case until he came back in the evening."
    path.write_text(
        f"<html><body><article><p>{words}<sup><a href='#n'>١</a></sup> It has 40 m<sup>2</sup> on the 2<sup>nd</sup> floor.</p>"
        f"<p>{words}</p></article></body></html>",
        encoding="utf-8",
    )
    parts = [part.text for part in segment(read_statement(path, language="en"))]
    assert parts == [f"{words}¹", "It has 40 m² on the 2nd floor.", words]


@pytest.mark.parametrize("breaks", ["\n", "\r\n", "\r"])
def test_line_endings(tmp_path, breaks):
    path = tmp_path / "a.txt"
    path.write_bytes(breaks.join(["One is here.", "", "Two is here."]).encode())
    assert [part.text for part in segment(read_statement(path, language="en"))] == ["One is here.", "Two is here."]


def test_spans_lead_back_to_the_text(example):
    statement = read_statement(example.source)
    for part in segment(statement):
        assert " ".join(statement.text[part.start : part.end].split()) == part.text


def test_languages():
    assert detect("هذا نص عربي واضح") == "ar"
    assert detect("This is clearly English") == "en"
    assert [detect(words) for words in ("Idlib, Raqqa, Aleppo", "Document 4", "A/HRC/48/2")] == ["en"] * 3
    assert (direction("ar-SY"), direction("en")) == ("rtl", "ltr")
    assert BlockKind.TITLE.is_front
    assert not BlockKind.CLOSING.is_front


def test_a_name_tells_the_language_of_a_few_words():
    assert detect("Paris, Lyon", path="x/visite.fr.txt") == detect("Paris, Lyon", path="french_visit.txt") == "fr"
    assert detect("12.3.2021", path="a.en.txt") == detect("12.3.2021", path="x/a.en") == "en"
    assert detect("Le juge a parlé hier soir avec les témoins.", path="a.en.txt") == "fr"
    with pytest.raises(MuqabalaError):
        detect("12.3.2021", path="a.txt")
    assert nearest("Le juge a parlé.", ["ar", "xx", "fr-FR"]) == ("fr-FR", 0.0)
    assert nearest("Le juge a parlé.", ["xx"]) is None


def test_languages_of_two_sides_of_which_one_holds_the_other():
    arabic, english = ["هذا نص عربي", "وهذا نص آخر"], ["This is a text", "And this is another one"]
    assert detect_apart(arabic, [*arabic, *english]) == ("ar", "en")
    assert detect_apart([*english, *arabic], arabic) == ("en", "ar")
    assert detect_apart(arabic, arabic) is None
    assert detect_apart(["1", "2"], ["3"]) is None
    assert leaning(arabic[0], "ar", "en") > 10 > -10 > leaning(english[0], "ar", "en")
    assert leaning(arabic[0], "ar", "xx") == 0


def test_a_short_page_keeps_its_blocks(tmp_path):
    (tmp_path / "a.html").write_text(
        "<title>Notice</title><h1>Notice of the Court</h1><p>3 March 2026</p><p>The court sat. It rose at noon.</p>"
        "<ul><li>First point</li></ul><table><tr><td>a cell</td></tr></table>",
        encoding="utf-8",
    )
    assert kinds(tmp_path / "a.html", language="en") == [
        ("title", "Notice of the Court"),
        ("date", "3 March 2026"),
        ("paragraph", "The court sat. It rose at noon."),
        ("list item", "First point"),
        ("table cell", "a cell"),
    ]


def test_lines_parted_by_br_are_paragraphs(tmp_path):
    page = "<div>نص <b>عريض</b> أول.<br>سطر <a href='#'>رابط</a> ثان.<p>فقرة قائمة.</p>ذيل هنا.<br><br>أخير.</div>"
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    lines = [text for _, text in kinds(tmp_path / "a.html", language="ar")]
    assert lines == ["نص عريض أول.", "سطر رابط ثان.", "فقرة قائمة.", "ذيل هنا.", "أخير."]
