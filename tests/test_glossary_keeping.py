"""What a glossary maintainer does: lint, compare versions, see what occurs, waive, find new terms, print."""

import json
import random
import subprocess
import sys
from dataclasses import replace

import pytest

from corpora import Bead, Bitext, BitextSide, MuqabalaError, ReadError, Segment, to_jsonl
from glossary import Change, Concept, Glossary, Source, Status, Term, check, starter_glossary
from glossary.coverage import coverage, impact
from glossary.lint import lint
from glossary.suggestions import suggest
from glossary.tables import parse_table
from glossary.versions import diff, record
from glossary.views import to_html, to_markdown
from glossary.waivers import Waiver, parse_waivers, to_lines, variants, waive, without_waived

TERMS = parse_table(
    "concept\tar\ten\ten forbidden\tsource\n"
    "court\tمحكمة\tcourt\t\tRome Statute, article 1\n"
    "detainee\tمحتجز|معتقل\tdetainee|detained person\tinmate\tBody of Principles\n"
    "amnesty\tعفو عام\tgeneral amnesty\t\town usage\n",
    path="t",
)


MANY = "".join(f"c{k}\tحق{k}\tword{k}x\tx\n" for k in range(9))


def bitext(*pairs):
    sides = [BitextSide(code, tuple(Segment(p[k], 0, len(p[k])) for p in pairs)) for k, code in ((0, "ar"), (1, "en"))]
    return Bitext(*sides, tuple(Bead((k,), (k,)) for k in range(len(pairs))))


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("concept\tar\ten\tsource\na\tحق\tright|Right\tx\n", ("duplicate term", "a", "right")),
        ("concept\tar\ten\tsource\na\tإحتجاز|احتجاز\tx\tx\n", ("duplicate term", "a", "إحتجاز")),
        ("concept\tar\ten\ten forbidden\tsource\na\tحق\tright\tright\tx\n", ("contradictory status", "a", "right")),
        ("concept\tar\ten\na\tحق\tright\n", ("missing source", "a", "")),
        ("concept\tar\ten\tsource\na\tحق\tright\tx\nb\tدين\tright\tx\n", ("shared term", "a", "right")),
        ("concept\tar\ten\ten forbidden\tsource\na\tحق\tright\t\tx\nb\tدين\tdebt\tright\tx\n", ("refused elsewhere", "a", "right")),
        ("concept\tar\ten\tsource\na\tحق\tcоurt\tx\n", ("suspicious script", "a", "cоurt")),  # a Cyrillic o
        ("concept\tar\ten\tsource\na\tحــق\tright\tx\n", ("suspicious spelling", "a", "حــق")),
        ("concept\tar\ten\tsource\na\tحق\tright.\tx\n", ("suspicious spelling", "a", "right.")),
        (f"concept\tar\ten\tsource\n{MANY}z\tدين\t\tx\n", ("missing language", "z", "")),
    ],
)  # fmt: skip
def test_lint_notices(table, expected):
    assert expected in [(remark.code, remark.concept, remark.term) for remark in lint(parse_table(table, path="t"))]


def test_lint_of_good_glossaries_is_quiet():
    assert lint(TERMS) == []
    assert [remark for remark in lint(starter_glossary()) if remark.severity.value != "info"] == []


def test_lint_judges_validity_by_the_day_it_is_told():
    old = Glossary((Concept("a", (Term("x", "en", valid_until="2020-12-31"),), sources=(Source("s"),)),))
    assert [remark.code for remark in lint(old, today="2021-01-01")] == ["not valid"]
    assert lint(old, today="2020-12-31") == lint(old) == []


def changed(glossary):
    court, detainee, _ = glossary.concepts
    inmate = Term("inmate", "en", Status.DEPRECATED)
    terms = (*(term for term in detainee.terms if term.text != "inmate"), inmate, Term("prisoner", "en", Status.FORBIDDEN))
    new = Concept("appeal", (Term("استئناف", "ar"), Term("appeal", "en")))
    return Glossary((replace(court, definition="Where judges sit."), replace(detainee, terms=terms), new))


def test_differences_by_concept():
    assert [(d.concept, str(d)) for d in diff(TERMS, changed(TERMS))] == [
        ("court", "definition changed: nothing -> Where judges sit."),
        ("detainee", "en 'inmate': status changed: forbidden -> deprecated"),
        ("detainee", "en 'prisoner': forbidden term added"),
        ("appeal", "concept added"),
        ("amnesty", "concept removed"),
    ]
    assert diff(TERMS, TERMS) == []


def test_changes_enter_the_history():
    once = record(TERMS, changed(TERMS), when="2026-03-01", who="maintainer")
    assert once.by_id["appeal"].history == (Change("2026-03-01", "maintainer", "concept added"),)
    twice = record(once, replace_definition(once), when="2026-04-01", who="another")
    assert [change.who for change in twice.by_id["court"].history] == ["maintainer", "another"]
    assert diff(once, record(once, once, when="2026-05-01", who="x")) == []


def replace_definition(glossary):
    return Glossary(tuple(replace(c, definition="Another one.") if c.id == "court" else c for c in glossary.concepts))


def test_coverage_and_impact():
    pairs = [("أفرجت المحكمة عن المعتقلين", "The court released the detainees"), ("المعتقل", "an inmate"), ("المحكمة", "the bench")]
    text = bitext(*pairs)
    uses = {use.concept: use for use in coverage([text], TERMS)}
    assert (uses["court"].occurrences, dict(uses["court"].renderings)) == (2, {"court": 1, "": 1})
    assert dict(uses["detainee"].renderings) == {"detainee": 1, "inmate": 1}
    assert uses["amnesty"].occurrences == 0
    wider = parse_table("concept\tar\ten\ncourt\tمحكمة\tcourt|bench\ndetainee\tمعتقل\tdetainee|inmate\n", path="t")
    assert {(i.is_new, i.code, i.concept) for i in impact([text], TERMS, wider)} == {
        (False, "term missing", "court"),
        (False, "term forbidden", "detainee"),
    }


