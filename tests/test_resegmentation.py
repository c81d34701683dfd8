"""Segments split where the other side says so."""

import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from align import align_texts
from align.cutting import cutting_digest
from align.resegmentation import even_places, likely_places, may_be_cut, may_be_cut_together, partners_of, wanted_cuts
from align.strips import Pieces
from corpora import Bead, BitextSide, Doubt, Segment, parse_bitext, to_jsonl, to_tsv
from corpora.clauses import OPENINGS, SIGNS, border_signs, capitals_of, strengths, words_of
from muqabala.pipeline import align_files
from muqabala.project import shelf
from muqabala.project.project import Project
from muqabala.resegmenting import less_sure
from muqabala.review.views import Sheet, bead_view

ARABIC = (
    "وصل فريق المحامين إلى السجن المركزي صباح يوم الأحد ومعه إذن مكتوب من النيابة العامة، لكن مدير السجن رفض أن يدخل أحد "
    "منهم قبل وصول مندوب الوزارة، ثم عاد الفريق في المساء وقابل أربعة من المحتجزين بحضور طبيب"
)
ENGLISH = (
    "The team of lawyers reached the central prison on Sunday morning with written permission from the public prosecutor. "
    "The director of the prison refused to let any of them in before a representative of the ministry arrived. In the evening "
    "the team returned and met four of the detainees in the presence of a doctor."
)


@pytest.fixture
def files(tmp_path):
    paths = tmp_path / "a.ar.txt", tmp_path / "a.en.txt"
    for path, text in zip(paths, (ARABIC, ENGLISH), strict=True):
        path.write_text(text + "\n", encoding="utf-8")
    return paths


def test_one_long_sentence_beside_three(files):
    plain = align_files(*files, source_language="ar", target_language="en")
    assert [(b.source, b.target) for b in plain.beads] == [((0,), (0, 1, 2))]
    bitext = align_files(*files, source_language="ar", target_language="en", resegment=True)
    assert [(b.source, b.target) for b in bitext.beads] == [((0,), (0,)), ((1,), (1,)), ((2,), (2,))]
    assert [part.text.split()[0] for part in bitext.source.segments] == ["وصل", "لكن", "ثم"]
    assert all(part.cut for part in bitext.source.segments)
    assert not any(part.cut for part in bitext.target.segments)
    assert [part.begins < 1 for part in bitext.source.segments] == [False, True, True]
    for bead, sure in zip(bitext.beads, pairwise([*(part.begins for part in bitext.source.segments), 1.0]), strict=True):
        assert 0.3 < bead.confidence <= min(sure)
    assert [ARABIC[part.start : part.end] for part in bitext.source.segments] == [part.text for part in bitext.source.segments]
    for text in (to_jsonl(bitext), to_tsv(bitext)):
        assert parse_bitext(text) == bitext


def test_clauses_that_both_sides_part_by_a_mark(tmp_path):
    paths = tmp_path / "a.ar.txt", tmp_path / "a.en.txt"
    paths[0].write_text("طلب المحامي الملف مرتين؛ ولم يجبه أحد. ثم رفع الأمر إلى المحكمة؛ فأمرت بتسليمه.\n", encoding="utf-8")
    paths[1].write_text(
        "The lawyer asked for the file twice; nobody answered him. "
        "He then took the matter to the court; it ordered that the file be handed over.\n",
        encoding="utf-8",
    )
    bitext = align_files(*paths, source_language="ar", target_language="en", resegment=True)
    assert [(b.source, b.target) for b in bitext.beads] == [((k,), (k,)) for k in range(4)]
    assert [part.text[-1] for part in bitext.source.segments] == list("؛.؛.")


