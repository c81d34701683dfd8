"""Matching, tables and checks."""

from dataclasses import replace
from pathlib import Path

import pytest

from corpora import Bead, Bitext, BitextSide, ReadError, Segment
from glossary import Checker, Concept, Glossary, Matcher, check, starter_glossary
from glossary.arabic import keys
from glossary.lexicon import folded
from glossary.tables import parse_table

TABLE = (
    "concept\tar\ten\tar forms\ten forbidden\ten deprecated\n"
    "detainee\tمعتقل|محتجز\tdetainee\tمعتقلة\tinmate\t\n"
    "court\tمحكمة\tcourt|tribunal\t\t\t\n"
    "icc\tالمحكمة الجنائية الدولية\tInternational Criminal Court|ICC\t\t\tWorld Court\n"
    "crime\tجريمة\tcrime\t\t\t\n"
    "right\tحق\tright\t\t\t\n"
    "obligation\tالتزام\tobligation\t\t\t\n"
    "rule_of_law\tسيادة القانون\trule of law\t\t\t\n"
    "articles\tنظام أساس\tarticles of association\t\t\t\n"
    "child\tطفل\tchild\t\t\t\n"
)


@pytest.fixture(scope="module")
def glossary():
    return parse_table(TABLE, path="table.tsv")


def found(glossary, language, text, **options):
    return [(m.concept, text[m.start : m.end]) for m in Matcher(glossary, language).find(text, **options)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("المعتقلين", [("detainee", "المعتقلين")]),
        ("وبالمعتقلات", [("detainee", "وبالمعتقلات")]),
        ("لمعتقلينا في السجن", [("detainee", "لمعتقلينا")]),
        ("معتقلي الرأي", [("detainee", "معتقلي")]),
        ("فَمُعْتَقَلَانِ", [("detainee", "فَمُعْتَقَلَانِ")]),
        ("للمحكمة", [("court", "للمحكمة")]),
        ("ومحكمتهم", [("court", "ومحكمتهم")]),
        ("المحاكم", [("court", "المحاكم")]),
        ("محكمتان", [("court", "محكمتان")]),
        ("جرائم", [("crime", "جرائم")]),
        ("والجرائم", [("crime", "والجرائم")]),
        ("حقوقهم", [("right", "حقوقهم")]),
        ("بالتزاماتها", [("obligation", "بالتزاماتها")]),
        ("الالتزام", [("obligation", "الالتزام")]),
        ("لسيادة القانون", [("rule_of_law", "لسيادة القانون")]),
        ("نظام الشركة الأساس", [("articles", "نظام الشركة الأساس")]),
        ("الأطفال", [("child", "الأطفال")]),
        ("جـــريـــمة", [("crime", "جـــريـــمة")]),
        ("ﺟﺮﻳﻤﺔ", [("crime", "ﺟﺮﻳﻤﺔ")]),
        ("المحامي والحقيبة", []),
        ("الشرق", []),
        ("", []),
    ],
)
def test_arabic(glossary, text, expected):
    assert found(glossary, "ar", text, overlaps=False) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The detainees' families", [("detainee", "detainees")]),
        ("The courts and tribunals", [("court", "courts"), ("court", "tribunals")]),
        ("the International Criminal Court", [("icc", "International Criminal Court")]),
        ("The ICC ruled", [("icc", "ICC")]),
        ("the iccs of old", []),
        ("children", [("child", "children")]),
        ("Rule-of-law programmes", [("rule_of_law", "Rule-of-law")]),
        ("The court’s order", [("court", "court")]),
        ("courtyard", []),
    ],
)
def test_english(glossary, text, expected):
    assert [(c, t.rstrip("'")) for c, t in found(glossary, "en", text, overlaps=False)] == expected


def test_terms_inside_terms_are_data(glossary):
    text = "the International Criminal Court"
    assert ("court", "Court") in found(glossary, "en", text)
    assert ("court", "Court") not in found(glossary, "en", text, overlaps=False)


def test_offsets_are_those_of_the_text(glossary):
    text = "\u200fقال: «المُعْتَقَلِينَ» في ٣ محاكم"
    for match in Matcher(glossary, "ar").find(text):
        assert folded(text[match.start : match.end]) in {"المعتقلين", "محاكم"}


def test_keys_are_cached_and_plain():
    assert "محكمه" not in keys("المحكمة")
    assert "محكمة" in keys("وبمحكمتهم")


def bead(source, target):
    sides = [BitextSide(code, (Segment(text, 0, len(text)),)) for code, text in (("ar", source), ("en", target))]
    return Bitext(*sides, (Bead((0,), (0,) if target else ()),))


def codes(glossary, source, target):
    return [
        (f.code, f.severity.value, f.concept)
        for f in check(bead(source, target), glossary).beads[0].findings
        if f.code.startswith("term")
    ]


def test_checks(glossary):
    assert codes(glossary, "أفرجت المحكمة عن المعتقلين", "The court released the detainees") == []
    assert codes(glossary, "أفرجت المحكمة عن المعتقلين", "The court released the men") == [("term missing", "error", "detainee")]
    assert codes(glossary, "أفرج عن المعتقلين", "The inmates were released") == [("term forbidden", "error", "detainee")]
    assert codes(glossary, "أفرج عن الجميع", "The inmates were released") == [("term forbidden", "warning", "detainee")]
    assert codes(glossary, "المحكمة الجنائية الدولية", "The World Court") == [("term forbidden", "warning", "icc")]
    assert codes(glossary, "المحكمة الجنائية الدولية", "The ICC") == []
    assert codes(glossary, "أفرج عن المعتقلين", "") == []


