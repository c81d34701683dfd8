"""The language identifier, cut down once on a machine to the languages that are asked for.

py3langid keeps its model for 142 languages behind LZMA, which takes two thirds of a second to undo. What it is for ours lies in the
user's cache folder, plain: numbers, and the table of moves, of which only the rows that a text goes through are fetched. Where
nothing can be written there, it is undone in every run.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from corpora.kept import keep, kept_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def identifier(languages: Sequence[str]) -> Any:  # py3langid has no types
    """An identifier that knows these languages only."""
    import py3langid

    told = hashlib.sha256(" ".join([py3langid.__version__, *languages]).encode()).hexdigest()[:16]
    files = kept_file(f"languages-{told}.npz"), kept_file(f"moves-{told}.npy")
    try:
        return _plain(*files)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):  # not there yet, or not whole
        return _packed(*files, languages)


def _plain(numbers: Path, moves: Path) -> Any:
    import numpy as np
    from py3langid.langid import LanguageIdentifier

    table: Any = np.lib.format.open_memmap(moves, mode="r")
    with numbers.open("rb") as file, np.load(file, allow_pickle=False) as stored:
        if table.shape != (stored["size"],) or table.dtype != np.uint32:
            raise ValueError("moves of another model")
        rows, outputs = memoryview(stored["rows"]), memoryview(stored["outputs"])  # read number by number, as is the table
        return LanguageIdentifier(
            stored["features"], stored["classes"], stored["names"].tolist(), memoryview(table), outputs, tk_row=rows
        )


def _packed(numbers: Path, moves: Path, languages: Sequence[str]) -> Any:
    import numpy as np
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

    made = LanguageIdentifier.from_modelpath(MODEL_DIR / MODEL_FILE)
    made.set_languages(languages)
    whole = {"features": made.nb_ptc, "classes": made.nb_pc, "names": np.array(made.nb_classes), "size": len(made.tk_nextmove)}
    whole |= {"rows": np.array(made.tk_row, dtype=np.uint32), "outputs": np.array(made.tk_output, dtype=np.int32)}
    keep(moves, lambda file: np.save(file, np.array(made.tk_nextmove, dtype=np.uint32), allow_pickle=False))
    keep(numbers, lambda file: np.savez(file, **whole))
    return made