def test_beads_are_no_surer_than_the_places_where_sentences_were_split():
    parts = [Segment(str(k), k, k + 1, cut=True, begins=sure) for k, sure in enumerate((1.0, 0.5, 1.0, 0.98, 0.9))]
    split, whole = BitextSide("ar", tuple(parts)), BitextSide("en", tuple(replace(part, begins=1.0) for part in parts))
    beads = [Bead((0,), (0,), confidence=0.9), Bead((1,), (1,), confidence=0.9), Bead((), (2,), confidence=0.8)]
    beads += [Bead((2,), (3,), confidence=1.0), Bead((3, 4), (4,), confidence=1.0)]
    sure = less_sure(beads, [split, whole])
    assert [round(bead.confidence, 3) for bead in sure] == [0.45, 0.45, 0.8, 0.98, 0.98]
    assert [bead.doubts for bead in sure] == [(Doubt("cut", 0.5, (1,)),)] * 2 + [()] * 3
    back = less_sure([replace(bead, source=bead.target, target=bead.source) for bead in beads], [whole, split])
    assert back[0].doubts == (Doubt("cut", 0.5, (), (1,)),)
    locked = less_sure([beads[0], replace(beads[1], status="locked"), *beads[2:]], [split, whole])
    assert [round(bead.confidence, 3) for bead in locked] == [0.9, 0.9, 0.8, 0.98, 0.98]


def test_on_the_command_line(files, run):
    printed = run("align", *files, "--resegment", "--json")
    assert printed.code == 0
    assert [json.loads(line)["provenance"]["source"]["cut"] for line in printed.out.split("\n") if line] == [[True]] * 3
    assert run("align", *files, "--resegment").out == "[0]:[0]\n[1]:[1]\n[2]:[2]\n"


def test_in_a_project(files, run, tmp_path):
    """How sure the places are is kept, and told with the beads."""
    run("init", tmp_path / "p")
    settings = tmp_path / "p" / "muqabala.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("resegment = false", "resegment = true"), encoding="utf-8")
    run("add", tmp_path / "p", *files)
    run("pair", tmp_path / "p")
    assert run("run", tmp_path / "p").code == 0
    with Project(tmp_path / "p", write=False) as project:
        state = shelf.state(project.store, 1)
        sides = [shelf.side(project.store, number) for number in (state.source, state.target)]
    assert [part.begins < 1 for part in sides[0].segments] == [False, True, True]
    assert list(sides[0].segments) == list(align_files(*files, resegment=True).source.segments)
    view = bead_view(Sheet(state, *sides), state.beads[1], ())
    assert view["source"][0][2] == sides[0].segments[1].begins
    assert len(view["target"][0]) == 2


def test_a_translation_cannot_be_given_for_what_will_be_split(files, run, tmp_path):
    (tmp_path / "mt").write_text("one\n", encoding="utf-8")
    result = run("align", *files, "--resegment", "--mt", tmp_path / "mt")
    assert result.code == 1
    assert "--mt or --resegment" in result.err


@pytest.fixture
def unpunctuated(tmp_path):
    paths = tmp_path / "b.ar.txt", tmp_path / "b.en.txt"
    arabic = ARABIC.replace("،", "").replace("لكن ", "")  # neither commas nor a word that opens a clause
    for path, text in zip(paths, (arabic, ENGLISH), strict=True):
        path.write_text(text + "\n", encoding="utf-8")
    return paths


def test_without_any_mark_the_words_decide(unpunctuated):
    bitext = align_files(*unpunctuated, source_language="ar", target_language="en", resegment=True)
    assert [part.text.split()[0] for part in bitext.source.segments] == ["وصل", "مدير", "ثم"]
    assert [(b.source, b.target) for b in bitext.beads] == [((0,), (0,)), ((1,), (1,)), ((2,), (2,))]


