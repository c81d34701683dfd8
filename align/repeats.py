"""Which runs of tokens of a text are the same, neighbours included, so that they are read once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from align.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

_SEED = int.from_bytes(os.urandom(7))  # of hashes, so that no text can be made whose words all meet in one place


@dataclass(frozen=True, slots=True)
class Distinct:
    """Which of many runs of tokens are unlike: `first` (D,) of each kind, ascending, and the kind (R,) of every run."""

    first: Ints
    kind: Ints


def distinct_runs(flat: Ints, starts: Ints, ends: Ints, reach: int) -> Distinct:
    """Runs of tokens are of one kind when they have the same tokens and, within `reach`, the same neighbours."""
    slots = np.full(2 << len(starts).bit_length(), -1, dtype=np.int64)
    first, kind, count = np.empty(len(starts), dtype=np.int64), np.empty(len(starts), dtype=np.int64), np.zeros(1, dtype=np.int64)
    _distinct_runs(
        np.ascontiguousarray(flat, dtype=np.int64),
        np.ascontiguousarray(starts, dtype=np.int64),
        np.ascontiguousarray(ends, dtype=np.int64),
        reach,
        _SEED,
        slots,
        first,
        kind,
        count,
    )
    return Distinct(first[: count[0]], kind)


@compiled("i8[:], i8[:], i8[:], i8, i8, i8[:], i8[:], i8[:], i8[:]")
def _distinct_runs(flat, starts, ends, reach, seed, slots, first, kind, count):
    """A table of kinds by a hash of their tokens, searched from the hash on; what is found there is compared token by token."""
    for run in range(len(starts)):
        begin, end = max(starts[run] - reach, 0), min(ends[run] + reach, len(flat))
        code = seed ^ ((starts[run] - begin) * 31 + end - ends[run])
        for k in range(begin, end):
            code = (code ^ flat[k]) * 1099511628211
            code ^= code >> 29
        slot = code & (len(slots) - 1)
        while True:
            found = slots[slot]
            if found < 0:
                slots[slot] = count[0]
                first[count[0]] = run
                kind[run] = count[0]
                count[0] += 1
                break
            other = first[found]
            a = max(starts[other] - reach, 0)
            same = starts[other] - a == starts[run] - begin and ends[other] - a == ends[run] - begin
            same = same and min(ends[other] + reach, len(flat)) - a == end - begin
            k = 0
            while same and k < end - begin:
                same = flat[a + k] == flat[begin + k]
                k += 1
            if same:
                kind[run] = found
                break
            slot = (slot + 1) & (len(slots) - 1)
