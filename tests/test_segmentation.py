"""Segmentation against the cases of segmentation_ar.txt and segmentation_en.txt, and its properties on any text."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.characters import seen
from corpora.reading import Origin, parse_statement
from corpora.segmentation import segment, segment_text, sentence_ends

HERE = Path(__file__).parent
CASES = [
    pytest.param(language, line, id=f"{language}-{number}")
    for language in ("ar", "en")
    for number, line in enumerate((HERE / f"segmentation_{language}.txt").read_text(encoding="utf-8").split("\n"), 1)
    if line and not line.startswith("#")
]


def test_there_are_enough_cases():
    assert all(sum(case.values[0] == language for case in CASES) >= 60 for language in ("ar", "en"))


@pytest.mark.parametrize(("language", "line"), CASES)
def test_case(language, line):
    text = line.replace("‖", "")
    ends = sentence_ends(text, language)
    parts = [text[a:b].strip(" \u200f") for a, b in zip([0, *ends], [*ends, len(text)], strict=True)]
    assert parts == [part.strip(" \u200f") for part in line.split("‖")]


TEXTS = st.text(alphabet=st.sampled_from('ab Aب. ؟!…"«»():;；：\n\r\t،؛1٢٣.د\u2028\u200f\x00هـ-'), max_size=120)


@given(TEXTS, st.sampled_from(["ar", "en", "de", "zh"]))
def test_segments_are_spans_that_lose_only_white_space(text, language):
    statement = parse_statement(text, origin=Origin(format="text"), language=language)
    at = 0
    for part in segment(statement):
        assert part.start >= at
        assert not text[at : part.start].strip(" \n\r\t\u2028\u200f\x00\x0b\x0c\x1c\x1d\x1e\x85")
        at = part.end
    assert not text[at:].strip(" \n\r\t\u2028\u200f\x00")


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("ru", "Статья 1. Каждый имеет право на воду. Суд решает.", 2),
        ("es", "Artículo 1. Toda persona tiene derecho al agua. El juez decide.", 2),
        ("it", "Articolo 1. Ognuno ha diritto all'acqua. Il giudice decide.", 2),
        ("de", "Am 7. Februar 2017 wurde z. B. Dr. Haas gehört. Er schwieg.", 2),
        ("fr", "M. Durand a lu l'art. 5 de la loi. Il est parti.", 2),
        ("fr", "Le juge a dit : « Ils n'ont pas fini ! » Puis il est parti. « Quoi ? », dit-elle.", 3),
        ("de", "Das stimmt! »Wirklich«, sagte sie. »Ja!« Sie ging. „Nein!“ Er blieb.", 6),
        ("fr", "Le sommet a 8481 m. La nouvelle cote est connue de M. Durand depuis 5 h. M. Haas l'ignore. T. 3 m. 4.", 4),
        ("en", "The report says so in 1956. b) It was signed. (c) It was sent; see para. d) above and e) below.", 3),
        ("en", "He shall act well, in particular by: doing his duty; taking care; and telling all. They left; he stayed.", 5),
        ("fr", "Il doit : a ) payer le loyer ; b ) garder la maison . c ) Il part . ) 2. Elle vient .", 5),
        ("de", "Zwei Fragen sind offen : ( 1 ) Wer kam ? ( 2 ) Wer ging ? Er las ( siehe Anhang a ) und schwieg .", 4),
        ("fr", "Il doit : 1° payer le loyer ; 2° garder la maison .", 3),
        ("en", "It was cold: 5° C in the morning. He wrote (see note 4 ) and left.", 2),
        ("ar", "يلتزم بما هو آت : ( 1 ) أداء الأجر . ( 2 ) حفظ السر . أ ) إعادة الورق .", 4),
        ("en", "This does not apply in the following cases: If he left. If he stayed.", 3),
        ("en", "The board may: (a) sell; (b) lease; or (c) close it. He said: I saw it; I left.", 5),
        ("en", "Three were named (the first twice; the second once; the third never): Sami, Hani and Rami.", 1),
        ("en", "She said: “I came; I waited; I left.” They had: a list; a key; a car.", 5),
        ("en", "They saw R. Haddad; A. Saleh. We heard R. Haddad; (a) no one; (b) all.", 4),
        ("en", "They had: a list; ; ; a key; a car.", 4),
        ("ar", "حضر أ. كريم؛ أ. صالح؛ والكاتب. (أ) لم يتكلم؛ (ب) لم يجلس.", 3),
        ("ar", "يشتمل العقد على البيانات الآتية: أ. أسماء الشركاء، وبياناتهم؛ب. اسم الشركة. ثم يوقع؛ ويحفظ.", 4),
        (
            "de",
            "Es war umsonst: Als sie kamen, war es Nacht. Er nahm dreierlei mit: Brot, Seil und Karte. Er sagte: „Es ist spät.“",
            4,
        ),
        ("de", "Der Gipfel hat 8481 m. Am Abend gingen sie 3 km weiter. Er liegt 8125 m. ü. M. im Norden.", 3),
        ("es", "EE. UU. apeló la sentencia. No hubo respuesta.", 2),
        ("en", "It ended in 1956. 2. The second part begins here. 3. The third is short.", 3),
        ("es", "El Sr. Gómez leyó el art. 5. Luego salió.", 2),
        ("ru", "Это было в 2016 г. в Женеве. Суд решил иначе.", 2),
        ("zh", "法院宣布判决。被告没有上诉。为什么？", 3),
        ("ja", "裁判所は判決を下した。被告は控訴しなかった。", 2),
        ("tr", "Dr. Kaya raporu okudu. Sonra sustu.", 2),
        ("ko", "법원이 판결을 내렸다. 피고는 항소하지 않았다.", 2),
    ],
)
def test_other_languages(language, text, count):
    assert len(segment_text(text, language)) == count


@pytest.mark.parametrize("mark", ["\u200f", "\u200e", "\u202b", "\u2069", "\ufeff"])
def test_what_nobody_sees_tells_nothing(mark):
    text = "وصل الشاهد إلى المحكمة. تكلم القاضي معه . ثم انتهت الجلسة."
    marked = text.replace(".", f"{mark}.{mark}").replace("القاضي", f"القا\u00adضي{mark}")
    parts = segment_text(f"{mark}\n\n{marked}\n\n{mark} {mark}\n", "ar")
    assert [seen(part).strip() for part in parts] == segment_text(text, "ar")
    assert len(parts) == 3


def test_long_line_is_quick():
    text = "قال (الشاهد) إنه رأى الباب مفتوحاً، ولم ير أحداً. " * 20_000
    assert len(sentence_ends(text, "ar")) == 20_000 - 1


@pytest.mark.parametrize("part", ["a: ", "the following: ", "a; ", "and: the; or ", "7 m. A ", "Kh. ", "خ. ", "No. 1 "])
def test_a_line_of_nothing_but_marks_is_quick(part):
    segment_text(part * 100_000, "en")
