"""How long documents are beside each other, when not all of one is in the other."""

import numpy as np
import pytest
from conftest import EXAMPLES
from test_align_evidence import SOURCE, TARGET

from align import align_document, align_texts
from align.finer import read_pair
from align.lengths import first_look
from align.side import length_ratio
from align.weights import shipped_weights
from corpora.ids import parse_ids
from muqabala.pipeline import align_files


@pytest.fixture(scope="module")
def statements():
    """Our own statements as one text of each language, and the beads of both sides."""
    source, target, gold = [], [], []
    for example in EXAMPLES:
        bitext = align_files(example.source, example.target, source_language="ar", target_language="en")
        beads = [bead for bead in parse_ids(example.gold.read_text(encoding="utf-8")) if bead.source and bead.target]
        gold += [(tuple(k + len(source) for k in b.source), tuple(k + len(target) for k in b.target)) for b in beads]
        source += [segment.text for segment in bitext.source.segments]
        target += [segment.text for segment in bitext.target.segments]
    return source, target, gold


def look_again(source, target):
    """The pair as it is read, and as the first look leaves it."""
    pair = read_pair(source, target)
    (seen,), _ = first_look([pair], shipped_weights().first)
    return pair, seen


def test_a_whole_translation_is_judged_by_all_of_its_text(statements):
    source, target, _ = statements
    for one, other in ((source, target), (target, source), (SOURCE, TARGET), (SOURCE, TARGET[:1])):
        pair, seen = look_again(one, other)
        assert seen is pair


@pytest.mark.parametrize("share", [0.3, 0.45, 0.6])
def test_a_section_that_was_not_translated(statements, share):
    source, target, gold = statements
    first, last = (int(part * len(target)) for part in (0.3, 0.3 + share))
    rest = [*target[:first], *target[last:]]
    whole = {(a, tuple(k if k < first else k - last + first for k in b)) for a, b in gold if all(not first <= k < last for k in b)}
    lost = {k for a, b in gold if all(first <= k < last for k in b) for k in a}
    pair, seen = look_again(source, rest)
    true = sum(map(len, source)) / sum(map(len, target))
    assert abs(np.log(length_ratio(seen.source, seen.target) / true)) < 0.2
    assert abs(np.log(length_ratio(pair.source, pair.target) / true)) > 0.3
    beads = align_texts(source, rest)
    assert len(whole & {(b.source, b.target) for b in beads}) >= 0.95 * len(whole)
    assert len(lost & {k for b in beads if not b.target for k in b.source}) >= 0.95 * len(lost)


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("share", [2, 3, 5])
def test_a_summary(statements, side, share):
    """Of every two, three or five beads one is left on one side."""
    kept = [0, 0]
    sides, left, lost = ([], []), set(), set()
    for number, bead in enumerate(statements[2]):
        away = number % share != 0
        runs = [tuple(range(k, k + len(run))) for k, run in zip(kept, bead, strict=True)]
        for at in (0, 1):
            if not away or at != side:
                sides[at].extend(statements[at][k] for k in bead[at])
                kept[at] += len(bead[at])
        if away:
            lost.update(runs[1 - side])
        else:
            left.add(tuple(runs))
    alignment = align_document(*sides)
    found = {(bead.source, bead.target) for bead in alignment.beads}
    alone = {k for bead in alignment.beads if not (bead.source, bead.target)[side] for k in (bead.source, bead.target)[1 - side]}
    assert len(left & found) >= 0.85 * len(left)
    assert len(lost & alone) >= 0.85 * len(lost)
    assert alignment.belief > 0.9


def test_equal_lines_are_as_long_as_they_are():
    for count, width in ((400, 2), (2, 400), (1000, 1)):
        _, seen = look_again(SOURCE[:1] * count, TARGET[:1] * width)
        assert 0.4 < length_ratio(seen.source, seen.target) * len(TARGET[0]) / len(SOURCE[0]) < 2.5


def test_words_beside_endless_lines_are_no_language_that_is_shorter():
    words = [word for text in SOURCE for word in text.split()]
    alignment = align_document(words * 4, ["The court adjourned the hearing. " * 400] * 4)
    assert alignment.belief < 0.5
    _, seen = look_again(words * 4, ["The court adjourned the hearing. " * 400] * 4)
    assert 1 / 6 <= length_ratio(seen.source, seen.target) <= 6


def test_text_without_any_word_piece():
    blank = "\u200b"
    for one, other in (([blank] * 20, [blank] * 20), ([blank] * 20, TARGET), (SOURCE, ["\ufeff"] * 7)):
        beads = align_texts(one, other)
        assert sorted(k for bead in beads for k in bead.source) == list(range(len(one)))
        assert sorted(k for bead in beads for k in bead.target) == list(range(len(other)))