SAID = [
    "كنا نائمين حين طرقوا الباب بعد منتصف الليل",
    "دخل ستة رجال بلباس مدني ولم يقدموا أي إذن مكتوب",
    "فتشوا الغرف كلها وأخذوا الهواتف والحاسوب",
    "سألت أحدهم إلى أين تأخذون أخي",
    "فلم يجبني",
    "ذهبنا في الصباح إلى مركز الشرطة فقالوا إنه ليس عندهم",
    "وبعد أسبوعين علمنا من محام أنه محتجز في السجن المركزي",
]
TRANSLATED = (
    "We were asleep when they knocked at the door after midnight. Six men in civilian clothes came in and presented no written "
    "warrant. They searched all the rooms and took the telephones and the computer. I asked one of them where they were taking "
    "my brother. He did not answer me. In the morning we went to the police station, and they said he was not with them. Two "
    "weeks later we learnt from a lawyer that he was held in the central prison."
)


def test_testimony_as_it_was_spoken(tmp_path):
    paths = tmp_path / "t.ar.txt", tmp_path / "t.en.txt"
    paths[0].write_text(" ".join(SAID) + "\n", encoding="utf-8")
    paths[1].write_text(TRANSLATED + "\n", encoding="utf-8")
    bitext = align_files(*paths, source_language="ar", target_language="en", resegment=True)
    assert [part.text for part in bitext.source.segments] == SAID
    assert [(b.source, b.target) for b in bitext.beads] == [((k,), (k,)) for k in range(7)]


def test_numbers_stay_with_what_they_number(tmp_path):
    numbered = [f"{k} {line}" for k, line in enumerate(SAID, start=1)]
    english = [f"{k}. {line.rstrip('.')}." for k, line in enumerate(TRANSLATED.split(". "), start=1)]
    paths = tmp_path / "n.ar.txt", tmp_path / "n.en.txt"
    paths[0].write_text(" ".join(numbered) + "\n", encoding="utf-8")
    paths[1].write_text("\n\n".join(english) + "\n", encoding="utf-8")
    bitext = align_files(*paths, source_language="ar", target_language="en", resegment=True)
    assert [part.text for part in bitext.source.segments] == numbered


def test_quotation_marks_stay_with_what_is_quoted(tmp_path):
    arabic = f'{SAID[0]} " {SAID[1]} " {SAID[2]} {SAID[3]}'
    lines = TRANSLATED.split(". ")
    english = f'{lines[0]}. "{lines[1]}." {lines[2]}. {lines[3]}.'
    paths = tmp_path / "q.ar.txt", tmp_path / "q.en.txt"
    for path, text in zip(paths, (arabic, english), strict=True):
        path.write_text(text + "\n", encoding="utf-8")
    bitext = align_files(*paths, source_language="ar", target_language="en", resegment=True)
    assert [part.text for part in bitext.source.segments] == [SAID[0], f'" {SAID[1]} "', *SAID[2:4]]


def test_a_side_whose_sentences_do_not_end_at_its_commas(tmp_path):
    arabic = [
        "كنا نائمين، حين طرقوا الباب، بعد منتصف الليل",
        "دخل ستة رجال، بلباس مدني، ولم يقدموا أي إذن مكتوب",
        "فتشوا الغرف كلها، وأخذوا الهواتف، والحاسوب",
        "سألت أحدهم، إلى أين تأخذون أخي",
        "ذهبنا في الصباح، إلى مركز الشرطة، فقالوا إنه ليس عندهم",
    ]
    lines = TRANSLATED.rstrip(".").split(". ")
    paths = tmp_path / "c.ar.txt", tmp_path / "c.en.txt"
    paths[0].write_text(" ".join(arabic) + "\n", encoding="utf-8")
    paths[1].write_text(". ".join([*lines[:4], lines[5]]) + ".\n", encoding="utf-8")
    bitext = align_files(*paths, source_language="ar", target_language="en", resegment=True)
    assert [part.text for part in bitext.source.segments] == arabic


def test_words_that_stand_together_elsewhere():
    words = "of this law the judge of this law , this law".split()
    signs = border_signs(words, "en")
    pieces = Pieces.of([words], [signs], [None], np.zeros(len(words)))
    counts = np.exp(pieces.together).round().astype(int).tolist()
    assert counts == [1, 2, 3, 1, 1, 1, 2, 3, 1, 1, 3, 1]
    parted = Pieces.of([words[:3], words[3:]], [signs[:2], signs[3:]], [None, None], np.zeros(len(words)))
    assert parted.together[3] == 0


