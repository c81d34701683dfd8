"""The fitted parameters: one set for every language and genre, with the digest of the data they were fitted on."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from align.features import FIRST, SECOND
from corpora import MuqabalaError

_FILE = "weights.json"


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of the two passes by feature, and the calibration of the posterior.

    Attributes:
        first: (len(FIRST),) float32.
        second: (len(SECOND),) float32.
        calibration: factor and offset of the logit of the posterior.
        fitted_on: digest of the gold data.
        digest: digest of the weights themselves.
    """

    first: np.ndarray
    second: np.ndarray
    calibration: tuple[float, float]
    fitted_on: str
    digest: str


def parse_weights(text: str) -> Weights:
    """Read a weights file. Raises MuqabalaError when its features are not this version's."""
    stored = json.loads(text)
    if tuple(stored["first"]) != FIRST or tuple(stored["second"]) != SECOND:
        raise MuqabalaError("the weights were fitted for other features", hint="run benchmarks/fit_alignment.py again")
    first, second = (np.array(list(stored[name].values()), dtype=np.float32) for name in ("first", "second"))
    factor, offset = stored["calibration"]
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    return Weights(first, second, (float(factor), float(offset)), stored["fitted_on"], digest)


@cache
def shipped_weights() -> Weights:
    """The weights this version ships."""
    return parse_weights((files("align") / "data" / _FILE).read_text(encoding="utf-8"))
