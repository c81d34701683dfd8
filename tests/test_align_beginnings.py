"""Words that sentences begin with."""

import numpy as np
import pytest

from align.beginnings import bare, beginnings, learnt

SAID = {
    "ar": "أخذوني من البيت ليلا | وكان الجو باردا | ثم وضعوني في السيارة | وبعد ساعة وصلنا إلى السجن | فسألني الضابط عن اسمي",
    "en": "they took me from the house at night | it was cold | then they put me in the car | after an hour we reached the prison"
    " | the officer asked me for my name",
    "fr": "ils m'ont pris à la maison la nuit | il faisait froid | puis ils m'ont mis dans la voiture"
    " | après une heure nous sommes arrivés à la prison | l'officier m'a demandé mon nom",
}


@pytest.mark.parametrize("language", SAID)
def test_words_that_sentences_begin_with(language):
    said = [sentence.split() for sentence in SAID[language].split(" | ")]
    says = beginnings(tuple(word for sentence in said for word in sentence), language)
    first = np.array([k == 0 for sentence in said for k in range(len(sentence))])
    assert (says[first][:, None] > says[~first]).mean() > 0.75
    assert says[first].mean() > 1 > 0 > says[~first].mean()


def test_marks_and_capitals_say_nothing():
    plain = beginnings((*"they took me it was cold".split(),), "en")
    assert np.array_equal(beginnings((*"They took me. «It was, COLD!".split(),), "en"), plain)
    assert abs(plain.mean()) < 1e-6
    with_marks = beginnings((*"they — took me . . it was cold".split(),), "en")
    assert with_marks[[1, 4, 5]].tolist() == [0, 0, 0]
    assert np.array_equal(np.delete(with_marks, [1, 4, 5]), plain)


def test_without_a_word():
    assert beginnings((), "en").shape == (0,)
    assert beginnings(("…", "—"), "ar").tolist() == [0, 0]
    assert [bare(word) for word in ("«It's»,", "U.S.", "(5", "?", "")] == ["it's", "u.s", "5", "", ""]


def test_a_text_tells_how_its_own_sentences_begin():
    words = ["clause", "seven", "holds", "for", "both", "sides", "of", "the", "wall"] * 20
    is_first = np.arange(len(words)) % 9 == 0
    known = beginnings(tuple(words), "en")
    said = np.where(is_first & (np.arange(len(words)) < 90), 0.9, 0.02)
    says = learnt(words, known, said)
    gain = says - known
    assert gain[is_first][10:].min() > gain[~is_first].max() + 1  # where nothing was said of them too
    assert abs(says.mean()) < 1e-5


def test_a_short_text_tells_little():
    words = "they took me from the house at night it was cold".split()
    known = beginnings(tuple(words), "en")
    says = learnt(words, known, np.array([1.0] + [0.0] * 10))
    assert np.abs(says - known).max() < 1.5
    assert (np.abs(says - known) < 0.5).sum() >= 9


@pytest.mark.parametrize(("words", "said"), [((), ()), (("…", "—"), (1, 1)), (("one",), (1,)), (("one", "two"), (0, 0))])
def test_what_tells_nothing_changes_nothing(words, said):
    known = beginnings(words, "en")
    assert np.array_equal(learnt(words, known, np.array(said, dtype=float)), known)
