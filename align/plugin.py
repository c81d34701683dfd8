"""A second encoder: any sentence-transformers model, by name in its local cache or by path. Nothing is downloaded.

It judges the spans that survive the first pass, each text encoded once; word links stay with the shipped encoder.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from align.side import LONGEST, centre, centred_norms
from align.tokenizer import EncoderError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.lattice import Lattice
    from align.network import Floats, Ints
    from align.side import Side


class TextEncoder(Protocol):
    """What a second encoder has to do."""

    name: str

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit vectors (N, any width) of texts."""
        ...


class SentenceTransformer:
    """A sentence-transformers model that is on this machine.

    Raises:
        EncoderError: the extra is not installed, or the model is not here.
    """

    def __init__(self, name: str) -> None:
        os.environ["HF_HUB_OFFLINE"] = "1"
        os.environ["TRANSFORMERS_OFFLINE"] = "1"
        try:
            from sentence_transformers import SentenceTransformer as Model
            from transformers.utils import logging
        except ImportError:
            raise EncoderError("a second encoder needs sentence-transformers", hint="pip install 'muqabala[encoders]'") from None
        logging.disable_progress_bar()
        try:
            self._model: Any = Model(name, device="cpu", local_files_only=True)
        except Exception as error:  # noqa: BLE001 - the library raises many kinds; all mean that the model cannot be loaded
            reason = str(error).split("\n", maxsplit=1)[0] if Path(name).is_dir() else "it is not on this machine"
            raise EncoderError(f"the encoder '{name}' cannot be loaded: {reason}", hint="give the folder of a model") from None
        self.name = Path(name).name

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit vectors of texts."""
        vectors = self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True)
        return np.asarray(vectors, dtype=np.float32)


class SpanEncoder:
    """Re-encodes the spans of a lattice's beads with another encoder, each distinct text once."""

    def __init__(self, encoder: TextEncoder) -> None:
        self.name = encoder.name
        self._encoder = encoder
        self._known: dict[str, Floats] = {}

    def judge(self, lattice: Lattice, source: Side, target: Side) -> tuple[Lattice, Side, Side]:
        """The lattice with this encoder's cosines, and the sides with its vectors for the spans in it."""
        i, j = lattice.ends
        a, b = lattice.sizes
        both = (a > 0) & (b > 0)
        ours, theirs = self._side(source, a[both], i[both]), self._side(target, b[both], j[both])
        cosine = np.zeros(len(i), dtype=np.float32)
        edges = np.flatnonzero(both)
        for q in range(0, len(edges), 8192):
            part = edges[q : q + 8192]
            cosine[part] = np.einsum("ij,ij->i", ours.spans[a[part], i[part]], theirs.spans[b[part], j[part]])
        return replace(lattice, cosine=cosine), ours, theirs

    def _side(self, side: Side, sizes: Ints, ends: Ints) -> Side:
        wanted = sorted({*zip(sizes.tolist(), ends.tolist(), strict=True), *((1, k + 1) for k in range(len(side)))})
        texts = {(k, end): " ".join(side.texts[end - k : end]) for k, end in wanted}
        new = sorted({text for text in texts.values() if text not in self._known})
        if new:
            self._known.update(zip(new, self._encoder.encode(new), strict=True))
        width = len(next(iter(self._known.values())))
        spans = np.zeros((LONGEST + 1, len(side) + 1, width), dtype=np.float32)
        for (k, end), text in texts.items():
            spans[k, end] = self._known[text]
        mean = centre(spans)
        return replace(side, spans=spans, mean=mean, norms=centred_norms(spans, mean))