def test_either_side_is_cut(unpunctuated):
    bitext = align_files(*reversed(unpunctuated), source_language="en", target_language="ar", resegment=True)
    assert [part.text.split()[0] for part in bitext.target.segments] == ["وصل", "مدير", "ثم"]
    assert f"cuts={cutting_digest()}" in bitext.signature


def test_what_is_whole_stays_whole(tmp_path):
    paths = tmp_path / "c.ar.txt", tmp_path / "c.en.txt"
    paths[0].write_text("سلّم الشهود أقوالهم إلى المحكمة.\n\nانتهت الجلسة عند الظهر.\n", encoding="utf-8")
    paths[1].write_text("The witnesses gave the court their statements.\n\nThe session ended at noon.\n", encoding="utf-8")
    bitexts = [align_files(*paths, source_language="ar", target_language="en", resegment=again) for again in (False, True)]
    assert bitexts[0].source == bitexts[1].source
    assert bitexts[0].target == bitexts[1].target
    assert "cuts=" not in bitexts[1].signature


@given(st.lists(st.sampled_from(["كلمة", "ثم", "والماء،", "but", "word,", "and", "—", "نص؛", "۔"]), min_size=1, max_size=40))
def test_words_rejoin_to_their_segment(words):
    text = "  ".join(words)
    for language in ("ar", "en", "zh"):
        found = words_of(text, language)
        assert "".join(found) == text
        assert len(border_signs(found, language)) == len(found) - 1


def _named(text, language):
    words = words_of(text, language)
    return [(SIGNS[a], OPENINGS[b]) for a, b, _ in border_signs(words, language, capitals_of([words], language))]


def test_what_speaks_for_a_border():
    assert _named("He left. But she, stayed", "en") == [
        ("name", "other"),
        ("stop", "starter"),
        ("lead", "other"),
        ("comma", "other"),
    ]
    assert _named("خرج؛ وعادت مريم", "ar") == [("semicolon", "joined"), ("none", "other")]
    assert _named('He said "go" (2) Rania', "en") == [
        ("name", "other"),
        ("none", "quote"),
        ("closing", "number"),
        ("closing", "capital"),
    ]
    assert _named("it's late It's", "en") == [("none", "other"), ("none", "starter")]
    assert _named("what I said", "en") == [("none", "other"), ("name", "other")]
    assert _named("a pianist A. Lind", "en")[1:] == [("none", "capital"), ("lead", "capital")]
    assert _named("Mr. Sami of the U.S. left", "en") == [
        ("lead", "capital"),
        ("name", "other"),
        ("lead", "other"),
        ("lead", "capital"),
        ("name", "other"),
    ]
    assert _named("خرج من السجن", "ar") == [("none", "other"), ("lead", "other")]
    assert _named("خرج إلى السجن", "ar") == [("none", "within"), ("lead", "other")]
    assert _named("dit « Samir » Elle part", "fr") == [
        ("none", "quote"),
        ("lead", "within"),
        ("name", "within"),
        ("closing", "starter"),
        ("name", "other"),
    ]
    assert _named("dit : a ) Elle part , b ) Elle vient", "fr") == [
        ("none", "other"),
        ("semicolon", "number"),
        ("lead", "within"),
        ("lead", "within"),
        ("name", "other"),
        ("none", "other"),
        ("comma", "number"),
        ("lead", "within"),
        ("lead", "within"),
        ("name", "other"),
    ]
    assert _named("( 1 ) Elle ( page 7 ) est ( 2 ) Elle", "fr") == [
        ("lead", "within"),
        ("lead", "within"),
        ("lead", "within"),
        ("name", "quote"),
        ("lead", "within"),
        ("none", "other"),
        ("none", "within"),
        ("closing", "other"),
        ("lead", "number"),
        ("lead", "within"),
        ("lead", "within"),
        ("closing", "starter"),
    ]
    assert _named("1. Elle part. 2. Elle vient en 1990 ou 7. Elle", "fr") == [
        ("lead", "within"),
        ("name", "other"),
        ("stop", "number"),
        ("lead", "within"),
        ("name", "other"),
        ("none", "other"),
        ("lead", "other"),
        ("none", "other"),
        ("lead", "number"),
        ("stop", "starter"),
    ]
    assert _named("wrote « The end » and ( Sami left )", "en")[:2] == [("none", "starter"), ("lead", "within")]
    assert words_of("他走了，她来了。他们", "zh") == ["他走了，", "她来了。", "他们"]
    assert words_of("他走了 她来了 NATO 他们", "zh") == ["他走了 ", "她来了 NATO 他们"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("the two were kept apart Accordingly Sami wrote again", "en"),
        ("beide wurden getrennt Deshalb schrieb Sami noch einmal", "de"),
        ("les deux furent séparés Cependant Sami écrivit de nouveau", "fr"),
        ("los dos fueron separados Entonces Sami escribió otra vez", "es"),
        ("обоих разлучили Поэтому Сами написал снова", "ru"),
    ],
)
def test_common_words_with_a_capital_begin_sentences_though_the_text_has_them_once(text, language):
    assert [opening for _, opening in _named(text, language)].count("starter") == 1


