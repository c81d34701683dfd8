"""The weights file: what is read back is what was written, other features are refused, close and free translations are mixed."""

import json

import numpy as np
import pytest
from conftest import EXAMPLES

from align.features import second_features
from align.habits import Habits
from align.lengths import first_look
from align.weights import format_weights, parse_weights, share_of_free, shipped_weights
from benchmarks.examples import read, second_example
from benchmarks.gold import GoldText
from corpora import Bead, MuqabalaError
from corpora.ids import parse_ids
from muqabala.pipeline import align_files


def test_weights_are_read_back_as_they_were_written():
    shipped = shipped_weights()
    again = parse_weights(format_weights(shipped))
    for name in ("first", "close", "free", "terms", "belief"):
        assert np.array_equal(getattr(again, name), getattr(shipped, name))
    assert (again.ends, again.calibration, again.fitted_on, again.digest) == (
        shipped.ends, shipped.calibration, shipped.fitted_on, shipped.digest,
    )  # fmt: skip


@pytest.mark.parametrize("part", ["first", "close", "free", "terms", "belief"])
def test_weights_for_other_features_are_refused(part):
    stored = json.loads(format_weights(shipped_weights()))
    stored[part].popitem()
    with pytest.raises(MuqabalaError, match="other features"):
        parse_weights(json.dumps(stored))


def test_a_text_is_judged_by_how_freely_it_was_translated():
    weights = shipped_weights()
    assert np.array_equal(weights.second(0.0), weights.close)
    assert np.allclose(weights.second(1.0), weights.free, atol=1e-5)
    shares = [share_of_free(freedom) for freedom in np.linspace(0, 1, 50)]
    assert shares == sorted(shares)
    middle = next(freedom for freedom in np.linspace(0, 1, 1000) if share_of_free(freedom) >= 0.5)
    assert np.allclose(weights.second(middle), (weights.close + weights.free) / 2, atol=0.1)


def test_weights_are_fitted_on_what_the_aligner_sees():
    """Of segments without partner above all: the fit must not be shown which they are."""
    example = EXAMPLES[0]
    bitext = align_files(example.source, example.target, source_language="ar", target_language="en")
    beads = parse_ids(example.gold.read_text(encoding="utf-8"))
    left_out = {k for bead in beads[2:-2:4] for k in bead.target}
    kept = [k for k in range(len(bitext.target.segments)) if k not in left_out]
    gold = [Bead(b.source, tuple(kept.index(k) for k in b.target)) for b in beads if left_out.isdisjoint(b.target)]
    source, target = ([segment.text for segment in side.segments] for side in (bitext.source, bitext.target))
    text = read(GoldText("statements", example.name, ("ar", "en"), source, [target[k] for k in kept], gold))
    assert sum(1 for ours, theirs in text.gold if ours and not theirs) > 1

    first = shipped_weights().first
    (pair,), (found,) = first_look([text.pair], first)
    features = second_features(pair.source, pair.target, found[0], Habits.of([pair], [found]))
    fitted = second_example(text, first)
    edges = [set(zip(*(x.tolist() for x in (lattice.to, lattice.source)), strict=True)) for lattice in (found[0], fitted.lattice)]
    assert edges[0] <= edges[1]
    assert len(edges[1] - edges[0]) <= len(text.gold)
    likely = np.array([pair in edges[0] for pair in zip(fitted.lattice.to.tolist(), fitted.lattice.source.tolist(), strict=True)])
    assert np.allclose(fitted.features[likely], features, atol=1e-5)
