"""The weights file: what is read back is what was written, other features are refused, close and free translations are mixed."""

import json

import numpy as np
import pytest

from align.weights import format_weights, parse_weights, share_of_free, shipped_weights
from corpora import MuqabalaError


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