@pytest.mark.parametrize(
    ("text", "language", "opening"),
    [
        ("see paragraph (a) of it", "en", "within"),
        ("see it (a) of it", "en", "number"),
        ("the following cases, (a) one", "en", "number"),
        ("استثناء من الفقرة (أ) من المادة", "ar", "within"),
        ("وفقا للمادة (٥) منه", "ar", "within"),
        ("وبالمادة (٥) منه", "ar", "within"),
        ("يجوز ذلك: (أ) في المدن", "ar", "number"),
        ("au sens de l’alinéa (b) ci-dessus", "fr", "number"),
        ("au sens du paragraphe (b) ci-dessus", "fr", "within"),
    ],
)
def test_letters_and_numbers_of_what_is_referred_to(text, language, opening):
    words = words_of(text, language)
    at = next(k for k, word in enumerate(words) if word.startswith("("))
    assert OPENINGS[border_signs(words, language)[at - 1][1]] == opening


@pytest.mark.parametrize(("text", "opening"), [("recalling No. 7 of May", "capital"), ("he left No one came", "starter")])
def test_the_number_of_something_begins_no_sentence(text, opening):
    words = words_of(text, "en")
    at = next(k for k, word in enumerate(words) if word[0] == "N")
    assert OPENINGS[border_signs(words, "en", capitals_of([words], "en"))[at - 1][1]] == opening


def test_what_a_text_mostly_writes_small():
    words = [words_of("They went north. Then North came, the North won and the team left", "en")]
    capitals = capitals_of(words, "en")
    assert "team" in capitals.small
    assert "north" not in capitals.small
    assert _named("the growth of what grows Growth is slow", "en")[4] == ("none", "small")


def test_any_name_may_begin_a_sentence_where_sentences_run_on():
    stops = [
        words_of(f"Sami left the room {stop}He was {word}" + ".", "en") for word in ("new", "old", "tired") for stop in ("", ". ")
    ]
    assert capitals_of(stops, "en").runs_on
    assert not capitals_of(stops[1::2], "en").runs_on
    words = words_of("he left the room Rania stayed", "en")
    assert [OPENINGS[b] for _, b, _ in border_signs(words, "en", capitals_of(stops, "en"))][3] == "subject"


def test_names_that_sentences_begin_with():
    text = ["Sami went to the clinic.", "Sami waited there with Rania.", "Rania left", "the doctor told Sami so"]
    assert capitals_of([words_of(part, "en") for part in text], "en").subjects == {"sami"}
    often = [*text, *["they asked about Sami"] * 20]
    assert not capitals_of([words_of(part, "en") for part in often], "en").subjects