def test_a_finding_says_where_and_what(glossary):
    finding = check(bead("أفرج عن المعتقلين والمعتقلات", "They were released"), glossary).beads[0].findings[0]
    assert [("أفرج عن المعتقلين والمعتقلات"[a:b]) for a, b in finding.source] == ["المعتقلين", "والمعتقلات"]
    assert finding.expected == ("detainee",)


def test_checking_twice_is_checking_once(glossary):
    once = check(bead("أفرج عن المعتقلين", "They were released"), glossary)
    assert check(once, glossary) == once


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ("", "empty"),
        ("# only a comment\n", "empty"),
        ("concept\n1\n", "no header"),
        ("ar\ten\nا\ta\n", "no header"),
        ("concept\tar\ten\ten forbiden\n", "unknown column"),
        ("concept\tar\ten\na\tب\tb\na\tب\tb\n", "a second time"),
        ("concept\tar\ten\n\tب\tb\n", "without a concept"),
        ("concept\tar\ten\na\tب\tb\tc\td\n", "5 cells under 3"),
        ('concept,ar,en\na,"ب,b\n', "not a table"),
    ],
)
def test_bad_tables_are_said(table, reason):
    with pytest.raises(ReadError, match=reason):
        parse_table(table, path="table")


def test_table_forms():
    comma = parse_table('concept,ar,en\nx,"أ|ب","a, b|c"\n', path="t.csv")
    assert comma.concepts[0].approved("en") == ("a, b", "c")
    assert parse_table("concept;ar;en\r\nx;أ;a\r\n", path="t.csv").concepts[0].approved("ar") == ("أ",)
    quotes = parse_table('concept\tar\ten\nx\tأ\tthe "safe" zone\n', path="t.tsv")
    assert quotes.concepts[0].approved("en") == ('the "safe" zone',)


def test_starter_glossary():
    starter = starter_glossary()
    assert len(starter.concepts) >= 120
    assert all(concept.sources for concept in starter.concepts)
    for concept in starter.concepts:
        alone = Glossary((concept,))
        for language in ("ar", "en"):
            assert concept.approved(language), concept.id
            matcher = Matcher(alone, language)
            for term in concept.terms:
                if term.language == language:
                    assert all(matcher.find(text) for text in (term.text, *term.forms)), term


EXAMPLES = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parent / "starter-examples.tsv").read_text(encoding="utf-8").split("\n")[2:]
    if line
]


def test_every_starter_term_is_found_in_an_example(starter):
    assert {concept for concepts, *_ in EXAMPLES for concept in concepts.split("|")} == {c.id for c in starter.concepts}
    terms = [
        Concept(f"{concept.id} {k}", (replace(term, forms=()),))
        for concept in starter.concepts
        for k, term in enumerate(concept.terms)
        if term.status.is_approved
    ]
    text = {"ar": "\n".join(row[1] for row in EXAMPLES), "en": "\n".join(row[2] for row in EXAMPLES)}
    matches = (m for language in text for m in Matcher(Glossary(tuple(terms)), language).find(text[language], unsure=True))
    assert {concept.id for concept in terms} - {match.concept for match in matches} == set()


@pytest.mark.parametrize(("concepts", "arabic", "english"), EXAMPLES)
def test_starter_terms_are_found_in_sentences(readers, concepts, arabic, english):
    matchers, there, back = readers
    for language, text in (("ar", arabic), ("en", english)):
        assert set(concepts.split("|")) <= {match.concept for match in matchers[language].find(text)}, language
    assert [f for f in there.findings(arabic, english) if f.severity.value != "info"] == []
    assert [f for f in back.findings(english, arabic) if f.severity.value != "info"] == []


@pytest.fixture(scope="module")
def readers(starter):
    matchers = {language: Matcher(starter, language) for language in ("ar", "en")}
    return matchers, Checker(starter, "ar", "en"), Checker(starter, "en", "ar")


@pytest.fixture(scope="module")
def starter():
    return starter_glossary()


def test_other_languages_match_whole_words():
    table = parse_table("concept\tde\tfr\ncourt\tGericht\tcour|tribunal\n", path="t")
    assert found(table, "de", "Das Gericht, nicht das Gerichtete.") == [("court", "Gericht")]
    assert found(table, "fr", "La Cour et le tribunal") == [("court", "Cour"), ("court", "tribunal")]


def test_own_columns_are_left_alone():
    glossary = parse_table("Concept\tAR\tpart of speech\tEN\tchecked by\ncourt\tمحكمة\tnoun\tcourt\tus\n", path="g")
    assert [(term.text, term.language) for term in glossary.concepts[0].terms] == [("محكمة", "ar"), ("court", "en")]


def test_a_hamza_tells_words_apart_where_it_is_written():
    table = parse_table("concept\tar\ten\naccountability\tمساءلة\taccountability\nissue\tمسألة\tissue\n", path="t")
    assert found(table, "ar", "المساءلة عن المسألة وعن المسائل") == [
        ("accountability", "المساءلة"),
        ("issue", "المسألة"),
        ("issue", "المسائل"),
    ]
    assert ("accountability", "مسالة") in found(table, "ar", "مسالة")
