"""The language identifier, cut down once on a machine to the languages that are asked for.

py3langid keeps its model for 142 languages behind LZMA, which takes two thirds of a second to undo. What it is for ours lies in the
user's cache folder, plain. Where nothing can be written there, it is undone in every run.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from corpora.kept import keep, kept_file

if TYPE_CHECKING:
    from collections.abc import Sequence


def identifier(languages: Sequence[str]) -> Any:  # py3langid has no types
    """An identifier that knows these languages only."""
    import py3langid

    told = hashlib.sha256(" ".join([py3langid.__version__, *languages]).encode()).hexdigest()[:16]
    kept = kept_file(f"languages-{told}.npz")
    try:
        return _plain(kept)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):  # not there yet, or not whole
        return _packed(kept, languages)


def _plain(kept: Any) -> Any:
    import numpy as np
    from py3langid.langid import LanguageIdentifier

    with kept.open("rb") as file, np.load(file, allow_pickle=False) as stored:
        moves, rows, outputs = (memoryview(stored[name]) for name in ("moves", "rows", "outputs"))  # read number by number
        return LanguageIdentifier(stored["features"], stored["classes"], stored["names"].tolist(), moves, outputs, tk_row=rows)


def _packed(kept: Any, languages: Sequence[str]) -> Any:
    import numpy as np
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

    made = LanguageIdentifier.from_modelpath(MODEL_DIR / MODEL_FILE)
    made.set_languages(languages)
    whole = {"features": made.nb_ptc, "classes": made.nb_pc, "names": np.array(made.nb_classes)}
    numbers = {"moves": made.tk_nextmove, "rows": made.tk_row, "outputs": made.tk_output}
    kinds = {"moves": np.uint32, "rows": np.uint32, "outputs": np.int32}
    whole |= {name: np.asarray(numbers[name], dtype=kind) for name, kind in kinds.items()}
    keep(kept, lambda file: np.savez(file, **whole))
    return made
