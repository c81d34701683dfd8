"""The encoder's token table, unpacked once on a machine: later runs map the file instead of inflating 32 MB of zip.

The file lies in the user's cache folder under the digest of the package's weights. Where none can be written, the table is
unpacked in every run.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

CHUNKS = 17
"""The token table is quantised in 17 interleaved parts."""


def token_table(weights: Path, digest: str) -> NDArray[np.uint8]:
    """The table (tokens, 512) of bytes; row r was quantised in part r modulo `CHUNKS`."""
    kept = _folder() / f"tokens-{digest}.npy"
    try:
        return np.load(kept, mmap_mode="r", allow_pickle=False)  # type: ignore[no-any-return]
    except (OSError, ValueError, EOFError):  # not there yet, or cut short
        table = _unpack(weights)
        _keep(table, kept)
        return table


def _unpack(weights: Path) -> NDArray[np.uint8]:
    with np.load(weights, allow_pickle=False) as stored:
        rows, width = stored["q1"].shape
        table = np.empty((CHUNKS * rows, width), dtype=np.uint8)
        for chunk in range(CHUNKS):
            table[chunk::CHUNKS] = stored[f"q{chunk + 1}"]
    return table


def _keep(table: NDArray[np.uint8], path: Path) -> None:
    """Write a file that appears whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                np.save(file, table, allow_pickle=False)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError:  # a full disk, a folder without write permission: the next run unpacks again
        return


def _folder() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("muqabala", appauthor=False)