@pytest.mark.parametrize(("text", "bare"), [("one two", 1), ("one two.", 0), ('one "two."', 0), ("one two;", 0), ("one two,", 1)])
def test_a_segment_that_ends_without_a_stop(text, bare):
    assert [sign[2] for sign in border_signs(text.split(), "en")] == [bare]


@pytest.mark.parametrize(("text", "language"), [("قال خ. م. إنه غادر", "ar"), ("Witness Kh. Moh. left", "en")])
def test_initials_end_no_sentence(text, language):
    words = words_of(text, language)
    assert SIGNS[border_signs(words, language)[1][0]] == "lead"


def test_how_much_speaks_for_a_border():
    english = "the court of Rabat The judge, who was new"
    words = words_of(english, "en")
    assert strengths(border_signs(words, "en", capitals_of([words], "en")), "en") == [0, 0, 0, 2, 0, 1, 0, 0]
    assert strengths(border_signs(words_of("خرج ثم عاد، ومضى", "ar"), "ar"), "ar") == [1, 0, 1]
    assert strengths(border_signs(words_of("他走了 她来了，他们", "zh"), "zh"), "zh") == [2, 1]


def test_which_may_be_cut():
    beads = [Bead((0,), (0, 1)), Bead((1,), (2,)), Bead((2,), ())]
    assert may_be_cut(beads, ["a", "b", "c " * 80], "source") == [True, False, True]
    assert may_be_cut(beads, ["a", "b", "c"], "target") == [False, False, False]


def test_which_may_be_cut_on_both_sides():
    said = [[0] * 8, [0, 1, 2, 1, 0], [1, 1, 1, 1], [2, 0, 0]]  # the last: one word from its start
    ours, theirs = may_be_cut_together([((0,), (0,)), ((1, 2), (1,)), ((3,), (2, 3))], 4, said)
    assert theirs == [False, True, False, False]
    assert ours == [True, True, True, True]  # those beside as well: an alignment that is to be mended may be off by one
    assert may_be_cut_together([((k,), (k,)) for k in range(4)], 4, [said[1], *[[0]] * 3])[0] == [True, True, False, False]


def test_text_all_in_capitals_tells_nothing_by_them():
    words = words_of(ENGLISH.upper(), "en")
    openings = {OPENINGS[opening] for _, opening, _ in border_signs(words, "en", capitals_of([words], "en"))}
    assert not openings & {"starter", "small", "capital", "subject"}
    assert not capitals_of([words], "en").small


def test_signs_of_words_with_marks_of_direction():
    words = words_of(ARABIC, "ar")
    marked = [word.replace("،", "\u200f،\u200f") for word in words]
    assert border_signs(marked, "ar") == border_signs(words, "ar")


def test_partners_of_pieces_where_one_bead_lies():
    beads = [((k,), (k,)) for k in range(6)]
    beads[1] = ((1,), (5,))
    beads[5] = ((5,), ())
    assert partners_of(beads, 6).tolist() == [[0, 1], [1, 1], [2, 3], [3, 4], [4, 5], [5, 5]]
    assert partners_of([], 2).tolist() == [[0, 0], [0, 0]]
    gaps = [((0,), (0,)), ((1, 4), (2, 3)), ((2,), (4,)), ((3,), (1, 5)), ((5,), (6,))]
    assert partners_of(gaps, 6).tolist() == [[0, 1], [1, 1], [4, 5], [5, 5], [5, 5], [6, 7]]


def test_nothing_is_cut_without_a_partner_or_where_it_must_not():
    words = words_of(ARABIC, "ar")
    signs = border_signs(words, "ar")
    others = [words_of(part + ".", "en") for part in ENGLISH.rstrip(".").split(". ")]
    theirs = Pieces.of(others, [border_signs(one, "en") for one in others], [None] * 3, np.zeros(sum(map(len, others))))
    closed = Pieces.of([words], [signs], [None], np.zeros(len(words)))
    assert closed.spans == [(0, len(words))]
    assert wanted_cuts(closed, theirs, [((0,), (0, 1, 2))], {}) == {}
    pieces = Pieces.of([words, []], [signs, []], [even_places(len(words), 4), None], np.zeros(len(words)))
    first = Pieces.of(others[:1], [border_signs(others[0], "en")], [None], np.zeros(len(others[0])))
    assert wanted_cuts(pieces, first, [((k,), ()) for k in range(len(pieces.spans))], {}) == {}


