"""The checks: cases a linguist can edit, numbers and dates of every kind, profiles, and what a statement shows."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora import Bead, Bitext, BitextSide, ReadError, Segment, Severity
from corpora.characters import Seen, seen
from glossary import check, starter_glossary
from glossary.calendars import Dates, FoundDate, find_dates
from glossary.checker import CHECKS, CODES, Checker, Profile, parse_profile
from glossary.numerals import find_numerals, said_in_signs
from glossary.tables import parse_table

CASES = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parent / "check-cases.tsv").read_text(encoding="utf-8").split("\n")[2:]
    if line and not line.startswith("#")
]
TERMS = parse_table(
    "concept\tar\ten\ten forbidden\tar do not translate\n"
    "icc\tالمحكمة الجنائية الدولية\tInternational Criminal Court|ICC\t\t\n"
    "detainee\tمحتجز|معتقل\tdetainee|detained person\tinmate\t\n"
    "judgment\tحكم\tjudgment|ruling\t\t\n"
    "attack\tهجوم\tattack\t\t\n"
    "unrwa\tوكالة\tagency\t\tUNRWA\n",
    path="t",
)


def outcome(checker, code, source, target):
    found = [finding.severity.value for finding in checker.findings(source, target) if finding.code == code]
    return min(found, key=list(Severity).index) if found else "-"


@pytest.fixture(scope="module")
def checker():
    return Checker(TERMS, "ar", "en")


@pytest.mark.parametrize(("source", "target", "code", "expected"), CASES)
def test_cases(checker, source, target, code, expected):
    assert outcome(checker, code, source, target) == expected


def with_unseen(text):
    """Soft hyphens and joiners within words, marks of direction around digits and punctuation, as editors leave them."""
    text = re.sub(r"(?<=[A-Za-z]{2})(?=[A-Za-z]{2})", "\u00ad", text)
    text = re.sub("(?<=[\u0621-\u064a]{2})(?=[\u0621-\u064a]{2})", "\u200d", text)
    return re.sub(r"([\d/.,:-])", "\u200f\\1\u200e", text)


@pytest.mark.parametrize(("source", "target", "code", "expected"), CASES)
def test_what_nobody_sees_changes_nothing(checker, source, target, code, expected):
    if code == "direction marks":
        return
    marked = with_unseen(source), with_unseen(target)
    assert outcome(checker, code, *marked) == expected
    plain = [finding for finding in checker.findings(source, target) if finding.code == code]
    for one, other in zip(plain, (f for f in checker.findings(*marked) if f.code == code), strict=True):
        for text, spans, its_text, its_spans in (
            (source, one.source, marked[0], other.source),
            (target, one.target, marked[1], other.target),
        ):
            assert [text[a:b] for a, b in spans] == [seen(its_text[a:b]) for a, b in its_spans]


@pytest.mark.parametrize("code", CHECKS)
def test_every_check_has_cases_that_fire_and_that_do_not(code):
    outcomes = {expected for _, _, named, expected in CASES if named == code}
    assert outcomes - {"-"}
    assert "-" in outcomes or code == "empty side"


def test_checks_work_in_both_directions():
    back = Checker(TERMS, "en", "ar")
    for source, target, code, expected in CASES:
        if code in {"number differs", "date differs", "time differs", "brackets", "doubled word"}:
            assert outcome(back, code, target, source) == expected, (source, code)
    assert outcome(back, "term missing", "The detainees left.", "غادر الرجال.") == "error"
    assert outcome(back, "term missing", "The detainees left.", "غادر المعتقلون.") == "-"


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("أحكام النظام", "provisions of the law", "-"),  # another sense
        ("صدر الحكم", "The decision was given", "error"),
        ("هجوم على القرية", "They would attack the village", "-"),  # rendered by a verb
        ("قالت UNRWA ذلك", "The agency said so", "-"),
    ],
)
def test_term_missing(checker, source, target, expected):
    assert outcome(checker, "term missing", source, target) == expected


def test_terms_that_are_kept(checker):
    assert outcome(checker, "term translated", "وجدت قوات", "forces") == "-"
    latin = Checker(parse_table("concept\ten do not translate\tfr\nx\tHabeas Corpus\tmandat\n", path="t"), "en", "fr")
    assert outcome(latin, "term translated", "the Habeas Corpus right", "le droit au mandat") == "error"
    assert outcome(latin, "term translated", "the Habeas Corpus right", "le droit d'habeas corpus") == "-"


def statement(*pairs):
    sides = [BitextSide(code, tuple(Segment(p[k], 0, len(p[k])) for p in pairs)) for k, code in ((0, "ar"), (1, "en"))]
    return Bitext(*sides, tuple(Bead((k,), (k,)) for k in range(len(pairs))))


def found(bitext, code):
    return [(k, f.severity.value, f.concept, f.found) for k, b in enumerate(bitext.beads) for f in b.findings if f.code == code]


def test_one_concept_rendered_in_two_ways():
    pairs = [("المعتقل", "the detainee"), ("المعتقلون", "the detainees"), ("معتقل", "a detained person")]
    assert found(check(statement(*pairs), TERMS), "term inconsistent") == [(2, "info", "detainee", "detained person")]
    assert found(check(statement(*pairs[:2]), TERMS), "term inconsistent") == []


def test_acronyms_are_explained_once():
    court = "المحكمة الجنائية الدولية"
    assert found(check(statement((court, "the ICC"), (court, "the ICC")), TERMS), "acronym unexplained") == [
        (0, "info", "icc", "ICC")
    ]
    pairs = [(court, "the International Criminal Court (ICC)"), (court, "the ICC")]
    assert found(check(statement(*pairs), TERMS), "acronym unexplained") == []


def test_acronyms_that_the_glossary_does_not_know():
    quiet = [
        ("اللجنة", "The Fact Finding Panel (FFPX) met."),
        ("اللجنة", "The FFPX published a report."),
        ("المركز", "The Regional Prisons Watch was founded in 2012."),
        ("المركز", "RPW has nine members, and the UN supports it."),
        ("بيان", "PRESS STATEMENT OF TODAY"),
        ("الباب", "Part XIV, doc. A/RES/60/147"),
    ]
    assert found(check(statement(*quiet), TERMS), "acronym unexplained") == []
    loud = [("اللجنة", "The QXZR met."), ("اللجنة", "The QXZR met again.")]
    assert found(check(statement(*loud), TERMS), "acronym unexplained") == [(0, "info", "", "QXZR")]


STATEMENT = [
    ("وصل ٣٠ شخصاً إلى البيت.", "30 people came to the house."),
    ("سألهم الحارس عن أسمائهم.", "The guard asked them for their names."),
    ("ثم فُتح الباب.", "Then the door was opened."),
    ("انتظروا سبعة أيام.", "They waited for seven days."),
    ("لم يأت أحد.", "Nobody came."),
]


@pytest.mark.parametrize(
    ("mark", "first"),
    [
        (lambda k, text: f"{text} ({k + 41})", "(41)"),
        (lambda k, text: f"{text}{k + 41}", "41"),
        (lambda k, text: f"[{k + 41}] {text}", "[41]"),
        (lambda k, text: f"00:41:{k + 10} {text}", "00:41:10"),
        (lambda k, text: text.replace(" ", f" [{k + 41}] ", 1), "[41]"),
    ],
)
def test_numbers_that_only_one_side_has_are_told_once(mark, first):
    pairs = [(source, mark(k, target)) for k, (source, target) in enumerate(STATEMENT)]
    checked = check(statement(*pairs), TERMS)
    assert found(checked, "number differs") == found(checked, "time differs") == []
    assert found(checked, "numbers of one side") == [(0, "info", "", f"{first} (5)")]
    wrong = [*pairs[:4], ("جاء ٩ رجال.", mark(4, "Eight men came."))]
    assert [k for k, *_ in found(check(statement(*wrong), TERMS), "number differs")] == [4, 4]


def test_numbers_of_several_sentences_in_a_bead():
    pairs = [(source, f"{k}. {target} {k + 50}. It was late.") for k, (source, target) in enumerate(STATEMENT)]
    checked = check(statement(*pairs), TERMS)
    assert (found(checked, "number differs"), len(found(checked, "numbers of one side"))) == ([], 1)


def test_a_few_numbers_of_one_side_are_told_one_by_one():
    pairs = [(source, f"{target} (77)" if k < 3 else target) for k, (source, target) in enumerate(STATEMENT)]
    checked = check(statement(*pairs), TERMS)
    assert [k for k, *_ in found(checked, "number differs")] == [0, 1, 2]
    assert found(checked, "numbers of one side") == []


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("3. غادر الرجال.", "3 The men left.", "-"),
        ("٣ غادر الرجال.", "3. The men left.", "-"),
        ("المادة ٣: غادر الرجال.", "3. The men left.", "-"),
        ("3. غادر الرجال.", "The men left.", "-"),
        ("غادر 3 رجال.", "4. The men left.", "error"),
        ("3. غادر 5 رجال.", "3. Six men left.", "error"),
        ("١-١ يجتمع المجلس.", "1.1 The board meets.", "-"),
        ("١-٢ يجتمع المجلس.", "1.1 The board meets.", "error"),
        ("﴿إن مع العسر يسراً﴾ [الشرح: ٦]", "With hardship comes ease (94:6).", "-"),
        ("غادروا الساعة ١٤:٢٠", "They left at 14.20", "-"),
        ("غادروا الساعة ١٤:٠٠", "They left at 2 p.m.", "-"),
        ("على السلطات: ١. الإفراج؛ ٢. التحقيق.", "The authorities should release them and investigate.", "-"),
        ("قرأ التقرير(١)، ثم غادر.", "He read the report,1 and left.", "-"),
        ("س١: من غادر؟", "Q1: Who left?", "-"),
        ("س١: من غادر؟", "Q2: Who left?", "error"),
        ("من غادر؟", "Q2: Who left?", "-"),
        ("اتصلوا بالرقم ٠٩٤٤١٢٣٤٥٦", "Call (0944) 123-456", "-"),
        ("اتصلوا بالرقم ٠٩٤٤١٢٣٤٥٧", "Call 0944 123 456", "error"),
    ],
)
def test_markers_of_lists(checker, source, target, expected):
    assert outcome(checker, "number differs", source, target) == expected


@pytest.mark.parametrize(("target", "expected"), [("See you :)", "-"), ("See you ;-) soon", "-"), ("See you)", "warning")])
def test_faces_are_no_brackets(checker, target, expected):
    assert outcome(checker, "brackets", "نراكم", target) == expected


@pytest.mark.parametrize(
    ("targets", "told"),
    [
        (['He said: "We left.', "It was late.", 'Nobody came."'], []),
        (["He said: (We left.", "It was late.", "Nobody came.)"], []),
        (["He said: \u201cWe left.", "It was late.", "Nobody came.\u201d"], []),
        (['He said: "We left.', 'She said: "It was late.', 'Nobody came."'], [0]),
        (['He said: "We left.', "It was late.", "Nobody came.)"], [0, 2]),
        (['We left."', 'She said: "It was late.', "Nobody came."], [0, 1]),
    ],
)
def test_quotes_that_go_on_in_the_next_beads(targets, told):
    sources = ["قال: غادرنا.", "كان الوقت متأخراً.", "لم يأت أحد."]
    checked = check(statement(*zip(sources, targets, strict=True)), TERMS)
    assert [k for k, *_ in found(checked, "brackets")] == told


def test_items_within_a_bead_close_no_bracket(checker):
    assert outcome(checker, "brackets", "قررت المحكمة: (أ) كذا؛ (ب) كذا.", "The court decided: 1) this; and 2) that.") == "-"
    assert outcome(checker, "brackets", "قررت المحكمة ذلك.", "The court decided this) and that.") == "warning"
    assert outcome(checker, "brackets", "جاء اثنان.", "Two (Sami, Ali) came; both (a, b) left.") == "-"


def test_hours_of_french():
    french = Checker(TERMS, "fr", "ar")
    assert outcome(french, "time differs", "Il part à 14 h 30.", "غادر الساعة ١٤:٣٠.") == "-"
    assert outcome(french, "time differs", "Il part à 14.30 h.", "غادر الساعة ١٤:٤٠.") == "error"
    assert outcome(french, "time differs", "Il part à 14h30.", "غادر الساعة ١٤:٤٠.") == "error"
    assert outcome(french, "number differs", "Le 3 mai, il part à 14 h 30.", "غادر في الثالث من أيار، بعد الثانية.") == "-"


def test_outliers_of_length():
    pairs = [("وصل الشاهد إلى المحكمة أمس.", "The witness arrived at the court yesterday.")] * 12
    pairs[5] = ("وصل الشاهد إلى المحكمة أمس.", "Yes.")
    assert [k for k, *_ in found(check(statement(*pairs), TERMS), "length outlier")] == [5]


def test_checking_twice_is_checking_once():
    once = check(statement(("قتل ٣٠ شخصاً", "13 were killed"), ("هل وصلوا?", "Have they?")), TERMS)
    assert once.beads[0].findings
    assert check(once, TERMS) == once


def test_profiles_switch_and_weigh():
    profile = parse_profile('[checks]\n"number differs" = "warning"\n"punctuation" = "off"\n')
    checker = Checker(TERMS, "ar", "en", profile=profile)
    assert outcome(checker, "number differs", "قتل ٣٠", "13 were killed") == "warning"
    assert outcome(checker, "number differs", "سبعة أيام", "a week") == "info"
    assert outcome(checker, "punctuation", "هل وصلوا?", "Have they?") == "-"
    assert not Profile(dict.fromkeys(CODES)).is_on("term missing")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x", "not a profile"),
        ("", "no table"),
        ('[checks]\n"numbers" = "off"', "unknown check"),
        ('[checks]\n"brackets" = "bad"', "severity"),
    ],
)
def test_bad_profiles_are_said(text, reason):
    with pytest.raises(ReadError, match=reason):
        parse_profile(text)


@pytest.mark.parametrize(
    ("language", "text", "values"),
    [
        ("ar", "أفرج عن مائتي شخص وخمسة وعشرين طفلا و٣٠ امرأة", [200, 25, 30]),
        ("ar", "ثلاثمائة وخمسة وستون", [365]),
        ("ar", "ثلاث مائة وخمسة وستون", [365]),
        ("ar", "خمسة عشر ألفا ومائتان واثنان", [15202]),
        ("ar", "ثلاثة ملايين ومئتا ألف", [3_200_000]),
        ("ar", "ألفين وستة عشر", [2016]),
        ("ar", "إحدى عشرة امرأة واثنا عشر رجلا", [11, 12]),
        ("ar", "القرن الحادي والعشرون", [21]),
        ("ar", "مائة ألف", [100_000]),
        ("en", "fifteen thousand two hundred and two", [15202]),
        ("en", "twenty-five, thirty", [25, 30]),
        ("en", "the 21st session and the twenty-first", [21, 21]),
        ("en", "£125m and 3bn", [125_000_000, 3_000_000_000]),
        ("en", "12 000 people in 2024, 7(1)(b)", [12000, 2024, 7, 1]),
        ("en", "1950-53", [1950, 1953]),
        ("fr", "2,5 millions", [2_500_000]),
        ("ar", "لا أرقام هنا", []),
    ],
)
def test_numerals(language, text, values):
    assert [max(numeral.values) for numeral in find_numerals(text, language)] == [Decimal(value) for value in values]


UNITS = "صفر واحد اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة".split()
TENS = "_ _ عشرون ثلاثون أربعون خمسون ستون سبعون ثمانون تسعون".split()
HUNDREDS = "_ مائة مائتان ثلاثمائة أربعمائة خمسمائة ستمائة سبعمائة ثمانمائة تسعمائة".split()


def spelled(number):
    """An Arabic number below a million, as a writer spells it."""
    if number >= 1000:
        thousands, rest = divmod(number, 1000)
        head = (
            "ألف"
            if thousands == 1
            else "ألفان"
            if thousands == 2
            else f"{spelled(thousands)} {'آلاف' if thousands <= 10 else 'ألف'}"
        )
        return f"{head} و{spelled(rest)}" if rest else head
    if number >= 100:
        return HUNDREDS[number // 100] + (f" و{spelled(number % 100)}" if number % 100 else "")
    if number <= 10:
        return UNITS[number]
    if number < 20:
        return f"{ {11: 'أحد', 12: 'اثنا'}.get(number) or UNITS[number - 10] } عشر"
    return (f"{UNITS[number % 10]} و" if number % 10 else "") + TENS[number // 10]


@given(st.integers(1, 999_999))
@settings(max_examples=300, deadline=None)
def test_every_spelled_number_is_read(number):
    assert [set(n.values) for n in find_numerals(f"بلغ العدد {spelled(number)} شخصا", "ar")] == [{Decimal(number)}]


def test_dates_in_text():
    text = "بين ٧ شباط ٢٠١٧ و١٢/٠٣/٢٠٢٠ وكانون الثاني ٢٠١٥، أي ١٥ رمضان ١٤٤٥هـ"
    dates = find_dates(text, "ar")
    assert [text[d.start : d.end] for d in dates] == ["٧ شباط ٢٠١٧", "١٢/٠٣/٢٠٢٠", "كانون الثاني ٢٠١٥", "١٥ رمضان ١٤٤٥هـ"]
    assert [d.hijri for d in dates] == [False, False, False, True]
    assert find_dates("They may leave, article 12 may apply, and May was cold.", "en") == []
    assert dates[1] in Dates(find_dates("3 December 2020", "en"))
    assert dates[3] in Dates(find_dates("26 March 2024", "en"))
    assert dates[3] not in Dates(find_dates("20 March 2024", "en"))


@pytest.mark.parametrize(
    ("text", "language", "days"),
    [
        ("يومي ١٢ و١٣ حزيران ٢٠٢١", "ar", [(2021, 6, 12), (2021, 6, 13)]),
        ("on June 12, 13 and 14", "en", [(0, 6, 12), (0, 6, 13), (0, 6, 14)]),
        ("12-14 June 2021", "en", [(2021, 6, 12), (2021, 6, 14)]),
        ("12, 13 et 14 juin", "fr", [(0, 6, 12), (0, 6, 13), (0, 6, 14)]),
        ("On June 12 and 13 people came", "en", [(0, 6, 12)]),
        ("June 12, 13 people came", "en", [(0, 6, 12)]),
        ("12 personnes, 3 chiens.", "fr", []),
        ("2019年5月3日签署，6月底生效。", "zh", [(0, 6, 0), (2019, 5, 3)]),
        ("2019年的报告有10页。", "zh", [(2019, 0, 0)]),
    ],
)
def test_days_of_one_month(text, language, days):
    assert sorted(reading for date in find_dates(text, language) for reading in date.readings) == days


def test_numbers_of_other_languages():
    assert outcome(Checker(TERMS, "en", "ru"), "number differs", "He waited 12 days.", "Он ждал 13 дней.") == "error"
    assert outcome(Checker(TERMS, "en", "fr"), "number differs", "12, then 20, came.", "13, puis 20, sont venus.") == "error"


READINGS = st.tuples(st.sampled_from((0, 2017, 2018)), st.sampled_from((0, 2, 3)), st.sampled_from((0, 7, 8)))


@given(READINGS, st.lists(READINGS, max_size=4))
def test_dates_agree_in_what_both_tell(one, others):
    same = any(all(not a or not b or a == b for a, b in zip(one, other, strict=True)) for other in others)
    assert (FoundDate(0, 1, frozenset({one})) in Dates(FoundDate(0, 1, frozenset({other})) for other in others)) == same


@pytest.mark.parametrize("unit", ["w", "ك", "W.", "w@", "و،", "1 May ", "12:30 ", "5% ", "1/", "1/2/1903 ", "Q1 ", "9:99 "])
def test_words_and_beads_without_end(checker, unit):
    """A bead of one word, or of nothing but dates and numbers, is read once: what grows with its square would not come back."""
    text = unit * (20_000 // len(unit))
    sides = (text, "The court heard it."), ("سمعت المحكمة ذلك.", text)
    assert all(isinstance(checker.findings(*pair), tuple) for pair in sides)


def test_a_bead_of_many_dates(checker):
    source, target = (" ".join(f"{k % 28 + 1}/{k % 12 + 1}/{k // 336 + year}" for k in range(5_000)) for year in (1800, 1900))
    found = [one for one in checker.findings(source, target) if one.code == "date differs"]
    assert [len(one.source) for one in found] == [5_000]


def test_addresses_are_in_no_language(checker):
    codes = [
        finding.code for finding in checker.findings("راجع www.example.org/statements/2024/page.html", "See a.b@example.org .")
    ]
    assert "wrong language" not in codes


@given(st.text(st.sampled_from("ab \u200f\u00ad\u202b"), max_size=20))
def test_the_way_back_to_what_nobody_sees(text):
    shown = Seen.of(text)
    assert shown.text == seen(text)
    kept = [shown.span(k, k + 1) for k in range(len(shown.text))]
    assert "".join(text[a:b] for a, b in kept) == shown.text
    for start in range(len(kept)):
        for end in range(start + 1, len(kept) + 1):
            assert shown.span(start, end) == (kept[start][0], kept[end - 1][1])


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("It cost 125m pounds.", "其价格为 1.25 亿英镑。"),
        ("About 20 million people saw it.", "超过 2000 万人看了。"),
        ("More than 350,000 families left.", "35 万多个家庭离开了。"),
        ("Three witnesses spoke for 12 hours in the 1980s.", "上世纪八十年代，三名证人讲了十二个小时。"),
        ("They walked 3 kilometres to village 300.", "他们走了3千米到三百村。"),
        ("The act of 2018 has 1,205 articles.", "二〇一八年的法律有一千二百零五条。"),
    ],
)
def test_numbers_in_chinese(english, chinese):
    for source, target, languages in ((english, chinese, ("en", "zh")), (chinese, english, ("zh", "en"))):
        findings = Checker(starter_glossary(), *languages).findings(source, target)
        assert [f.found for f in findings if f.code == "number differs"] == []


@pytest.mark.parametrize(
    ("said", "value"), [("两千零一", 2001), ("一亿二千万", 120_000_000), ("万亿", 10**12), ("十五", 15), ("二〇一八", 2018)]
)
def test_chinese_number_signs(said, value):
    assert said_in_signs(said, "zh") == {Decimal(value)}
    assert said_in_signs(said, "en") == set()


def test_a_wrong_number_in_chinese_is_told():
    findings = Checker(starter_glossary(), "en", "zh").findings("About 20 million people saw it.", "超过 200 万人看了。")
    assert [f.found for f in findings if f.code == "number differs" and f.severity == "error"] == ["20 million", "200 万"]
