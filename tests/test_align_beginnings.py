"""Words that sentences begin with."""

import numpy as np
import pytest

from align.beginnings import bare, beginnings

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
