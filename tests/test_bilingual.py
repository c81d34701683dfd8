"""Documents that hold two languages: each side is what is in its own."""

import json

import docx
import pytest
from typer.testing import CliRunner

from corpora import Block, BlockKind
from corpora.bilingual import parts_in, two_languages
from muqabala.cli import app

ARABIC = [
    "المادة ١",
    "لا يجوز احتجاز أي شخص إلا بأمر مكتوب من سلطة قضائية.",
    "المادة ٢",
    "يسجل كل محتجز عند وصوله في سجل مرقم الصفحات، ويذكر فيه اسمه وساعة وصوله.",
    "ويجوز لمحاميه الاطلاع على ما دون فيه.",
]
ENGLISH = [
    "Article 1",
    "No one may be detained except on the written order of a judicial authority.",
    "Article 2",
    "Every detainee shall on arrival be entered in a register, which shall state the name and the hour of arrival.",
    "Counsel may inspect what has been entered.",
]


def parts(text, language, other):
    return [text[part.start : part.end] for part in parts_in(text, [Block(BlockKind.PARAGRAPH, 0, len(text))], language, other)]


@pytest.mark.parametrize(
    ("text", "arabic", "english"),
    [
        (ARABIC[1], [ARABIC[1]], []),
        (ENGLISH[1], [], [ENGLISH[1]]),
        ("وقالت منظمة Amnesty إن الرجال ما زالوا محتجزين.", ["وقالت منظمة Amnesty إن الرجال ما زالوا محتجزين."], []),
        ("المادة ١ – Article 1", ["المادة ١"], ["Article 1"]),
        ("Article 1 (المادة ١)", ["المادة ١"], ["Article 1"]),
        (f"{ARABIC[1]}\n{ENGLISH[1]}", [ARABIC[1]], [ENGLISH[1]]),
        (f"{ENGLISH[1]}\n{ENGLISH[3]}\n{ARABIC[1]}", [ARABIC[1]], [f"{ENGLISH[1]}\n{ENGLISH[3]}"]),
        ("* * *", ["* * *"], ["* * *"]),
        ("12", ["12"], ["12"]),
        ("", [""], [""]),
    ],
)
def test_parts(text, arabic, english):
    assert parts(text, "ar", "en") == arabic
    assert parts(text, "en", "ar") == english


def test_numbers_of_two_kinds_belong_to_their_sides():
    text = "12 ١٢"
    blocks = [Block(BlockKind.TABLE_CELL, 0, 2), Block(BlockKind.TABLE_CELL, 3, 5)]
    assert [parts_in(text, blocks, *codes) for codes in (("en", "ar"), ("ar", "en"))] == [[blocks[0]], [blocks[1]]]


def test_languages_of_one_script():
    german, french = "Der Bericht wurde am Montag vorgelegt.", "Le rapport a été présenté lundi."
    assert parts(german, "de", "fr") == [german]
    assert parts(french, "de", "fr") == []


def test_two_languages():
    text = "\n".join((*ENGLISH, *ARABIC))
    blocks, start = [], 0
    for line in text.split("\n"):
        blocks.append(Block(BlockKind.PARAGRAPH, start, start + len(line)))
        start += len(line) + 1
    assert two_languages(text, blocks) == ("en", "ar")
    assert two_languages(text, blocks[: len(ENGLISH)]) is None


def aligned(path, *options):
    result = CliRunner().invoke(app, ["align", str(path), str(path), *options, "--format", "jsonl"])
    assert result.exit_code == 0, result.output
    rows = [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]
    return [(row["source"]["text"], row["target"]["text"]) for row in rows]


def test_a_table_of_both(tmp_path):
    document = docx.Document()
    table = document.add_table(len(ARABIC), 2)
    for k, texts in enumerate(zip(ENGLISH, ARABIC, strict=True)):
        for cell, text in zip(table.row_cells(k), texts, strict=True):
            cell.text = text
    document.save(str(tmp_path / "both.docx"))
    wanted = list(zip(ARABIC, ENGLISH, strict=True))
    assert aligned(tmp_path / "both.docx", "--from", "ar", "--to", "en") == wanted
    assert aligned(tmp_path / "both.docx", "--from", "ar") == wanted
    assert aligned(tmp_path / "both.docx") == [(theirs, ours) for ours, theirs in wanted]


def test_one_paragraph_behind_the_other(tmp_path):
    path = tmp_path / "both.txt"
    path.write_text("\n\n".join(text for pair in zip(ARABIC, ENGLISH, strict=True) for text in pair), encoding="utf-8")
    assert aligned(path) == list(zip(ARABIC, ENGLISH, strict=True))


def test_a_file_of_one_language_is_what_it_was(tmp_path):
    path = tmp_path / "one.txt"
    path.write_text("\n\n".join(ENGLISH), encoding="utf-8")
    assert aligned(path, "--from", "en", "--to", "en") == [(text, text) for text in ENGLISH]


def test_a_project_takes_one_document_for_two(tmp_path):
    path, folder = tmp_path / "both.txt", str(tmp_path / "project")
    lines = [text for pair in zip(ARABIC, ENGLISH, strict=True) for text in pair]
    path.write_text("\n\n".join(lines), encoding="utf-8")
    runner = CliRunner()
    for command in (["init", folder], ["add", folder, str(path)], ["run", folder]):
        result = runner.invoke(app, command)
        assert result.exit_code == 0, result.output
    assert "both.txt#ar\t5 beads" in result.stdout
    named = tmp_path / "both.ar.txt"  # in Arabic, whatever it quotes
    named.write_bytes(path.read_bytes())
    assert "1 added" in runner.invoke(app, ["add", folder, str(named)]).output
    assert "2 ar, 1 en" in runner.invoke(app, ["status", folder]).stdout
    path.write_text("\n\n".join([*lines, "وهذا سطر جديد.", "This is a new line."]), encoding="utf-8")
    assert "both.txt#ar\t6 beads" in runner.invoke(app, ["run", folder]).stdout
    assert "in one file" in runner.invoke(app, ["pair", folder]).stdout
