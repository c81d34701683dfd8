"""The encoder's files, unpacked once on a machine: later runs map the token table instead of inflating 32 MB of zip.

What is unpacked lies in the user's cache folder under the digest of the package's files. Where nothing can be written there, it is
unpacked in every run.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np

from corpora.kept import keep, kept_file

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

CHUNKS = 17
"""The token table is quantised in 17 interleaved parts."""

_DIGEST = re.compile("[0-9a-f]{12}")


def digest_of(*paths: Path) -> str:
    """First 12 hex digits of the SHA-256 of files, worked out anew when their sizes or times of change are others."""
    states = [(str(path.resolve()), path.stat()) for path in paths]
    known = "\n".join(f"{name} {state.st_size} {state.st_mtime_ns}" for name, state in states)
    kept = kept_file(f"digest-{hashlib.sha256(known.encode()).hexdigest()[:16]}.txt")
    try:
        digest = kept.read_text(encoding="ascii")
    except (OSError, ValueError):
        digest = ""
    if not _DIGEST.fullmatch(digest):
        seen = hashlib.sha256()
        for path in paths:
            seen.update(path.read_bytes())
        digest = seen.hexdigest()[:12]
        keep(kept, lambda file: file.write(digest.encode()))
    return digest


def token_table(weights: Path, digest: str) -> NDArray[np.uint8]:
    """The table (tokens, 512) of bytes; row r was quantised in part r modulo `CHUNKS`."""
    kept = kept_file(f"tokens-{digest}.npy")
    try:
        return np.lib.format.open_memmap(kept, mode="r")
    except (OSError, ValueError, EOFError):  # not there yet, or cut short
        table = _joined(weights)
        keep(kept, lambda file: np.save(file, table, allow_pickle=False))
        return table


def other_weights(weights: Path, digest: str) -> dict[str, Any]:
    """All arrays but the table, by name."""
    kept = kept_file(f"weights-{digest}.npz")
    try:
        return _arrays(kept)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        arrays = _arrays(weights)
        keep(kept, lambda file: np.savez(file, **arrays))
        return arrays


def _arrays(path: Path) -> dict[str, Any]:
    with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files if not re.fullmatch(r"q\d+", name)}


def _joined(weights: Path) -> NDArray[np.uint8]:
    with np.load(weights, allow_pickle=False) as stored:
        rows, width = stored["q1"].shape
        table = np.empty((CHUNKS * rows, width), dtype=np.uint8)
        for chunk in range(CHUNKS):
            table[chunk::CHUNKS] = stored[f"q{chunk + 1}"]
    return table
