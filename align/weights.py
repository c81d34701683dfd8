"""The fitted parameters: one set for every language and genre, with the digest of the data they were fitted on."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from align import belief
from align.features import FIRST, SECOND, TERMS
from corpora import MuqabalaError

if TYPE_CHECKING:
    from align.network import Floats

_FILE = "weights.json"
_CLOSE, _FREE = 0.25, 0.37  # up to the former a text is translated closely, from the latter on freely: literature has .42 and more
_FEATURES = {"first": FIRST, "close": SECOND, "free": SECOND, "terms": TERMS, "belief": belief.NAMES}


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights by feature, all float32, and the calibration of the posterior, see `align.aligner.calibrate`.

    Attributes:
        first: (len(FIRST),) of the first pass.
        close, free: (len(SECOND),) of the second pass, for texts that are translated closely and freely.
        ends: of what the pieces say of a bead's end, see `align.finer`.
        terms: (len(TERMS),) added where a glossary was consulted.
        belief: (len(belief.NAMES),) of the belief that two documents belong together.
        fitted_on: digest of the gold data.
        digest: digest of the weights themselves.
    """

    first: Floats
    close: Floats
    free: Floats
    terms: Floats
    belief: Floats
    ends: float = 0.0
    calibration: tuple[float, float, float] = (1.0, 0.0, 0.0)
    fitted_on: str = ""
    digest: str = ""

    def second(self, freedom: float) -> Floats:
        """Those of the second pass for a text of this freedom, see `align.habits`."""
        share = np.float32(share_of_free(freedom))
        return self.close + share * (self.free - self.close)


def share_of_free(freedom: float) -> float:
    """How far a text of this freedom is judged as one that is translated freely, from 0 to 1."""
    return min(max((freedom - _CLOSE) / (_FREE - _CLOSE), 0.0), 1.0)


def parse_weights(text: str) -> Weights:
    """Read a weights file. Raises MuqabalaError when its features are not this version's."""
    stored = json.loads(text)
    if any(tuple(stored.get(part, ())) != names for part, names in _FEATURES.items()):
        raise MuqabalaError("the weights were fitted for other features", hint="run benchmarks/fit_alignment.py again")
    arrays = {part: np.array(list(stored[part].values()), dtype=np.float32) for part in _FEATURES}
    factor, offset, unlike = map(float, stored["calibration"])
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    return Weights(
        **arrays, ends=stored["ends"], calibration=(factor, offset, unlike), fitted_on=stored["fitted_on"], digest=digest
    )


def format_weights(weights: Weights) -> str:
    """The weights as a file."""
    stored: dict[str, object] = {
        "fitted_on": weights.fitted_on,
        "ends": round(float(weights.ends), 5),
        "calibration": [round(float(v), 5) for v in weights.calibration],
    }
    for part, names in _FEATURES.items():
        stored[part] = dict(zip(names, (round(float(v), 5) for v in getattr(weights, part)), strict=True))
    return json.dumps(stored, indent=1) + "\n"


@cache
def shipped_weights() -> Weights:
    """The weights this version ships."""
    return parse_weights((files("align") / "data" / _FILE).read_text(encoding="utf-8"))
