"""The command line as acceptance runs it: files, standard input, formats, exit codes, one-line errors."""

import json
import os
import subprocess
import sys

import pytest
from conftest import EXAMPLES

from corpora import parse_bitext
from muqabala.formats import Format

FIRST = EXAMPLES[0]
TWO = "وصل الشهود إلى المحكمة.\nلم يصدر حكم بعد.\n", "The witnesses arrived at the court.\nNo judgment has been given yet.\n"


@pytest.fixture
def pair(tmp_path):
    paths = tmp_path / "a.ar.txt", tmp_path / "a.en.txt"
    for path, text in zip(paths, TWO, strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def test_segment(run):
    result = run("segment", FIRST.source, "--lang", "ar")
    assert result.code == 0
    assert result.out.count("\n") == 14
    rows = [json.loads(line) for line in run("segment", FIRST.source, "--lang", "ar", "--json").out.split("\n")[:-1]]
    text = FIRST.source.read_text(encoding="utf-8")
    assert [row["kind"] for row in rows][:3] == ["title", "date", "issuer"]
    assert all(text[row["start"] : row["end"]] == row["text"] for row in rows)


def test_segment_reads_standard_input(run):
    assert run("segment", "-", "--lang", "en", stdin=b"One is here. Two is here.").out == "One is here.\nTwo is here.\n"


def test_empty_file_has_no_segments(run, tmp_path):
    (tmp_path / "empty").write_bytes(b"")
    assert run("segment", tmp_path / "empty", "--lang", "ar").code == 0


@pytest.mark.parametrize("options", [["--lines"], []])
def test_align_prints_ids(run, pair, options):
    result = run("align", *pair, "--from", "ar", "--to", "en", *options)
    assert (result.code, result.out, result.err) == (0, "[0]:[0]\n[1]:[1]\n", "")


def test_align_detects_languages_and_reads_standard_input(run, pair):
    result = run("align", "-", pair[1], "--json", stdin=TWO[0].encode())
    assert [json.loads(line)["source"]["lang"] for line in result.out.split("\n")[:-1]] == ["ar", "ar"]


def test_align_a_file_that_holds_both(run, pair, tmp_path):
    both = tmp_path / "both.txt"
    both.write_text(
        "\n\n".join(line for two in zip(*(text.split("\n") for text in TWO), strict=True) for line in two), encoding="utf-8"
    )
    for options in ((pair[0], both), (both, both, "--from", "ar", "--to", "en")):
        rows = [json.loads(line) for line in run("align", *options, "--json").out.split("\n")[:-1]]
        assert {(row["source"]["lang"], row["target"]["lang"]) for row in rows} == {("ar", "en")}
        assert run("align", *options).err == ""
        found = [(row["source"]["text"], row["target"]["text"]) for row in rows if row["source"]["text"] and row["target"]["text"]]
        assert found == [two for two in zip(*(text.split("\n") for text in TWO), strict=True) if all(two)]


@pytest.mark.parametrize("kind", ["ids", "tsv", "jsonl", "tmx", "html"])
def test_align_writes_each_format(run, pair, tmp_path, kind):
    out = tmp_path / "out"
    assert run("align", *pair, "-o", out, "--format", kind).code == 0
    printed = run("align", *pair, "--format", kind)
    assert out.read_text(encoding="utf-8") == printed.out
    by_ending = tmp_path / f"out.{kind}"
    run("align", *pair, "-o", by_ending)
    assert by_ending.read_bytes() == out.read_bytes()


def test_moses(run, pair, tmp_path):
    assert run("align", *pair, "-o", tmp_path / "out", "--format", "moses").code == 0
    assert (tmp_path / "out.ar").read_text(encoding="utf-8").count("\n") == 2
    assert (tmp_path / "out.en").read_text(encoding="utf-8").count("\n") == 2
    assert run("align", *pair, "--format", "moses").code == 2


def test_lines_keep_their_numbers(run, tmp_path):
    (tmp_path / "s").write_text("الشاهد حضر.\n\nالمحكمة رفعت الجلسة.\n", encoding="utf-8")
    (tmp_path / "t").write_text("The witness appeared.\nThe court rose.\n", encoding="utf-8")
    assert run("align", tmp_path / "s", tmp_path / "t", "--lines").out == "[0]:[0]\n[1]:[]\n[2]:[1]\n"


def test_evaluate(run, tmp_path):
    (tmp_path / "gold").write_text("[0]:[0]\n[1]:[1, 2]\n")
    (tmp_path / "test").write_text("[0]:[0]\n[1]:[1]\n[]:[2]\n")
    assert "strict" in run("evaluate", tmp_path / "gold", tmp_path / "test").out
    scores = json.loads(run("evaluate", tmp_path / "gold", tmp_path / "test", "--json").out)
    assert (scores["strict_f1"], scores["lax_f1"]) == (0.4, 0.8)


def test_glossary_match(run, tmp_path):
    (tmp_path / "g.tsv").write_text("concept\tar\ten\ncourt\tمحكمة\tcourt\n", encoding="utf-8")
    (tmp_path / "t").write_text("لا شيء\nأمام المحاكم والمحكمة\n", encoding="utf-8")
    command = "glossary", "match", tmp_path / "t", "--lang", "ar", "--glossary", tmp_path / "g.tsv"
    result = run(*command)
    assert run(*command, "--json").out == result.out
    assert [json.loads(line) for line in result.out.split("\n")[:-1]] == [
        {"line": 2, "start": 5, "end": 12, "concept": "court", "term": "محكمة", "status": "preferred"},
        {"line": 2, "start": 13, "end": 21, "concept": "court", "term": "محكمة", "status": "preferred"},
    ]


def test_glossary_check(run, pair, tmp_path):
    (tmp_path / "g.tsv").write_text("concept\tar\ten\nwitness\tشاهد\tdeponent\n", encoding="utf-8")
    for kind in ("jsonl", "tsv"):
        run("align", *pair, "-o", tmp_path / f"b.{kind}")
        result = run("glossary", "check", tmp_path / f"b.{kind}", "--glossary", tmp_path / "g.tsv", "--json")
        assert result.code == 3
        assert [json.loads(line)["concept"] for line in result.out.split("\n")[:-1]] == ["witness"]
    assert "approved term missing" in run("glossary", "check", tmp_path / "b.tsv", "--glossary", tmp_path / "g.tsv").out
    assert "<mark>" in run("glossary", "check", tmp_path / "b.tsv", "--glossary", tmp_path / "g.tsv", "--html").out
    assert run("glossary", "check", tmp_path / "b.tsv").code == 0


def test_demo(run, tmp_path):
    result = run("demo", tmp_path / "demo")
    assert result.code == 0
    assert str(tmp_path / "demo" / "index.html") in result.out
    one_file = sum(kind.is_one_file for kind in Format)
    assert len(list((tmp_path / "demo").iterdir())) == 10 * (one_file + 2) + 1  # Moses is two
    for example in EXAMPLES:
        assert parse_bitext((tmp_path / "demo" / f"{example.name}.jsonl").read_text(encoding="utf-8")).beads


BAD = (
    "missing file", "folder", "empty side", "empty sides", "nothing to tell the language by", "binary", "wrong encoding",
    "mixed encodings", "cut in a character",
    "wrong encoding named", "unknown encoding named", "swapped", "unknown language", "unknown language named", "no language code",
    "unwritable", "output is a folder", "no glossary", "bad glossary", "no encoder", "no gold", "no bitext", "segment binary",
    "NUL in a name", "demo into a file",
)  # fmt: skip


def bad_inputs(folder):
    arabic, english = folder / "ok.ar", folder / "ok.en"
    arabic.write_text(TWO[0], encoding="utf-8")
    english.write_text(TWO[1], encoding="utf-8")
    files = {
        "empty": b"",
        "blank": b" \n\n ",
        "binary": bytes(range(256)) * 8,
        "latin": "Größe und Mädchen schön".encode("latin-1"),
        "mixed": TWO[0].encode() + TWO[0].encode("windows-1256")[:20],
        "cut": TWO[0].strip(" .\n").encode()[:-1],
        "digits": b"1 2 3\n4 5 6\n",
        "persian": "این یک متن فارسی است که زبان آن شناخته نمی‌شود و برای همین خطا می‌دهد.".encode(),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    at = {name: folder / name for name in files} | {"missing": folder / "missing", "folder": folder}
    return {
        "missing file": ["align", at["missing"], english],
        "folder": ["align", folder, english],
        "empty side": ["align", at["empty"], english, "--from", "ar"],
        "empty sides": ["align", at["empty"], at["blank"], "--from", "ar", "--to", "en", "--lines"],
        "nothing to tell the language by": ["align", at["digits"], english],
        "binary": ["align", at["binary"], english],
        "wrong encoding": ["align", at["latin"], english],
        "mixed encodings": ["align", at["mixed"], english],
        "cut in a character": ["align", at["cut"], english],
        "wrong encoding named": ["align", at["latin"], english, "--encoding", "utf-8"],
        "unknown encoding named": ["align", at["latin"], english, "--encoding", "klingon"],
        "swapped": ["align", english, arabic, "--from", "ar", "--to", "en"],
        "unknown language": ["align", at["persian"], english],
        "unknown language named": ["align", arabic, english, "--from", "fa"],
        "no language code": ["align", arabic, english, "--from", "Arabic language"],
        "unwritable": ["align", arabic, english, "-o", folder / "no" / "such" / "out"],
        "output is a folder": ["align", arabic, english, "-o", folder],
        "no glossary": ["align", arabic, english, "--glossary", at["missing"]],
        "bad glossary": ["align", arabic, english, "--glossary", arabic],
        "no encoder": ["align", arabic, english, "--encoder", folder / "nothing"],
        "no gold": ["evaluate", arabic, english],
        "no bitext": ["glossary", "check", english],
        "segment binary": ["segment", at["binary"], "--lang", "ar"],
        "NUL in a name": ["segment", "a\0b", "--lang", "ar"],
        "demo into a file": ["demo", arabic],
    }


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_line(run, tmp_path, name):
    result = run(*bad_inputs(tmp_path)[name])
    assert result.code == 1
    assert result.out == ""
    assert result.err.startswith("muqabala: ")
    assert result.err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments", [["align"], ["align", "a", "b", "--format", "docx"], ["nonsense"], ["align", "-", "-"], ["segment", "--what"]]
)
def test_wrong_usage(run, arguments):
    assert run(*arguments).code == 2


@pytest.mark.parametrize(
    "text",
    [
        "a\x00b. c",
        "\u202eabc. def\u202c",
        "a\rb. c\rd.",
        "a\u2028b. c\u2029d.",
        "٣٠ and 30 and ۳۰.",
        "\ufeffa. b.",
        "…",
        "؟",
        "x" * 3000,
    ],
)
def test_odd_characters_align(run, tmp_path, text):
    for name in ("s", "t"):
        (tmp_path / name).write_bytes(text.encode())
    for kind in ("jsonl", "tsv", "tmx", "html"):
        result = run("align", tmp_path / "s", tmp_path / "t", "--from", "en", "--to", "en", "--format", kind)
        assert result.code == 0, result.err
        assert "both files are the same" in result.err


@pytest.mark.slow
def test_a_line_of_a_megabyte(run, tmp_path):
    (tmp_path / "s").write_text("كلمة من كلام طويل، " * 55_000, encoding="utf-8")
    (tmp_path / "t").write_text("A word of long talk, " * 50_000 + "\nAnd the end.\n", encoding="utf-8")
    result = run("align", tmp_path / "s", tmp_path / "t", "--from", "ar", "--to", "en")
    assert result.code == 0
    assert "[0]:" in result.out


def test_an_input_is_never_overwritten(run, pair, tmp_path):
    (tmp_path / "link").symlink_to(pair[1])
    for out in (pair[0], tmp_path / "link"):
        result = run("align", *pair, "-o", out, "--format", "tsv")
        assert (result.code, result.out) == (1, "")
        assert "one of the inputs" in result.err
    moses = tmp_path / "a", tmp_path / "a.en"
    pair[1].rename(moses[1])
    assert "one of the inputs" in run("align", pair[0], moses[1], "-o", moses[0], "--format", "moses").err
    assert [path.read_text(encoding="utf-8") for path in (pair[0], moses[1])] == list(TWO)


def test_a_link_stays_a_link(run, pair, tmp_path):
    (tmp_path / "real").write_text("before")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert run("align", *pair, "-o", tmp_path / "link").code == 0
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "[0]:[0]\n[1]:[1]\n"


def test_a_pipe_is_written_to(run, pair, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with subprocess.Popen(["cat", str(tmp_path / "pipe")], stdout=subprocess.PIPE) as reader:
        assert run("align", *pair, "-o", tmp_path / "pipe").code == 0
        assert reader.communicate()[0] == b"[0]:[0]\n[1]:[1]\n"


def test_languages_are_written_one_way(run, pair):
    rows = run("align", *pair, "--from", "AR", "--to", "en_us", "--json").out.split("\n")[:-1]
    assert [json.loads(rows[0])[side]["lang"] for side in ("source", "target")] == ["ar", "en-US"]


def test_nothing_is_left_behind(run, pair, tmp_path):
    out = tmp_path / "out.tsv"
    out.write_text("before")
    assert run("align", pair[0], tmp_path / "missing", "-o", out).code == 1
    assert out.read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.ar.txt", "a.en.txt", "out.tsv"]


def test_windows_1256_is_said(run, pair):
    pair[0].write_bytes(TWO[0].encode("windows-1256"))
    result = run("align", *pair)
    assert (result.code, result.out) == (0, "[0]:[0]\n[1]:[1]\n")
    assert "windows-1256" in result.err


def test_a_closed_pipe_is_quiet(pair):
    command = [sys.executable, "-m", "muqabala", "segment", str(FIRST.source), "--lang", "ar"]
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert b"Traceback" not in done.stderr


def test_a_machine_translation(run, tmp_path):
    example = EXAMPLES[0]
    segments = run("segment", example.source, "--lang", "ar").out
    (tmp_path / "mt").write_text(segments, encoding="utf-8")
    with_it = run("align", example.source, example.target, "--from", "ar", "--to", "en", "--mt", tmp_path / "mt")
    assert with_it.code == 0
    (tmp_path / "mt").write_text("too few\n", encoding="utf-8")
    refused = run("align", example.source, example.target, "--from", "ar", "--to", "en", "--mt", tmp_path / "mt")
    assert (refused.code, refused.out) == (1, "")
    assert "1 lines of translation for" in refused.err


def test_long_segments_are_told_of(run, tmp_path):
    paths = tmp_path / "a.ar.txt", tmp_path / "a.en.txt"
    paths[0].write_text(
        "وصل الفريق صباحاً إلى السجن، لكن المدير رفض أن يدخله، ثم عاد مساءً وقابل أربعة من المحتجزين.", encoding="utf-8"
    )
    paths[1].write_text(
        "The team reached the prison in the morning. The director refused to let it in. "
        "It returned in the evening and met four detainees.",
        encoding="utf-8",
    )
    assert "long or have several partners: 1; --resegment may split them" in run("align", *paths).err
    assert not run("align", *paths, "--resegment").err


def test_the_wrong_document_is_not_believed(run):
    wrong = run("align", EXAMPLES[0].source, EXAMPLES[3].target, "--from", "ar", "--to", "en", "--json")
    assert wrong.code == 0
    assert "do not look like translations of each other" in wrong.err
    assert json.loads(wrong.out.split("\n")[0])["provenance"]["belief"] < 0.5
    right = run("align", EXAMPLES[0].source, EXAMPLES[0].target, "--from", "ar", "--to", "en", "--json")
    assert not right.err
    assert json.loads(right.out.split("\n")[0])["provenance"]["belief"] > 0.9


def test_the_same_beads_in_every_format(run, tmp_path):
    pair = EXAMPLES[1].source, EXAMPLES[1].target, "--from", "ar", "--to", "en"
    rows = [json.loads(line) for line in run("align", *pair, "--json").out.split("\n") if line]
    ids = "".join(f"{row['source']['segments']}:{row['target']['segments']}\n" for row in rows)
    assert run("align", *pair).out == ids


def test_only_one_file_is_standard_input(run, pair):
    assert run("align", "-", pair[1], "--mt", "-", stdin=b"x\n").code == 2
    assert run("align", pair[0], "-", "--glossary", "-", stdin=b"x\n").code == 2
