"""A project from the command line: idempotent, resumable, incremental; decisions outlive changes; nothing reported is lost."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import ARABIC, ENGLISH, beads, write
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora import MuqabalaError
from muqabala.formats import Format
from muqabala.project import shelf, store
from muqabala.project.deciding import decide, undo
from muqabala.project.ledger import Event, PairState, applied, replayed
from muqabala.project.pairing import name_key
from muqabala.project.project import Project


def test_everything_is_idempotent(folder, run, tmp_path):
    before = beads(folder)
    assert len(before) == 8
    assert run("init", folder).code == 0
    assert "2 unchanged" in run("add", folder, tmp_path / "t.ar.txt", tmp_path / "t.en.txt").out
    assert run("pair", folder).out == "t.ar.txt\tt.en.txt\tnames\t0.98\n"
    assert run("run", folder).out == ""
    assert beads(folder) == before
    told = json.loads(run("status", folder, "--json").out)
    assert (told["documents"], told["pairs"], told["aligned"], told["beads"]) == ({"ar": 1, "en": 1}, 1, 1, {"machine": 8})


def test_a_copied_folder_is_the_project(folder, run, tmp_path):
    shutil.copytree(folder, tmp_path / "copy")
    (tmp_path / "t.ar.txt").unlink()
    assert run("run", tmp_path / "copy").code == 0
    assert beads(tmp_path / "copy") == beads(folder)


def test_a_changed_document_keeps_what_was_confirmed(folder, run, tmp_path):
    names = [bead.id for bead in beads(folder)]
    assert run("decide", folder, names[1], names[4], "--as", "accepted", "--by", "A").code == 0
    assert run("decide", folder, names[5], "--as", "needs review", "--note", "which lawyer?").code == 0
    write(
        tmp_path,
        [*ARABIC[:2], "سكت المتهم طوال الوقت.", *ARABIC[2:]],
        [*ENGLISH[:2], "The accused kept silent all the time.", *ENGLISH[2:]],
    )
    result = run("run", folder)
    assert "realigned\tt.ar.txt\t9 beads" in result.out
    after = {bead.id: bead for bead in beads(folder)}
    assert list(after) == [*names[:2], "p0001-b0009", *names[2:]]
    assert [after[names[k]].status for k in (1, 4, 5)] == ["accepted", "accepted", "needs review"]
    assert after[names[5]].note == "which lawyer?"
    assert run("run", folder).out == ""


def test_a_confirmed_bead_whose_text_changed_is_told(folder, run, tmp_path):
    names = [bead.id for bead in beads(folder)]
    run("decide", folder, names[2], "--as", "accepted")
    write(tmp_path, ARABIC, [*ENGLISH[:2], "The judge read the charges for two hours.", *ENGLISH[3:]])
    assert names[2] in run("run", folder).err
    after = beads(folder)
    assert [bead.status for bead in after] == ["machine", "machine", "needs review", *["machine"] * 5]
    assert after[2].id == "p0001-b0009"


def test_run_again_stays_around_what_was_confirmed(folder, run):
    with Project(folder) as project:
        old = list(shelf.beads(project.store, 1))
        new = [
            {"number": 9, "source": [2, 3], "target": [2], "status": "realigned"},
            {"number": 10, "source": [], "target": [3], "status": "realigned"},
        ]
        shelf.decide(project, 1, "realigned", {"old": [3, 4], "new": new}, by="A")
    assert run("run", folder, "--again").code == 0
    kept = [bead for bead in beads(folder) if bead.status == "realigned"]
    assert [(bead.id, bead.source, bead.target) for bead in kept] == [("p0001-b0009", (2, 3), (2,)), ("p0001-b0010", (), (3,))]
    assert len(beads(folder)) == len(old)


def test_run_again_keeps_what_crosses_and_what_has_gaps(folder, run, tmp_path):
    with Project(folder) as project:
        new = [
            {"number": 9, "source": [0], "target": [7], "status": "realigned"},
            {"number": 10, "source": [7], "target": [0], "status": "realigned"},
            {"number": 11, "source": [2], "target": [2, 4], "status": "realigned"},
            {"number": 12, "source": [4], "target": [], "status": "realigned"},
        ]
        shelf.decide(project, 1, "realigned", {"old": [1, 3, 5, 8], "new": new}, by="A")
    result = run("run", folder, "--again")
    assert (result.code, result.err) == (0, "")
    after = {bead.id: (bead.source, bead.target) for bead in beads(folder)}
    confirmed = {"p0001-b0009": ((0,), (7,)), "p0001-b0010": ((7,), (0,)), "p0001-b0011": ((2,), (2, 4)), "p0001-b0012": ((4,), ())}
    assert after.items() >= confirmed.items()
    assert {((k,), (k,)) for k in (1, 3, 5, 6)} <= set(after.values())  # they part nothing
    out = tmp_path / "out"
    assert run("export", folder, "-o", out, "--format", ",".join(Format)).code == 0
    lines = [json.loads(line) for line in next(out.rglob("*.jsonl")).read_text(encoding="utf-8").splitlines()]
    assert [2, 4] in [line["target"]["segments"] for line in lines if "target" in line]
    write(tmp_path, ["خبر جديد.", *ARABIC], [*ENGLISH[:3], *ENGLISH[4:]])
    assert run("run", folder).err == ""
    assert {bead.id: (bead.source, bead.target) for bead in beads(folder)}["p0001-b0011"] == ((3,), (2, 3))


def test_decisions_are_events_and_can_be_undone(folder, run):
    before = beads(folder)
    with Project(folder) as project:
        decide(project, ["p0001-b0001"], "rejected", by="A")
        shelf.decide(project, 1, "edited", {"bead": 2, "source": None, "target": "Nobody was let in."}, by="A")
        shelf.decide(project, 1, "commented", {"bead": 3, "text": "long"}, by="A")
        ids = [event.id for event in shelf.events(project.store, 1)][-3:]
        assert shelf.bitext(project.store, shelf.pairing(project.store, 1)).texts(1)[1] == "Nobody was let in."
        for event in ids:
            undo(project, 1, event, by="A")
        assert list(shelf.beads(project.store, 1)) == before
        last = shelf.events(project.store, 1)[-1].id
        undo(project, 1, last, by="A")  # the undoing of the comment
        assert shelf.beads(project.store, 1)[0].note == ""
        assert list(shelf.beads(project.store, 1))[2].note == "long"
    assert json.loads(run("history", folder, 1, "--json").out.split("\n")[0])["kind"] == "paired"


def test_what_does_not_fit_is_refused_whole(folder):
    with Project(folder) as project:
        before = len(shelf.events(project.store, 1))
        for kind, data in (
            ("decided", {"beads": [1, 99], "status": "accepted"}),
            ("realigned", {"old": [1], "new": [{"number": 9, "source": [0], "target": [1], "status": "realigned"}]}),
            ("realigned", {"old": [1, 99], "new": []}),
        ):
            with pytest.raises(MuqabalaError):
                shelf.decide(project, 1, kind, data, by="A")
        with pytest.raises(MuqabalaError, match="no decision on pair"):
            undo(project, 1, 1, by="A")
        assert len(shelf.events(project.store, 1)) == before


def test_the_tables_are_what_the_events_say(folder, run):
    run("decide", folder, "p0001-b0003", "--as", "accepted")
    run("run", folder, "--again")
    with Project(folder, write=False) as project:
        assert replayed(1, shelf.events(project.store, 1)) == shelf.state(project.store, 1)


def test_the_ledger_cannot_be_changed(folder):
    connection = sqlite3.connect(folder / store.FILE)
    for sql in ("DELETE FROM event", "UPDATE event SET by = 'x'", "UPDATE segment SET text = ''", "DELETE FROM statement"):
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(sql)
    connection.close()


@given(
    st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["accepted", "rejected", "needs review", "machine"])), max_size=8),
    st.data(),
)
@settings(max_examples=50)
def test_undoing_everything_gives_the_beginning(decisions, data):
    rows = [{"number": k + 1, "source": [k], "target": [k], "score": 0.5, "confidence": 0.5, "status": "machine"} for k in range(4)]
    first = Event(1, "", "", "aligned", {"source": 1, "target": 2, "signature": "", "belief": 1.0, "beads": rows})
    events = [
        first,
        *(Event(k + 2, "", "", "decided", {"beads": [bead], "status": status}) for k, (bead, status) in enumerate(decisions)),
    ]
    start = applied(1, PairState(), first)
    for event in data.draw(st.permutations(events[1:])):
        events.append(Event(len(events) + 1, "", "", "undone", {"event": event.id}))
    assert replayed(1, events).beads == start.beads


@pytest.mark.parametrize(
    ("name", "language", "key"),
    [
        ("ar/2017-02-07_statement.ar.html", "ar", "2017 02 07 statement"),
        ("en/2017-02-07_Statement.en.html", "en", "2017 02 07 statement"),
        ("A_HRC_55_1-A.pdf", "ar", "hrc 55 1"),
        ("A_HRC_55_1-E.pdf", "en", "a hrc 55 1"),
        ("بيان ٧ عربي.docx", "ar", "بيان 7"),
        ("docs/report (English).docx", "en", "docs/report"),
        ("ar.txt", "ar", ""),
    ],
)
def test_names_without_language(name, language, key):
    assert name_key(name, language) == key


def test_pairs_by_links_manifest_and_hand(tmp_path, run):
    project = tmp_path / "p"
    (tmp_path / "site").mkdir()
    page = (
        "<html lang={lang}><head><title>{title}</title></head><body><article><h1>{title}</h1>{link}{text}</article></body></html>"
    )
    sides = {"ar": [f"<p>{line}</p>" for line in ARABIC], "en": [f"<p>{line}</p>" for line in ENGLISH]}
    (tmp_path / "site" / "7731.html").write_text(
        page.format(lang="ar", title="بيان", link="", text="".join(sides["ar"])), encoding="utf-8"
    )
    link = '<p><a href="../site/7731.html">Original in Arabic</a></p>'
    (tmp_path / "site" / "note.html").write_text(
        page.format(lang="en", title="A note", link=link, text="".join(sides["en"])), encoding="utf-8"
    )
    (tmp_path / "x.txt").write_text("\n\n".join(reversed(ARABIC)), encoding="utf-8")
    (tmp_path / "y.txt").write_text("\n\n".join(reversed(ENGLISH)), encoding="utf-8")
    run("init", project)
    assert run("add", project, tmp_path / "site", tmp_path / "x.txt", tmp_path / "y.txt").code == 0
    (tmp_path / "m.tsv").write_text("source\ttarget\tnote\nx.txt\ty.txt\tknown\n")
    found = [json.loads(line) for line in run("pair", project, "--manifest", tmp_path / "m.tsv", "--json").out.split("\n") if line]
    assert {(row["source"], row["target"], row["how"]) for row in found} == {
        ("site/7731.html", "site/note.html", "links"),
        ("x.txt", "y.txt", "manifest"),
    }
    assert run("pair", project, "--join", "x.txt", "site/note.html", "--by", "A").code == 0
    rows = run("pair", project).out
    assert "x.txt\tsite/note.html\thand" in rows
    assert "site/7731.html\t\tno partner" in rows  # it was taken apart, and is not paired with that page again
    (tmp_path / "m.tsv").write_text("source\ttarget\nx.txt\tz.txt\n")
    assert "m.tsv:2: there is no document 'z.txt'" in run("pair", project, "--manifest", tmp_path / "m.tsv").err


def test_pairs_by_what_they_say_and_leaves_the_rest(tmp_path, run):
    for k in range(3):
        for language, lines in (("ar", ARABIC), ("en", ENGLISH)):
            if (k, language) != (2, "en"):
                part = lines[k * 2 : k * 2 + 4]
                (tmp_path / f"{'uvw'[k] if language == 'ar' else 'klm'[2 - k]}{k}.txt").write_text(
                    "\n\n".join(part), encoding="utf-8"
                )
    run("init", tmp_path / "p")
    run("add", tmp_path / "p", *sorted(tmp_path.glob("*.txt")))
    rows = run("pair", tmp_path / "p").out
    assert "u0.txt\tm0.txt\tcontent" in rows
    assert "w2.txt\t\tno partner" in rows


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("المحكمة", 1), ("محكمة", 1), ("محكمه", 1), ("مَحْكَمَة", 1), ("اصابات", 1), ("شاهد", 1), ("court", 1), ("Witness", 1),
        ('"next week"', 1), ('"week next"', 0), ("judge hour", 1), ("judge prison", 0), ("جلسة", 2),
        ("0_0", 0), ("c\u0301\u200d_x", 0),
    ],
)  # fmt: skip
def test_search(folder, run, query, found):
    rows = [line for line in run("search", folder, query).out.split("\n") if line]
    assert len(rows) == found


def test_search_tells_where(folder, run):
    hit = json.loads(run("search", folder, "السجن", "--lang", "ar", "--json").out)
    assert [hit["source"][a:b] for a, b in hit["source_spans"]] == ["السجن."[:-1]]
    assert run("search", folder, "السجن", "--lang", "en").out == ""
    assert run("search", folder, "؟!").code == 1


def test_search_finds_words_with_letters_nobody_sees(tmp_path, run):
    (tmp_path / "a.ar.txt").write_text("كان الس\u200dجن\u200f مزدحماً\u200f.\u200f\n")
    (tmp_path / "a.en.txt").write_text("The pri\u00adson was over\u00adcrowded.\n")
    for arguments in (("init",), ("add",), ("pair",), ("run",)):
        files = sorted(tmp_path.glob("*.txt")) if arguments == ("add",) else ()
        assert run(*arguments, tmp_path / "p", *files).code == 0
    for query, word in (("prison", "pri\u00adson"), ("سجن", "الس\u200dجن"), ("ov\u00adercrowded", "over\u00adcrowded")):
        hit = json.loads(run("search", tmp_path / "p", query, "--json").out)
        side = "target" if word.isascii() or "\u00ad" in word else "source"
        assert [hit[side][a:b] for a, b in hit[f"{side}_spans"]] == [word]


def test_a_few_words_are_in_a_language_of_the_project(tmp_path, run):
    (tmp_path / "a.txt").write_text("Paris, Lyon, Lille")
    (tmp_path / "b.ar.txt").write_text("12/7")
    run("init", tmp_path / "p", "--from", "ar", "--to", "fr-FR")
    assert run("add", tmp_path / "p", tmp_path / "a.txt", tmp_path / "b.ar.txt").out == "2 added\n"
    assert "1 ar, 1 fr-FR" in run("status", tmp_path / "p").out


def test_languages_that_are_not_the_project_s_are_told(tmp_path, run):
    (tmp_path / "a.txt").write_text("Les deux parties se sont réunies hier soir dans la capitale et ont signé un accord de paix.")
    run("init", tmp_path / "p")
    result = run("add", tmp_path / "p", tmp_path / "a.txt")
    assert (result.code, result.out) == (1, "1 failed\n")
    assert "it seems to be in 'fr' (the project is ar and en; --lang says what it is)" in result.err


def test_links_hidden_and_foreign_files_are_skipped(tmp_path, run):
    (tmp_path / "secret.txt").write_text("A text that is not in the folder at all.")
    inside = tmp_path / "d"
    inside.mkdir()
    (inside / "a.txt").write_text("\n\n".join(ENGLISH))
    (inside / "out.txt").symlink_to(tmp_path / "secret.txt")
    (inside / "loop").symlink_to(inside)
    (inside / ".hidden.txt").write_text("x")
    (inside / "b.png").write_bytes(b"\x89PNG")
    run("init", tmp_path / "p")
    result = run("add", tmp_path / "p", inside)
    assert result.out == "1 added, 3 skipped\n"
    assert "a link that leads out of the folder" in result.err


def test_one_process_at_a_time(folder):
    with Project(folder) as one, Project(folder) as other, one.alone():
        with pytest.raises(MuqabalaError, match="another process is working on it"), other.alone():
            pass
        shelf.decide(other, 1, "decided", {"beads": [1], "status": "accepted"}, by="A")  # a reviewer may go on


def test_a_newer_schema_is_left_alone(folder, run):
    connection = sqlite3.connect(folder / store.FILE)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = (folder / store.FILE).read_bytes()
    for command in ("run", "status"):
        result = run(command, folder)
        assert (result.code, "newer Muqabala" in result.err) == (1, True)
    assert (folder / store.FILE).read_bytes() == before


def test_an_older_schema_is_brought_up_to_date(folder, run, monkeypatch):
    steps = [*store.migrations(), "ALTER TABLE document ADD COLUMN shelfmark TEXT NOT NULL DEFAULT '';\n"]
    monkeypatch.setattr(store, "migrations", lambda: steps)
    assert "older Muqabala" in run("status", folder).err
    assert run("run", folder).code == 0
    assert run("status", folder).code == 0
    with Project(folder, write=False) as project:
        assert project.store.value("SELECT count(*) FROM document WHERE shelfmark = ''") == 2


@pytest.mark.parametrize(
    "content", [b"", b"not a database at all, but long enough to be one" * 100, b"SQLite format 3\x00" + b"x" * 5000]
)
def test_what_is_no_database_is_told(folder, run, content):
    for suffix in ("-wal", "-shm"):
        (folder / (store.FILE + suffix)).unlink(missing_ok=True)
    (folder / store.FILE).write_bytes(content)
    result = run("status", folder)
    assert (result.code, result.err.count("\n")) == (1, 1)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[languages]\nsource = 3\n", "'source' is not a text"),
        ('[languages]\nsource = "ar"\ntarget = "ar"\n', "both languages are 'ar'"),
        ("[langages]\n", "unknown setting 'langages'"),
        ("[corpus.splits]\ndev = 0.9\ntest = 0.2\n", "something to train on"),
        ('[corpus.filters]\nduplicates = "some"\n', "duplicates = 'some'"),
        ("languages = 1\n", "'languages' is not a table"),
        ("=", "not TOML"),
    ],
)
def test_settings_that_are_wrong_are_told(folder, run, text, reason):
    (folder / "muqabala.toml").write_text(text)
    result = run("status", folder)
    assert result.code == 1
    assert reason in result.err


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the administrator may write everywhere")
def test_a_folder_that_cannot_be_written(folder, run):
    folder.chmod(0o555)
    try:
        assert run("status", folder).code == 0
        assert "no permission" in run("decide", folder, "p0001-b0001", "--as", "accepted").err
    finally:
        folder.chmod(0o755)


def test_a_full_disk_loses_nothing(folder):
    with Project(folder) as project:
        pages = project.store.value("PRAGMA page_count")
        project.store.value(f"PRAGMA max_page_count = {pages}")
        before = list(shelf.beads(project.store, 1))

        def fill():
            for _ in range(1000):
                shelf.decide(project, 1, "commented", {"bead": 1, "text": "x" * 100_000}, by="A")

        with pytest.raises(MuqabalaError, match="the disk is full"):
            fill()
    with Project(folder) as project:
        assert [bead.id for bead in shelf.beads(project.store, 1)] == [bead.id for bead in before]
        assert project.store.value("PRAGMA integrity_check") == "ok"


COMMAND = [sys.executable, "-u", "-c", "from muqabala.cli import main; main()"]


def killed(arguments, after):
    """Start a command, kill it after so many seconds; gives the lines that it printed whole."""
    with subprocess.Popen([*COMMAND, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        time.sleep(after)
        os.kill(process.pid, signal.SIGKILL)
        return process.stdout.read().decode().split("\n")[:-1]


def twelve(tmp_path):
    """The files of twelve pairs."""
    for k in range(12):
        for language, lines in (("ar", ARABIC), ("en", ENGLISH)):
            (tmp_path / f"d{k}.{language}.txt").write_text("\n\n".join(lines[k % 4 :] * 3), encoding="utf-8")
    return sorted(tmp_path.glob("d*.txt"))


@pytest.mark.slow
def test_killing_add_and_pair_loses_nothing_that_was_reported(tmp_path, run):
    files = twelve(tmp_path)
    run("init", tmp_path / "p")
    reported = set()
    for attempt in range(8):
        lines = killed(["add", tmp_path / "p", *files, "--json"], 0.5 + 0.1 * attempt)
        reported |= {json.loads(line)["name"] for line in lines}
        with Project(tmp_path / "p", write=False) as project:
            assert reported <= {document.name for document in shelf.documents(project.store)}
            assert project.store.value("PRAGMA integrity_check") == "ok"
    for attempt in range(8):
        killed(["pair", tmp_path / "p"], 0.1 + 0.03 * attempt)
    assert run("add", tmp_path / "p", *files).code == 0
    assert run("pair", tmp_path / "p").code == 0
    told = json.loads(run("status", tmp_path / "p", "--json").out)
    assert (told["pairs"], told["documents"], told["alone"]) == (12, {"ar": 12, "en": 12}, [])


@pytest.mark.slow
def test_killing_run_loses_nothing_that_was_reported(tmp_path, run):
    """Kill `run` again and again after another time; what it printed is in the project, and the last run ends the work."""
    files = twelve(tmp_path)
    run("init", tmp_path / "p")
    run("add", tmp_path / "p", *files)
    run("pair", tmp_path / "p")
    reported = set()
    for attempt in range(12):
        lines = killed(["run", tmp_path / "p", "--json"], 1.2 + 0.13 * attempt)
        reported |= {json.loads(line)["name"] for line in lines if '"failed"' not in line}
        with Project(tmp_path / "p", write=False) as project:
            aligned = {pair.source.name for pair in shelf.pairs(project.store) if pair.source_segmentation}
            assert reported <= aligned
            assert project.store.value("PRAGMA integrity_check") == "ok"
    assert run("run", tmp_path / "p").code == 0
    assert json.loads(run("status", tmp_path / "p", "--json").out)["aligned"] == 12


@pytest.mark.slow
@pytest.mark.parametrize("command", [["export", "--format", "tmx,jsonl,moses,xlsx"], ["release"]])
def test_killing_export_and_release_leaves_them_whole_or_as_they_were(tmp_path, run, command):
    """Whatever stands in the folder after a kill is a whole earlier or a whole new set of files."""
    files = twelve(tmp_path)
    for arguments in (["init", tmp_path / "p"], ["add", tmp_path / "p", *files], ["pair", tmp_path / "p"], ["run", tmp_path / "p"]):
        assert run(*arguments).code == 0
    assert run(command[0], tmp_path / "p", *command[1:], "-o", tmp_path / "whole").code == 0
    whole = digests(tmp_path / "whole")
    for attempt in range(10):
        killed([command[0], tmp_path / "p", *command[1:], "-o", tmp_path / "out"], 0.2 + 0.08 * attempt)
        if (tmp_path / "out").exists():
            assert {name: whole.get(name) for name in digests(tmp_path / "out")} == digests(tmp_path / "out")
    assert run(command[0], tmp_path / "p", *command[1:], "-o", tmp_path / "out").code == 0
    assert digests(tmp_path / "out") == whole


def digests(folder):
    """The bytes of all files below a folder; hidden ones are not looked at, they are what a killed command was writing."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }


def test_the_schema_is_strict():
    text = Path(store.__file__).parents[1].joinpath("data/schema/1.sql").read_text()
    assert text.count("CREATE TABLE") == text.count(") STRICT")


def test_one_term_throughout_a_project(tmp_path, run):
    """Two statements say it one way, the third another: that one is told, though it is consistent in itself."""
    for k, word in enumerate(("murder", "murder", "wilful killing")):
        pairs = [("اتُّهم بالقتل العمد.", f"He was accused of {word}."), *zip(ARABIC[k : k + 3], ENGLISH[k : k + 3], strict=True)]
        (tmp_path / f"d{k}.ar.txt").write_text("\n\n".join(source for source, _ in pairs), encoding="utf-8")
        (tmp_path / f"d{k}.en.txt").write_text("\n\n".join(target for _, target in pairs), encoding="utf-8")
    (tmp_path / "g.tsv").write_text("concept\tar\ten\nmurder\tقتل عمد\tmurder|wilful killing\n", encoding="utf-8")
    run("init", tmp_path / "p", "--glossary", tmp_path / "g.tsv")
    run("add", tmp_path / "p", *sorted(tmp_path.glob("d*.txt")))
    run("pair", tmp_path / "p")
    assert run("run", tmp_path / "p").code == 0
    with Project(tmp_path / "p", write=False) as project:
        found = project.store.rows("SELECT pair, code, data FROM finding WHERE code = 'term inconsistent'")
        assert [(row["pair"], json.loads(row["data"])[2]) for row in found] == [(3, ["murder"])]
    assert run("run", tmp_path / "p").out == ""
    listed = run("glossary", "coverage", tmp_path / "p", "--glossary", tmp_path / "g.tsv", "--json").out
    assert json.loads(listed)["renderings"] == {"murder": 2, "wilful killing": 1}
    (tmp_path / "h.tsv").write_text("concept\tar\ten\ten forbidden\nmurder\tقتل عمد\tmurder\twilful killing\n", encoding="utf-8")
    changed = run("glossary", "impact", tmp_path / "g.tsv", tmp_path / "h.tsv", tmp_path / "p").out
    assert "term forbidden" in changed