def test_what_is_known_of_a_place_counts_as_much_as_what_is_found():
    words, others = words_of(ARABIC, "ar"), [words_of(part, "en") for part in ENGLISH.split(". ")]
    pieces = Pieces.of([words], [border_signs(words, "ar")], [even_places(len(words), 4)], np.zeros(len(words)))
    signs = [border_signs(one, "en") for one in others]
    theirs = Pieces.of(others, signs, [None] * len(others), np.zeros(sum(map(len, others))))
    found = align_texts(pieces.texts(0, len(pieces.spans)), theirs.texts(0, len(theirs.spans)))
    beads = [(bead.source, bead.target) for bead in found]
    alone = wanted_cuts(pieces, theirs, beads, {})
    assert len(alone) == len(others) - 1
    places = dict(zip((first for first, _ in theirs.spans[1:]), sorted(alone), strict=True))
    agreed = wanted_cuts(pieces, theirs, beads, {first: {word: 1.0} for first, word in places.items()})
    assert agreed == pytest.approx({word: (probability + 1) / 2 for word, probability in alone.items()}, abs=1e-6)
    last = max(places)
    doubted = wanted_cuts(pieces, theirs, beads, {last: {0: 1.0}})
    assert set(doubted) <= set(alone)
    assert doubted.get(places[last], 0.5) == pytest.approx(alone[places[last]] / 2, abs=0.1)
    assert {word: doubted[word] for word in sorted(alone)[:-1]} == {word: alone[word] for word in sorted(alone)[:-1]}


def test_pieces_begin_where_the_text_says_so():
    words = ["a ", "b ", "c ", "d"]
    pieces = Pieces.of([words, words], [[(5, 6, 1)] * 3] * 2, [likely_places([0, 2, 1]), None], np.zeros(8))
    assert pieces.spans == [(0, 2), (2, 3), (3, 4), (4, 8)]
    assert pieces.texts(0, 3) == ["a b", "c", "d"]
    assert even_places(10, 4) == [5]
    assert even_places(1, 4) == []


def test_testimony_without_a_stop_on_either_side(tmp_path):
    paths = tmp_path / "t.ar.txt", tmp_path / "t.en.txt"
    paths[0].write_text(" ".join(SAID) + "\n", encoding="utf-8")
    paths[1].write_text(TRANSLATED.replace(".", "") + "\n", encoding="utf-8")
    bitext = align_files(*paths, source_language="ar", target_language="en", resegment=True)
    starts, sentences = {line.split()[0] for line in SAID}, TRANSLATED.split(". ")
    assert len(bitext.source.segments) >= 3
    assert {part.text.split()[0] for part in bitext.source.segments} <= starts
    assert {part.text.split()[0] for part in bitext.target.segments} <= {line.split()[0] for line in sentences}
    assert all(len(bead.source) == len(bead.target) == 1 for bead in bitext.beads)
    assert all(part.cut for side in (bitext.source, bitext.target) for part in side.segments)


def test_a_side_without_a_word_beside_one_that_calls_for_cuts(tmp_path):
    paths = [tmp_path / "a.ar.txt", tmp_path / "a.en.txt"]
    paths[0].write_text("\u200f " * 500 + ". من من\n", encoding="utf-8")
    paths[1].write_text("U.S. " * 400 + "A" * 300 + "\n", encoding="utf-8")
    bitext = align_files(*paths, source_language="ar", target_language="en", resegment=True)
    assert sum(len(bead.source) for bead in bitext.beads) == len(bitext.source.segments)