def test_waivers_are_remembered_and_offered():
    checked = check(bitext(("المحكمة", "the bench"), ("في المحكمة", "on the bench"), ("المعتقل", "he")), TERMS)
    waiver = waive(checked, "b0001", "term missing", rendering="bench", reason="the judges are meant", by="me", when="2026-01-01")
    assert parse_waivers(to_lines([waiver])) == [waiver]
    left = without_waived(checked, [waiver])
    codes = [[f.concept for f in bead.findings if f.code == "term missing"] for bead in left.beads]
    assert codes == [[], [], ["detainee"]]
    assert variants([waiver, waiver, Waiver("number differs")]) == [("court", "bench", 2)]


def test_waivers_need_a_finding_and_a_reason():
    checked = check(
        bitext(
            ("المحكمة", "the bench"),
        ),
        TERMS,
    )
    for bead, code, rendering, reason, message in [
        ("b0009", "term missing", "", "x", "no bead"),
        ("b0001", "term missing", "", " ", "needs a reason"),
        ("b0001", "number differs", "", "x", "no finding"),
        ("b0001", "term missing", "court", "x", "not in the target"),
    ]:
        with pytest.raises(MuqabalaError, match=message):
            waive(checked, bead, code, rendering=rendering, reason=reason, by="me", when="2026-01-01")
    with pytest.raises(ReadError, match="not a waiver"):
        parse_waivers("{}\n[1]\n")


def test_suggestions_are_what_keeps_company():
    dice = random.Random(1)
    verbs = [("ذكر", "he named"), ("زار", "she saw"), ("انتقد", "they blamed"), ("وصف", "we described"), ("طلب", "you asked for")]
    fill = [("أمس", "yesterday"), ("في المدينة", "in the city"), ("بعد أسبوع", "after a week"), ("أخيراً", "at last")]
    terms = [("لجنة التحقيق", "commission of inquiry"), ("حظر السفر", "travel ban"), ("المحكمة", "the court")]
    pairs = []
    for k in range(45):
        chosen = dice.choice(verbs), terms[k % 3], dice.choice(fill)
        pairs.append(tuple(" ".join([*words, str(k)]) for words in zip(*chosen, strict=True)))
    found = [(pair.source, pair.target) for pair in suggest([bitext(*pairs)], TERMS, most=2)]
    assert found == [("لجنة التحقيق", "commission of inquiry"), ("حظر السفر", "travel ban")]
    assert suggest([bitext(*pairs)], TERMS, most=2)[0].together == 15
    assert suggest([], TERMS) == []


def test_views():
    page = to_html(TERMS)
    assert "<script" not in page
    assert '<td lang="ar" dir="rtl">' in page
    assert 'class="refused">inmate' in page
    odd = Glossary((Concept("a", (Term("<b>|x", "en"),), sources=(Source("s", address="javascript:alert(1)"),)),))
    assert "<b>" not in to_html(odd)
    assert 'href="#"' in to_html(odd)
    assert r"\<b\>\|x" in to_markdown(odd)
    assert "~~inmate~~ (forbidden)" in to_markdown(TERMS)


def run(*arguments):
    command = [sys.executable, "-m", "muqabala", "glossary", *map(str, arguments)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert "Traceback" not in done.stderr
    return done


def test_the_commands(tmp_path):
    old, new, text, waivers = (tmp_path / name for name in ("old.tsv", "new.tsv", "text.jsonl", "waivers.jsonl"))
    old.write_text("concept\tar\ten\ncourt\tمحكمة\tcourt\n", encoding="utf-8")
    new.write_text("concept\tar\ten\ncourt\tمحكمة\tcourt|bench\n", encoding="utf-8")
    text.write_text(to_jsonl(bitext(("المحكمة", "the bench"), ("المحكمة", "the judges"))), encoding="utf-8")
    assert "court: warning: missing source" in run("lint", old).stdout
    assert (
        run("diff", old, new, "--record", tmp_path / "kept.json", "--by", "me").stdout == "court: en 'bench': admitted term added\n"
    )
    assert json.loads((tmp_path / "kept.json").read_text(encoding="utf-8"))["concepts"][0]["history"][0]["who"] == "me"
    assert run("coverage", text, "--glossary", new).stdout == "     2  court: bench 1, nothing of it 1\n"
    assert run("impact", old, new, text).stdout == "- b0001: term missing: court\n"
    assert run("check", text, "--glossary", old).returncode == 3
    why = ("--reason", "the judges", "--by", "me", "--glossary", old)
    assert run("waive", waivers, text, "b0001", "term missing", "--rendering", "bench", *why).returncode == 0
    assert run("waive", waivers, text, "b0002", "term missing", *why).returncode == 0
    assert run("check", text, "--glossary", old, "--waivers", waivers).returncode == 0
    assert run("waivers", waivers).stdout.endswith("admit? court: bench (1)\n")
    assert run("suggest", text).returncode == 0
    assert run("view", old, "-o", tmp_path / "old.html").returncode == 0
    assert run("convert", old, tmp_path / "old.tbx").returncode == 0
    assert run("convert", tmp_path / "old.tbx", "-", "--format", "tsv").stdout == old.read_text(encoding="utf-8")
    assert "no format" in run("convert", old, tmp_path / "old.xyz").stderr
